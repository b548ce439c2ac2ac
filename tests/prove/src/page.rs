//! The page that summarises a run: a row for each part, and what was not tried.

use std::fmt::Write;

use crate::launch::Launch;
use crate::table::{Part, Sum, Table, grouped};

/// What is tried in a part, what is expected, and the promises it is about.
fn described(part: Part) -> (&'static str, &'static str, &'static str) {
    match part {
        Part::Faults => (
            "each fault of the sandbox at each of 14 calls, and at a run that changes members, once and at every request; a lost create and a list with a next page; waits are skipped",
            "the right result or the right kind of error; what the caller learns agrees with what the sandbox counted",
            "1, 3, 5",
        ),
        Part::InTime => (
            "each fault at every request, with real waits and a call's time of 1.5 s",
            "the call ends within its time, plus 20 s for a busy machine; the counts agree",
            "1, 3",
        ),
        Part::Changed => (
            "14 calls and a run that changes members, against 12 changes: unknown fields, other forms of times, letter case, clocks, gzip, one address that is refused, an invite accepted with another address",
            "the right result",
            "1, 5",
        ),
        Part::Random => (
            "random calls, 48 at once; one request in five meets a random fault, and five addresses a 403",
            "no second invite, an admin at every moment, the counts agree, no call hangs; half of the calls have a result",
            "1, 3, 5, 6",
        ),
        Part::Limits => (
            "more creates than the documented limit allows, alone and in a run; a service with an unknown limit",
            "no 429 where the limit is known; after a 429 all calls wait; no second invite",
            "1, 2",
        ),
        Part::Network => (
            "connections that are refused, reset, silent or malformed; TLS, client certificates, proxies, names, IPv6; a compressed bomb",
            "the right result or the right kind of error, in time; no key before TLS is verified, none to a proxy",
            "1, 3, 4",
        ),
        Part::Hosts => (
            "calls that are cancelled, clients that are closed, processes that end, are killed or get SIGTERM during calls; a run with changes of members, killed at 20 points and started again",
            "the requests end, no crash, no hang, no second invite; the run ends as the roster says, with an admin at every moment",
            "1, 3, 6",
        ),
        Part::OwnTests => (
            "the language's own tests of forks, threads, workers, signals and event loops",
            "each named test has run and passed",
            "3",
        ),
        Part::Soak => (
            "calls, 64 at once, one request in a hundred fails, `Date` is up to 30 s off",
            "95 in 100 succeed; results, errors and requests agree with what the sandbox counted",
            "1, 3",
        ),
        Part::Growth => (
            "memory, threads and descriptors: the highest of the second tenth of the soak, and of the last",
            "less than 16 MiB more; at most 64 more threads, one for each call at once, and 128 more descriptors, two for each",
            "3",
        ),
        Part::Secrets => (
            "all faults, networks and rejected options with all logging on, then a search of everything printed",
            "no key, no half of it, no proxy password, no private key, in any encoding",
            "4",
        ),
    }
}

/// What no run on this machine tries.
const NEVER: &[&str] = &[
    "The service itself: every call goes to the sandbox or to a server of the harness.",
    "Other systems than that of this run: macOS and Windows have not been tried.",
    "A run (`apply`) that gets a 429 for every request, in real time: it waits 20 times, each as long as `Retry-After` says.",
    "Tests of Rust's own hosts: its cancelling and closing are tried by its driver, and by `cargo test`.",
];

