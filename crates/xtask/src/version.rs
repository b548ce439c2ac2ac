//! `cargo xtask version X.Y.Z|--check`: the version, in all files that have it.

mod places;

use std::fs;
use std::path::Path;

use self::places::{Place, places};
use crate::counts::Counts;
use crate::run::root;

const CHANGELOG: &str = "CHANGELOG.md";
/// What the next version brings is below this heading.
const UNRELEASED: &str = "## Unreleased";

/// `cargo xtask version [X.Y.Z|--check]`.
pub(crate) fn run(arguments: &[&str]) -> Result<(), String> {
    match arguments {
        ["--check"] => {
            let (version, count) = check(&root())?;
            println!("{version} in {count} places");
            Ok(())
        }
        [version] => {
            let count = write(&root(), version)?;
            println!("{version} in {count} places; `git diff` shows them");
            Ok(())
        }
        _ => Err("cargo xtask version takes X.Y.Z or --check".to_owned()),
    }
}

/// `cargo xtask test version`.
pub(crate) fn test(counts: &mut Counts) -> Result<(), String> {
    let checked = check(&root());
    counts.add(checked.is_ok().into(), checked.is_err().into(), 0);
    checked.map(drop)
}

/// The version and the number of places, which all agree.
pub(crate) fn check(root: &Path) -> Result<(String, usize), String> {
    let places = places(root)?;
    let version = current(&places)?;
    let mut wrong: Vec<String> = places
        .iter()
        .filter(|place| place.version != version)
        .map(|place| format!("{}:{} has {}", place.file, place.line, place.version))
        .collect();
    wrong.extend(check_changelog(root, &version).err());
    match wrong.is_empty() {
        true => Ok((version, places.len())),
        false => Err(format!(
            "Cargo.toml has the version {version}, but {}; `cargo xtask version {version}` writes it everywhere",
            wrong.join(", ")
        )),
    }
}

/// What all others are compared with: the workspace's own.
fn current(places: &[Place]) -> Result<String, String> {
    let first = places.first().ok_or("Cargo.toml has no version")?;
    numbers(&first.version)?;
    Ok(first.version.clone())
}

/// Writes a version everywhere, and returns in how many places.
pub(crate) fn write(root: &Path, version: &str) -> Result<usize, String> {
    numbers(version)?;
    let places = places(root)?;
    // From the end of each file, so that the places before do not move.
    for place in places.iter().rev() {
        let file = root.join(&place.file);
        let mut text = read(&file)?;
        text.replace_range(place.start..place.start + place.version.len(), version);
        fs::write(&file, text).map_err(|why| format!("{}: {why}", file.display()))?;
    }
    let file = root.join(CHANGELOG);
    let text = read(&file)?;
    if notes(&text, version).is_none() {
        let heading = format!("{UNRELEASED}\n\n## {version}");
        let text = text.replacen(UNRELEASED, &heading, 1);
        fs::write(&file, text).map_err(|why| format!("{}: {why}", file.display()))?;
    }
    check(root)?;
    Ok(places.len())
}

/// The latest version of the CHANGELOG is this one, or an older one with `Unreleased` above it.
fn check_changelog(root: &Path, version: &str) -> Result<(), String> {
    let text = read(&root.join(CHANGELOG))?;
    let headings: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("## "))
        .collect();
    let latest = headings.iter().find(|line| **line != UNRELEASED);
    let unreleased = headings.first() == Some(&UNRELEASED);
    let latest = latest.map(|line| numbers(line.trim_start_matches("## ")));
    match latest {
        None if unreleased => Ok(()),
        None => Err(format!("{CHANGELOG} has no heading `{UNRELEASED}`")),
        Some(latest) => {
            let (latest, this) = (latest?, numbers(version)?);
            match latest == this || (latest < this && unreleased) {
                true => Ok(()),
                false => Err(format!(
                    "{CHANGELOG} has {}.{}.{} as its latest heading",
                    latest[0], latest[1], latest[2]
                )),
            }
        }
    }
}

/// What the CHANGELOG has below the heading of a version.
pub(crate) fn notes(changelog: &str, version: &str) -> Option<String> {
    let heading = format!("## {version}");
    let mut lines = changelog.lines().skip_while(|line| *line != heading);
    lines.next()?;
    let lines: Vec<&str> = lines.take_while(|line| !line.starts_with("## ")).collect();
    Some(lines.join("\n").trim().to_owned())
}

