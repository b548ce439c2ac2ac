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
mod files;
mod judge;
mod kotlin;
mod node;
mod parallel;
mod prove;
mod python;
mod run;
mod rust;
mod setup;
mod swift;
mod targets;
mod test;
mod uniffi;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask setup            installs the tools of the languages that this machine lacks (Debian, as root)
cargo xtask test [--setup] [PART…]
                             runs the tests: every part, or those named. A language whose tools are missing is named and
                             left out; with --setup, and with CI=true, its tools are installed
cargo xtask fetch            downloads what the tests of the other languages need
cargo xtask bench [NAME…]    runs the benchmarks, in release, and prints them side by side
cargo xtask prove [LANGUAGE…] [--release] [--part PART] [--seed N] [--calls N] [--operations N] [--quick]
                             shows whether the promises hold, in every language: tests/prove; with --release on an
                             optimized build
cargo xtask dist [--target TRIPLE] [PART…]
                             makes what is given to others, for every platform that can be compiled for here, in
                             target/dist: command, rust, python, node, kotlin, swift
cargo xtask dist --check [PART…]
                             installs it as its users do, each in an empty folder
cargo xtask wheels           builds the wheels for Python, in release, and looks at what they need of a machine
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
        ["fetch"] => setup::fetch(),
        ["test", parts @ ..] => test::run(parts),
        ["bench", names @ ..] => bench::run(names),
        ["dist", parts @ ..] => dist::run(parts),
        ["wheels"] => python::wheels(),
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
