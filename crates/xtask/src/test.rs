//! `cargo xtask test`: what must pass before anything lands.

use std::process::{Command, Stdio};
use std::time::Instant;

use crate::run::{cargo_command, finish, finish_reading};

/// A part that can be run alone.
pub(crate) struct Part {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    run: fn(&mut Counts) -> Result<(), String>,
}

pub(crate) const PARTS: &[Part] = &[
    Part {
        name: "fmt",
        what: "the code is formatted",
        run: fmt,
    },
    Part {
        name: "clippy",
        what: "no warning of the compiler or of clippy, benchmarks included",
        run: clippy,
    },
    Part {
        name: "docs",
        what: "the documentation builds without a warning",
        run: docs,
    },
    Part {
        name: "deny",
        what: "licences, sources, duplicates and build scripts of what is depended on, and a reason for each",
        run: crate::deny::test,
    },
    Part {
        name: "rust",
        what: "all tests in Rust: units, documentation, scenarios, the sandbox, the command",
        run: rust,
    },
    Part {
        name: "scenarios",
        what: "tests/scenarios alone, in every language there is",
        run: scenarios,
    },
    Part {
        name: "node",
        what: "the package for Node: scenarios, calls, processes, types, packaging",
        run: crate::node::test,
    },
    Part {
        name: "python",
        what: "the package for Python: scenarios with both clients, cancelling, forks, types, examples",
        run: crate::python::test,
    },
    Part {
        name: "kotlin",
        what: "the package for Kotlin and Java: scenarios, cancelling, closing, panics, examples",
        run: crate::kotlin::test,
    },
    Part {
        name: "swift",
        what: "the package for Swift: scenarios, cancelling, errors, models, examples",
        run: crate::swift::test,
    },
    Part {
        name: "prove",
        what: "faults, networks, hosts and load against the promises, in every language; the quick part of it",
        run: crate::prove::test,
    },
    Part {
        name: "demo",
        what: "the command of the README runs to its end",
        run: demo,
    },
];

/// How many tests have passed and failed.
#[derive(Default)]
pub(crate) struct Counts {
    passed: u64,
    failed: u64,
    ignored: u64,
    untested: Vec<String>,
}

impl Counts {
    pub(crate) fn add(&mut self, passed: u64, failed: u64, ignored: u64) {
        self.passed += passed;
        self.failed += failed;
        self.ignored += ignored;
    }

    /// Says that a language was not tested on this machine, and why. Under `CI=true` that is an error.
    pub(crate) fn untested(&mut self, language: &str, why: &str) -> Result<(), String> {
        println!("{language} was NOT tested: {why}");
        self.untested.push(language.to_owned());
        match std::env::var("CI").as_deref() {
            Ok("true") => Err(format!("{language} was not tested")),
            _ => Ok(()),
        }
    }
}

pub(crate) fn run(names: &[&str]) -> Result<(), String> {
    if let Some(unknown) = names
        .iter()
        .find(|name| !PARTS.iter().any(|part| part.name == **name))
    {
        return Err(format!(
            "there is no part {unknown:?}; cargo xtask lists them"
        ));
    }
    let mut counts = Counts::default();
    let mut failures = Vec::new();
    let mut times = Vec::new();
    for part in PARTS {
        let wanted = match names {
            // The scenarios are among each language's tests.
            [] => part.name != "scenarios",
            names => names.contains(&part.name),
        };
        if !wanted {
            continue;
        }
        println!("== {}: {}", part.name, part.what);
        let started = Instant::now();
        let untested = counts.untested.len();
        let outcome = crate::judge::build_for(part.name).and_then(|()| (part.run)(&mut counts));
        let seconds = started.elapsed().as_secs_f64();
        times.push(format!("{:10} {seconds:5.0} s", part.name));
        match outcome {
            Ok(()) if counts.untested.len() > untested => {
                println!("== {}: NOT all of it ran, in {seconds:.0} s\n", part.name);
            }
            Ok(()) => println!("== {}: passed in {seconds:.0} s\n", part.name),
            Err(error) => {
                println!("== {}: FAILED in {seconds:.0} s: {error}\n", part.name);
                failures.push(part.name);
            }
        }
    }
    println!("time of each part:\n{}", times.join("\n"));
    if counts.ignored > 0 {
        println!("{} tests were ignored", counts.ignored);
    }
    if !counts.untested.is_empty() {
        println!(
            "NOT tested here: {}. `{}` installs what is missing",
            counts.untested.join(", "),
            crate::setup::COMMAND
        );
    }
    println!("{} passed, {} failed", counts.passed, counts.failed);
    if failures.is_empty() {
        Ok(())
    } else {
        Err(format!("failed: {}", failures.join(", ")))
    }
}

