//! The results of the tests of a part, or of all parts.

use std::path::Path;

use serde_json::{Value, json};

/// How many of the slowest tests are named.
const SLOWEST: usize = 10;

/// How many tests have passed and failed, and which took longest.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
    /// The tests that failed, each with the first line of why, where that is known; or why the part failed.
    pub(crate) failures: Vec<String>,
    /// The languages that were not tested.
    pub(crate) untested: Vec<String>,
    /// Seconds, and what took them.
    slowest: Vec<(f64, String)>,
}

impl Counts {
    pub(crate) fn add(&mut self, passed: u64, failed: u64, ignored: u64) {
        self.passed += passed;
        self.failed += failed;
        self.ignored += ignored;
    }

    /// Says that a language was not tested on this machine, and why. Under `CI=true` that is an error.
    pub(crate) fn untested(&mut self, language: &str, why: &str) -> Result<(), String> {
        println!("{language} was NOT tested: {why}");
        self.untested.push(language.to_owned());
        match std::env::var("CI").as_deref() {
            Ok("true") => Err(format!("{language} was not tested")),
            _ => Ok(()),
        }
    }

    /// Notes a test that failed, and the first line of why.
    pub(crate) fn failure(&mut self, test: &str, why: &str) {
        let why = why.lines().next().unwrap_or_default().trim();
        self.failures.push(match why {
            "" => test.to_owned(),
            why => format!("{test}: {why}"),
        });
    }

    /// Notes why a part failed, if no test of it did.
    pub(crate) fn explain(&mut self, outcome: &Result<(), String>) {
        if let (Err(why), []) = (outcome, self.failures.as_slice()) {
            self.failures.push(why.clone());
        }
    }

    /// Notes how long a test took.
    pub(crate) fn took(&mut self, seconds: f64, test: &str) {
        let at = self.slowest.partition_point(|(other, _)| *other >= seconds);
        if at < SLOWEST {
            self.slowest.insert(at, (seconds, test.to_owned()));
            self.slowest.truncate(SLOWEST);
        }
    }

    /// The ten slowest tests, a line each.
    pub(crate) fn slowest(&self) -> String {
        let lines = self.slowest.iter();
        let lines = lines.map(|(seconds, test)| format!("{seconds:7.1} s  {test}\n"));
        lines.collect()
    }

    /// Adds what another process has counted.
    pub(crate) fn merge(&mut self, part: &str, other: Self) {
        self.add(other.passed, other.failed, other.ignored);
        self.untested.extend(other.untested);
        let failures = other.failures.into_iter();
        self.failures
            .extend(failures.map(|failure| format!("{part}: {failure}")));
        for (seconds, test) in other.slowest {
            self.took(seconds, &format!("{part}: {test}"));
        }
    }

    pub(crate) fn write(&self, file: &Path) -> Result<(), String> {
        let said = json!({
            "passed": self.passed,
            "failed": self.failed,
            "ignored": self.ignored,
            "failures": self.failures,
            "untested": self.untested,
            "slowest": self.slowest,
        });
        std::fs::write(file, said.to_string()).map_err(|why| format!("{}: {why}", file.display()))
    }

    pub(crate) fn read(file: &Path) -> Option<Self> {
        let said: Value = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
        let list = |name: &str| said[name].as_array().into_iter().flatten();
        let texts = |name: &str| {
            let texts = list(name).filter_map(Value::as_str);
            texts.map(str::to_owned).collect()
        };
        let slowest =
            list("slowest").filter_map(|one| Some((one[0].as_f64()?, one[1].as_str()?.to_owned())));
        Some(Self {
            passed: said["passed"].as_u64()?,
            failed: said["failed"].as_u64()?,
            ignored: said["ignored"].as_u64()?,
            failures: texts("failures"),
            untested: texts("untested"),
            slowest: slowest.collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_tests_are_kept_in_order() {
        let mut counts = Counts::default();
        for seconds in 0..20 {
            counts.took(f64::from(seconds * 7 % 20), "t");
        }
        let kept: Vec<_> = counts.slowest.iter().map(|(seconds, _)| *seconds).collect();
        assert_eq!(
            kept,
            [19.0, 18.0, 17.0, 16.0, 15.0, 14.0, 13.0, 12.0, 11.0, 10.0]
        );
    }

    #[test]
    fn what_was_written_is_read() {
        let mut counts = Counts::default();
        counts.add(3, 2, 1);
        counts.failure("a wrong test", "1 is not 2\nat a line");
        counts.untested.push("Swift".to_owned());
        counts.took(1.5, "a test");
        let file = std::env::temp_dir().join(format!("xtask-counts-{}", std::process::id()));
        let written = counts.write(&file);
        let read = Counts::read(&file);
        let _ = std::fs::remove_file(&file);
        assert_eq!((written, read), (Ok(()), Some(counts)));
    }
}
