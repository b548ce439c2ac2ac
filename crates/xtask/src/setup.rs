//! `cargo xtask setup`: installs the tools of the languages that this machine lacks. Without it, and without `--setup` or
//! `CI=true`, nothing is installed on the machine, and no task needs to be root.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::run::{finish, output};

static ASKED: AtomicBool = AtomicBool::new(false);

/// What a reader types to get what is missing.
pub(crate) const COMMAND: &str = "cargo xtask setup";

/// The user has asked for tools to be installed.
pub(crate) fn ask() {
    ASKED.store(true, Ordering::Relaxed);
}

/// Whether a tool may be installed.
///
/// # Errors
/// It may not: what is missing, and the command that installs it.
pub(crate) fn allowed(missing: &str) -> Result<(), String> {
    let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    if ci || ASKED.load(Ordering::Relaxed) {
        return Ok(());
    }
    Err(format!(
        "{missing}; `{COMMAND}` installs it, on Debian and as root"
    ))
}

/// Makes sure that the toolchain has the standard library for a platform.
///
/// # Errors
/// It has none, and rustup may not add it or cannot.
pub(crate) fn standard_library(triple: &str) -> Result<(), String> {
    let sysroot = output(Command::new("rustc").args(["--print", "sysroot"]))?;
    let library = Path::new(sysroot.trim())
        .join("lib/rustlib")
        .join(triple)
        .join("lib");
    let add = || finish(Command::new("rustup").args(["target", "add", triple]));
    match library.is_dir() || (allowed(triple).is_ok() && add().is_ok()) {
        true => Ok(()),
        false => Err(format!(
            "there is no standard library for {triple}: rustup target add {triple}"
        )),
    }
}

/// What a task is about, and its function.
type Task = (&'static str, fn() -> Result<(), String>);

const KOTLIN: Task = ("Maven and a JDK, for Kotlin", crate::kotlin::there);
const SWIFT: Task = ("Swift", crate::swift::there);

/// Installs what is missing, and says of each language whether it is there.
pub(crate) fn run() -> Result<(), String> {
    ask();
    each(&[
        ("rustfmt and clippy", crate::test::components),
        KOTLIN,
        SWIFT,
    ])
}

/// Downloads what the tests of the other languages need: their tools, as far as they may be installed, and packages.
pub(crate) fn fetch() -> Result<(), String> {
    each(&[
        KOTLIN,
        ("packages for Python", crate::python::fetch),
        ("packages for Node", crate::node::fetch),
        SWIFT,
    ])
}

fn each(tasks: &[Task]) -> Result<(), String> {
    let mut missing = Vec::new();
    for (name, there) in tasks {
        match there() {
            Ok(()) => println!("there: {name}"),
            Err(why) => missing.push(format!("{name}: {why}")),
        }
    }
    match missing.is_empty() {
        true => Ok(()),
        false => Err(missing.join("; ")),
    }
}
