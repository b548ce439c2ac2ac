//! On a real terminal: the question, the bar, colour, the width.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use std::io::{Read, Write};
use std::process::Command;
use std::time::Duration;

use common::{TempFile, command, sandbox};
use expectrl::process::unix::WaitStatus;
use expectrl::session::OsSession;
use expectrl::{Expect, Session};
use icepanel_sandbox::Sandbox;
use serde_json::json;

/// The command on a terminal with this number of columns, which are set before it starts.
struct Terminal(OsSession);

impl Terminal {
    fn new(sandbox: &Sandbox, columns: u16, environment: &[(&str, &str)], args: &[&str]) -> Self {
        let plain = command(sandbox, args);
        let mut command = Command::new("sh");
        command
            .args([
                "-c",
                // The parent sets 80 columns after the start: the process waits until that is done.
                &format!("read begin; stty cols {columns} rows 24; exec \"$0\" \"$@\""),
            ])
            .arg(plain.get_program())
            .args(plain.get_args())
            .env_clear();
        for (name, value) in plain.get_envs() {
            command.env(name, value.unwrap());
        }
        command
            .env("TERM", "xterm")
            .envs(environment.iter().copied());
        let mut session = Session::spawn(command).unwrap();
        session.set_expect_timeout(Some(Duration::from_secs(60)));
        session.write_all(b"\n").unwrap();
        session.flush().unwrap();
        Self(session)
    }