/// The page.
pub(crate) fn page(
    launch: &Launch,
    about: &str,
    seed: u64,
    table: &Table,
    names: &[String],
) -> String {
    let (all, broken) = table.totals();
    let soak = table.sum(Part::Soak, None).tried;
    let verdict = match broken {
        0 => "No promise was broken".to_owned(),
        broken => format!("**Promises were broken in {broken} cells of the full table**"),
    };
    let mut page = format!(
        "# What was tried, and what came out\n\n{about}\n\n{verdict} in {} tries and {} calls of the soak. Seed {seed}.\n\n\
         A number says how often a part was tried in a language, and how often it came out as expected where that is less;\n\
         `–`: not part of that language's run. [README.md](README.md) says what the parts do, and how to see the full table.\n\
         [MUTATIONS.md](MUTATIONS.md) has deliberate breaks of the code, and what caught each.\n\n",
        grouped(all - soak),
        grouped(soak),
    );
    let _ = writeln!(
        page,
        "| part | tried | expected | promise | {} |",
        names.join(" | ")
    );
    let _ = writeln!(page, "|---|---|---|---|{}", "---|".repeat(names.len()));
    for part in Part::ALL {
        let sums = names.iter().map(|name| table.sum(part, Some(name)));
        let cells: Vec<String> = sums.map(|sum| cell(&sum)).collect();
        let ((tried, expected, promises), cells) = (described(part), cells.join(" | "));
        let name = part.name();
        let _ = writeln!(
            page,
            "| {name} | {tried} | {expected} | {promises} | {cells} |"
        );
    }
    let lines = table.broken();
    if !lines.is_empty() {
        let _ = writeln!(page, "\n## Broken\n\n{}", lines.join("\n"));
    }
    let _ = writeln!(page, "\n## Not tried\n");
    for (language, why) in &launch.untried {
        let _ = writeln!(page, "- {language}: {why}");
    }
    for line in table.untried_cells() {
        let _ = writeln!(page, "{line}");
    }
    for line in NEVER {
        let _ = writeln!(page, "- {line}");
    }
    page
}

fn cell(sum: &Sum) -> String {
    match (sum.tried, sum.kept == sum.tried, &sum.figure) {
        (0, ..) => "–".to_owned(),
        (_, true, Some(figure)) => figure.clone(),
        (tried, true, None) => grouped(tried),
        (tried, false, _) => format!("**{} of {}**", grouped(sum.kept), grouped(tried)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::SLACK;
    use crate::table::Tried;

    #[test]
    fn the_soak_has_its_own_number_and_a_broken_part_shows() {
        let mut table = Table::default();
        let row = |part, what| Tried::new(part, "1", what, "a result");
        table.add_many(&row(Part::Faults, "cut"), "Rust", 29, Ok(()));
        table.add(
            &row(Part::Faults, "hang"),
            "Rust",
            Err("it hung".to_owned()),
        );
        table.add_many(&row(Part::Soak, "calls"), "Rust", 1_000_000, Ok(()));
        table.add(&row(Part::Growth, "memory"), "Rust", Ok(()));
        let growth = "16 to 15 MiB".to_owned();
        table.figure(&row(Part::Growth, "memory"), "Rust", growth);
        table.untried(&row(Part::Network, "names"), "Rust", "no rights");
        let launch = Launch {
            languages: Vec::new(),
            untried: [("swift".to_owned(), "no toolchain".to_owned())].into(),
        };
        let names = ["Rust".to_owned()];
        let page = page(&launch, "A run.", 7, &table, &names);
        for expected in [
            "broken in 1 cells of the full table** in 31 tries and 1,000,000 calls of the soak. Seed 7.",
            "| 1, 3, 5 | **29 of 30** |",
            "| 1, 3 | 1,000,000 |",
            "| 3 | 16 to 15 MiB |",
            "- Rust, Faults, hang: it hung",
            "- swift: no toolchain",
            "- Rust, Network, names: no rights",
        ] {
            assert!(page.contains(expected), "{expected}: {page}");
        }
    }

    #[test]
    fn the_room_for_a_busy_machine_is_that_of_the_harness() {
        let room = format!("plus {} s for a busy machine", SLACK.as_secs());
        let (_, expected, _) = described(Part::InTime);
        assert!(expected.contains(&room), "{expected}");
    }

    #[test]
    fn no_part_is_left_out() {
        let places = Part::ALL.map(|part| part as usize);
        assert_eq!(
            places.to_vec(),
            (0..=Part::Secrets as usize).collect::<Vec<_>>()
        );
    }
}
