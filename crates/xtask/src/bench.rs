//! `cargo xtask bench`: the benchmarks, and a table of each beside its peer.

use crate::run::{cargo_command, finish_reading};

/// One line of criterion's: a name and its time in nanoseconds, low, likely and high.
struct Measured {
    name: String,
    times: [f64; 3],
}

/// Runs the benchmarks whose names contain one of these, or all.
pub(crate) fn run(names: &[&str]) -> Result<(), String> {
    match names {
        ["node", groups @ ..] => crate::node::bench(groups),
        ["python", groups @ ..] => crate::python::bench(groups),
        ["swift"] => crate::swift::bench(),
        ["kotlin"] => crate::kotlin::bench(),
        names => core(names),
    }
}

/// Runs criterion's benchmarks of the core.
fn core(names: &[&str]) -> Result<(), String> {
    let mut arguments = vec![
        "bench",
        "--package",
        "icepanel-invites",
        "--bench",
        "client",
        "--",
    ];
    let pattern = names.join("|");
    arguments.push(&pattern);
    let mut measured = Vec::new();
    finish_reading(&mut cargo_command(&arguments), |line| {
        measured.extend(read(line));
    })?;
    println!("\n| benchmark | time | of its peer's |\n|---|---|---|");
    for (at, line) in measured.iter().enumerate() {
        // The first of a group is the peer of the others.
        let group = line.name.split('/').next();
        let peer = measured[..=at]
            .iter()
            .find(|other| other.name.split('/').next() == group)
            .unwrap_or(line);
        let [low, likely, high] = line.times;
        println!(
            "| {} | {} ({} to {}) | {:.2} |",
            line.name,
            text(likely),
            text(low),
            text(high),
            likely / peer.times[1],
        );
    }
    Ok(())
}

/// Reads `list/all   time:   [165.18 ms 166.62 ms 168.37 ms]`.
fn read(line: &str) -> Option<Measured> {
    let (name, times) = line.split_once("time:")?;
    let words: Vec<&str> = times
        .trim()
        .trim_matches(['[', ']'])
        .split_whitespace()
        .collect();
    let [low, low_unit, likely, likely_unit, high, high_unit] = words[..] else {
        return None;
    };
    Some(Measured {
        name: name.trim().to_owned(),
        times: [
            nanoseconds(low, low_unit)?,
            nanoseconds(likely, likely_unit)?,
            nanoseconds(high, high_unit)?,
        ],
    })
}

fn nanoseconds(number: &str, unit: &str) -> Option<f64> {
    let number: f64 = number.parse().ok()?;
    let scale = match unit {
        "ns" => 1.0,
        "µs" | "us" => 1e3,
        "ms" => 1e6,
        "s" => 1e9,
        _ => return None,
    };
    Some(number * scale)
}

fn text(nanoseconds: f64) -> String {
    match nanoseconds {
        n if n < 1e6 => format!("{:.1} µs", n / 1e3),
        n if n < 1e9 => format!("{:.1} ms", n / 1e6),
        n => format!("{:.2} s", n / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_criterion_is_read() {
        let line = "create/client           time:   [41.865 µs 46.391 µs 1.2000 ms]";
        let measured = read(line).expect("a measurement");
        assert_eq!(measured.name, "create/client");
        assert_eq!(measured.times.map(text), ["41.9 µs", "46.4 µs", "1.2 ms"]);
        assert!(read("Found 1 outliers among 20 measurements (5.00%)").is_none());
    }
}
