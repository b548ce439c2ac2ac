//! The wheels and the source distribution.
//!
//! The extension is compiled as all libraries are, and put into a wheel with the metadata that maturin writes. maturin
//! itself would compile each wheel's dependencies once more.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::notices::Notices;
use super::table::Row;
use super::targets::{self, Artefact, Kind, Target};
use super::{Dist, tools, write};
use crate::files::{copy, only};
use crate::run::output;

const PACKAGE: &str = "icepanel-invites-pyo3";

/// For which Pythons a wheel is.
#[derive(Clone, Copy, PartialEq)]
enum Pythons {
    /// Every one from 3.10 that has a GIL.
    Abi3,
    /// One without. Its wheel is for one version.
    FreeThreaded,
}

impl Pythons {
    fn artefact(self) -> Artefact {
        Artefact {
            package: PACKAGE,
            name: "icepanel_invites_pyo3",
            program: false,
            profile: "release",
            features: match self {
                Self::Abi3 => &[],
                Self::FreeThreaded => &["--no-default-features"],
            },
        }
    }

    /// The tags of a wheel's name, but for the platform.
    fn tags(self) -> &'static str {
        match self {
            Self::Abi3 => "cp310-abi3",
            Self::FreeThreaded => "cp314-cp314t",
        }
    }

    fn module(self, target: &Target) -> &'static str {
        match (self, target.kind) {
            (_, Kind::Windows) => "_native.pyd",
            (Self::Abi3, _) => "_native.abi3.so",
            (Self::FreeThreaded, _) => "_native.cpython-314t-x86_64-linux-gnu.so",
        }
    }
}

/// The configuration of a Python without a GIL for PyO3, so that no such Python is needed for a build.
const FREE_THREADED: &str = "implementation=CPython\nversion=3.14\nshared=true\npointer_width=64\nbuild_flags=Py_GIL_DISABLED\n";

pub(super) fn make(dist: &Dist) -> Result<Vec<Row>, String> {
    let out = dist.fresh("python")?;
    let mut rows = vec![sdist(dist, &out)?];
    for target in targets::chosen(dist) {
        rows.push(wheel(dist, target, Pythons::Abi3, &out)?);
    }
    let free_threaded = targets::chosen(dist).filter(|target| target.is_native());
    for target in free_threaded.filter(|target| target.kind == Kind::Glibc) {
        rows.push(wheel(dist, target, Pythons::FreeThreaded, &out)?);
    }
    Ok(rows)
}

/// maturin, in the folder of the package.
fn maturin(dist: &Dist) -> Result<Command, String> {
    let mut command = Command::new(tools::program("maturin")?);
    command.current_dir(dist.source.join("python"));
    Ok(command)
}

/// The sources, from which pip builds where there is no wheel.
fn sdist(dist: &Dist, out: &Path) -> Result<Row, String> {
    output(maturin(dist)?.args(["sdist", "--out"]).arg(out))?;
    let file = out.join(format!("icepanel_invites-{}.tar.gz", dist.version));
    Ok(Row {
        file,
        platform: "sources; needs Rust".to_owned(),
        state: "packed".to_owned(),
    })
}

fn notices(dist: &Dist, triple: &str, folder: &Path) -> Result<(), String> {
    let notices = Notices::read(dist, PACKAGE, triple)?;
    write(&folder.join("THIRD-PARTY.txt"), notices.text())?;
    write(&folder.join("icepanel-invites.cdx.json"), notices.bom())
}

fn wheel(dist: &Dist, target: &Target, pythons: Pythons, out: &Path) -> Result<Row, String> {
    let library = library(dist, target, pythons)?;
    let unpacked = dist.work.join("wheel");
    let _ = fs::remove_dir_all(&unpacked);
    fs::create_dir_all(&unpacked).map_err(|why| format!("{}: {why}", unpacked.display()))?;
    let mut metadata = maturin(dist)?;
    metadata.args(["pep517", "write-dist-info", "--metadata-directory"]);
    metadata.arg(&unpacked).arg("--interpreter");
    output(metadata.arg(tools::program("python")?))?;
    copy(&dist.source.join("python/src"), &unpacked)?;
    let module = pythons.module(target);
    copy(&library, &unpacked.join("icepanel_invites").join(module))?;

    let info = unpacked.join(format!("icepanel_invites-{}.dist-info", dist.version));
    let folder = dist.work.join("notices");
    notices(dist, target.triple, &folder)?;
    copy(
        &folder.join("THIRD-PARTY.txt"),
        &info.join("licenses/THIRD-PARTY.txt"),
    )?;
    copy(
        &folder.join("icepanel-invites.cdx.json"),
        &info.join("sboms/icepanel-invites.cdx.json"),
    )?;
    let tags = target.wheel.iter();
    let tags: Vec<_> = tags
        .map(|platform| format!("Tag: {}-{platform}\n", pythons.tags()))
        .collect();
    let about = format!(
        "Wheel-Version: 1.0\nGenerator: icepanel-invites ({})\nRoot-Is-Purelib: false\n{}",
        dist.version,
        tags.concat()
    );
    write(&info.join("WHEEL"), about)?;
    let wheels = dist.work.join("wheels");
    let _ = fs::remove_dir_all(&wheels);
    fs::create_dir_all(&wheels).map_err(|why| format!("{}: {why}", wheels.display()))?;
    let mut pack = Command::new(tools::program("wheel")?);
    // The same files make the same wheel.
    pack.env("SOURCE_DATE_EPOCH", &dist.epoch).arg("pack");
    output(pack.arg(&unpacked).arg("--dest-dir").arg(&wheels))?;
    let made = only(&wheels)?;
    let file = out.join(made.file_name().unwrap_or_default());
    copy(&made, &file)?;
    Ok(Row {
        state: match target.kind {
            Kind::Glibc => {
                audit(&file, target.wheel[0])?;
                "built, audited".to_owned()
            }
            _ => "built".to_owned(),
        },
        file,
        platform: match pythons {
            Pythons::Abi3 => format!("{}, Python 3.10 and later", target.name),
            Pythons::FreeThreaded => format!("{}, Python 3.14t", target.name),
        },
    })
}

/// The extension. Up to Python 3.13 an interpreter that ends unwinds the daemon threads that come back to it, with the
/// system's unwinder: a thread that waits for a call would have frames of two kinds if zig's were linked in.
fn library(dist: &Dist, target: &Target, pythons: Pythons) -> Result<PathBuf, String> {
    let mut last = Vec::new();
    if target.kind == Kind::Glibc {
        let folder = tools::unwinder(target)?;
        last.extend(["-L".to_owned(), folder.display().to_string()]);
        last.extend(["-l", "dylib:+verbatim=libgcc_s.so.1"].map(str::to_owned));
    }
    let about = dist.work.join("python-3.14t.txt");
    write(&about, FREE_THREADED)?;
    let environment: &[_] = match pythons {
        Pythons::Abi3 => &[],
        Pythons::FreeThreaded => &[("PYO3_CONFIG_FILE", about.as_path())],
    };
    let library = targets::compile_with(dist, target, pythons.artefact(), &last, environment)?;
    crate::uniffi::absent(&library)?;
    Ok(library)
}

/// Compares the system libraries that a wheel needs with its name.
fn audit(wheel: &Path, platform: &str) -> Result<(), String> {
    let mut command = Command::new(tools::program("auditwheel")?);
    let said = output(command.arg("show").arg(wheel))?;
    match said.contains(&format!("\"{platform}\"")) {
        true => Ok(()),
        false => Err(format!("{} is not {platform}:\n{said}", wheel.display())),
    }
}
