//! `cargo xtask format`: Rust by rustfmt, Kotlin by ktlint, Swift by swift-format.

use std::process::Command;

use crate::counts::Counts;
use crate::run::{cargo_command, finish};

/// `cargo xtask format [--check]`. A formatter that is missing is an error.
pub(crate) fn run(arguments: &[&str]) -> Result<(), String> {
    let check = match arguments {
        [] => false,
        ["--check"] => true,
        _ => return Err("cargo xtask format takes --check, or nothing".to_owned()),
    };
    rust(check)?;
    kotlin(crate::kotlin::maven()?, check)?;
    swift(crate::swift::formatter()?, check)
}

/// `cargo xtask test format`: Kotlin and Swift. A formatter that is missing is named.
pub(crate) fn test(counts: &mut Counts) -> Result<(), String> {
    let mut failed = Vec::new();
    let mut add = |checked: Result<(), String>, counts: &mut Counts| {
        counts.add(checked.is_ok().into(), checked.is_err().into(), 0);
        failed.extend(checked.err());
    };
    match crate::kotlin::maven() {
        Ok(maven) => add(kotlin(maven, true), counts),
        Err(why) => counts.untested("the format of Kotlin", &why)?,
    }
    match crate::swift::formatter() {
        Ok(formatter) => add(swift(formatter, true), counts),
        Err(why) => counts.untested("the format of Swift", &why)?,
    }
    match failed.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "{}; `cargo xtask format` formats",
            failed.join("; ")
        )),
    }
}

pub(crate) fn rust(check: bool) -> Result<(), String> {
    crate::test::components()?;
    let mut fmt = cargo_command(&["fmt", "--all"]);
    if check {
        fmt.arg("--check");
    }
    finish(&mut fmt)
}

/// By the plugin in bindings/kotlin/pom.xml. The rules are in .editorconfig there.
fn kotlin(mut maven: Command, check: bool) -> Result<(), String> {
    let goal = match check {
        true => "spotless:check",
        false => "spotless:apply",
    };
    finish(maven.args(["--quiet", "--non-recursive", goal]))
}

/// The folders with Swift by hand, and what is generated into them.
const SWIFT: &[&str] = &[
    "Package.swift",
    "Sources",
    "Tests",
    "Examples",
    "Benchmarks",
];
const GENERATED: &str = "FFI.swift";

/// The rules are in bindings/swift/.swift-format.
fn swift(mut formatter: Command, check: bool) -> Result<(), String> {
    let package = crate::swift::package();
    let mut files = Vec::new();
    for name in SWIFT {
        crate::files::below(&package.join(name), &mut files)?;
    }
    files.retain(|file| {
        let name = file.to_string_lossy();
        name.ends_with(".swift") && !name.ends_with(GENERATED)
    });
    let how: &[&str] = match check {
        true => &["lint", "--strict"],
        false => &["format", "--in-place"],
    };
    finish(formatter.args(how).arg("--parallel").args(files))
}
