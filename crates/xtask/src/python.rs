//! The package for Python: a wheel in a virtual environment, its tests, its figures beside its peers'.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{finish, finish_reading, root, target};
use crate::test::Counts;

/// Everything of this task lies in one folder below `target/`.
fn folder() -> PathBuf {
    target().join("python")
}

fn package() -> PathBuf {
    root().join("python")
}

const PIP_INSTALL: [&str; 5] = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
];

/// A virtual environment with the tools of a list.
struct Environment {
    folder: PathBuf,
}

impl Environment {
    /// Makes it, and installs what the list names, unless that is there already.
    fn with(list: &str) -> Result<Self, String> {
        let folder = folder().join(list.trim_end_matches(".txt"));
        let made = Self { folder };
        let list = package().join(list);
        let wanted = std::fs::read(&list).map_err(|why| format!("{}: {why}", list.display()))?;
        // What was installed is noted, so that a second run does without the network.
        let note = made.folder.join("installed.txt");
        if std::fs::read(&note).ok().as_deref() != Some(wanted.as_slice()) {
            let mut command = Command::new(interpreter());
            finish(command.args(["-m", "venv", "--clear"]).arg(&made.folder))?;
            finish(made.python().args(PIP_INSTALL).arg("-r").arg(&list))?;
            std::fs::write(&note, wanted).map_err(|why| format!("{}: {why}", note.display()))?;
        }
        Ok(made)
    }

    /// Its interpreter, in the package's folder, deaf to what else is installed.
    fn python(&self) -> Command {
        let (folder, name) = match cfg!(windows) {
            true => ("Scripts", "python.exe"),
            false => ("bin", "python"),
        };
        let mut command = Command::new(self.folder.join(folder).join(name));
        command
            .current_dir(package())
            .env("VIRTUAL_ENV", &self.folder)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env_remove("PYTHONPATH")
            .env_remove("PYTHONHOME");
        command
    }

    /// Builds the wheel and installs it.
    fn install(&self, profile: &str) -> Result<(), String> {
        let wheels = folder().join("wheels").join(profile);
        let _ = std::fs::remove_dir_all(&wheels);
        let build = [
            "-m",
            "maturin",
            "build",
            "--quiet",
            "--profile",
            profile,
            "--out",
        ];
        finish(self.python().args(build).arg(&wheels))?;
        let alone = ["--no-index", "--no-deps", "--force-reinstall"];
        let mut command = self.python();
        finish(command.args(PIP_INSTALL).args(alone).arg(only(&wheels)?))
    }
}

/// The Python that makes the environment: `python3`, or what `PYTHON` names.
fn interpreter() -> std::ffi::OsString {
    std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into())
}

/// The one file in a folder.
fn only(folder: &Path) -> Result<PathBuf, String> {
    let files = std::fs::read_dir(folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    let mut files = files.filter_map(Result::ok).map(|entry| entry.path());
    match (files.next(), files.next()) {
        (Some(file), None) => Ok(file),
        _ => Err(format!("{} should have one file in it", folder.display())),
    }
}

/// Runs all tests.
pub(crate) fn test(counts: &mut Counts) -> Result<(), String> {
    run_tests(&["tests"], counts)
}

/// Runs the scenarios alone.
pub(crate) fn scenarios(counts: &mut Counts) -> Result<(), String> {
    run_tests(&["tests/test_scenarios.py"], counts)
}

fn run_tests(which: &[&str], counts: &mut Counts) -> Result<(), String> {
    let environment = Environment::with("requirements-test.txt")?;
    environment.install("dev")?;
    let mut command = environment.python();
    command.args(["-m", "pytest", "-q"]).args(which);
    let mut totals = (0, 0, 0);
    let outcome = finish_reading(&mut command, |line| {
        totals = totals_of(line).unwrap_or(totals);
    });
    counts.add(totals.0, totals.1, totals.2);
    outcome
}

/// Reads pytest's last line: `2 failed, 40 passed, 1 skipped in 3.21s`. An error is a failure.
fn totals_of(line: &str) -> Option<(u64, u64, u64)> {
    let (counts, time) = line.trim_matches(['=', ' ']).rsplit_once(" in ")?;
    time.split_whitespace().next()?.strip_suffix('s')?;
    let mut totals = (0, 0, 0);
    for part in counts.split(", ") {
        let (number, what) = part.split_once(' ')?;
        let number: u64 = number.parse().ok()?;
        match what {
            "passed" => totals.0 += number,
            "failed" | "error" | "errors" => totals.1 += number,
            "skipped" | "xfailed" | "deselected" => totals.2 += number,
            _ => {}
        }
    }
    Some(totals)
}

/// Measures the package beside its peers, or only the groups that are named.
pub(crate) fn bench(names: &[&str]) -> Result<(), String> {
    let environment = Environment::with("requirements-bench.txt")?;
    environment.install("release")?;
    let mut command = environment.python();
    finish(command.arg("bench/side_by_side.py").args(names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_of_pytest_is_read() {
        assert_eq!(totals_of("561 passed in 39.75s"), Some((561, 0, 0)));
        assert_eq!(
            totals_of("=== 2 failed, 40 passed, 1 skipped, 1 error in 63.21s (0:01:03) ==="),
            Some((40, 3, 1))
        );
        assert_eq!(totals_of("FAILED tests/test_errors.py - it is in 3s"), None);
    }
}
