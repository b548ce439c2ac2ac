//! Runs test programs with a mutation and without.

use std::collections::HashSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use crate::build::Built;

/// The limit of a program that has not run yet.
const AN_HOUR: Duration = Duration::from_secs(3600);

/// A test program that has run without a mutation.
pub(crate) struct Program {
    built: Built,
    limit: Duration,
    /// The mutations whose switch it asked for.
    reached: HashSet<usize>,
    /// The tests that fail without a mutation.
    failing: Vec<String>,
}

/// How a test program ended.
enum Ended {
    Passed,
    Failed(String),
    TimedOut,
}

impl Program {
    /// Runs a program without a mutation.
    pub(crate) fn measure(built: Built, work: &Path, multiplier: f64) -> Result<Self, String> {
        let file = work.join("reached");
        fs::write(&file, "").map_err(|why| format!("{}: {why}", file.display()))?;
        let mut command = command(&built, AN_HOUR);
        command.env("MUTATIONS_REACHED", &file);
        let started = Instant::now();
        let mut failing = Vec::new();
        let ended = watch(&mut command, AN_HOUR, |test| {
            failing.push(test.to_owned());
            false
        })?;
        let name = &built.name;
        if !matches!(ended, Ended::Passed) {
            return Err(format!(
                "{name} does not come to its end without a mutation"
            ));
        }
        let took = started.elapsed();
        let reached = fs::read_to_string(&file).unwrap_or_default();
        println!("-- {name}: {:.1} s without a mutation", took.as_secs_f64());
        for test in &failing {
            println!("-- {name}: {test} fails without a mutation: it does not count");
        }
        let numbers = reached.lines().filter_map(|line| line.parse().ok());
        Ok(Self {
            built,
            limit: took.mul_f64(multiplier) + Duration::from_secs(10),
            reached: numbers.collect(),
            failing,
        })
    }

    pub(crate) fn limit(&self) -> Duration {
        self.limit
    }

    /// Runs some tests of the program, or all, with a mutation.
    fn run(&self, number: usize, tests: &[&str], ignored: &[String]) -> Result<Ended, String> {
        let mut command = command(&self.built, self.limit);
        command.args(tests).env("MUTATION", number.to_string());
        let counts = |test: &str| !ignored.iter().any(|ignored| ignored == test);
        watch(&mut command, self.limit, counts)
    }

    /// The first failure with this mutation. A test that failed runs once more: the machine may have been busy.
    fn failure(&self, number: usize, tests: &[&str]) -> Result<Ended, String> {
        let mut ignored = self.failing.clone();
        loop {
            let ended = self.run(number, tests, &ignored)?;
            let Ended::Failed(test) = ended else {
                return Ok(ended);
            };
            let again = self.run(number, &[&test, "--exact"], &[])?;
            if !matches!(again, Ended::Passed) || ignored.contains(&test) {
                return Ok(Ended::Failed(test));
            }
            ignored.push(test);
        }
    }
}

/// How a mutation ends, and which test noticed it. All programs that reach it run until one notices it; before that, each
/// of these tests alone.
pub(crate) fn outcome(
    programs: &[Program],
    number: usize,
    likely: &[String],
) -> Result<(&'static str, String), String> {
    let reaching = programs.iter().filter(|it| it.reached.contains(&number));
    let alone = likely.iter().flat_map(|it| {
        let (name, test) = it.split_once(": ")?;
        let program = reaching.clone().find(|it| it.built.name == name)?;
        Some((program, vec![test, "--exact"]))
    });
    let all = reaching.clone().map(|program| (program, Vec::new()));
    for (program, tests) in alone.chain(all) {
        let name = &program.built.name;
        match program.failure(number, &tests)? {
            Ended::Passed => {}
            Ended::Failed(test) => return Ok(("caught", format!("{name}: {test}"))),
            Ended::TimedOut => return Ok(("timed out", name.clone())),
        }
    }
    let is_reached = reaching.count() > 0;
    let why = if is_reached { "" } else { "no test reaches it" };
    Ok(("survived", why.to_owned()))
}

