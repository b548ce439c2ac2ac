//! `cargo xtask release`: whether a release can begin. `cargo xtask publish`: what `cargo xtask dist` has made, to the
//! registries. Both run on a hosting service when a tag is pushed, and by hand.

mod archives;
mod crates;
mod maven;
mod npm;
mod pypi;

use crate::dist::{Dist, Owner};
use crate::run::root;
use crate::version;

/// A registry, by its name here, and what uploads to it.
type Part = (&'static str, fn(&Dist, Mode) -> Result<(), String>);

/// The registries, in the order in which they are served: the first asks for secrets, which may be missing.
const PARTS: &[Part] = &[
    ("kotlin", maven::publish),
    ("rust", crates::publish),
    ("python", pypi::publish),
    ("node", npm::publish),
    ("archives", archives::publish),
];

/// Whether anything leaves this machine.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    /// Everything but the upload.
    Dry,
    Real,
}

/// `cargo xtask release [--dry-run] [--secrets]`: a sentence for each thing that is missing. With `--dry-run` they are
/// printed, and only a version or a CHANGELOG that is wrong is an error. With `--secrets` the variables with
/// credentials must be there.
pub(crate) fn run(arguments: &[&str]) -> Result<(), String> {
    let unknown = |word: &&&str| !["--dry-run", "--secrets"].contains(word);
    if let Some(word) = arguments.iter().find(unknown) {
        return Err(format!(
            "cargo xtask release takes --dry-run and --secrets, not {word}"
        ));
    }
    let (version, _) = version::check(&root())?;
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let tag = (variable("GITHUB_REF_TYPE") == "tag").then(|| variable("GITHUB_REF_NAME"));
    let mut missing = sentences(&Owner::read()?, &version, tag.as_deref());
    missing.extend(version::release_notes(&root(), &version).err());
    if arguments.contains(&"--secrets") {
        missing.extend(maven::missing(&variable));
    }
    match (missing.is_empty(), arguments.contains(&"--dry-run")) {
        (true, _) => println!("{version} can be released"),
        (false, true) => println!("{version} cannot be released yet:\n{}", missing.join("\n")),
        (false, false) => {
            return Err(format!(
                "{version} cannot be released yet:\n{}",
                missing.join("\n")
            ));
        }
    }
    Ok(())
}

/// What the owner has not filled in, and a tag that is not the version's.
fn sentences(owner: &Owner, version: &str, tag: Option<&str>) -> Vec<String> {
    let mut sentences = owner.open();
    if let Some(tag) = tag.filter(|tag| *tag != format!("v{version}")) {
        sentences.push(format!(
            "The tag {tag} is not v{version}: `cargo xtask version` writes the version of a tag."
        ));
    }
    sentences
}

/// `cargo xtask publish [--dry-run] [PART…]`.
pub(crate) fn publish(arguments: &[&str]) -> Result<(), String> {
    let (mode, names) = match arguments {
        ["--dry-run", names @ ..] => (Mode::Dry, names),
        names => (Mode::Real, names),
    };
    let known: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
    if let Some(name) = names.iter().find(|name| !known.contains(name)) {
        return Err(format!(
            "publish has no part {name}; its parts are {}",
            known.join(", ")
        ));
    }
    if mode == Mode::Real {
        if names.is_empty() {
            return Err(format!(
                "name what is to be published: {}",
                known.join(", ")
            ));
        }
        run(&[])?;
    }
    let dist = Dist::new()?;
    let mut failed = Vec::new();
    for (name, publish) in PARTS {
        if names.is_empty() || names.contains(name) {
            println!("== {name}");
            failed.extend(
                publish(&dist, mode)
                    .err()
                    .map(|why| format!("{name}: {why}")),
            );
        }
    }
    match failed.is_empty() {
        true => Ok(()),
        false => Err(failed.join("\n")),
    }
}

/// The files that `cargo xtask dist` has made of a part, with one of these endings.
fn files(dist: &Dist, part: &str, ends: &[&str]) -> Result<Vec<std::path::PathBuf>, String> {
    let folder = dist.out.join(part);
    let mut files = Vec::new();
    if folder.is_dir() {
        crate::dist::every_file(&folder, &mut files)?;
    }
    files.retain(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        ends.iter().any(|end| name.ends_with(end))
    });
    files.sort();
    match files.is_empty() {
        true => Err(format!(
            "there is nothing in {}: `cargo xtask dist` makes it",
            folder.display()
        )),
        false => Ok(files),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_missing_value_has_a_sentence() {
        let owner = Owner::read().unwrap();
        let sentences = sentences(&owner, "0.1.0", Some("v0.2.0"));
        for name in owner.open() {
            assert!(sentences.contains(&name), "{name}");
        }
        assert!(
            sentences
                .iter()
                .any(|line| line.starts_with("The tag v0.2.0 is not v0.1.0"))
        );
        assert!(
            sentences
                .iter()
                .all(|line| line.ends_with('.') && !line.contains('\n'))
        );
    }

    #[test]
    fn nothing_is_published_by_accident() {
        assert!(publish(&[]).is_err());
        assert!(publish(&["everything"]).is_err());
    }
}
