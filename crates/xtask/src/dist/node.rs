//! The packages for npm: the main one, and one with the addon of each platform.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::notices::Notices;
use super::table::Row;
use super::targets::{self, Artefact, TARGETS, Target};
use super::{Dist, write};
use crate::files::copy;
use crate::run::output;

const ADDON: Artefact = Artefact {
    package: "icepanel-invites-napi",
    name: "icepanel_invites_napi",
    program: false,
    profile: "release",
    features: &[],
};

pub(super) fn make(dist: &Dist) -> Result<Vec<Row>, String> {
    let out = dist.fresh("node")?;
    let mut rows = Vec::new();
    for target in targets::chosen(dist) {
        let addon = targets::compile(dist, target, ADDON)?;
        rows.push(Row {
            file: platform(dist, target, &addon, &out)?,
            platform: target.name.to_owned(),
            state: "built".to_owned(),
        });
    }
    // Also what another run, or another machine, has put there.
    let made = |target: &&Target| out.join(tarball(dist, target)).is_file();
    let names: Vec<_> = TARGETS
        .iter()
        .filter(made)
        .map(|target| target.npm)
        .collect();
    let folder = staged(dist, &dist.source.join("node"), &names)?;
    rows.insert(
        0,
        Row {
            file: pack(&folder, &out)?,
            platform: "every platform".to_owned(),
            state: "packed".to_owned(),
        },
    );
    Ok(rows)
}

/// The file that npm creates for a platform's package: the scope is a part of its name.
fn tarball(dist: &Dist, target: &Target) -> String {
    let scope = dist.owner.get("npm_scope").unwrap_or_default();
    let scope = scope.trim_start_matches('@');
    format!("{scope}-{}-{}.tgz", target.npm, dist.version)
}

/// The packages with the addon of the build for tests, for this machine alone.
pub(super) fn make_for_tests(dist: &Dist) -> Result<(), String> {
    let out = dist.fresh("node")?;
    let target = targets::native()?;
    let addon = crate::build::library(ADDON.name);
    platform(dist, target, &addon, &out)?;
    let folder = staged(dist, &dist.source.join("node"), &[target.npm])?;
    pack(&folder, &out).map(drop)
}

/// The package of one platform.
fn platform(dist: &Dist, target: &Target, addon: &Path, out: &Path) -> Result<PathBuf, String> {
    let source = dist.source.join("node/npm").join(target.npm);
    let folder = staged(dist, &source, &["--platform", target.npm])?;
    let file = folder.join(format!("icepanel-invites.{}.node", target.npm));
    crate::uniffi::absent(addon)?;
    copy(addon, &file)?;
    let notices = Notices::read(dist, ADDON.package, target.triple)?;
    write(&folder.join("THIRD-PARTY.txt"), notices.text())?;
    write(&folder.join("icepanel-invites.cdx.json"), notices.bom())?;
    // npm packs what `files` names, and LICENSE and README.
    pack(&folder, out)
}

/// A copy of a package's folder, with the manifest that is published.
fn staged(dist: &Dist, source: &Path, arguments: &[&str]) -> Result<PathBuf, String> {
    let name = source.file_name().unwrap_or(OsStr::new("node"));
    let folder = dist.work.join("npm").join(name);
    let _ = fs::remove_dir_all(&folder);
    copy(source, &folder)?;
    copy(&dist.source.join("LICENSE"), &folder.join("LICENSE"))?;
    let mut node = Command::new("node");
    node.current_dir(dist.source.join("node"))
        .arg("scripts/publishable.js")
        .args(arguments);
    write(&folder.join("package.json"), output(&mut node)?)?;
    Ok(folder)
}

fn pack(folder: &Path, out: &Path) -> Result<PathBuf, String> {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(folder)
        .args(["pack", "--silent", "--ignore-scripts", "--pack-destination"]);
    let said = output(npm.arg(out))?;
    let name = said.lines().last().unwrap_or_default().trim();
    Ok(out.join(name))
}
