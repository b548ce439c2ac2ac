//! The Swift package as SwiftPM takes it by URL: its manifest at the root, the generated sources in it, and on Linux the
//! libraries.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::notices::Notices;
use super::table::Row;
use super::targets::{self, Kind, TARGETS};
use super::{Dist, tools, write};
use crate::files::copy;
use crate::run::finish;
use crate::uniffi::{self, Library, Profile};

const MANIFEST: &str = include_str!("swift/Package.swift");
const README: &str = include_str!("swift/README.md");

/// The targets of the package that are written by hand.
const BY_HAND: &[&str] = &[
    "CIcePanelInvites",
    "CIcePanelSandbox",
    "IcePanelInvites",
    "IcePanelInvitesTesting",
];

/// A library, the module of Swift that its Swift is compiled into, and UniFFI's name for the generated files.
const GENERATED: &[(Library, &str, &str, &str)] = &[
    (
        Library::App,
        "IcePanelInvites",
        "IcePanelInvitesFFI",
        "CIcePanelInvites",
    ),
    (
        Library::Sandbox,
        "IcePanelSandboxFFI",
        "IcePanelSandboxFFI",
        "CIcePanelSandbox",
    ),
];

pub(super) fn make(dist: &Dist) -> Result<Vec<Row>, String> {
    let out = dist.fresh("swift")?;
    let from = dist.source.join("bindings/swift");
    for target in BY_HAND {
        copy(
            &from.join("Sources").join(target),
            &out.join("Sources").join(target),
        )?;
    }
    write(&out.join("Package.swift"), MANIFEST)?;
    write(&out.join("README.md"), dist.owner.fill(README))?;
    copy(&dist.source.join("LICENSE"), &out.join("LICENSE"))?;
    let script = "scripts/xcframework.sh";
    let mut shellcheck = Command::new(tools::program("shellcheck")?);
    finish(shellcheck.arg(from.join(script)))?;
    copy(&from.join(script), &out.join(script))?;

    uniffi::build(Profile::Tests)?;
    let generated = dist.work.join("swift");
    for (library, module, swift, header) in GENERATED {
        uniffi::generate_swift(*library, Profile::Tests, &generated)?;
        let (code, header_file) = (format!("{swift}.swift"), format!("{header}.h"));
        let sources = out.join("Sources");
        copy(&generated.join(&code), &sources.join(module).join(&code))?;
        copy(
            &generated.join(&header_file),
            &sources.join(header).join(&header_file),
        )?;
    }
    let notices = Notices::read(dist, "icepanel-invites-uniffi", TARGETS[0].triple)?;
    write(&out.join("THIRD-PARTY.txt"), notices.text())?;
    write(&out.join("icepanel-invites.cdx.json"), notices.bom())?;

    let mut rows = vec![Row {
        file: out.join("Package.swift"),
        platform: "Linux; Apple's with scripts/xcframework.sh".to_owned(),
        state: "laid out; the script checked by shellcheck alone".to_owned(),
    }];
    for target in targets::chosen(dist).filter(|it| it.kind == Kind::Glibc) {
        for (library, _, _, _) in GENERATED {
            let built = targets::compile(dist, target, super::kotlin::artefact(*library))?;
            let name = target.library(library.name());
            let file = out
                .join("Native")
                .join(format!("linux-{}", target.machine()))
                .join(name);
            copy(&built, &file)?;
            rows.push(Row {
                file,
                platform: target.name.to_owned(),
                state: "built".to_owned(),
            });
        }
    }
    rows.push(Row {
        file: archive(dist, &out)?,
        platform: "the package, for a repository of its own".to_owned(),
        state: "packed".to_owned(),
    });
    Ok(rows)
}

/// The whole package as one file of a release.
fn archive(dist: &Dist, package: &Path) -> Result<PathBuf, String> {
    let name = format!("icepanel-invites-swift-{}.tar.gz", dist.version);
    let file = dist.fresh("swift-archive")?.join(name);
    let mut tar = Command::new("tar");
    if cfg!(target_os = "linux") {
        // The same files make the same archive.
        tar.args(["--sort=name", "--owner=0", "--group=0", "--numeric-owner"]);
        tar.arg(format!("--mtime=@{}", dist.epoch));
    }
    tar.arg("-C").arg(package).arg("-czf").arg(&file).arg(".");
    finish(&mut tar)?;
    Ok(file)
}
