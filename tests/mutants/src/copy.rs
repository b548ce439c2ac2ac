//! The copy of the sources that gets the switches.

use std::collections::HashMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::switch::FUNCTION;

/// A command that a test starts in an empty environment has the same mutation.
const INHERIT: &str =
    ".envs(std::env::vars_os().filter(|it| it.0.to_string_lossy().starts_with(\"MUTATION\")))";

/// Each file that git knows or would know.
pub(crate) struct Sources {
    files: Vec<(String, Vec<u8>)>,
}

impl Sources {
    pub(crate) fn read(root: &Path) -> Result<Self, String> {
        let mut list = Command::new("git");
        list.current_dir(root)
            .args(["ls-files", "-z", "--cached", "--others"])
            .arg("--exclude-standard");
        let listed = list.output().map_err(|why| format!("git: {why}"))?;
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let mut files = Vec::new();
        for name in listed.split('\0') {
            // What was removed is still known.
            if root.join(name).is_file() {
                let bytes = fs::read(root.join(name)).map_err(|why| format!("{name}: {why}"))?;
                files.push((name.to_owned(), bytes));
            }
        }
        Ok(Self { files })
    }

    pub(crate) fn text(&self, name: &str) -> Result<&str, String> {
        let found = self.files.iter().find(|(file, _)| file == name);
        let text = found.and_then(|(_, bytes)| str::from_utf8(bytes).ok());
        text.ok_or_else(|| format!("{name} is not among the sources"))
    }

    /// Differs when the code differs that is compiled.
    pub(crate) fn hash(&self) -> String {
        let mut hasher = DefaultHasher::new();
        let is_code = |name: &str| name.starts_with("crates/icepanel-") && name.contains("/src/");
        let code = self.files.iter().filter(|(name, _)| is_code(name));
        code.for_each(|file| file.hash(&mut hasher));
        format!("{:016x}", hasher.finish())
    }

    /// Brings the copy up to date, with other texts for some files. What has not changed is not written: cargo would
    /// compile it again.
    pub(crate) fn copy(&self, to: &Path, changed: &HashMap<String, String>) -> Result<(), String> {
        for (name, bytes) in &self.files {
            let text = changed
                .get(name)
                .map_or(bytes.as_slice(), |text| text.as_bytes());
            let mut text = text.to_owned();
            if changed.keys().any(|file| is_root(name, file)) {
                text.extend(FUNCTION.bytes());
            }
            if let Ok(of_test) = str::from_utf8(&text)
                && name.contains("/tests/")
            {
                text = of_test
                    .replace(".env_clear()", &format!(".env_clear(){INHERIT}"))
                    .into();
            }
            let path = to.join(name);
            write(&path, &text).map_err(|why| format!("{}: {why}", path.display()))?;
        }
        self.remove_others(to)
    }

    /// Removes what an earlier copy had and the sources do not have.
    fn remove_others(&self, to: &Path) -> Result<(), String> {
        let names: Vec<&str> = self.files.iter().map(|(name, _)| &**name).collect();
        let list = to.with_extension("files");
        let old = fs::read_to_string(&list).unwrap_or_default();
        for name in old.lines().filter(|name| !names.contains(name)) {
            fs::remove_file(to.join(name)).map_err(|why| format!("{name}: {why}"))?;
        }
        fs::write(list, names.join("\n")).map_err(|why| why.to_string())
    }
}

/// Whether it is the root of a crate that has this file.
fn is_root(name: &str, file: &str) -> bool {
    let root = [name.strip_suffix("lib.rs"), name.strip_suffix("main.rs")];
    let folder: Option<&str> = root.into_iter().flatten().next();
    folder.is_some_and(|folder| folder.ends_with("/src/") && file.starts_with(folder))
}

fn write(path: &PathBuf, bytes: &[u8]) -> std::io::Result<()> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes)
}
