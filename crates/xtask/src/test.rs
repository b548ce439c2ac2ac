//! `cargo xtask test`: what must pass before anything lands.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::build::EVERYTHING;
use crate::counts::Counts;
use crate::parallel;
use crate::run::{cargo_command, finish};

/// A part that can be run alone.
pub(crate) struct Part {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    run: fn(&mut Counts) -> Result<(), String>,
}

pub(crate) const PARTS: &[Part] = &[
    Part {
        name: "fmt",
        what: "the Rust is formatted",
        run: fmt,
    },
    Part {
        name: "version",
        what: "all files that have the version agree, the CHANGELOG too",
        run: crate::version::test,
    },
    Part {
        name: "build",
        what: "everything compiles, for all other parts",
        run: build,
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
        what: "licences, sources, duplicates and build scripts of the dependencies, and a reason for each",
        run: crate::deny::test,
    },
    Part {
        name: "workflows",
        what: "the workflows of the hosting service: schemas, linters, pinned actions, and a task behind each step",
        run: crate::workflows::test,
    },
    Part {
        name: "spelling",
        what: "no known typing mistakes, in code and in pages",
        run: crate::spelling::test,
    },
    Part {
        name: "format",
        what: "the Kotlin and the Swift are formatted",
        run: crate::format::test,
    },
    Part {
        name: "rust",
        what: "all tests in Rust: units, documentation, scenarios, the sandbox, the command",
        run: crate::rust::test,
    },
    Part {
        name: "scenarios",
        what: "tests/scenarios alone, in every language",
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
        name: "dist",
        what: "the wheel and the tarballs install with pip and npm, in empty folders without Rust, and invite somebody",
        run: crate::dist::test,
    },
    Part {
        name: "prove",
        what: "faults, networks, hosts and load against the promises, in every language; the quick part of it",
        run: crate::prove::test,
    },
    Part {
        name: "targets",
        what: "the library of apps compiles for Android, iOS, macOS, Windows and musl; by hand",
        run: crate::targets::test,
    },
    Part {
        name: "msrv",
        what: "everything compiles with the oldest supported Rust; by hand",
        run: crate::nightly::oldest_compiler,
    },
    Part {
        name: "demo",
        what: "the command of the README runs to its end",
        run: demo,
    },
];

/// Runs the parts that are named, one after another, or all: then the build first, and several parts at once.
pub(crate) fn run(names: &[&str]) -> Result<(), String> {
    for name in names {
        part(name)?;
    }
    let mut all = All::default();
    match names {
        [] => everything(&mut all),
        names => all.run(names),
    }
    all.tell()
}

fn part(name: &str) -> Result<&'static Part, String> {
    let part = PARTS.iter().find(|part| part.name == name);
    part.ok_or_else(|| format!("there is no part {name:?}; cargo xtask lists them"))
}

/// Runs one part for another process, which reads what it has counted in a file.
pub(crate) fn report(file: &str, name: &str) -> Result<(), String> {
    let part = part(name)?;
    let mut counts = Counts::default();
    let outcome = (part.run)(&mut counts);
    counts.explain(&outcome);
    counts.write(Path::new(file))?;
    outcome
}

/// Those that run at once. The first to come hold up cargo least or take longest.
const AT_ONCE: &[&str] = &[
    "clippy",
    "kotlin",
    "docs",
    "node",
    "python",
    "rust",
    "swift",
    "deny",
    "workflows",
    "spelling",
    "format",
];

/// Every part but `scenarios`, which are among each language's tests, and `targets` and `msrv`, which compile everything
/// once more.
fn everything(all: &mut All) {
    all.run(&["fmt", "version"]);
    if !all.failures.is_empty() {
        return;
    }
    // What is fetched does not wait for the compiler.
    let fetching = parallel::beside("fetch");
    all.run(&["build"]);
    // What could not be fetched is missed, and named, by the part that needs it.
    let _ = fetching.join();
    if !all.failures.is_empty() {
        return;
    }
    println!("== at the same time: {}", AT_ONCE.join(", "));
    parallel::run(AT_ONCE, |ended| {
        let outcome = match ended.passed {
            true => Ok(()),
            false => Err("see above".to_owned()),
        };
        let untested = !ended.counts.untested.is_empty();
        all.counts.merge(ended.name, ended.counts);
        all.ended(ended.name, ended.seconds, untested, outcome);
    });
    // The proof uses what the languages' parts have made, and several languages at once by itself.
    all.run(&["dist", "prove", "demo"]);
}

