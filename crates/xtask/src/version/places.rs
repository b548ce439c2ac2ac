//! Where the version is written.

use std::fs;
use std::path::Path;

/// A version in a file.
pub(super) struct Place {
    /// Its path below the root.
    pub(super) file: String,
    pub(super) line: usize,
    /// Where in the file it begins, in bytes.
    pub(super) start: usize,
    pub(super) version: String,
}

/// The text before a version in a file, and how often it is there.
const FIXED: &[(&str, &str, usize)] = &[
    ("Cargo.toml", "[workspace.package]\nversion = \"", 1),
    ("Cargo.toml", "\", version = \"", 3),
    ("node/package.json", "\n  \"version\": \"", 1),
    ("node/package-lock.json", "\n  \"version\": \"", 1),
    (
        "node/package-lock.json",
        "\n    \"\": {\n      \"name\": \"icepanel-invites\",\n      \"version\": \"",
        1,
    ),
];

/// In the POM of the parent and of its modules.
const IN_POMS: [&str; 2] = [
    "<artifactId>icepanel-invites-parent</artifactId>\n  <version>",
    "<artifactId>icepanel-invites-parent</artifactId>\n    <version>",
];

/// Folders with nothing written by hand in them.
const GENERATED: &[&str] = &[
    ".git",
    "generated",
    "Native",
    "node_modules",
    "target",
    ".build",
];

/// All places, those of one file in their order; first of all the workspace's own version.
pub(super) fn places(root: &Path) -> Result<Vec<Place>, String> {
    let mut places = Vec::new();
    for (file, before, times) in FIXED {
        let text = read(root, file)?;
        let found = found(file, &text, before);
        if found.len() != *times {
            return Err(format!(
                "{file} has {before:?} {} times, not {times}: crates/xtask/src/version/places.rs",
                found.len()
            ));
        }
        places.extend(found);
    }
    places.extend(in_lock_file(&read(root, "Cargo.lock")?));
    for folder in folders(root, "node/npm")? {
        let file = format!("{folder}/package.json");
        places.extend(exactly_one(
            &file,
            &read(root, &file)?,
            &["\n  \"version\": \""],
        )?);
    }
    let modules = folders(root, "bindings/kotlin")?;
    for folder in std::iter::once("bindings/kotlin".to_owned()).chain(modules) {
        let file = format!("{folder}/pom.xml");
        if root.join(&file).is_file() {
            places.extend(exactly_one(&file, &read(root, &file)?, &IN_POMS)?);
        }
    }
    let mut pages = Vec::new();
    markdown(root, root, &mut pages)?;
    pages.sort();
    for file in pages {
        places.extend(in_page(&file, &read(root, &file)?));
    }
    Ok(places)
}

fn exactly_one(file: &str, text: &str, before: &[&str]) -> Result<Vec<Place>, String> {
    let found: Vec<Place> = before
        .iter()
        .flat_map(|before| found(file, text, before))
        .collect();
    match found.len() {
        1 => Ok(found),
        count => Err(format!("{file} has {count} versions, not one")),
    }
}

/// Every version after some text. It ends with a quote or a tag.
fn found(file: &str, text: &str, before: &str) -> Vec<Place> {
    let starts = text.match_indices(before).map(|(at, _)| at + before.len());
    let place = |start: usize| {
        let rest = &text[start..];
        let end = rest.find(['"', '<', '\n']).unwrap_or(rest.len());
        place(file, text, start, start + end)
    };
    starts.map(place).collect()
}

fn place(file: &str, text: &str, start: usize, end: usize) -> Place {
    Place {
        file: file.to_owned(),
        line: text[..start].matches('\n').count() + 1,
        start,
        version: text[start..end].to_owned(),
    }
}

/// The workspace's own crates in the lock file: they have no source. One of version 0.0.0 is for this repository alone.
fn in_lock_file(text: &str) -> Vec<Place> {
    let mut places = Vec::new();
    let mut at = 0;
    for package in text.split_inclusive("\n\n") {
        let version = "\nversion = \"";
        if let Some(found) = package.find(version)
            && !package.contains("\nsource = ")
            && package.contains("[[package]]")
        {
            let start = at + found + version.len();
            let end = text[start..].find('"').unwrap_or_default() + start;
            if &text[start..end] != "0.0.0" {
                places.push(place("Cargo.lock", text, start, end));
            }
        }
        at += package.len();
    }
    places
}

/// The text after the name of one of our packages in a page: `icepanel-invites:1.2.3`, `icepanel-invites==1.2.3`,
/// `icepanel_invites-1.2.3-cp310-abi3`, `icepanel-invites-cli = "1.2.3"`.
fn in_page(file: &str, text: &str) -> Vec<Place> {
    let mut places = Vec::new();
    for (at, _) in text.match_indices("icepanel") {
        let rest = &text[at..];
        let is_name = |c: char| c.is_ascii_lowercase() || c == '-' || c == '_';
        let rest = rest.trim_start_matches(is_name);
        let separators = [" = \"", "==", "=", ":", "@", " "];
        let separator = separators.iter().find_map(|one| rest.strip_prefix(one));
        let rest = separator.unwrap_or(rest);
        let start = text.len() - rest.len();
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.');
        let version = rest[..end.unwrap_or(rest.len())].trim_end_matches('.');
        let parts: Vec<&str> = version.split('.').collect();
        if parts.len() == 3 && parts.iter().all(|part| !part.is_empty()) {
            places.push(place(file, text, start, start + version.len()));
        }
    }
    places
}

/// Every page but the CHANGELOG, which has old versions.
fn markdown(root: &Path, folder: &Path, files: &mut Vec<String>) -> Result<(), String> {
    let failed = |why: std::io::Error| format!("{}: {why}", folder.display());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() && !path.is_symlink() {
            if !GENERATED.contains(&name.as_ref()) {
                markdown(root, &path, files)?;
            }
        } else if name.ends_with(".md") && name != super::CHANGELOG {
            let below = path.strip_prefix(root).unwrap_or(&path);
            files.push(below.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(())
}

/// The folders in a folder, in order.
fn folders(root: &Path, folder: &str) -> Result<Vec<String>, String> {
    let failed = |why: std::io::Error| format!("{folder}: {why}");
    let mut names = Vec::new();
    for entry in fs::read_dir(root.join(folder)).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if let Some(name) = path.file_name().filter(|_| path.is_dir()) {
            names.push(format!("{folder}/{}", name.to_string_lossy()));
        }
    }
    names.sort();
    Ok(names)
}

fn read(root: &Path, file: &str) -> Result<String, String> {
    fs::read_to_string(root.join(file)).map_err(|why| format!("{file}: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_may_name_a_version_in_many_ways() {
        let page = "`GROUP:icepanel-invites:0.1.0` pip install icepanel-invites==0.2.0. icepanel_invites-0.3.0-cp310\n\
            icepanel-invites-cli = \"0.4.0\" npx icepanel-invites@0.5.0 icepanel-invites-testing:9 icepanel-invites 1.0\n";
        let found = in_page("page.md", page);
        let found: Vec<_> = found
            .iter()
            .map(|place| (place.line, place.version.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                (1, "0.1.0"),
                (1, "0.2.0"),
                (1, "0.3.0"),
                (2, "0.4.0"),
                (2, "0.5.0")
            ]
        );
    }

    #[test]
    fn the_lock_file_has_crates_of_others() {
        let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"x\"\n\n[[package]]\nname = \"b\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"fuzz\"\nversion = \"0.0.0\"\n";
        let found = in_lock_file(lock);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].line, found[0].version.as_str()), (10, "0.1.0"));
    }
}
