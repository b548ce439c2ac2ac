//! The wheels: what is built, and what is looked at before it is used.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Environment, folder, package};
use crate::build;
use crate::files::{copy, only};
use crate::run::{finish, finish_reading, output};

/// For which Pythons a wheel is.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// Every one from 3.10 that has a GIL.
    Abi3,
    /// One without. It need not be there to build for it.
    FreeThreaded,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Abi3 => "abi3",
            Self::FreeThreaded => "free-threaded",
        }
    }

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Abi3 => &[],
            Self::FreeThreaded => &["--no-default-features", "--interpreter", "python3.14t"],
        }
    }

    fn tag(self) -> &'static str {
        match self {
            Self::Abi3 => "-cp310-abi3-",
            Self::FreeThreaded => "-cp314-cp314t-",
        }
    }
}

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

/// A wheel for other machines too. On Linux that is every one with glibc 2.17 or later: zig brings the symbols of that
/// version, and auditwheel checks the wheel.
///
/// zig would put an unwinder of its own into the library. But up to Python 3.13 an interpreter that ends
/// unwinds the daemon threads that come back to it, with the system's: a thread that waits for a call
/// then has frames of both kinds, and the process crashes. So the system's is linked, which zig lacks.
pub(super) fn portable(
    environment: &Environment,
    profile: &str,
    kind: Kind,
) -> Result<PathBuf, String> {
    let mut arguments: Vec<_> = kind.arguments().iter().map(OsString::from).collect();
    if cfg!(target_os = "linux") {
        let zig = ["--zig", "--compatibility", "manylinux2014", "--", "-L"];
        arguments.extend(zig.map(OsString::from));
        arguments.push(unwinder()?.into());
        arguments.extend(["-l", "dylib:+verbatim=libgcc_s.so.1"].map(OsString::from));
    }
    let wheel = maturin(environment, profile, kind.name(), &arguments)?;
    let name = wheel.file_name().unwrap_or_default().to_string_lossy();
    if !name.contains(kind.tag()) {
        return Err(format!("{name} should have {} in its name", kind.tag()));
    }
    if cfg!(target_os = "linux") {
        audit(environment, &wheel)?;
    }
    Ok(wheel)
}

/// One for this machine, in release.
pub(super) fn local(environment: &Environment) -> Result<PathBuf, String> {
    maturin(environment, "release", "local", &[])
}

fn maturin(
    environment: &Environment,
    profile: &str,
    name: &str,
    arguments: &[OsString],
) -> Result<PathBuf, String> {
    let wheels = folder().join("wheels").join(profile).join(name);
    let _ = std::fs::remove_dir_all(&wheels);
    let mut command = environment.python();
    command.args(["-m", "maturin", "build", "--quiet", "--profile", profile]);
    finish(command.arg("--out").arg(&wheels).args(arguments))?;
    only(&wheels)
}

/// A folder with only the system's unwinder, so that the linker finds nothing else there.
pub(crate) fn unwinder() -> Result<PathBuf, String> {
    let mut compiler = Command::new("cc");
    let said = compiler.arg("-print-file-name=libgcc_s.so.1").output();
    let said = said.map_err(|why| format!("cc, to find libgcc_s.so.1: {why}"))?;
    let alone = folder().join("unwinder");
    std::fs::create_dir_all(&alone).map_err(|why| format!("{}: {why}", alone.display()))?;
    let found = PathBuf::from(String::from_utf8_lossy(&said.stdout).trim());
    let copied = std::fs::copy(&found, alone.join("libgcc_s.so.1"));
    copied.map_err(|why| format!("{}: {why}", found.display()))?;
    Ok(alone)
}

/// Compares the system libraries that a wheel needs with its name.
fn audit(environment: &Environment, wheel: &Path) -> Result<(), String> {
    let wanted = format!("\"manylinux_2_17_{}\"", std::env::consts::ARCH);
    let mut kept = false;
    let mut command = environment.python();
    command.args(["-m", "auditwheel", "show"]).arg(wheel);
    finish_reading(&mut command, |line| kept |= line.starts_with(&wanted))?;
    match kept {
        true => Ok(()),
        false => Err(format!(
            "{}: auditwheel does not say {wanted}",
            wheel.display()
        )),
    }
}
