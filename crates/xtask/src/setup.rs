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

/// apt-get, as root or with a sudo that asks for no password.
pub(crate) fn apt(arguments: &[&str]) -> Result<(), String> {
    let mut command = match is_root() {
        true => Command::new("apt-get"),
        false => {
            let mut sudo = Command::new("sudo");
            sudo.args(["-n", "apt-get"]);
            sudo
        }
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    finish(command.arg("--quiet").args(arguments))
}

pub(crate) fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Gets packages. Where that fails, the lists of packages are missing or old: they are fetched, and it is tried again.
pub(crate) fn with_lists<T>(get: impl Fn() -> Result<T, String>) -> Result<T, String> {
    get().or_else(|_| {
        apt(&["update"])?;
        get()
    })
}

/// Installs packages of Debian or Ubuntu.
pub(crate) fn packages(names: &[&str]) -> Result<(), String> {
    apt(&["update"])?;
    let install = ["install", "--yes", "--no-install-recommends"];
    apt(&[&install, names].concat())
}

/// Makes sure that the shells are there whose completions are tested, where they may be installed. A test says of
/// those that are not there that it did not run.
pub(crate) fn shells() -> Result<(), String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there = |name: &&str| std::env::split_paths(&path).any(|it| it.join(name).is_file());
    let missing: Vec<&str> = ["zsh", "fish"]
        .into_iter()
        .filter(|it| !is_there(it))
        .collect();
    match cfg!(target_os = "linux") && !missing.is_empty() && allowed("").is_ok() {
        true => packages(&missing),
        false => Ok(()),
    }
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
        ("shells, for their completions", shells),
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
