//! Runs several parts at once, each as a process of its own: most of a part's time is waiting.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Instant;

use crate::build::{self, BUILT};
use crate::counts::Counts;
use crate::run::{root, target};

/// How many parts run at the same time.
const AT_ONCE: usize = 2;

/// A part that has ended.
pub(crate) struct Ended {
    pub(crate) name: &'static str,
    pub(crate) seconds: f64,
    /// What it has counted; nothing if it ended too soon.
    pub(crate) counts: Counts,
    pub(crate) passed: bool,
}

/// Does this work for each item, at most this number at the same time, in their order. Each result is passed on as soon
/// as it is there.
pub(crate) fn each<T: Send, R: Send>(
    items: impl IntoIterator<Item = T>,
    at_once: usize,
    work: impl Fn(T) -> R + Sync,
    ended: impl FnMut(R),
) {
    let waiting: Mutex<VecDeque<T>> = Mutex::new(items.into_iter().collect());
    let next = || {
        let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.pop_front()
    };
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..at_once {
            let sender = sender.clone();
            scope.spawn(|| {
                let sender = sender;
                for item in std::iter::from_fn(next) {
                    // Somebody listens until all senders are gone.
                    let _ = sender.send(work(item));
                }
            });
        }
        drop(sender);
        receiver.into_iter().for_each(ended);
    });
}

/// Runs the parts in this order, as soon as there is room. Each line that one prints has its name before it.
pub(crate) fn run(parts: &[&'static str], ended: impl FnMut(Ended)) {
    each(parts.iter().copied(), AT_ONCE, one, ended);
}

/// Starts this program in the background with a task that is to end beside what comes next.
pub(crate) fn beside(task: &'static str) -> thread::JoinHandle<bool> {
    thread::spawn(move || shown(this_program().arg(task), task))
}

/// This program, by the place where cargo puts it: what runs now may be gone from there, replaced by a newer one.
fn this_program() -> Command {
    let mut command = Command::new(build::program("xtask"));
    command.current_dir(root());
    command
}

fn one(name: &'static str) -> Ended {
    let report = target().join(format!("xtask-{name}.json"));
    let _ = std::fs::remove_file(&report);
    let started = Instant::now();
    let mut command = this_program();
    command.args(["test", "--report"]).arg(&report).arg(name);
    let passed = shown(command.env(BUILT, "1"), name);
    Ended {
        name,
        seconds: started.elapsed().as_secs_f64(),
        counts: Counts::read(&report).unwrap_or_default(),
        passed,
    }
}

/// Runs a command to its end with each line that it prints under this name, and returns whether it succeeded.
fn shown(command: &mut Command, name: &str) -> bool {
    let command = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(why) => {
            println!("{name}: cannot be started: {why}");
            return false;
        }
    };
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        scope.spawn(|| stdout.map(|stream| show(stream, name)));
        scope.spawn(|| stderr.map(|stream| show(stream, name)));
    });
    child.wait().is_ok_and(|status| status.success())
}

fn show(stream: impl Read, name: &str) {
    let mut lines = BufReader::new(stream);
    let mut line = Vec::new();
    while matches!(lines.read_until(b'\n', &mut line), Ok(1..)) {
        println!("{name:7}| {}", String::from_utf8_lossy(&line).trim_end());
        line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_is_worked_on_once() {
        let mut all = Vec::new();
        each(0..100, 3, |item| item * 2, |ended| all.push(ended));
        all.sort_unstable();
        assert_eq!(all, (0..100).map(|item| item * 2).collect::<Vec<_>>());
    }
}
