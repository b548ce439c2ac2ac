//! Colour, pipes that close, disks that are full, Ctrl-C, completions.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use std::process::Stdio;

use common::{Ended, bare, command, end, run, sandbox};
use serde_json::json;

#[test]
fn colour_only_where_it_is_asked_for() {
    let sandbox = sandbox(json!({"invites": [{"email": "ada@example.com", "permission": "read"}]}));
    let plain = run(&sandbox, &["list"]).ok().stdout;
    assert!(!plain.contains('\u{1b}'), "{plain}");
    let never = run(&sandbox, &["list", "--color", "never"]).ok().stdout;
    assert_eq!(never, plain);
    let always = run(&sandbox, &["list", "--color", "always"]).ok().stdout;
    assert!(always.contains("\u{1b}[32mactive\u{1b}[0m  "), "{always}");
    assert_eq!(
        always.replace("\u{1b}[32m", "").replace("\u{1b}[0m", ""),
        plain
    );
    for format in ["json", "csv"] {
        let text = run(&sandbox, &["list", "--color", "always", "-o", format])
            .ok()
            .stdout;
        assert!(!text.contains('\u{1b}'), "{text}");
    }
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let sandbox = sandbox(json!({"generate": {"invites": 5000, "active": 5000}}));
    for format in ["table", "json", "csv"] {
        let mut child = command(&sandbox, &["list", "-o", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let ended = Ended::from(child.wait_with_output().unwrap());
        assert_eq!((ended.code, &*ended.stderr), (Some(0), ""), "{format}");
    }
    for args in [&["demo"][..], &["completions", "zsh"], &["--help"]] {
        let mut child = bare(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let ended = Ended::from(child.wait_with_output().unwrap());
        assert_eq!((ended.code, &*ended.stderr), (Some(0), ""), "{args:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_reported() {
    let sandbox = sandbox(json!({}));
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let mut command = command(
        &sandbox,
        &["create", "ada@example.com", "--permission", "read"],
    );
    let child = command.stdout(full).stderr(Stdio::piped()).spawn().unwrap();
    let ended = Ended::from(child.wait_with_output().unwrap());
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(
        ended.stderr.contains("the output cannot be written"),
        "{ended:?}"
    );
    assert!(
        ended.stderr.contains("The command was carried out"),
        "{ended:?}"
    );
    assert_eq!(sandbox.report().invites_made_total, 1);
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_the_request_and_says_what_may_have_happened() {
    for (operation, args) in [
        (
            "create",
            &["create", "ada@example.com", "--permission", "read"][..],
        ),
        (
            "ensure",
            &["ensure", "ada@example.com", "--permission", "read"],
        ),
        ("list", &["list"]),
    ] {
        let on = if operation == "list" {
            "list"
        } else {
            "create"
        };
        let sandbox = sandbox(json!({"faults": [{"fault": "hang", "on": on, "times": null}]}));
        let child = command(&sandbox, args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        common::eventually("the request came", || {
            let requests = sandbox.report().requests;
            requests.create == 1 || (on == "list" && requests.list == 1)
        });
        common::press_ctrl_c(&child);
        let ended = Ended::from(child.wait_with_output().unwrap());
        assert_eq!(ended.code, Some(130), "{ended:?}");
        assert_eq!(ended.stdout, "");
        assert!(
            ended.stderr.contains(&format!("{operation} was cancelled")),
            "{ended:?}"
        );
        let look = "try: icepanel-invites list --email ada@example.com --status active";
        assert_eq!(ended.stderr.contains(look), on == "create", "{ended:?}");
        common::eventually("the request was given up", || {
            sandbox.report().abandoned == 1
        });
    }
}

#[test]
fn the_help_has_the_exit_codes() {
    for args in [&["--help"][..], &["help"]] {
        let help = end(bare(args)).ok().stdout;
        assert!(help.contains("Exit codes:"), "{help}");
        assert!(help.contains("  130  "), "{help}");
    }
    end(bare(&["--version"])).ok();
}
