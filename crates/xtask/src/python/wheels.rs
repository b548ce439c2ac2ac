//! The wheels for the tests and for the benchmarks. `dist` makes those that are released.

use std::path::PathBuf;

use super::{Environment, folder, package};
use crate::build;
use crate::files::{copy, only};
use crate::run::{finish, output};

/// One for the tests, of what everything else is tested with: the library that is built with all crates, with the
/// metadata that maturin would write.
pub(super) fn debug(environment: &Environment) -> Result<PathBuf, String> {
    build::everything()?;
    let unpacked = folder().join("unpacked");
    let wheels = folder().join("wheels/debug");
    for old in [&unpacked, &wheels] {
        let _ = std::fs::remove_dir_all(old);
        std::fs::create_dir_all(old).map_err(|why| format!("{}: {why}", old.display()))?;
    }
    let mut metadata = environment.python();
    metadata.args(["-m", "maturin", "pep517", "write-dist-info"]);
    metadata.arg("--metadata-directory").arg(&unpacked);
    output(metadata.args(["--interpreter", "python"]))?;
    copy(&package().join("src"), &unpacked)?;
    let module = match cfg!(windows) {
        true => "icepanel_invites/_native.pyd",
        false => "icepanel_invites/_native.abi3.so",
    };
    copy(
        &build::library("icepanel_invites_pyo3"),
        &unpacked.join(module),
    )?;
    let mut pack = environment.python();
    pack.args(["-m", "wheel", "pack"]).arg(&unpacked);
    output(pack.arg("--dest-dir").arg(&wheels))?;
    only(&wheels)
}

/// One for this machine, in release.
pub(super) fn local(environment: &Environment) -> Result<PathBuf, String> {
    let wheels = folder().join("wheels/release");
    let _ = std::fs::remove_dir_all(&wheels);
    let mut command = environment.python();
    command.args(["-m", "maturin", "build", "--quiet", "--profile", "release"]);
    finish(command.arg("--out").arg(&wheels))?;
    only(&wheels)
}