fn fmt(_: &mut Counts) -> Result<(), String> {
    component("rustfmt", "fmt")?;
    finish(&mut cargo_command(&["fmt", "--all", "--check"]))
}

fn clippy(_: &mut Counts) -> Result<(), String> {
    component("clippy", "clippy")?;
    let arguments = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--quiet",
        "--",
        "--deny=warnings",
    ];
    finish(&mut cargo_command(&arguments))
}

fn docs(_: &mut Counts) -> Result<(), String> {
    let arguments = [
        "doc",
        "--workspace",
        "--no-deps",
        "--document-private-items",
        "--quiet",
    ];
    finish(cargo_command(&arguments).env("RUSTDOCFLAGS", "--deny=warnings"))
}

fn rust(counts: &mut Counts) -> Result<(), String> {
    cargo_test(&["test", "--workspace", "--no-fail-fast"], counts)
}

fn scenarios(counts: &mut Counts) -> Result<(), String> {
    cargo_test(
        &[
            "test",
            "--package",
            "icepanel-invites",
            "--test",
            "scenarios",
        ],
        counts,
    )?;
    crate::node::scenarios(counts)?;
    crate::python::scenarios(counts)?;
    crate::kotlin::scenarios(counts)?;
    crate::swift::scenarios(counts)
}

fn demo(_: &mut Counts) -> Result<(), String> {
    finish(&mut cargo_command(&["run", "--quiet", "--", "demo"]))
}

/// Runs `cargo test` and adds up what each of its programs counted.
fn cargo_test(arguments: &[&str], counts: &mut Counts) -> Result<(), String> {
    finish_reading(&mut cargo_command(arguments), |line| {
        if let Some(result) = line.strip_prefix("test result: ") {
            let number = |word| number_before(result, word);
            counts.add(number("passed"), number("failed"), number("ignored"));
        }
    })
}

/// The number in `… 12 passed; …`.
fn number_before(text: &str, word: &str) -> u64 {
    let words: Vec<&str> = text
        .split([' ', ';', '.'])
        .filter(|word| !word.is_empty())
        .collect();
    words
        .windows(2)
        .find(|pair| pair[1] == word)
        .and_then(|pair| pair[0].parse().ok())
        .unwrap_or(0)
}

/// Rust's formatter and linter.
pub(crate) fn components() -> Result<(), String> {
    component("rustfmt", "fmt")?;
    component("clippy", "clippy")
}

/// Sees to it that a part of the Rust toolchain is there; a minimal install leaves them out.
fn component(name: &str, subcommand: &str) -> Result<(), String> {
    let there = cargo_command(&[subcommand, "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if there {
        return Ok(());
    }
    crate::setup::allowed(&format!("the toolchain has no {name}"))?;
    println!("adding {name} to the toolchain");
    finish(Command::new("rustup").args(["component", "add", name]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_line_is_read() {
        let line =
            "FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 7 filtered out; finished in 0.06s";
        assert_eq!(number_before(line, "passed"), 12);
        assert_eq!(number_before(line, "failed"), 3);
        assert_eq!(number_before(line, "ignored"), 1);
        assert_eq!(number_before("ok.", "passed"), 0);
    }
}