    /// Waits until this has been written, and returns what came before, and it.
    #[track_caller]
    fn until(&mut self, text: &str) -> String {
        let found = self
            .0
            .expect(text)
            .unwrap_or_else(|error| panic!("{text}: {error}"));
        let bytes = [found.before(), text.as_bytes()].concat();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn key(&mut self, keys: &str) {
        self.0.write_all(keys.as_bytes()).unwrap();
        self.0.flush().unwrap();
    }

    /// All that is written until the end, and the exit code.
    fn end(mut self) -> (String, i32) {
        let mut bytes = Vec::new();
        // A terminal that has been closed is an error on Linux.
        let _ = self.0.read_to_end(&mut bytes);
        match self.0.get_process().wait().unwrap() {
            WaitStatus::Exited(_, code) => (String::from_utf8_lossy(&bytes).into_owned(), code),
            other => panic!("{other:?}"),
        }
    }
}

fn organization() -> Sandbox {
    sandbox(json!({"seats": 3, "invites": [
        {"id": "zoe", "email": "zoe@example.com", "permission": "read", "expiresAt": "2999-12-01T14:00:00Z"},
    ]}))
}

const ROSTER: &str = "email,permission\nada@example.com,read\nbob@example.com,write\n";

#[test]
fn the_question_names_what_is_destructive_and_only_yes_goes_on() {
    const QUESTION: &str = "Invite 2 people and REVOKE the invites of 1 person? [y/N] ";
    for (keys, code, words) in [
        ("y\r", 0, "3 done"),
        ("YES\r", 0, "3 done"),
        ("n\r", 6, "Nothing was changed."),
        ("\r", 6, "Nothing was changed."),
        // The end of the input, and Ctrl-C.
        ("\u{4}", 130, "Nothing was changed."),
        ("\u{3}", 130, "Nothing was changed."),
    ] {
        let sandbox = organization();
        let file = TempFile::new("question.csv", ROSTER);
        let args = ["apply", file.path(), "--prune"];
        let mut terminal = Terminal::new(&sandbox, 100, &[], &args);
        let shown = terminal.until(QUESTION);
        assert!(shown.contains("zoe@example.com"), "{shown}");
        terminal.key(keys);
        let (rest, ended) = terminal.end();
        assert_eq!(ended, code, "{keys:?}: {rest}");
        assert!(rest.contains(words), "{keys:?}: {rest}");
        let report = sandbox.report();
        let (made, active) = if code == 0 { (2, 2) } else { (0, 1) };
        assert_eq!(
            (report.invites_made_total, report.active_invites_total),
            (made, active)
        );
    }
}

#[test]
fn revoking_more_than_one_invite_asks() {
    let invite = json!({"email": "zoe@example.com", "permission": "read"});
    for (keys, code, left) in [("y\r", 0, 0), ("n\r", 6, 2)] {
        let sandbox = sandbox(json!({"invites": [invite, invite]}));
        let mut terminal = Terminal::new(&sandbox, 100, &[], &["revoke", "zoe@example.com"]);
        terminal.until("REVOKE 2 invites? [y/N] ");
        terminal.key(keys);
        let (rest, ended) = terminal.end();
        assert_eq!(ended, code, "{rest}");
        assert_eq!(sandbox.report().active_invites_total, left);
    }
}

#[test]
fn the_bar_is_there_at_once_says_what_it_waits_for_and_leaves_no_trace() {
    let people: String = (0..8).map(|n| format!("p{n}@example.com,read\n")).collect();
    let file = TempFile::new("bar.csv", format!("email,permission\n{people}"));
    // Each answer takes longer than the bar is silent about.
    let sandbox = sandbox(json!({"rateLimit": null, "faults": [
        {"fault": "status", "status": 422, "body": {"message": "blocked"}, "on": "create"},
        {"fault": "slow_headers", "on": "create", "times": null, "delayMs": 300},
    ]}));
    let args = ["apply", file.path(), "--yes", "-v"];
    let mut terminal = Terminal::new(&sandbox, 100, &[], &args);
    let first = terminal.until("0/8, reading the list");
    assert!(!first.contains("1/8"), "{first}");
    // A line of -v begins where nothing else is.
    let shown = terminal.until("POST http://");
    assert!(
        shown.ends_with("\rPOST http://")
            || shown.ends_with("\nPOST http://")
            || shown.ends_with("KPOST http://"),
        "{shown:?}"
    );
    let (rest, code) = terminal.end();
    assert_eq!(code, 3, "{rest}");
    let last = rest.rsplit("\u{1b}[2K").next().unwrap();
    assert!(!last.contains("/8,"), "{last:?}");
    assert!(
        without_colour(last).contains("7 done, 1 failed"),
        "{last:?}"
    );
}

#[test]
fn a_list_fits_the_terminal() {
    let sandbox = sandbox(json!({"invites": [
        {"id": "CXv0hUZa9gQpYppch2Ba", "email": "somebody.with.a.long.name@department.example.com", "permission": "read", "expiresAt": "2999-12-01T14:00:00Z"},
    ]}));
    for columns in [60, 80] {
        let (text, code) = Terminal::new(&sandbox, columns, &[], &["list"]).end();
        assert_eq!(code, 0, "{text}");
        let plain = without_colour(&text);
        for line in plain.lines() {
            let width = line.trim_end().chars().count();
            assert!(
                width <= usize::from(columns),
                "{width} of {columns}: {line:?}"
            );
        }
        assert!(plain.contains("active"), "{plain}");
    }
}

#[test]
fn colour_is_for_terminals_that_take_it() {
    let sandbox = organization();
    for (environment, coloured) in [
        (&[][..], true),
        (&[("NO_COLOR", "1")], false),
        (&[("NO_COLOR", "")], true),
        (&[("TERM", "dumb")], false),
    ] {
        let (text, code) = Terminal::new(&sandbox, 120, environment, &["list"]).end();
        assert_eq!(code, 0, "{text}");
        assert_eq!(
            text.contains("\u{1b}[32mactive\u{1b}[0m"),
            coloured,
            "{environment:?}: {text:?}"
        );
    }
}

#[test]
fn a_dumb_terminal_gets_lines_and_no_bar() {
    let sandbox = organization();
    let file = TempFile::new("dumb.csv", ROSTER);
    let args = ["apply", file.path(), "--yes"];
    let (text, code) = Terminal::new(&sandbox, 80, &[("TERM", "dumb")], &args).end();
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("1/2 ada@example.com: done"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text:?}");
}

/// Text without what colours it.
fn without_colour(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    plain + rest
}
