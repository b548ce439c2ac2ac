//! The sources as they are packed: what git knows or would know, with the owner's values filled in. Nothing that happens
//! to lie about is packed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::owner::Owner;
use crate::run::{output, root};

/// Brings the copy up to date, and leaves alone what has not changed: cargo would build it again.
pub(super) fn copy(owner: &Owner, to: &Path) -> Result<(), String> {
    let listed = output(
        Command::new("git")
            .current_dir(root())
            .args(["ls-files", "-z", "--cached", "--others"])
            .arg("--exclude-standard"),
    )?;
    let files: Vec<&str> = listed.split('\0').filter(|name| !name.is_empty()).collect();
    for name in &files {
        let from = root().join(name);
        if from.is_file() {
            update(owner, &from, &to.join(name))?;
        }
    }
    let known: std::collections::HashSet<PathBuf> =
        files.iter().map(|name| to.join(name)).collect();
    remove_others(to, &known)
}

fn update(owner: &Owner, from: &Path, to: &Path) -> Result<(), String> {
    let failed = |why: std::io::Error| format!("{}: {why}", from.display());
    let bytes = fs::read(from).map_err(failed)?;
    let bytes = match String::from_utf8(bytes) {
        // The file with the values themselves, and the code that fills them in, are not packages.
        // In the sources nothing can be published by mistake.
        Ok(text) if from == root().join("Cargo.toml") => owner
            .fill_manifest(&text)
            .replace("\npublish = false\n", "\npublish = true\n")
            .into(),
        Ok(text) if from.ends_with("Cargo.toml") => owner.fill_manifest(&text).into(),
        Ok(text) if !from.starts_with(root().join("crates/xtask")) => owner.fill(&text).into(),
        Ok(text) => text.into_bytes(),
        Err(binary) => binary.into_bytes(),
    };
    if fs::read(to).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(to, bytes).map_err(failed)?;
    let permissions = fs::metadata(from).map_err(failed)?.permissions();
    fs::set_permissions(to, permissions).map_err(failed)
}

/// What is generated into the copy lies in folders that git ignores.
const GENERATED: &[&str] = &["generated", "target", "node_modules", "Native"];

fn remove_others(folder: &Path, known: &std::collections::HashSet<PathBuf>) -> Result<(), String> {
    let failed = |why: std::io::Error| format!("{}: {why}", folder.display());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if !GENERATED.contains(&name.as_ref()) {
                remove_others(&path, known)?;
            }
        } else if !known.contains(&path) {
            fs::remove_file(&path).map_err(failed)?;
        }
    }
    Ok(())
}
