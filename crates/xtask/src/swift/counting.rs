//! Reads what `swift test` prints: how many tests passed, failed and were skipped.

use std::collections::{BTreeMap, BTreeSet};

/// The marks before the lines of Swift Testing.
const MARKS: &[&str] = &["◇ ", "✔ ", "✘ ", "➜ "];

/// What was read so far. Of a test with arguments each case counts.
#[derive(Default)]
pub(super) struct Tests {
    /// How many cases a test with arguments began.
    cases: BTreeMap<String, u64>,
    /// The cases of it that recorded an issue.
    failed_cases: BTreeMap<String, BTreeSet<String>>,
    passed: BTreeSet<String>,
    failed: BTreeSet<String>,
    /// A test, and an issue that it recorded: the case, the line, and what was expected.
    issues: Vec<(String, String)>,
    skipped: u64,
    /// Seconds; of a test with arguments all its cases.
    times: BTreeMap<String, f64>,
}

impl Tests {
    /// Reads a line of Swift Testing, as in
    /// `◇ Passing 1 argument name → "list/all" to scenario(_:)`,
    /// `✘ Test scenario(_:) recorded an issue with 1 argument name → "list/all" at …`,
    /// `✔ Test aListIsEmpty() passed after 0.1 seconds.`
    pub(super) fn read(&mut self, line: &str) {
        // The output of a test on stderr may be before it in the same line.
        let Some((_, text)) = MARKS.iter().find_map(|mark| line.split_once(mark)) else {
            return;
        };
        if let Some(rest) = text.strip_prefix("Passing ") {
            if let Some((_, name)) = rest.rsplit_once(" to ") {
                *self.cases.entry(name.to_owned()).or_default() += 1;
            }
        } else if let Some(rest) = text.strip_prefix("Test ") {
            // The last line: Test run with 12 tests passed after …
            if rest.starts_with("run ") {
                return;
            }
            if let Some((name, issue)) = rest.split_once(" recorded an issue with ") {
                let case = issue.split(" at ").next().unwrap_or(issue);
                self.failed_cases
                    .entry(name.to_owned())
                    .or_default()
                    .insert(case.to_owned());
                self.issues.push((name.to_owned(), issue.to_owned()));
            } else if let Some((name, issue)) = rest.split_once(" recorded an issue at ") {
                self.issues.push((name.to_owned(), issue.to_owned()));
            } else if let Some((name, time)) = rest.split_once(" passed after ") {
                self.passed.insert(name.to_owned());
                if let Some(Ok(seconds)) = time.split(' ').next().map(str::parse) {
                    self.times.insert(name.to_owned(), seconds);
                }
            } else if let Some((name, _)) = rest.split_once(" failed after ") {
                self.failed.insert(name.to_owned());
            } else if rest.contains(" skipped") {
                self.skipped += 1;
            }
        }
    }

    /// How many seconds each test took that passed.
    pub(super) fn times(&self) -> impl Iterator<Item = (f64, &str)> {
        self.times.iter().map(|(name, time)| (*time, name.as_str()))
    }

    /// The issues, each with the test that recorded it.
    pub(super) fn issues(&self) -> impl Iterator<Item = (&str, &str)> {
        let issues = self.issues.iter();
        issues.map(|(test, issue)| (test.as_str(), issue.as_str()))
    }

    /// How many passed, failed and were skipped.
    pub(super) fn counted(&self) -> (u64, u64, u64) {
        let cases = |name: &String| self.cases.get(name).copied().unwrap_or(1);
        let (mut passed, mut failed) = (0, 0);
        for name in &self.passed {
            passed += cases(name);
        }
        for name in &self.failed {
            let broken = self
                .failed_cases
                .get(name)
                .map_or(1, |cases| cases.len() as u64);
            failed += broken;
            passed += cases(name).saturating_sub(broken);
        }
        (passed, failed, self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_case_of_a_test_counts() {
        let mut tests = Tests::default();
        for line in [
            "◇ Test run started.",
            "◇ Test scenario(_:) started.",
            "◇ Passing 1 argument name → \"a/b\" to scenario(_:)",
            "◇ Passing 1 argument name → \"a/c to d\" to scenario(_:)",
            "✘ Test scenario(_:) recorded an issue with 1 argument name → \"a/b\" at A.swift:1:1: no",
            "✘ Test scenario(_:) recorded an issue with 1 argument name → \"a/b\" at A.swift:2:1: no",
            "✘ Test scenario(_:) failed after 0.1 seconds with 2 issues.",
            "  4: a frame of a backtrace✔ Test \"a list is empty\" passed after 0.1 seconds.",
            "✔ Suite Lists passed after 0.1 seconds.",
            "➜ Test later() skipped.",
            "✘ Test other() recorded an issue at B.swift:3:1: no",
            "✘ Test other() failed after 0.1 seconds with 1 issue.",
            "✘ Test run with 3 tests failed after 0.1 seconds with 3 issues.",
        ] {
            tests.read(line);
        }
        assert_eq!(tests.counted(), (2, 2, 1));
        let issues: Vec<_> = tests.issues().collect();
        assert_eq!(issues.len(), 3);
        assert_eq!(issues[2], ("other()", "B.swift:3:1: no"));
    }
}
