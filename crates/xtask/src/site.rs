//! `cargo xtask docs`: one static site in `target/site`, of the pages of the repository and the API references.

mod pages;
mod references;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::dist::Owner;
use crate::run::{finish, output, root, target};

const LIST: &str = "../crates/xtask/requirements-site.txt";
const SETTINGS: &str = include_str!("site/mkdocs.yml");

/// The sections, and what is in each: pages, and folders with pages.
const SECTIONS: &[(&str, &[&str])] = &[
    (
        "Start",
        &["README.md", "crates/icepanel-invites/docs/install.md"],
    ),
    ("Guide", &["crates/icepanel-invites/docs"]),
    ("The command", &["crates/icepanel-cli/docs"]),
    ("Python", &["python/README.md", "python/docs"]),
    ("Node", &["node/README.md", "node/docs"]),
    (
        "Kotlin and Java",
        &["bindings/kotlin/README.md", "bindings/kotlin/docs"],
    ),
    (
        "Swift",
        &["bindings/swift/README.md", "bindings/swift/docs"],
    ),
    ("The sandbox", &["crates/icepanel-sandbox/docs"]),
    (
        "Proof and figures",
        &[
            "tests/prove",
            "tests/scenarios/README.md",
            "bindings/uniffi/docs",
        ],
    ),
    (
        "Contributing",
        &[
            "CONTRIBUTING.md",
            "ARCHITECTURE.md",
            "SECURITY.md",
            "CHANGELOG.md",
            "crates/xtask/docs",
        ],
    ),
];

/// `cargo xtask docs [--pages]`: with the API references, or without.
pub(crate) fn run(arguments: &[&str]) -> Result<(), String> {
    let folder = target().join("site-source");
    let site = target().join("site");
    let api = target().join("site-api");
    for old in [&folder, &site, &api] {
        let _ = fs::remove_dir_all(old);
    }
    let files = tracked()?;
    let owner = Owner::read()?;
    let repository = owner.get("repository")?.to_owned();
    for file in files.iter().filter(|file| pages::is_shown(file)) {
        let from = root().join(file);
        let to = folder.join("pages").join(file);
        match file.ends_with(".md") {
            true => write(
                &to,
                &pages::page(file, &owner.fill(&read(&from)?), &files, &repository),
            )?,
            false => crate::files::copy(&from, &to)?,
        }
    }
    let made = match arguments {
        [] => references::make(&api),
        ["--pages"] => Vec::new(),
        _ => return Err("cargo xtask docs takes --pages, or nothing".to_owned()),
    };
    let mut index = String::from("# API references\n\n| language | |\n|---|---|\n");
    for reference in &made {
        let _ = match &reference.outcome {
            // Beside the pages; mkdocs knows nothing of it.
            Ok(page) => writeln!(
                index,
                "| {} | <a href=\"../api/{page}\">reference</a> |",
                reference.language
            ),
            Err(why) => writeln!(
                index,
                "| {} | not made here: {} |",
                reference.language,
                one_line(why)
            ),
        };
    }
    write(&folder.join("pages/reference.md"), &index)?;
    let settings = format!("{SETTINGS}repo_url: {repository}\nnav:\n{}", nav(&files));
    write(&folder.join("mkdocs.yml"), &settings)?;
    let mut mkdocs = Command::new(crate::python::tool("site", LIST, "mkdocs")?);
    // Not with `--quiet`: then it does not report dead links.
    mkdocs.current_dir(&folder).env("NO_MKDOCS_2_WARNING", "1");
    finish(mkdocs.args(["build", "--strict", "--site-dir"]).arg(&site))?;
    if api.is_dir() {
        crate::files::copy(&api, &site.join("api"))?;
    }
    for reference in made {
        match reference.outcome {
            Ok(page) => println!(
                "{:16} {}",
                reference.language,
                site.join("api").join(page).display()
            ),
            Err(why) => println!("{:16} NOT made: {}", reference.language, one_line(&why)),
        }
    }
    println!("{}", site.join("index.html").display());
    Ok(())
}

/// What git knows, or would know.
fn tracked() -> Result<Vec<String>, String> {
    let mut git = Command::new("git");
    git.current_dir(root())
        .args(["ls-files", "--cached", "--others", "--exclude-standard"]);
    let listed = output(&mut git)?;
    let mut files: Vec<String> = listed.lines().map(str::to_owned).collect();
    files.retain(|file| root().join(file).is_file());
    files.sort();
    Ok(files)
}

/// The navigation, as mkdocs reads it. A page is in the first section that names it.
fn nav(files: &[String]) -> String {
    let mut nav = String::new();
    let mut known: Vec<&str> = Vec::new();
    for (title, entries) in SECTIONS {
        let _ = writeln!(nav, "  - {title}:");
        for entry in *entries {
            let is_in = |file: &&String| {
                file == entry || Path::new(file).parent() == Some(Path::new(entry))
            };
            for file in files
                .iter()
                .filter(is_in)
                .filter(|file| file.ends_with(".md"))
            {
                if !known.contains(&file.as_str()) {
                    known.push(file);
                    let _ = writeln!(nav, "    - {file}");
                }
            }
        }
    }
    nav.push_str("  - API references: reference.md\n");
    nav
}

fn one_line(text: &str) -> String {
    text.lines().collect::<Vec<_>>().join(" ")
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|why| format!("{}: {why}", file.display()))
}

fn write(file: &Path, text: &str) -> Result<(), String> {
    let failed = |why: std::io::Error| format!("{}: {why}", file.display());
    fs::create_dir_all(file.parent().unwrap_or(file)).map_err(failed)?;
    fs::write(file, text).map_err(failed)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn each_section_has_a_page_and_no_page_is_twice() {
        let files = tracked().unwrap();
        let nav = nav(&files);
        let lines: Vec<&str> = nav.lines().collect();
        for pair in lines.windows(2) {
            assert!(
                !(pair[0].ends_with(':') && pair[1].ends_with(':')),
                "{} is empty",
                pair[0]
            );
        }
        let mut pages: Vec<PathBuf> = lines.iter().map(PathBuf::from).collect();
        let count = pages.len();
        pages.sort();
        pages.dedup();
        assert_eq!(pages.len(), count);
    }
}
