//! The developers' own tasks: `cargo xtask test`, `cargo xtask bench`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command prints"
)]

mod bench;
mod build;
mod counts;
mod deny;
mod dist;
mod examples;
mod files;
mod format;
mod judge;
mod kotlin;
mod nightly;
mod node;
mod options;
mod parallel;
mod prove;
mod python;
mod release;
mod run;
mod rust;
mod setup;
mod site;
mod spelling;
mod swift;
mod targets;
mod test;
mod uniffi;
mod version;
mod workflows;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask setup            installs the tools of the languages that this machine lacks (Debian, as root)
cargo xtask test [--setup] [PART…]
                             runs the tests: every part, or those named. A language whose tools are missing is named and
                             left out; with --setup, and with CI=true, its tools are installed
cargo xtask format [--check]
                             formats Rust, Kotlin and Swift; with --check it changes nothing, and fails where it would
cargo xtask fetch            downloads what the tests of the other languages need
cargo xtask bench [NAME…]    runs the benchmarks, in release, and prints them side by side
cargo xtask prove [LANGUAGE…] [--release] [--part PART] [--seed N] [--calls N] [--operations N] [--quick]
                             checks the promises in every language: tests/prove; with --release on an optimized build
cargo xtask dist [--target TRIPLE] [--with FOLDER] [PART…]
                             makes the packages, for every platform that this machine can compile for, in target/dist:
                             command, rust, python, node, kotlin, swift; FOLDER has the files of another machine.
                             libraries: only those for Kotlin, for another machine
cargo xtask dist --check [--quick] [PART…]
                             installs the packages as users do, each in an empty folder; --quick: only with pip and npm
cargo xtask version X.Y.Z|--check
                             writes the version everywhere, or compares all places that have it
cargo xtask release [--dry-run] [--secrets]
                             lists what is missing for a release
cargo xtask publish [--dry-run] [PART…]
                             uploads the files in target/dist: kotlin, rust, python, node, archives; --dry-run does
                             everything except the upload
cargo xtask docs [--pages]   makes the site, in target/site: the pages, and the API references of all languages;
                             with --pages without those
cargo xtask fuzz SECONDS [TARGET…]
                             fuzzes the parsers, each target for this time, with the nightly compiler
cargo xtask model [NAME…]    checks how several workers keep one invite, with each assumption and without: tests/model
cargo xtask mutants [--file GLOB]… [--sample N] [--seed S] [--jobs N] [--again] [--all-tests]
                             makes deliberate mistakes in the code, and lists those that no test notices
cargo xtask advisories       looks for known vulnerabilities in the dependencies
cargo xtask options          writes the options of a client in all languages from bindings/uniffi/src/options.rs
cargo xtask kotlin [driver]  makes the Kotlin package ready for Maven; also the driver for `prove`
cargo xtask swift [ARG…]     makes the Swift package ready for `swift`; runs `swift build`, `run` or `test` there,
                             and with `driver` builds the driver for `prove`

parts of test:";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["setup"] => setup::run(),
        ["test", "--setup", parts @ ..] => {
            setup::ask();
            test::run(parts)
        }
        ["test", "--report", file, part] => test::report(file, part),
        ["format", arguments @ ..] => format::run(arguments),
        ["fetch"] => setup::fetch(),
        ["test", parts @ ..] => test::run(parts),
        ["bench", names @ ..] => bench::run(names),
        ["dist", parts @ ..] => dist::run(parts),
        ["docs", arguments @ ..] => site::run(arguments),
        ["version", arguments @ ..] => version::run(arguments),
        ["release", arguments @ ..] => release::run(arguments),
        ["publish", arguments @ ..] => release::publish(arguments),
        ["fuzz", seconds, targets @ ..] => nightly::fuzz(seconds, targets),
        ["model", names @ ..] => nightly::model(names),
        ["mutants", arguments @ ..] => nightly::mutants(arguments),
        ["advisories"] => deny::advisories(),
        ["options"] => options::write(),
        ["prove", arguments @ ..] => prove::run(arguments),
        ["kotlin"] => kotlin::prepare(uniffi::Profile::Release),
        ["kotlin", "driver"] => kotlin::driver(uniffi::Profile::Tests)
            .map(|arguments| println!("java @{}", arguments.display())),
        ["swift", arguments @ ..] => swift::run(arguments),
        _ => {
            eprintln!("{USAGE}");
            for part in test::PARTS {
                eprintln!("  {:10} {}", part.name, part.what);
            }
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
