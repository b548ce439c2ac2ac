//! Reads what `node --test --test-reporter=tap` prints: how many tests passed, and which failed and why.

use crate::counts::Counts;

/// A test whose lines are being read: `ok 12 - a name`, and below it an indented block that ends with `...`.
#[derive(Default)]
struct Test {
    name: String,
    failed: bool,
    /// What was thrown: `error: 'one line'`, or the first lines below `error: |-`.
    error: String,
    /// How many more lines of it follow, at most.
    more: u32,
}

/// How many lines of an error are shown.
const LINES: u32 = 6;

/// What was read so far.
#[derive(Default)]
pub(super) struct Tap {
    test: Test,
}

impl Tap {
    pub(super) fn read(&mut self, line: &str, counts: &mut Counts) {
        // The totals, of all files, come last. A test that was cancelled or took too long has not passed.
        for (name, [passed, failed, ignored]) in [
            ("# pass ", [1, 0, 0]),
            ("# fail ", [0, 1, 0]),
            ("# cancelled ", [0, 1, 0]),
            ("# skipped ", [0, 0, 1]),
        ] {
            if let Some(number) = line.strip_prefix(name) {
                let number: u64 = number.trim().parse().unwrap_or(0);
                counts.add(passed * number, failed * number, ignored * number);
            }
        }
        let line = line.trim();
        if let Some((number, name)) = line.split_once(" - ")
            && let Some(failed) = result(number)
        {
            self.test = Test {
                name: name.to_owned(),
                failed,
                ..Test::default()
            };
        } else if let Some(ms) = line.strip_prefix("duration_ms: ") {
            counts.took(ms.parse::<f64>().unwrap_or(0.0) / 1000.0, &self.test.name);
        } else if line == "failureType: 'subtestsFailed'" {
            // Those are named themselves.
            self.test.failed = false;
        } else if let Some(error) = line.strip_prefix("error: ") {
            match error.starts_with('|') {
                true => self.test.more = LINES,
                false => error.trim_matches('\'').clone_into(&mut self.test.error),
            }
        } else if line == "..." {
            let test = std::mem::take(&mut self.test);
            if test.failed {
                counts.failure(&test.name, &test.error);
            }
        } else if line.starts_with("code: ") {
            self.test.more = 0;
        } else if self.test.more > 0 {
            self.test.more -= 1;
            let error = &mut self.test.error;
            if !error.is_empty() && !line.is_empty() {
                error.push(' ');
            }
            error.push_str(line);
        }
    }
}

/// Whether the test failed, if the line is one with a result.
fn result(number: &str) -> Option<bool> {
    let numbered = |text: &str| text.parse::<u32>().is_ok();
    if number.strip_prefix("not ok ").is_some_and(numbered) {
        Some(true)
    } else {
        number
            .strip_prefix("ok ")
            .is_some_and(numbered)
            .then_some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_have_their_names_and_reasons() {
        let printed = "\
# Subtest: outer
    not ok 1 - inner - x
      ---
      duration_ms: 2.5
      failureType: 'testCodeFailure'
      error: |-
        Expected values to be strictly equal:

        1 !== 2
      code: 'ERR_ASSERTION'
      ...
    ok 2 - fine
      ---
      duration_ms: 3000
      ...
not ok 1 - outer
  ---
  failureType: 'subtestsFailed'
  error: '1 subtest failed'
  ...
not ok 2 - slow
  ---
  failureType: 'testTimeoutFailure'
  error: 'test timed out after 10ms'
  ...
# pass 1
# fail 1
# cancelled 1
# skipped 0
";
        let mut counts = Counts::default();
        let mut tap = Tap::default();
        printed.lines().for_each(|line| tap.read(line, &mut counts));
        assert_eq!((counts.passed, counts.failed, counts.ignored), (1, 2, 0));
        assert_eq!(
            counts.failures,
            [
                "inner - x: Expected values to be strictly equal: 1 !== 2",
                "slow: test timed out after 10ms"
            ]
        );
        assert!(counts.slowest().contains("3.0 s  fine"));
    }
}
