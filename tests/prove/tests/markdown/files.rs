//! The files of the repository.

use std::path::{Path, PathBuf};
use std::process::Command;

/// All that git knows or would know, from the root: what others wrote or a build made is ignored there, and not read.
pub(crate) fn all(root: &Path) -> Vec<PathBuf> {
    let list = [
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ];
    let listed = Command::new("git").current_dir(root).args(list).output();
    let listed = listed.expect("git").stdout;
    let names = str::from_utf8(&listed).expect("names in UTF-8").split('\0');
    // What was removed is still known.
    let files = names.filter(|name| root.join(name).is_file());
    let mut files: Vec<PathBuf> = files.map(PathBuf::from).collect();
    files.sort();
    files.dedup();
    files
}
