//! The package for Python: a wheel in a virtual environment, its tests, its figures beside its peers'.

mod drivers;
mod wheels;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) use self::drivers::drivers;
use crate::counts::Counts;
use crate::run::{finish, finish_reading, root, target};

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

/// A virtual environment with the tools of some lists.
struct Environment {
    folder: PathBuf,
}

impl Environment {
    /// Makes it, and installs what the lists name, unless that is there already.
    fn with(name: &str, interpreter: &Path, lists: &[&str]) -> Result<Self, String> {
        let made = Self {
            folder: folder().join(name),
        };
        let mut wanted = Vec::new();
        let mut install = made.python();
        install.args(PIP_INSTALL);
        for list in lists {
            let list = package().join(list);
            let read = std::fs::read(&list).map_err(|why| format!("{}: {why}", list.display()))?;
            wanted.extend(read);
            install.arg("-r").arg(list);
        }
        // What was installed is noted, so that a second run does without the network.
        let note = made.folder.join("installed.txt");
        if std::fs::read(&note).ok().as_deref() != Some(wanted.as_slice()) {
            let mut command = Command::new(interpreter);
            finish(command.args(["-m", "venv", "--clear"]).arg(&made.folder))?;
            finish(&mut install)?;
            std::fs::write(&note, wanted).map_err(|why| format!("{}: {why}", note.display()))?;
        }
        Ok(made)
    }

    /// The one that builds and runs all tests.
    fn for_tests() -> Result<Self, String> {
        let lists = ["requirements-pytest.txt", "requirements-test.txt"];
        Self::with("requirements-test", &interpreter(), &lists)
    }

    /// One with another Python, which runs those tests that depend on it.
    fn for_another(version: &str, python: &Path) -> Result<Self, String> {
        Self::with(version, python, &["requirements-pytest.txt"])
    }

    /// The folder of its programs.
    fn programs(&self) -> PathBuf {
        self.folder
            .join(if cfg!(windows) { "Scripts" } else { "bin" })
    }

    /// Its interpreter, in the package's folder, deaf to what else is installed.
    fn python(&self) -> Command {
        let folder = self.programs();
        let mut command = Command::new(folder.join("python"));
        // maturin looks for zig, and pyright for a Python, on the path.
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::iter::once(folder).chain(std::env::split_paths(&path));
        if let Ok(path) = std::env::join_paths(path) {
            command.env("PATH", path);
        }
        command
            .current_dir(package())
            .env("VIRTUAL_ENV", &self.folder)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env_remove("PYTHONPATH")
            .env_remove("PYTHONHOME");
        command
    }

    /// Installs a wheel, over the one before.
    fn install(&self, wheel: &Path) -> Result<(), String> {
        let alone = ["--no-index", "--no-deps", "--force-reinstall"];
        finish(self.python().args(PIP_INSTALL).args(alone).arg(wheel))
    }

    /// Runs the tests that are named, by folder, file or exclusion.
    fn pytest(&self, which: &[&str], counts: &mut Counts) -> Result<(), String> {
        let mut command = self.python();
        command
            .args(["-m", "pytest", "-q", "--durations=10"])
            .args(which);
        let mut totals = (0, 0, 0);
        let outcome = finish_reading(&mut command, |line| {
            totals = totals_of(line).unwrap_or(totals);
            if let Some((seconds, test)) = duration_of(line) {
                counts.took(seconds, test);
            }
            if let Some((test, why)) = failure_of(line) {
                counts.failure(test, why);
            }
        });
        counts.add(totals.0, totals.1, totals.2);
        outcome
    }
}

/// A program that a list of requirements installs, in an environment of its own.
pub(crate) fn tool(environment: &str, list: &str, program: &str) -> Result<PathBuf, String> {
    let made = Environment::with(environment, &interpreter(), &[list])?;
    Ok(made.programs().join(program))
}

/// A program of a list, in an environment that has the package too: as `cargo xtask dist` has made it, or the tests.
pub(crate) fn with_package(list: &str, program: &str) -> Result<PathBuf, String> {
    let made = Environment::with("site-python", &interpreter(), &[list])?;
    let made_before = target().join("dist/python");
    let mut install = made.python();
    install
        .args(PIP_INSTALL)
        .args(["--no-index", "--force-reinstall", "--find-links"]);
    install.arg(&made_before).arg("icepanel-invites");
    if !made_before.is_dir() || finish(&mut install).is_err() {
        made.install(&wheel_for_tests()?)?;
    }
    Ok(made.programs().join(program))
}

/// Most of the tests' time is waiting: more run at once than there are processors.
const AT_ONCE: [&str; 2] = ["-n", "4"];
/// Those that say how soon a call must have stopped run alone.
const ALONE: &str = "tests/test_stop.py";

/// The Python that makes the environment: `python3`, or what `PYTHON` names.
fn interpreter() -> PathBuf {
    std::env::var_os("PYTHON")
        .unwrap_or_else(|| "python3".into())
        .into()
}

