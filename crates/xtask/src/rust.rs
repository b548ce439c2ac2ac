//! The tests in Rust: every test program, several at once, and the examples in the documentation.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::Value;

use crate::build::{EVERYTHING, TARGETS};
use crate::counts::Counts;
use crate::parallel;
use crate::run::{cargo_command, finish_reading, output, root};

/// How many test programs run at the same time. Most programs wait for time to pass, which leaves room for others.
const AT_ONCE: usize = 3;

/// A test program.
struct Program {
    name: String,
    file: PathBuf,
    /// The folder of its crate, in which it runs.
    folder: PathBuf,
}

/// How a test program ended.
struct Ended {
    name: String,
    printed: String,
    passed: bool,
    seconds: f64,
}

/// `cargo xtask test rust`.
pub(crate) fn test(counts: &mut Counts) -> Result<(), String> {
    crate::setup::shells()?;
    run(programs(&TARGETS)?, counts)?;
    finish_reading(
        cargo_command(&["test", "--doc", "--no-fail-fast"]).args(EVERYTHING),
        |line| {
            count(line, counts);
            for test in failed_tests(line) {
                counts.failure(test, "");
            }
        },
    )
}

/// The scenarios alone.
pub(crate) fn scenarios(counts: &mut Counts) -> Result<(), String> {
    run(programs(&["--test=scenarios"])?, counts)
}

/// The test programs of these targets, which cargo builds unless they are there.
fn programs(targets: &[&str]) -> Result<Vec<Program>, String> {
    let list = ["test", "--quiet", "--no-run", "--message-format=json"];
    let said = output(cargo_command(&list).args(EVERYTHING).args(targets))?;
    let programs: Vec<Program> = said.lines().filter_map(Program::read).collect();
    match programs.is_empty() {
        true => Err("cargo has built no tests".to_owned()),
        false => Ok(programs),
    }
}

impl Program {
    /// Reads a message of cargo's.
    fn read(line: &str) -> Option<Self> {
        let message: Value = serde_json::from_str(line).ok()?;
        let file = message["executable"].as_str()?;
        if message["profile"]["test"] != true {
            return None;
        }
        let folder = Path::new(message["manifest_path"].as_str()?).parent()?;
        let short = folder.strip_prefix(root()).unwrap_or(folder);
        Some(Self {
            name: format!(
                "{} {}",
                short.display(),
                message["target"]["name"].as_str()?
            ),
            file: file.into(),
            folder: folder.to_owned(),
        })
    }

    fn run(self) -> Ended {
        let started = Instant::now();
        let output = Command::new(&self.file)
            .current_dir(&self.folder)
            .env("CARGO_MANIFEST_DIR", &self.folder)
            .stdin(Stdio::null())
            .output();
        let (printed, passed) = match output {
            Ok(output) => {
                let printed = [output.stdout, output.stderr].concat();
                (
                    String::from_utf8_lossy(&printed).into_owned(),
                    output.status.success(),
                )
            }
            Err(why) => (format!("{}: {why}", self.file.display()), false),
        };
        Ended {
            name: self.name,
            printed,
            passed,
            seconds: started.elapsed().as_secs_f64(),
        }
    }
}

/// Runs the programs, and shows what each printed once it has ended.
fn run(programs: Vec<Program>, counts: &mut Counts) -> Result<(), String> {
    let mut failed = Vec::new();
    parallel::each(programs, AT_ONCE, Program::run, |ended| {
        let Ended {
            name,
            printed,
            passed,
            seconds,
        } = ended;
        println!("-- {name}: {seconds:.1} s\n{printed}");
        printed.lines().for_each(|line| count(line, counts));
        counts.took(seconds, &name);
        for test in failed_tests(&printed) {
            counts.failure(&format!("{name}: {test}"), reason(&printed, test));
        }
        if !passed {
            if failed_tests(&printed).next().is_none() {
                counts.failure(&name, "it ended without a failed test");
            }
            failed.push(name);
        }
    });
    match failed.is_empty() {
        true => Ok(()),
        false => Err(format!("failed: {}", failed.join(", "))),
    }
}

/// The names in lines like `test a::b ... FAILED`.
fn failed_tests(printed: &str) -> impl Iterator<Item = &str> {
    printed
        .lines()
        .filter_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED"))
        .map(str::trim_end)
}

/// What a failed test said first, below a line like `---- a::b stdout ----`: the message of its panic.
fn reason<'a>(printed: &'a str, test: &str) -> &'a str {
    let heads = [
        format!("---- {test} stdout ----\n"),
        format!("---- {test} ----\n"),
    ];
    let below = heads.iter().find_map(|head| printed.split_once(head));
    let Some((_, below)) = below else {
        return "";
    };
    let said = below.split("\n----").next().unwrap_or(below);
    let message = said.split_once(" panicked at ");
    let message = message.and_then(|(_, after)| after.split_once('\n'));
    message.map_or(said, |(_, message)| message).trim_start()
}

/// Adds what a line like `test result: ok. 12 passed; 0 failed; …` says.
fn count(line: &str, counts: &mut Counts) {
    if let Some(result) = line.strip_prefix("test result: ") {
        let number = |word| number_before(result, word);
        counts.add(number("passed"), number("failed"), number("ignored"));
    }
}

/// The number in `… 12 passed; …`.
fn number_before(text: &str, word: &str) -> u64 {
    let words: Vec<&str> = text
        .split([' ', ';', '.'])
        .filter(|word| !word.is_empty())
        .collect();
    words
        .windows(2)
        .find(|pair| pair[1] == word)
        .and_then(|pair| pair[0].parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_line_is_read() {
        let line =
            "FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 7 filtered out; finished in 0.06s";
        assert_eq!(number_before(line, "passed"), 12);
        assert_eq!(number_before(line, "failed"), 3);
        assert_eq!(number_before(line, "ignored"), 1);
        assert_eq!(number_before("ok.", "passed"), 0);
    }

    #[test]
    fn failed_tests_are_named() {
        let printed =
            "test a::b ... ok\ntest a::c    ... FAILED\ntest src/lib.rs - x (line 7) ... FAILED\n";
        let failed: Vec<&str> = failed_tests(printed).collect();
        assert_eq!(failed, ["a::c", "src/lib.rs - x (line 7)"]);
    }

    #[test]
    fn a_failed_test_has_the_message_of_its_panic() {
        let printed = "test a::b ... FAILED\n\nfailures:\n\n---- a::b stdout ----\nSEED=7\n\nthread 'a::b' (9) panicked at src/x.rs:1:5:\nassertion failed: one\n  left: 1\n\n---- c ----\nexpected 2\n";
        let first = |test| reason(printed, test).lines().next();
        assert_eq!(first("a::b"), Some("assertion failed: one"));
        assert_eq!(first("c"), Some("expected 2"));
        assert_eq!(first("d"), None);
    }

    #[test]
    fn a_test_program_is_read_and_nothing_else() {
        let line = r#"{"reason":"compiler-artifact","manifest_path":"/x/crates/a/Cargo.toml","target":{"name":"t"},"profile":{"test":true},"executable":"/x/t-1"}"#;
        let program = Program::read(line).map(|program| (program.file, program.folder));
        assert_eq!(program, Some(("/x/t-1".into(), "/x/crates/a".into())));
        assert!(Program::read(&line.replace("true", "false")).is_none());
        assert!(Program::read(r#"{"reason":"build-finished"}"#).is_none());
    }
}