/// The CHANGELOG's text for a version.
///
/// # Errors
/// There is no such heading, or nothing below it.
pub(crate) fn release_notes(root: &Path, version: &str) -> Result<String, String> {
    let text = read(&root.join(CHANGELOG))?;
    match notes(&text, version) {
        Some(notes) if !notes.is_empty() => Ok(notes),
        Some(_) => Err(format!("{CHANGELOG} has nothing below `## {version}`.")),
        None => Err(format!(
            "{CHANGELOG} has no heading `## {version}`: `cargo xtask version {version}` writes it."
        )),
    }
}

/// Three numbers. A pre-release is not taken: Python's packages spell it in another way than the others.
fn numbers(version: &str) -> Result<[u64; 3], String> {
    let numbers: Option<Vec<u64>> = version.split('.').map(|part| part.parse().ok()).collect();
    let numbers = numbers.and_then(|numbers| <[u64; 3]>::try_from(numbers).ok());
    numbers.ok_or_else(|| {
        format!("{version} is not a version: it must be three numbers, such as 1.2.3")
    })
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|why| format!("{}: {why}", file.display()))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::files::copy;

    /// A folder with a copy of every file that has the version, removed at the end.
    struct Copied(PathBuf);

    impl Copied {
        fn new(name: &str) -> Self {
            let folder = format!("xtask-version-{name}-{}", std::process::id());
            let copied = Self(std::env::temp_dir().join(folder));
            let files = places(&root()).unwrap();
            let files = files.iter().map(|place| place.file.as_str());
            for file in files.chain([CHANGELOG]) {
                copy(&root().join(file), &copied.0.join(file)).unwrap();
            }
            copied
        }
    }

    impl Drop for Copied {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_difference_in_any_place_is_found() {
        let copied = Copied::new("difference");
        assert_eq!(check(&copied.0), check(&root()));
        for place in &places(&copied.0).unwrap()[1..] {
            let file = copied.0.join(&place.file);
            let good = read(&file).unwrap();
            let mut planted = good.clone();
            planted.replace_range(place.start..place.start + place.version.len(), "0.0.7");
            fs::write(&file, planted).unwrap();
            let said = check(&copied.0).unwrap_err();
            let named = format!("{}:{} has 0.0.7", place.file, place.line);
            assert!(said.contains(&named), "{named} is not in: {said}");
            fs::write(&file, good).unwrap();
        }
    }

    #[test]
    fn a_version_is_written_everywhere() {
        let copied = Copied::new("written");
        let (_, count) = check(&copied.0).unwrap();
        assert_eq!(write(&copied.0, "9.8.7").unwrap(), count);
        assert_eq!(check(&copied.0).unwrap(), ("9.8.7".to_owned(), count));
        for place in places(&copied.0).unwrap() {
            assert_eq!(place.version, "9.8.7", "{}:{}", place.file, place.line);
        }
        let changelog = read(&copied.0.join(CHANGELOG)).unwrap();
        assert!(changelog.contains("## Unreleased\n\n## 9.8.7\n"));
        assert!(!release_notes(&copied.0, "9.8.7").unwrap().is_empty());
        assert!(write(&copied.0, "9.8").is_err());
        assert!(write(&copied.0, "9.8.7-rc.1").is_err());
    }

    #[test]
    fn a_changelog_that_is_ahead_is_found() {
        let copied = Copied::new("changelog");
        let file = copied.0.join(CHANGELOG);
        fs::write(&file, "# Changelog\n\n## Unreleased\n\n## 77.0.0\n\n- x\n").unwrap();
        assert!(check(&copied.0).unwrap_err().contains("77.0.0"));
        fs::write(&file, "# Changelog\n\n## 0.0.1\n\n- x\n").unwrap();
        assert!(check(&copied.0).unwrap_err().contains("0.0.1"));
    }

    #[test]
    fn the_notes_of_a_version_end_at_the_next_heading() {
        let text = "# Changelog\n\n## Unreleased\n\n## 1.2.0\n\n- new\n\n## 1.1.0\n\n- old\n";
        assert_eq!(notes(text, "1.2.0").as_deref(), Some("- new"));
        assert_eq!(notes(text, "1.2"), None);
    }
}