/// How many failures are shown at the end: what a hosting service shows of the output may be its last hundred lines.
const SHOWN: usize = 40;

/// What all parts came to.
#[derive(Default)]
struct All {
    counts: Counts,
    failures: Vec<&'static str>,
    times: Vec<String>,
}

impl All {
    /// Runs the parts with these names, in the order of the table.
    fn run(&mut self, names: &[&str]) {
        for part in PARTS.iter().filter(|part| names.contains(&part.name)) {
            println!("== {}: {}", part.name, part.what);
            let started = Instant::now();
            let mut counts = Counts::default();
            let outcome = (part.run)(&mut counts);
            counts.explain(&outcome);
            let seconds = started.elapsed().as_secs_f64();
            let untested = !counts.untested.is_empty();
            self.counts.merge(part.name, counts);
            self.ended(part.name, seconds, untested, outcome);
        }
    }

    fn ended(
        &mut self,
        name: &'static str,
        seconds: f64,
        untested: bool,
        outcome: Result<(), String>,
    ) {
        self.times.push(format!("{name:10} {seconds:5.0} s"));
        match outcome {
            Ok(()) if untested => {
                println!("== {name}: NOT all of it ran, in {seconds:.0} s\n");
            }
            Ok(()) => println!("== {name}: passed in {seconds:.0} s\n"),
            Err(error) => {
                println!("== {name}: FAILED in {seconds:.0} s: {error}\n");
                self.failures.push(name);
            }
        }
    }

    fn tell(self) -> Result<(), String> {
        let Self {
            counts,
            failures,
            times,
        } = self;
        println!("time of each part:\n{}", times.join("\n"));
        let slowest = counts.slowest();
        if !slowest.is_empty() {
            println!("slowest tests; of Rust: test programs\n{slowest}");
        }
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
        if !counts.failures.is_empty() {
            println!("what failed:");
            for failure in counts.failures.iter().take(SHOWN) {
                println!("  {failure}");
            }
            let more = counts.failures.len().saturating_sub(SHOWN);
            if more > 0 {
                println!("  and {more} more");
            }
        }
        println!("{} passed, {} failed", counts.passed, counts.failed);
        if failures.is_empty() {
            Ok(())
        } else {
            Err(format!("failed: {}", failures.join(", ")))
        }
    }
}

fn fmt(_: &mut Counts) -> Result<(), String> {
    crate::format::rust(true)
}

fn clippy(_: &mut Counts) -> Result<(), String> {
    component("clippy", "clippy")?;
    finish(
        cargo_command(&["clippy", "--quiet", "--all-targets"])
            .args(EVERYTHING)
            .args(["--", "--deny=warnings"]),
    )
}

fn docs(_: &mut Counts) -> Result<(), String> {
    // With the examples, of which there are none, it uses what clippy has checked: dependencies with the same features.
    let arguments = [
        "--quiet",
        "--no-deps",
        "--document-private-items",
        "--lib",
        "--bins",
        "--examples",
    ];
    finish(
        cargo_command(&["doc"])
            .args(EVERYTHING)
            .args(arguments)
            .env("RUSTDOCFLAGS", "--deny=warnings"),
    )
}

fn build(_: &mut Counts) -> Result<(), String> {
    crate::build::everything()
}

fn scenarios(counts: &mut Counts) -> Result<(), String> {
    let languages = [
        crate::rust::scenarios,
        crate::node::scenarios,
        crate::python::scenarios,
        crate::kotlin::scenarios,
        crate::swift::scenarios,
    ];
    // Each runs, also after one that failed: which of them fail shows where the fault is.
    let outcomes = languages.map(|language| language(counts));
    let failed: Vec<String> = outcomes.into_iter().filter_map(Result::err).collect();
    match failed.is_empty() {
        true => Ok(()),
        false => Err(failed.join("; ")),
    }
}

fn demo(_: &mut Counts) -> Result<(), String> {
    crate::build::everything()?;
    finish(Command::new(crate::build::program("icepanel-invites")).arg("demo"))
}

/// Rust's formatter and linter.
pub(crate) fn components() -> Result<(), String> {
    component("rustfmt", "fmt")?;
    component("clippy", "clippy")
}

/// Installs a part of the Rust toolchain if it is missing; a minimal install leaves these parts out.
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
