//! The one build under all tests. Each crate alone would be built with other features of its dependencies, and all of them
//! once more.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use crate::run::{cargo_command, finish, target};

/// What names all crates with one set of features. The generator of Kotlin and Swift is a feature of its crate.
pub(crate) const EVERYTHING: [&str; 2] =
    ["--workspace", "--features=icepanel-invites-uniffi/bindgen"];

/// Not the benchmarks: clippy checks them.
pub(crate) const TARGETS: [&str; 3] = ["--lib", "--bins", "--tests"];

/// Set for a process whose parent has built everything.
pub(crate) const BUILT: &str = "XTASK_BUILT";

/// Builds all libraries, programs and tests, with debug assertions: `target/debug`.
pub(crate) fn everything() -> Result<(), String> {
    static OUTCOME: OnceLock<Result<(), String>> = OnceLock::new();
    let build = || {
        if std::env::var_os(BUILT).is_some() {
            return Ok(());
        }
        let mut command = cargo_command(&["build", "--quiet"]);
        finish(command.args(EVERYTHING).args(TARGETS))?;
        keep_declarations()
    };
    OUTCOME.get_or_init(build).clone()
}

/// What the crate for Node said of its types when it was built.
pub(crate) fn declarations() -> PathBuf {
    target().join("napi/built")
}

/// Copies it: whenever the crate is compiled, also by clippy meanwhile, it is written again.
fn keep_declarations() -> Result<(), String> {
    const NAME: &str = "icepanel-invites-napi";
    let (from, to) = (crate::run::declarations().join(NAME), declarations());
    std::fs::create_dir_all(&to)
        .and_then(|()| std::fs::copy(&from, to.join(NAME)))
        .map(drop)
        .map_err(|why| format!("{}: {why}", from.display()))
}

/// A program or a library that the build has made.
pub(crate) fn made(file_name: &str) -> PathBuf {
    target().join("debug").join(file_name)
}

/// The program of a crate.
pub(crate) fn program(name: &str) -> Command {
    Command::new(made(&format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}
