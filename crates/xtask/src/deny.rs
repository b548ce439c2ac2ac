//! The supply chain: licences, sources, duplicates, build scripts, and a reason for each dependency.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::counts::Counts;
use crate::run::{cargo_command, finish, output, root};

/// The version of cargo-deny whose answers are known.
const VERSION: &str = "0.20.2";

/// What goes into a library that is released.
const RELEASED: &[&str] = &[
    "icepanel-invites",
    "icepanel-invites-napi",
    "icepanel-invites-pyo3",
    "icepanel-invites-uniffi",
];

/// Has the reasons, and the tree.
const DOCUMENT: &str = "crates/icepanel-invites/docs/dependencies.md";

/// `cargo xtask test deny`.
pub(crate) fn test(counts: &mut Counts) -> Result<(), String> {
    let explained = dependencies_are_explained();
    counts.add(explained.is_ok().into(), explained.is_err().into(), 0);
    let program = match cargo_deny() {
        Ok(program) => program,
        Err(why) => return counts.untested("the supply chain", &why).and(explained),
    };
    // The advisories' database is somewhere that not every machine reaches: by hand, as .cargo/deny.toml says.
    let checked = finish(
        Command::new(program)
            .current_dir(root())
            .args(["check", "bans", "licenses", "sources"]),
    );
    counts.add(checked.is_ok().into(), checked.is_err().into(), 0);
    checked.and(explained)
}

/// `cargo xtask advisories`: known faults of what is depended on. The database is fetched.
pub(crate) fn advisories() -> Result<(), String> {
    let mut command = Command::new(cargo_deny()?);
    finish(command.current_dir(root()).args(["check", "advisories"]))
}

/// Where cargo-deny is: on the PATH, or as the program that a registry has.
fn cargo_deny() -> Result<PathBuf, String> {
    let there = output(Command::new("cargo-deny").arg("--version"));
    if there.is_ok_and(|version| version.trim().ends_with(VERSION)) {
        return Ok("cargo-deny".into());
    }
    crate::python::tool(
        "deny",
        "../crates/xtask/requirements-deny.txt",
        "cargo-deny",
    )
    .map_err(|why| format!("{why}; install it by `cargo install --locked cargo-deny@{VERSION}`"))
}

/// Each direct dependency of what is released has its row in the document, and the tree there is the
/// tree there is.
fn dependencies_are_explained() -> Result<(), String> {
    let path = root().join(DOCUMENT);
    let text = fs::read_to_string(&path).map_err(|error| format!("{DOCUMENT}: {error}"))?;
    let mut direct = Vec::new();
    for package in RELEASED {
        let only = ["--depth=1", "--prefix=none", "--edges=normal,build"];
        let listed = tree(package, &only)?;
        direct.extend(listed.lines().skip(1).map(str::to_owned));
    }
    let wrong = slips(&text, &direct);
    if !wrong.is_empty() {
        return Err(format!("{DOCUMENT}: {}", wrong.join("; ")));
    }
    let whole = [
        "--edges=normal,no-proc-macro",
        "--target=x86_64-unknown-linux-gnu",
    ];
    let tree = tree(RELEASED[0], &whole)?;
    if !text.contains(&format!("```text\n{tree}```\n")) {
        return Err(format!("{DOCUMENT}: the tree is now this:\n{tree}"));
    }
    Ok(())
}

/// What `cargo tree` says, names alone.
fn tree(package: &str, arguments: &[&str]) -> Result<String, String> {
    let said = output(
        cargo_command(&["tree", "--locked", "--all-features", "--charset=ascii"])
            .args(["--package", package])
            .args(arguments),
    )?;
    Ok(names(&said))
}

/// Each line of a tree without the version and what follows, but for the mark of what was shown before.
fn names(tree: &str) -> String {
    let mut names = String::new();
    for line in tree.lines() {
        let (name, rest) = line.split_once(" v").unwrap_or((line, ""));
        names.push_str(name);
        if rest.ends_with("(*)") {
            names.push_str(" (*)");
        }
        names.push('\n');
    }
    names
}

/// Dependencies without a row, and rows without a dependency.
fn slips(document: &str, direct: &[String]) -> Vec<String> {
    let direct = || {
        let names = direct.iter().map(|name| name.trim_end_matches(" (*)"));
        names.filter(|name| !name.starts_with("icepanel-"))
    };
    let rows: Vec<&str> = document
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    let mut slips: Vec<String> = direct()
        .filter(|name| !rows.contains(name))
        .map(|name| format!("{name} has no reason"))
        .collect();
    for row in &rows {
        if !direct().any(|name| name == *row) {
            slips.push(format!("{row} is not a direct dependency"));
        }
    }
    slips.dedup();
    slips
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_read() {
        let tree = "icepanel-invites v0.1.0 (/src)\n|-- serde v1.0.2\n|   `-- serde v1.0.2 (*)\n";
        assert_eq!(
            names(tree),
            "icepanel-invites\n|-- serde\n|   `-- serde (*)\n"
        );
    }

    #[test]
    fn a_dependency_needs_a_row_and_a_row_a_dependency() {
        let document = "| crate | for |\n|---|---|\n| `serde` | JSON |\n| `gone` | nothing |\n";
        let direct = ["serde", "icepanel-invites", "tokio (*)"].map(str::to_owned);
        assert_eq!(
            slips(document, &direct),
            ["tokio has no reason", "gone is not a direct dependency"]
        );
    }
}
