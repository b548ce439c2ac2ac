//! The wheels and the sources, to Python's registry: by the identity of the workflow, with an attestation of each file.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Mode, files};
use crate::dist::Dist;
use crate::run::finish;

const LIST: &str = "../crates/xtask/requirements-publish.txt";

pub(super) fn publish(dist: &Dist, mode: Mode) -> Result<(), String> {
    let packages = files(dist, "python", &[".whl", ".tar.gz"])?;
    let mut check = Command::new(crate::python::tool("publish", LIST, "twine")?);
    finish(check.args(["check", "--strict"]).args(&packages))?;
    let mut uv = Command::new(crate::python::tool("publish", LIST, "uv")?);
    uv.args(["publish", "--no-config"]);
    match mode {
        Mode::Dry => {
            // Not a real token: a dry run asks for one, and does not use it.
            uv.args([
                "--dry-run",
                "--trusted-publishing",
                "never",
                "--token",
                "none",
            ]);
        }
        Mode::Real => {
            let sign = crate::python::tool("publish", LIST, "pypi-attestations")?;
            let unsigned = packages.iter().filter(|file| !attestation(file).is_file());
            let unsigned: Vec<_> = unsigned.collect();
            if !unsigned.is_empty() {
                finish(Command::new(sign).arg("sign").args(unsigned))?;
            }
            uv.args(["--trusted-publishing", "always"]);
            uv.args(packages.iter().map(|file| attestation(file)));
        }
    }
    finish(uv.args(&packages))
}

/// Where the attestation of a file is written; uv uploads it with the file.
fn attestation(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".publish.attestation");
    name.into()
}
