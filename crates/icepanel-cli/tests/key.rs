//! Where the key comes from, and where it never goes. Every run of these tests looks for it in the output.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::{TempFile, bare, command, end, run, sandbox};
use icepanel_sandbox::{API_KEY, ORGANIZATION_ID, Sandbox};
use serde_json::json;

/// The command with all but the key.
fn keyless(sandbox: &Sandbox, args: &[&str]) -> std::process::Command {
    let mut command = command(sandbox, args);
    command.env_remove("ICEPANEL_API_KEY");
    command
}

#[test]
fn the_key_may_be_in_a_file_with_a_line_end() {
    let sandbox = sandbox(json!({}));
    for (name, end_of_line) in [("bare", ""), ("unix", "\n"), ("windows", "\r\n")] {
        let file = TempFile::new(name, format!("{API_KEY}{end_of_line}"));
        end(keyless(&sandbox, &["list", "--key-file", file.path()])).ok();
        let mut command = keyless(&sandbox, &["list"]);
        command.env("ICEPANEL_API_KEY_FILE", file.path());
        end(command).ok();
    }
}

#[test]
fn the_file_goes_before_the_environment() {
    let sandbox = sandbox(json!({}));
    let file = TempFile::new("wins", API_KEY);
    let mut command = keyless(&sandbox, &["list", "--key-file", file.path()]);
    command.env("ICEPANEL_API_KEY", "another:key");
    end(command).ok();
}

#[test]
fn the_error_about_a_file_without_a_key_does_not_show_its_content() {
    let sandbox = sandbox(json!({}));
    let contents: &[(&str, Vec<u8>)] = &[
        ("empty", Vec::new()),
        ("two-lines", format!("{API_KEY}\n{API_KEY}").into_bytes()),
        ("spaces", API_KEY.replace(':', ": ").into_bytes()),
        ("quotes", format!("\"{API_KEY}\"").into_bytes()),
        ("bytes", [API_KEY.as_bytes(), &[0xff]].concat()),
    ];
    for (name, content) in contents {
        let file = TempFile::new(name, content);
        end(keyless(&sandbox, &["list", "--key-file", file.path()])).failed(2);
        end(keyless(
            &sandbox,
            &["list", "--key-file", file.path(), "-o", "json"],
        ))
        .failed(2);
    }
    let missing = end(keyless(&sandbox, &["list", "--key-file", "/nowhere/key"])).failed(2);
    assert!(missing.stderr.contains("/nowhere/key"), "{missing:?}");
    assert!(sandbox.report().log.is_empty());
}

#[test]
fn the_key_is_in_no_help_no_error_and_no_account_of_a_request() {
    let sandbox = sandbox(json!({"faults": [{"fault": "status", "status": 503, "on": "list"}]}));
    let runs: &[&[&str]] = &[
        &["--help"],
        &["-h"],
        &["create", "--help"],
        &["help", "list"],
        &["list", "-v"],
        &["list", "-v", "-o", "json"],
        &["list", "-vv"],
        &["list", "-vv", "-o", "json"],
        &["list", "-v", "--organization", "other"],
        &["nothing"],
        &["demo"],
        &["completions", "bash"],
    ];
    for args in runs {
        run(&sandbox, args);
    }
}

#[test]
fn a_service_that_repeats_the_key_does_not_get_it_shown() {
    let sandbox = sandbox(json!({"faults": [{
        "fault": "status", "status": 401, "times": null,
        "body": {"message": format!("no such key: {API_KEY}"), "errors": [API_KEY], "code": API_KEY},
    }]}));
    run(&sandbox, &["list"]).failed(10);
    run(&sandbox, &["list", "-v", "-o", "json"]).failed(10);
}

#[test]
fn a_service_that_repeats_the_key_in_headers_does_not_get_it_shown() {
    let sandbox = sandbox(json!({"faults": [{
        "fault": "status", "status": 401, "times": null,
        "headers": {"server": API_KEY, "x-request-id": API_KEY, "set-cookie": API_KEY, "x-other": API_KEY},
    }]}));
    let told = run(&sandbox, &["list", "-vv"]).failed(10).stderr;
    assert!(
        told.contains("server: …") && told.contains("set-cookie"),
        "{told}"
    );
    run(&sandbox, &["list", "-vv", "-o", "json"]).failed(10);
}

#[test]
fn values_of_the_environment_are_not_in_the_help() {
    let mut command = bare(&["--help"]);
    command
        .env("ICEPANEL_ORGANIZATION_ID", "my-organization")
        .env("ICEPANEL_BASE_URL", "https://user:password@example.com")
        .env("ICEPANEL_API_KEY_FILE", "/my/key")
        .env("ICEPANEL_API_KEY", API_KEY);
    let help = end(command).ok().stdout;
    assert!(help.contains("ICEPANEL_ORGANIZATION_ID"), "{help}");
    for value in ["my-organization", "password", "/my/key"] {
        assert!(!help.contains(value), "{help}");
    }
}

#[test]
fn a_redirect_does_not_get_the_key() {
    let sandbox = sandbox(json!({"faults": [{"fault": "redirect", "times": null}]}));
    assert_eq!(ORGANIZATION_ID, "sandbox");
    run(&sandbox, &["list"]).failed(20);
    assert!(!sandbox.report().key_sent_elsewhere);
}

#[test]
fn headers_are_shown_with_vv_alone() {
    let sandbox = sandbox(json!({}));
    let one = run(&sandbox, &["list", "-v"]).ok().stderr;
    assert!(
        one.contains("GET http") && !one.contains("content-type"),
        "{one}"
    );
    let two = run(&sandbox, &["list", "-vv"]).ok().stderr;
    assert!(two.contains("content-type: application/json"), "{two}");
}
