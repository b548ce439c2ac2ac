//! Runs other commands, from the root of the workspace.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    let folder = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    root().join(folder)
}

/// The cargo that runs this.
fn cargo_program() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Where each compilation of the crate for Node writes its type declarations.
pub(crate) fn declarations() -> PathBuf {
    target().join("napi/last")
}

/// A cargo command in the root of the workspace.
pub(crate) fn cargo_command(arguments: &[&str]) -> Command {
    let mut command = Command::new(cargo_program());
    command.args(arguments).current_dir(root());
    // What cargo says of xtask to xtask is not for the crates that are built next: a build script that looks at it, as
    // ring's does, would run again, and all that depends on it be compiled again.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
    // Nothing is compiled twice there.
    if std::env::var("CI").is_ok_and(|ci| ci == "true") {
        command.env("CARGO_INCREMENTAL", "0");
    }
    // Always, or the crate would be compiled again by each command that says otherwise.
    let declarations = declarations();
    if std::fs::create_dir_all(&declarations).is_ok() {
        command.env("NAPI_TYPE_DEF_TMP_FOLDER", declarations);
    }
    command
}

/// A program that looks for libraries by their names, or starts one that does. Cargo names its target folder to whom it
/// starts, and there such a program would find another build of the library than its package has.
pub(crate) fn foreign(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for name in ["LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"] {
        let paths = std::env::var_os(name).unwrap_or_default();
        let others = std::env::split_paths(&paths).filter(|path| !path.starts_with(target()));
        match std::env::join_paths(others) {
            Ok(others) if !others.is_empty() => command.env(name, others),
            _ => command.env_remove(name),
        };
    }
    command
}

/// A command that takes longer than this number of seconds prints how long it took.
const LONG: u64 = 10;

/// Prints how long a command took, if it took long.
struct Clock<'a> {
    line: &'a str,
    started: Instant,
}

impl<'a> Clock<'a> {
    fn start(line: &'a str) -> Self {
        let started = Instant::now();
        Self { line, started }
    }
}

impl Drop for Clock<'_> {
    fn drop(&mut self) {
        let seconds = self.started.elapsed().as_secs();
        if seconds >= LONG {
            println!("-- {seconds} s: {}", self.line);
        }
    }
}

/// Runs a command to its end; an exit code other than zero is an error.
pub(crate) fn finish(command: &mut Command) -> Result<(), String> {
    let line = line_of(command);
    let _clock = Clock::start(&line);
    let status = command
        .stdin(Stdio::null())
        .status()
        .map_err(|error| format!("{line}: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{line}: {status}"))
    }
}

/// Runs a command to its end, shows what it prints, and hands over each line of it. Tests find the scenarios' judge.
pub(crate) fn finish_reading(
    command: &mut Command,
    mut each: impl FnMut(&str),
) -> Result<(), String> {
    let line = line_of(command);
    let _clock = Clock::start(&line);
    let failed = |error: std::io::Error| format!("{line}: {error}");
    let mut child = command
        .env(crate::judge::VARIABLE, crate::judge::program())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    if let Some(stdout) = child.stdout.take() {
        for text in BufReader::new(stdout).lines() {
            let text = text.map_err(failed)?;
            println!("{text}");
            each(&text);
        }
    }
    let status = child.wait().map_err(failed)?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{line}: {status}"))
    }
}

/// What a command prints; an exit code other than zero is an error.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let line = line_of(command);
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("{line}: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("{line}: {}", output.status))
    }
}

fn line_of(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
