//! `cargo xtask test workflows`: what is in `.github`, which runs only on the hosting service, and the workflow of the page
//! on recipes.

mod steps;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::counts::Counts;
use crate::run::{finish, output, root, target};

const ACTIONLINT: &str = "1.7.12";
const LIST: &str = "../crates/xtask/requirements-workflows.txt";
const GO: &str = "../crates/xtask/requirements-go.txt";

/// The workflow that users copy. Its scripts are run by the tests of the command.
const RECIPE: &str = "crates/icepanel-cli/docs/roster-in-git.yml";

/// The files, and the schema of each.
const SCHEMAS: &[(&str, &str)] = &[
    (".github/workflows", "vendor.github-workflows"),
    (RECIPE, "vendor.github-workflows"),
    (".github/dependabot.yml", "vendor.dependabot"),
    (".github/ISSUE_TEMPLATE", "vendor.github-issue-forms"),
    (
        ".github/ISSUE_TEMPLATE/config.yml",
        "vendor.github-issue-config",
    ),
];

/// `cargo xtask test workflows`.
pub(crate) fn test(counts: &mut Counts) -> Result<(), String> {
    let checks: [fn() -> Result<(), String>; 4] = [steps::check, schemas, zizmor, actionlint];
    let mut failed = Vec::new();
    for check in checks {
        let checked = check();
        counts.add(checked.is_ok().into(), checked.is_err().into(), 0);
        failed.extend(checked.err());
    }
    match failed.is_empty() {
        true => Ok(()),
        false => Err(failed.join("; ")),
    }
}

/// The files below a path that end in `.yml`; those with a schema of their own are not among a folder's.
fn files(path: &str) -> Result<Vec<PathBuf>, String> {
    let path = root().join(path);
    if path.is_file() {
        return Ok(vec![path]);
    }
    let failed = |why: std::io::Error| format!("{}: {why}", path.display());
    let alone = |file: &Path| SCHEMAS.iter().any(|(other, _)| root().join(other) == file);
    let mut files = Vec::new();
    for entry in fs::read_dir(&path).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        if file.extension().is_some_and(|end| end == "yml") && !alone(&file) {
            files.push(file);
        }
    }
    files.sort();
    match files.is_empty() {
        true => Err(format!("{} has no .yml", path.display())),
        false => Ok(files),
    }
}

fn schemas() -> Result<(), String> {
    let program = crate::python::tool("workflows", LIST, "check-jsonschema")?;
    for (path, schema) in SCHEMAS {
        let mut command = Command::new(&program);
        command
            .args(["--builtin-schema", schema])
            .args(files(path)?);
        finish(&mut command)?;
    }
    Ok(())
}

fn zizmor() -> Result<(), String> {
    let program = crate::python::tool("workflows", LIST, "zizmor")?;
    let mut command = Command::new(program);
    command.current_dir(root());
    finish(command.args([
        "--offline",
        "--no-progress",
        "--quiet",
        "--persona=pedantic",
        ".github",
        RECIPE,
    ]))
}

fn actionlint() -> Result<(), String> {
    let program = actionlint_program()?;
    let mut command = Command::new(program);
    // Each step in `.github` is one command: there is no script for shellcheck.
    let arguments = ["-no-color", "-shellcheck=", "-pyflakes="];
    finish(
        command
            .current_dir(root())
            .args(arguments)
            .args(files(".github/workflows")?)
            .arg(RECIPE),
    )
}

/// actionlint on the PATH, or below `target`: Go's own registry has the sources and their sums.
fn actionlint_program() -> Result<PathBuf, String> {
    let right = |program: &Path| {
        let mut command = Command::new(program);
        let said = command.arg("--version").output();
        said.is_ok_and(|said| {
            let said = String::from_utf8_lossy(&said.stdout).into_owned();
            said.lines().next().map(|line| line.trim_start_matches('v')) == Some(ACTIONLINT)
        })
    };
    let folder = target().join("workflows");
    let name = format!("actionlint{}", std::env::consts::EXE_SUFFIX);
    let candidates = [PathBuf::from(&name), folder.join(&name)];
    if let Some(there) = candidates.iter().find(|program| right(program)) {
        return Ok(there.clone());
    }
    let go = match output(Command::new("go").arg("version")) {
        Ok(_) => "go".into(),
        Err(_) => crate::python::tool("go", GO, "go")?,
    };
    let mut command = Command::new(go);
    command.env("GOBIN", &folder).current_dir(root());
    let package = format!("github.com/rhysd/actionlint/cmd/actionlint@v{ACTIONLINT}");
    finish(command.args(["install", &package]))?;
    Ok(folder.join(name))
}
