//! What takes long or a database from elsewhere, and runs every night: fuzzing, the model, advisories, the oldest compiler;
//! and mutations, which run when somebody asks.

use std::path::PathBuf;
use std::process::Command;

use crate::build::EVERYTHING;
use crate::counts::Counts;
use crate::run::{cargo_command, finish, output, root, target};

const CARGO_FUZZ: &str = "0.13.2";
const CARGO_MUTANTS: &str = "27.1.0";

/// `cargo xtask fuzz SECONDS [TARGET…]`: runs each target of `tests/fuzz` for this number of seconds.
pub(crate) fn fuzz(seconds: &str, names: &[&str]) -> Result<(), String> {
    let seconds: u32 = seconds
        .parse()
        .map_err(|_| format!("{seconds} is not a number of seconds"))?;
    if !has_toolchain("nightly")? {
        install_toolchain("nightly")?;
    }
    let program = installed("cargo-fuzz", CARGO_FUZZ)?;
    let command = |arguments: &[&str]| {
        let mut command = Command::new(&program);
        command.current_dir(root()).arg("fuzz").args(arguments);
        // The compiler of this task is not the one that fuzzes.
        for name in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN"] {
            command.env_remove(name);
        }
        // What the nightly compiler makes is not mixed with the rest.
        command.env("RUSTUP_TOOLCHAIN", "nightly");
        command
    };
    let listed = output(&mut command(&["list", "--fuzz-dir", "tests/fuzz"]))?;
    let chosen = |name: &&str| names.is_empty() || names.contains(name);
    let mut failed = Vec::new();
    for name in listed.lines().map(str::trim).filter(chosen) {
        println!("== {name}");
        let time = format!("-max_total_time={seconds}");
        let folder = target().join("fuzz");
        let mut run = command(&["run", "--fuzz-dir", "tests/fuzz", "--sanitizer", "none"]);
        run.arg("--target-dir").arg(folder);
        let ended = finish(run.args([name, "--", &time]));
        failed.extend(ended.err());
    }
    match failed.is_empty() {
        true => Ok(()),
        false => Err(failed.join("; ")),
    }
}

/// A program of cargo's, compiled below `target`.
fn installed(name: &str, version: &str) -> Result<PathBuf, String> {
    let folder = target().join(name);
    let program = folder
        .join("bin")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        let mut install = cargo_command(&["install", "--quiet", "--locked", "--root"]);
        finish(install.arg(&folder).arg(format!("{name}@{version}")))?;
    }
    Ok(program)
}

/// `cargo xtask mutants`: the tests run against deliberate mistakes. tests/prove/MUTATIONS.md describes it.
pub(crate) fn mutants(arguments: &[&str]) -> Result<(), String> {
    let program = installed("cargo-mutants", CARGO_MUTANTS)?;
    let mut run = cargo_command(&["run", "--quiet", "--package", "mutants", "--"]);
    run.arg(program).arg(target().join("mutants"));
    finish(run.args(arguments))
}

/// `cargo xtask model [NAME…]`: the rows of `tests/model` whose name has one of these in it, or all.
pub(crate) fn model(names: &[&str]) -> Result<(), String> {
    let run = ["run", "--quiet", "--release", "--package", "model", "--"];
    finish(cargo_command(&run).args(names))
}

/// `cargo xtask test msrv`: everything that is released compiles with the oldest compiler that Cargo.toml names.
pub(crate) fn oldest_compiler(counts: &mut Counts) -> Result<(), String> {
    let version = env!("CARGO_PKG_RUST_VERSION");
    if let Err(why) = toolchain(version) {
        return counts.untested(&format!("Rust {version}"), &why);
    }
    let mut command = Command::new("rustup");
    command
        .current_dir(root())
        .args([
            "run", version, "cargo", "check", "--locked", "--lib", "--bins",
        ])
        .args(EVERYTHING)
        .arg("--target-dir")
        .arg(target().join("msrv"));
    for name in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN"] {
        command.env_remove(name);
    }
    let checked = finish(&mut command);
    counts.add(checked.is_ok().into(), checked.is_err().into(), 0);
    checked
}

/// Installs a toolchain with rustup if it is missing and may be installed.
fn toolchain(version: &str) -> Result<(), String> {
    if has_toolchain(version)? {
        return Ok(());
    }
    crate::setup::allowed(&format!("there is no Rust {version}"))?;
    install_toolchain(version)
}

fn has_toolchain(version: &str) -> Result<bool, String> {
    let listed = output(Command::new("rustup").args(["toolchain", "list"]))?;
    Ok(listed.lines().any(|line| line.starts_with(version)))
}

fn install_toolchain(version: &str) -> Result<(), String> {
    let mut install = Command::new("rustup");
    finish(install.args(["toolchain", "install", "--profile", "minimal", version]))
}
