//! The one build under all tests. Each crate alone would be built with other features of its dependencies, and all of them
//! once more.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::run::{cargo_command, finish, target};

/// What names all crates with one set of features. The generator of Kotlin and Swift is a feature of its crate.
pub(crate) const EVERYTHING: [&str; 2] =
    ["--workspace", "--features=icepanel-invites-uniffi/bindgen"];

/// What the proof takes: optimizing is not for what nothing runs.
const PROVED: [&str; 6] = [
    "--package=prove",
    "--package=icepanel-invites-napi",
    "--package=icepanel-invites-pyo3",
    "--package=icepanel-invites-uniffi",
    "--package=icepanel-invites-uniffi-testing",
    EVERYTHING[1],
];

/// Not the benchmarks: clippy checks them.
pub(crate) const TARGETS: [&str; 3] = ["--lib", "--bins", "--tests"];

/// Set for a process whose parent has built everything.
pub(crate) const BUILT: &str = "XTASK_BUILT";

/// Whether the build is optimized: a million calls take long without.
static OPTIMIZED: AtomicBool = AtomicBool::new(false);

/// From now on the build is as what ships: `target/release`.
pub(crate) fn optimize() {
    OPTIMIZED.store(true, Ordering::Relaxed);
}

/// Whether that is so.
pub(crate) fn optimized() -> bool {
    OPTIMIZED.load(Ordering::Relaxed)
}

/// Builds all libraries, programs and tests, with debug assertions: `target/debug`. Optimized, what the proof takes.
pub(crate) fn everything() -> Result<(), String> {
    static OUTCOME: OnceLock<Result<(), String>> = OnceLock::new();
    let build = || {
        if std::env::var_os(BUILT).is_some() {
            return Ok(());
        }
        let mut command = cargo_command(&["build", "--quiet"]);
        match optimized() {
            true => command.args(PROVED).arg("--release"),
            false => command.args(EVERYTHING).args(TARGETS),
        };
        finish(&mut command)?;
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

/// Where the build leaves what it has made.
fn folder() -> PathBuf {
    target().join(if optimized() { "release" } else { "debug" })
}

/// The program with this name that the build has made.
pub(crate) fn program(name: &str) -> PathBuf {
    folder().join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// The shared library with this name that the build has made.
pub(crate) fn library(name: &str) -> PathBuf {
    folder().join(library_file_name(name))
}

/// `lib….so`, and what it is called elsewhere.
pub(crate) fn library_file_name(name: &str) -> String {
    use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
    format!("{DLL_PREFIX}{name}{DLL_SUFFIX}")
}
