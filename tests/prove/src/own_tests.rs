//! A language's own tests of what its hosts do to a call: forks, threads, workers, signals.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};

use crate::launch::{HostTests, Language, Runner, Surroundings};
use crate::table::{Part, Table, Tried};

/// How long a language's own tests may take, building included.
const TESTS: Duration = Duration::from_secs(30 * 60);

/// Runs a language's own tests, and looks for those that show what is to be shown.
pub(crate) async fn run(language: &Language, tests: &HostTests, table: &mut Table) {
    let outcome = tokio::time::timeout(TESTS, outcomes(tests))
        .await
        .unwrap_or_else(|_| Err(format!("they did not end within {TESTS:?}")));
    for (what, names) in &tests.shows {
        let tried = Tried::new(
            Part::OwnTests,
            "3",
            format!("{}: {what}", language.name),
            "no crash, no hang, the request gone: the language's own tests",
        );
        let outcomes = match &outcome {
            Ok(outcomes) => outcomes,
            Err(why) => {
                table.add(&tried, &language.name, Err(why.clone()));
                continue;
            }
        };
        for name in names {
            let found: Vec<_> = outcomes
                .iter()
                .filter(|(test, _)| test.contains(name.as_str()))
                .collect();
            if found.is_empty() {
                table.add(
                    &tried,
                    &language.name,
                    Err(format!("no test {name:?} has run")),
                );
            }
            for (test, passed) in found {
                let verdict = if *passed {
                    Ok(())
                } else {
                    Err(format!("{test} failed"))
                };
                table.add(&tried, &language.name, verdict);
            }
        }
    }
}

/// The name of each test that ran, and whether it passed.
async fn outcomes(tests: &HostTests) -> Result<Vec<(String, bool)>, String> {
    if let Runner::Surefire = tests.runner {
        for report in reports(&tests.program.folder) {
            let _ = std::fs::remove_file(report);
        }
    }
    let mut command = tests.program.command(&Surroundings::default());
    command
        .stdin(std::process::Stdio::null())
        .kill_on_drop(true);
    let mut child = command
        .spawn()
        .map_err(|why| format!("{}: {why}", tests.program.program))?;
    let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
        return Err("no streams".to_owned());
    };
    let errors = tokio::spawn(async move {
        let mut lines = BufReader::new(stderr).lines();
        let mut last = String::new();
        while let Ok(Some(line)) = lines.next_line().await {
            last = line;
        }
        last
    });
    let mut found = Vec::new();
    let mut lines = BufReader::new(stdout).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        found.extend(tests.runner.read(&line));
    }
    child.wait().await.map_err(|why| why.to_string())?;
    let last = errors.await.unwrap_or_default();
    if let Runner::Surefire = tests.runner {
        for report in reports(&tests.program.folder) {
            found.extend(surefire(
                &std::fs::read_to_string(report).unwrap_or_default(),
            ));
        }
    }
    match found.is_empty() {
        true => Err(format!("no test ran: {last}")),
        false => Ok(found),
    }
}

/// Every `MODULE/target/surefire-reports/TEST-….xml` of a project.
fn reports(project: &Path) -> Vec<PathBuf> {
    let files = |folder: PathBuf| std::fs::read_dir(folder).into_iter().flatten().flatten();
    files(project.to_owned())
        .flat_map(|module| files(module.path().join("target/surefire-reports")))
        .map(|file| file.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "xml"))
        .collect()
}

impl Runner {
    /// The test that a line reports, and whether it passed.
    fn read(self, line: &str) -> Option<(String, bool)> {
        let line = line.trim();
        match self {
            Self::Pytest => {
                let (word, test) = line.split_once(' ')?;
                let passed = match word {
                    "PASSED" => true,
                    "FAILED" | "ERROR" => false,
                    _ => return None,
                };
                Some((test.to_owned(), passed))
            }
            Self::Tap => {
                let (word, rest) = line
                    .split_once(' ')
                    .filter(|(word, _)| matches!(*word, "ok" | "not"))?;
                let (_, name) = rest.split_once(" - ")?;
                (!name.contains("# SKIP")).then(|| (name.to_owned(), word == "ok"))
            }
            Self::Cargo => {
                let (name, outcome) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
                Some((name.to_owned(), outcome == "ok"))
            }
            Self::Swift => {
                let (_, rest) = line.split_once("Test ")?;
                let passed = rest.contains(" passed after ");
                let failed = rest.contains(" failed after ");
                let name = rest.split([' ', '(']).next()?;
                (passed || failed).then(|| (name.to_owned(), passed))
            }
            Self::Surefire => None,
        }
    }
}

/// The test cases in a report of Surefire: `<testcase name="…" …/>`, or with a `<failure>` in it.
fn surefire(report: &str) -> Vec<(String, bool)> {
    let cases = report.split("<testcase ").skip(1);
    cases
        .filter_map(|case| {
            let (_, rest) = case.split_once("name=\"")?;
            let name = rest.split('"').next()?.replace("&apos;", "'");
            let skipped = case.contains("<skipped");
            (!skipped).then(|| (name, !case.contains("<failure") && !case.contains("<error")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runners_are_understood() {
        let read = |runner: Runner, line: &str| runner.read(line);
        let passed = |name: &str| Some((name.to_owned(), true));
        let failed = |name: &str| Some((name.to_owned(), false));
        assert_eq!(
            read(Runner::Pytest, "PASSED tests/test_stop.py::test_fork[sync]"),
            passed("tests/test_stop.py::test_fork[sync]")
        );
        assert_eq!(
            read(Runner::Pytest, "FAILED tests/x.py::test_y - assert 1"),
            failed("tests/x.py::test_y - assert 1")
        );
        assert_eq!(read(Runner::Pytest, "3 passed in 0.1s"), None);
        assert_eq!(
            read(Runner::Tap, "    ok 2 - exits during a call"),
            passed("exits during a call")
        );
        assert_eq!(
            read(Runner::Tap, "not ok 2 - exits during a call"),
            failed("exits during a call")
        );
        assert_eq!(read(Runner::Tap, "ok 3 - later # SKIP"), None);
        assert_eq!(
            read(Runner::Cargo, "test one::two ... ok"),
            passed("one::two")
        );
        assert_eq!(
            read(Runner::Cargo, "test one::two ... FAILED"),
            failed("one::two")
        );
        assert_eq!(
            read(
                Runner::Swift,
                "✔ Test aTaskGoes() passed after 0.1 seconds."
            ),
            passed("aTaskGoes")
        );
        assert_eq!(
            read(
                Runner::Swift,
                "✘ Test aTaskGoes() failed after 0.1 seconds with 1 issue."
            ),
            failed("aTaskGoes")
        );
        assert_eq!(read(Runner::Swift, "◇ Test aTaskGoes() started."), None);
        let report = r#"<testsuite><testcase name="use after close" time="1"/><testcase name="b"><failure/></testcase><testcase name="c"><skipped/></testcase>"#;
        assert_eq!(
            surefire(report),
            [
                ("use after close".to_owned(), true),
                ("b".to_owned(), false)
            ]
        );
    }
}