/// On Unix a program gets at most 8 GB, and a process no more than its time on each of the cores.
fn command(built: &Built, limit: Duration) -> Command {
    #[cfg(unix)]
    let mut command = {
        use std::os::unix::process::CommandExt as _;
        let seconds = limit.as_secs() * 8;
        let script = format!("ulimit -v 8000000; ulimit -t {seconds}; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &script]).arg(&built.file);
        command.process_group(0);
        command
    };
    #[cfg(not(unix))]
    let mut command = Command::new(&built.file);
    command
        .current_dir(&built.folder)
        .env("CARGO_MANIFEST_DIR", &built.folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// Runs a program until it ends, its time has passed, or a test failed that counts.
fn watch(
    command: &mut Command,
    limit: Duration,
    mut counts: impl FnMut(&str) -> bool,
) -> Result<Ended, String> {
    let started = Instant::now();
    let mut child = command.spawn().map_err(|why| why.to_string())?;
    let (send, lines) = channel();
    if let Some(stdout) = child.stdout.take() {
        std::thread::spawn(move || {
            let lines = BufReader::new(stdout).lines().map_while(Result::ok);
            lines.map_while(|line| send.send(line).ok()).for_each(drop);
        });
    }
    let mut complete = false;
    loop {
        if started.elapsed() > limit {
            end(&mut child);
            return Ok(Ended::TimedOut);
        }
        match lines.recv_timeout(Duration::from_millis(50)) {
            Ok(line) => {
                complete |= line.starts_with("test result: ");
                if let Some(test) = failed(&line).filter(|test| counts(test)) {
                    end(&mut child);
                    return Ok(Ended::Failed(test.to_owned()));
                }
            }
            // A process that the program started may still have its output open.
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                if let Some(status) = child.try_wait().map_err(|why| why.to_string())? {
                    end(&mut child);
                    let passed = status.success() || complete;
                    return Ok(match passed {
                        true => Ended::Passed,
                        false => Ended::Failed(format!("it ends with {status}")),
                    });
                }
                std::thread::sleep(Duration::from_millis(5));
            }
        }
    }
}

/// The test in a line like `test NAME ... FAILED`.
fn failed(line: &str) -> Option<&str> {
    let name = line.strip_prefix("test ")?.strip_suffix(" ... FAILED")?;
    Some(name.trim_end_matches(" - should panic").trim_end())
}

/// Ends a program and what it has started.
fn end(child: &mut Child) {
    #[cfg(unix)]
    {
        let group = format!("-{}", child.id());
        let mut kill = Command::new("kill");
        kill.args(["-KILL", "--", &group]).stderr(Stdio::null());
        kill.status().ok();
    }
    child.kill().ok();
    child.wait().ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_failed_test_is_read() {
        assert_eq!(failed("test a::b ... FAILED"), Some("a::b"));
        assert_eq!(failed("test a - should panic ... FAILED"), Some("a"));
        assert_eq!(failed("test group/name ... ok"), None);
        assert_eq!(failed("test result: FAILED. 1 passed"), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_program_is_watched_to_its_end_or_its_first_failure() {
        let run = |script: &str| {
            let mut shell = Command::new("sh");
            shell.args(["-c", script]).stdout(Stdio::piped());
            let limit = Duration::from_secs(1);
            watch(&mut shell, limit, |test| test == "a").unwrap()
        };
        assert!(matches!(run("echo test a ... ok"), Ended::Passed));
        let failing = "echo test a ... FAILED; sleep 60";
        assert!(matches!(run(failing), Ended::Failed(test) if test == "a"));
        let another = "echo test b ... FAILED; echo test result: FAILED; exit 1";
        assert!(matches!(run(another), Ended::Passed));
        assert!(matches!(run("exit 1"), Ended::Failed(_)));
        assert!(matches!(run("exec sleep 60"), Ended::TimedOut));
    }
}
