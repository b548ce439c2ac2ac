//! The one build under all tests. Each crate alone would be built with other features of its dependencies, and all of them
//! once more.

use std::path::PathBuf;
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

/// The type declarations that the crate for Node wrote when it was built.
pub(crate) fn declarations() -> PathBuf {
    target().join("napi/built")
}

/// Copies them: each compilation of the crate writes them again, clippy's too, while other parts read them.
fn keep_declarations() -> Result<(), String> {
    const NAME: &str = "icepanel-invites-napi";
    let (from, to) = (crate::run::declarations().join(NAME), declarations());
    std::fs::create_dir_all(&to)
        .and_then(|()| std::fs::copy(&from, to.join(NAME)))
        .map(drop)
        .map_err(|why| format!("{}: {why}", from.display()))
}

/// The program with this name that the build has made.
pub(crate) fn program(name: &str) -> PathBuf {
    let file_name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    target().join("debug").join(file_name)
}

/// The shared library with this name that the build has made.
pub(crate) fn library(name: &str) -> PathBuf {
    target().join("debug").join(library_file_name(name))
}

/// `lib….so`, and what it is called elsewhere.
pub(crate) fn library_file_name(name: &str) -> String {
    use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
    format!("{DLL_PREFIX}{name}{DLL_SUFFIX}")
}