/// Another Python of the machine: on the path, or one of pyenv's.
fn other(version: &str) -> Option<PathBuf> {
    let name = format!("python{version}");
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".pyenv"));
    let pyenv = std::env::var_os("PYENV_ROOT").map(PathBuf::from).or(home);
    let installed = pyenv.and_then(|pyenv| std::fs::read_dir(pyenv.join("versions")).ok());
    let installed = installed.into_iter().flatten().filter_map(Result::ok);
    let installed = installed.map(|entry| entry.path().join("bin").join(&name));
    let mut candidates = std::iter::once(PathBuf::from(&name)).chain(installed);
    candidates.find(|candidate| {
        let mut command = Command::new(candidate);
        let command = command.args(["-c", "import venv"]);
        let command = command.stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    })
}

/// The oldest Python that the package is for.
const OLDEST: &str = "3.10";
/// The newest first.
const NEWER: [&str; 4] = ["3.15", "3.14", "3.13", "3.12"];
/// What depends on the Python that runs it. The scenarios are about the core.
const NOT_ON_OTHERS: [&str; 2] = [
    "--ignore=tests/test_scenarios.py",
    "--ignore=tests/test_typing.py",
];

/// Runs all tests; then those that depend on the Python with the oldest one and the newest one, as far as the machine
/// has them. `cargo xtask dist --check` runs tests on the wheel that is released.
pub(crate) fn test(counts: &mut Counts) -> Result<(), String> {
    let environment = Environment::for_tests()?;
    let wheel = wheels::debug(&environment)?;
    environment.install(&wheel)?;
    run_tests(&environment, &[], counts)?;
    for (version, python) in others() {
        match python {
            Some(python) => on_another(version, &python, &wheel, counts)?,
            None => println!("NOT tested with Python {version}, which this machine does not have"),
        }
    }
    Ok(())
}

/// The oldest Python of the machine's and the newest that the package is for, as far as they are there.
fn others() -> [(&'static str, Option<PathBuf>); 2] {
    let newest = NEWER.iter().find(|version| other(version).is_some());
    [OLDEST, newest.unwrap_or(&NEWER[0])].map(|version| (version, other(version)))
}

fn on_another(
    version: &str,
    python: &Path,
    wheel: &Path,
    counts: &mut Counts,
) -> Result<(), String> {
    println!("with {}", python.display());
    let environment = Environment::for_another(version, python)?;
    environment.install(wheel)?;
    run_tests(&environment, &NOT_ON_OTHERS, counts)
}

/// Downloads what the tests need, for each Python.
pub(crate) fn fetch() -> Result<(), String> {
    Environment::for_tests()?;
    for (version, python) in others() {
        if let Some(python) = python {
            Environment::for_another(version, &python)?;
        }
    }
    Ok(())
}

fn run_tests(environment: &Environment, but: &[&str], counts: &mut Counts) -> Result<(), String> {
    let but_alone = format!("--ignore={ALONE}");
    let most = [&AT_ONCE[..], &["tests", &but_alone], but].concat();
    let outcome = environment.pytest(&most, counts);
    environment.pytest(&[ALONE], counts).and(outcome)
}

/// The wheel of the build for tests.
pub(crate) fn wheel_for_tests() -> Result<PathBuf, String> {
    wheels::debug(&Environment::for_tests()?)
}

/// Runs the scenarios alone.
pub(crate) fn scenarios(counts: &mut Counts) -> Result<(), String> {
    let environment = Environment::for_tests()?;
    environment.install(&wheels::debug(&environment)?)?;
    let which = [&AT_ONCE[..], &["tests/test_scenarios.py"]].concat();
    environment.pytest(&which, counts)
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

/// Reads a line of pytest's summary: `FAILED tests/test_stop.py::test_ctrl_c - AssertionError: …`.
fn failure_of(line: &str) -> Option<(&str, &str)> {
    let rest = ["FAILED ", "ERROR "]
        .iter()
        .find_map(|word| line.strip_prefix(word))?;
    Some(rest.split_once(" - ").unwrap_or((rest, "")))
}

/// Reads a line of pytest's slowest: `12.34s call     tests/test_stop.py::test_ctrl_c`.
fn duration_of(line: &str) -> Option<(f64, &str)> {
    let (seconds, rest) = line.trim_start().split_once("s ")?;
    let (_, test) = rest.trim_start().split_once(' ')?;
    Some((seconds.parse().ok()?, test.trim_start()))
}

/// Measures the package beside its peers, or only the groups that are named.
pub(crate) fn bench(names: &[&str]) -> Result<(), String> {
    let lists = ["requirements-bench.txt"];
    let environment = Environment::with("requirements-bench", &interpreter(), &lists)?;
    environment.install(&wheels::local(&environment)?)?;
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
        assert_eq!(
            duration_of("0.51s call     tests/test_stop.py::test_ctrl_c"),
            Some((0.51, "tests/test_stop.py::test_ctrl_c"))
        );
        assert_eq!(duration_of("561 passed in 39.75s"), None);
        assert_eq!(
            failure_of("FAILED tests/test_stop.py::test_ctrl_c - assert 1 == 2"),
            Some(("tests/test_stop.py::test_ctrl_c", "assert 1 == 2"))
        );
        assert_eq!(failure_of("561 passed in 39.75s"), None);
        assert_eq!(totals_of("FAILED tests/test_errors.py - it is in 3s"), None);
    }
}
