//! Runs the command against a sandbox.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and not every test file needs every helper"
)]

pub mod page;

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use icepanel_sandbox::{API_KEY, ORGANIZATION_ID, Sandbox, State};
use serde_json::Value;

/// A sandbox that starts from this state.
pub fn sandbox(state: Value) -> Sandbox {
    let state: State = serde_json::from_value(state).unwrap();
    Sandbox::start(state).unwrap()
}

/// The command in an environment with nothing in it.
pub fn bare(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_icepanel-invites"));
    command.args(args).env_clear().stdin(Stdio::null());
    // Sockets on Windows need these.
    for name in ["SystemRoot", "PATH"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}

/// The command with the sandbox in its environment.
pub fn command(sandbox: &Sandbox, args: &[&str]) -> Command {
    let mut command = bare(args);
    command
        .env("ICEPANEL_API_KEY", API_KEY)
        .env("ICEPANEL_ORGANIZATION_ID", ORGANIZATION_ID)
        .env("ICEPANEL_BASE_URL", sandbox.base_url());
    command
}

/// Fails unless each text is as in the file of its name in a folder of `tests`. `UPDATE_SNAPSHOTS=1` writes the files.
pub fn are_as_last_read(folder: &str, texts: impl IntoIterator<Item = (String, String)>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(folder);
    let update = std::env::var_os("UPDATE_SNAPSHOTS").is_some();
    let mut wrong = Vec::new();
    for (name, text) in texts {
        let path = folder.join(format!("{name}.txt"));
        if update {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &text).unwrap();
            continue;
        }
        let read = std::fs::read_to_string(&path).unwrap_or_default();
        if read.replace('\r', "") != text {
            wrong.push(format!("{name}:\n{text}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "changed; look at them, then UPDATE_SNAPSHOTS=1\n{}",
        wrong.join("\n")
    );
}

/// How the command ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    /// The output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The error output's last line as JSON.
    pub fn error(&self) -> Value {
        let line = self.stderr.lines().last().unwrap_or_default();
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Ended with 0.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }

    /// Ended with this code, and with nothing on the output.
    #[track_caller]
    pub fn failed(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert_eq!(self.stdout, "", "{self:?}");
        self
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Waits for the end of a command. Wherever the key is in the environment or in a file, it is in no output.
#[track_caller]
pub fn end(mut command: Command) -> Ended {
    let ended = Ended::from(command.output().unwrap());
    let secret = API_KEY.split(':').nth(1).unwrap();
    assert!(!ended.stdout.contains(secret), "{ended:?}");
    assert!(!ended.stderr.contains(secret), "{ended:?}");
    ended
}

/// Runs the command against a sandbox.
#[track_caller]
pub fn run(sandbox: &Sandbox, args: &[&str]) -> Ended {
    end(command(sandbox, args))
}

/// Waits until this is true, for a minute at most.
pub fn eventually(what: &str, condition: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while Instant::now() < end {
        if condition() {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("never: {what}");
}

/// What the fastest of up to 20 trials returns, which takes less than this. A busy machine is late now and then; a
/// command that is late is late each time.
pub fn within<T>(limit: Duration, trial: impl Fn() -> T) -> T {
    let mut took = Vec::new();
    for _ in 0..20 {
        let began = Instant::now();
        let result = trial();
        took.push(began.elapsed());
        if began.elapsed() < limit {
            return result;
        }
    }
    panic!("each took {limit:?} or more: {took:?}");
}

/// What Ctrl-C does to a process in the foreground.
pub fn press_ctrl_c(child: &Child) {
    send(child, "-INT");
}

/// Sends a process a signal: `-TERM`.
pub fn send(child: &Child, signal: &str) {
    let sent = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}

/// The lines that a process has written up to the first for which this holds.
pub fn lines_until(child: &mut Child, last: impl Fn(&str) -> bool) -> String {
    until(child.stdout.take().unwrap(), last)
}

/// As [`lines_until`], of the error output.
pub fn errors_until(child: &mut Child, last: impl Fn(&str) -> bool) -> String {
    until(child.stderr.take().unwrap(), last)
}

fn until(output: impl Read, last: impl Fn(&str) -> bool) -> String {
    let mut text = String::new();
    let reader = BufReader::new(output);
    for line in reader.lines() {
        let line = line.unwrap();
        text.push_str(&line);
        text.push('\n');
        if last(&line) {
            return text;
        }
    }
    panic!("the output ended: {text}");
}

/// A file that is gone at the end.
pub struct TempFile(std::path::PathBuf);

impl TempFile {
    pub fn new(name: &str, content: impl AsRef<[u8]>) -> Self {
        // Tests of one process may want the same name.
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let (process, number) = (std::process::id(), MADE.fetch_add(1, Relaxed));
        let name = format!("icepanel-invites-cli-{process}-{number}-{name}");
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, content).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
