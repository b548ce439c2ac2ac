//! What each kind of error says, and the code it ends with.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use std::net::TcpListener;

use common::{Ended, bare, command, end, run, sandbox};
use icepanel_sandbox::{API_KEY, Sandbox};
use serde_json::{Value, json};

const CREATE: &[&str] = &["create", "ada@example.com", "--permission", "write"];

#[allow(
    clippy::needless_pass_by_value,
    reason = "each fault is written where it is passed"
)]
fn with_fault(fault: Value) -> Sandbox {
    sandbox(json!({"faults": [fault]}))
}

/// Fails with this code both as text and as JSON, and says what to do next in both.
#[track_caller]
fn both(sandbox: &Sandbox, args: &[&str], code: i32, kind: &str) -> (Ended, Value) {
    let text = run(sandbox, args).failed(code);
    assert!(text.stderr.starts_with("error: "), "{text:?}");
    assert!(text.stderr.contains("\nnext: "), "{text:?}");
    let json = run(sandbox, &[args, &["--output", "json"]].concat()).failed(code);
    assert_eq!(json.stderr.lines().count(), 1, "{json:?}");
    let error = json.error()["error"].clone();
    assert_eq!(error["kind"], kind, "{error}");
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|text| !text.is_empty()),
        "{error}"
    );
    assert!(
        error["advice"]
            .as_str()
            .is_some_and(|text| !text.is_empty()),
        "{error}"
    );
    (text, error)
}

#[test]
fn a_key_that_the_service_does_not_know_is_10() {
    let sandbox = sandbox(json!({"apiKey": "another:key"}));
    both(&sandbox, &["list"], 10, "unauthorized");
}

#[test]
fn a_key_that_may_not_is_11() {
    let sandbox = with_fault(json!({"fault": "status", "status": 403, "times": null}));
    both(&sandbox, &["list"], 11, "forbidden");
}

#[test]
fn another_organization_and_no_such_invite_are_12() {
    let sandbox = sandbox(json!({}));
    both(
        &sandbox,
        &["list", "--organization", "other"],
        12,
        "not_found",
    );
    let (text, error) = both(&sandbox, &["revoke", "nothing"], 12, "not_found");
    let id = error["requestId"].as_str().unwrap();
    assert!(text.stderr.contains("\nrequest id: "), "{text:?} {id}");
}

#[test]
fn no_seat_left_is_13_and_leads_to_the_seats() {
    let (text, error) = both(&sandbox(json!({"seats": 0})), CREATE, 13, "seats_exhausted");
    assert!(
        text.stderr
            .contains("All organization seats have been assigned"),
        "{text:?}"
    );
    assert!(
        text.stderr.contains("\ntry: icepanel-invites seats\n"),
        "{text:?}"
    );
    assert_eq!(error["inviteMayExist"], false);
}

#[test]
fn another_conflict_is_14_and_leads_to_the_person() {
    let sandbox = sandbox(json!({
        "refuseSecondActive": true,
        "invites": [{"email": "ada@example.com", "permission": "read"}],
    }));
    let (text, _) = both(&sandbox, CREATE, 14, "conflict");
    assert!(
        text.stderr
            .contains("\ntry: icepanel-invites list --email ada@example.com\n"),
        "{text:?}"
    );
}

#[test]
fn a_refusal_is_15_with_the_words_of_the_service() {
    let body =
        json!({"message": "Invalid request", "errors": ["email is blocked", "so is \u{1b}[2J"]});
    let sandbox = with_fault(
        json!({"fault": "status", "status": 422, "body": body, "times": null, "on": "create"}),
    );
    let (text, error) = both(&sandbox, CREATE, 15, "rejected");
    assert!(text.stderr.contains("email is blocked"), "{text:?}");
    assert!(!text.stderr.contains('\u{1b}'), "{text:?}");
    assert_eq!(error["errors"][0], "email is blocked");
}

#[test]
fn a_wait_that_is_too_long_is_16() {
    let sandbox = with_fault(json!({
        "fault": "status", "status": 429, "headers": {"retry-after": "3600"}, "times": null,
    }));
    let (_, error) = both(&sandbox, &["list", "--timeout", "5s"], 16, "rate_limited");
    assert_eq!(error["retryAfterMs"], 3_600_000);
}

#[test]
fn a_service_that_fails_is_17() {
    let sandbox = with_fault(json!({
        "fault": "status", "status": 503, "headers": {"retry-after": "3600"}, "times": null,
    }));
    let (_, error) = both(&sandbox, &["list", "--timeout", "5s"], 17, "server");
    assert_eq!(error["status"], 503);
}

#[test]
fn a_service_that_is_silent_is_18() {
    let sandbox = with_fault(json!({"fault": "hang", "times": null}));
    both(&sandbox, &["list", "--timeout", "200ms"], 18, "timeout");
}

#[test]
fn nobody_listening_is_19() {
    // First the sandbox, which could else be given the port that nobody is to listen on; and time for
    // all tries, the last of which says why there was no answer.
    let sandbox = sandbox(json!({}));
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!("http://127.0.0.1:{port}/v1");
    both(
        &sandbox,
        &["list", "--timeout", "10s", "--base-url", &url],
        19,
        "connection",
    );
}

#[test]
fn html_is_20() {
    let sandbox = with_fault(json!({"fault": "html", "times": null}));
    both(&sandbox, &["list"], 20, "unexpected_answer");
}

#[test]
fn an_outcome_that_cannot_be_found_out_is_21_and_leads_to_the_person() {
    let sandbox = with_fault(json!({"fault": "hang", "on": "create", "times": null}));
    let args = [CREATE, &["--timeout", "2s"]].concat();
    let (text, error) = both(&sandbox, &args, 21, "outcome_unknown");
    assert_eq!(error["inviteMayExist"], true);
    let look = "\ntry: icepanel-invites list --email ada@example.com --status active\n";
    assert!(text.stderr.contains(look), "{text:?}");
}

#[test]
fn a_lost_response_is_not_an_error() {
    let sandbox = with_fault(json!({"fault": "act_then_cut", "on": "create"}));
    run(&sandbox, CREATE).ok();
    assert_eq!(sandbox.report().invites_made_total, 1);
}

#[test]
fn invalid_input_is_2_and_sends_nothing() {
    let sandbox = sandbox(json!({}));
    let wrong: &[&[&str]] = &[
        &["create", "no address", "--permission", "read"],
        &[
            "create",
            "ada@example.com",
            "--permission",
            "read",
            "--expires",
            "2020-01-01",
        ],
        &[
            "create",
            "ada@example.com",
            "--permission",
            "read",
            "--expires",
            "0d",
        ],
        &[
            "create",
            "ada@example.com",
            "--permission",
            "read",
            "--expires",
            "999999999w",
        ],
        &[
            "create",
            "ada@example.com",
            "--permission",
            "read",
            "--landscape",
            "a=true",
            "--landscape",
            "a=false",
        ],
        &["revoke", ""],
        &["revoke", "@"],
        &["list", "--base-url", "http://api.example.com/v1"],
        &["list", "--timeout", "0s"],
        &["list", "--proxy", "nonsense"],
        &["list", "--organization", ".."],
        &["list", "--ca-certificate", "/nowhere/ca.pem"],
        &["list", "--client-certificate", "/nowhere/client.pem"],
    ];
    for args in wrong {
        both(&sandbox, args, 2, "invalid_input");
    }
    let report = sandbox.report();
    let others = report.log.iter().filter(|entry| {
        // An instant is judged by the service's clock, which this asks for.
        !(entry.method == "GET" && entry.path == "/v1/organizations/sandbox")
    });
    assert_eq!(others.count(), 0, "{:?}", report.log);
}

#[test]
fn arguments_that_cannot_be_read_are_2() {
    let wrong: &[&[&str]] = &[
        &["create", "ada@example.com"],
        &["create", "ada@example.com", "--permission", "raed"],
        &[
            "create",
            "ada@example.com",
            "--permission",
            "read",
            "--expires",
            "7x",
        ],
        &[
            "create",
            "ada@example.com",
            "--permission",
            "read",
            "--expires",
            "-7d",
        ],
        &[
            "create",
            "ada@example.com",
            "--permission",
            "read",
            "--expires",
            "99999999999999999999d",
        ],
        &[
            "create",
            "ada@example.com",
            "--permission",
            "read",
            "--landscape",
            "a",
        ],
        &["list", "--status", "actve"],
        &["list", "--timeout", "99999999999h"],
        &["list", "--output", "xml"],
        &["nothing"],
        &["completions", "cmd"],
        &["list", "--api-key=secret"],
    ];
    for args in wrong {
        let text = end(bare(args)).failed(2);
        assert!(text.stderr.starts_with("error: "), "{text:?}");
        assert!(!text.stderr.contains("secret"), "{text:?}");
        let json = end(bare(&[*args, &["-o", "json"]].concat())).failed(2);
        assert_eq!(json.error()["error"]["kind"], "invalid_input", "{json:?}");
    }
    let missing = end(bare(&[])).failed(2);
    assert!(missing.stderr.contains("Usage:"), "{missing:?}");
}

#[test]
fn what_is_missing_in_the_environment_is_2_and_leads_to_the_demo() {
    let no_organization = end({
        let mut command = bare(&["list"]);
        command.env("ICEPANEL_API_KEY", API_KEY);
        command
    });
    let text = no_organization.failed(2).stderr;
    assert!(
        text.contains("ICEPANEL_ORGANIZATION_ID") && text.contains("icepanel-invites demo"),
        "{text}"
    );

    let no_key = end({
        let mut command = bare(&["list", "--organization", "sandbox"]);
        command.env("ICEPANEL_API_KEY", "");
        command
    });
    let text = no_key.failed(2).stderr;
    assert!(
        text.contains("ICEPANEL_API_KEY") && text.contains("--key-file"),
        "{text}"
    );
}

#[test]
fn verbose_prints_each_attempt() {
    let sandbox = with_fault(json!({"fault": "status", "status": 503, "on": "list"}));
    let text = run(&sandbox, &["list", "-v"]).ok().stderr;
    assert!(text.contains("/users/invites attempt 1: 503 in "), "{text}");
    assert!(text.contains("; retry in "), "{text}");
    assert!(text.contains("/users/invites attempt 2: 200 in "), "{text}");
    assert!(text.contains("; done"), "{text}");

    let json = run(&sandbox, &["seats", "-v", "-o", "json"]).ok().stderr;
    assert_eq!(json.lines().count(), 2, "{json}");
    for line in json.lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        assert_eq!(event["event"]["status"], 200);
        assert_eq!(event["event"]["next"], "done");
    }
}

#[test]
fn very_verbose_adds_the_headers_and_the_values_of_those_that_are_harmless() {
    let headers = json!({"set-cookie": "session=1", "x-powered-by": "x", "retry-after": "0"});
    let fault = json!({"fault": "status", "status": 503, "on": "list", "headers": headers});
    let text = run(&with_fault(fault.clone()), &["list", "-vv"])
        .ok()
        .stderr;
    let first = text.split("attempt 2").next().unwrap();
    assert!(first.starts_with("GET http://127.0.0.1:"), "{text}");
    for line in [
        "\n  retry-after: 0\n",
        "\n  content-type: application/json; charset=utf-8\n",
        "\n  date: ",
    ] {
        assert!(first.contains(line), "{line}: {text}");
    }
    assert!(
        first.contains("\n  and headers whose values are not shown: "),
        "{text}"
    );
    assert!(
        first.contains("set-cookie") && first.contains("x-powered-by"),
        "{text}"
    );
    assert!(!text.contains("session=1"), "{text}");

    let json = run(&with_fault(fault.clone()), &["list", "-vv", "-o", "json"])
        .ok()
        .stderr;
    let event: Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    let event = &event["event"];
    assert_eq!(event["method"], "GET");
    assert!(
        event["url"]
            .as_str()
            .is_some_and(|url| url.ends_with("/users/invites")),
        "{event}"
    );
    assert_eq!(
        (
            &event["headers"]["retry-after"],
            &event["headers"]["set-cookie"]
        ),
        (&json!("0"), &Value::Null)
    );
    let json = run(&with_fault(fault), &["list", "-v", "-o", "json"])
        .ok()
        .stderr;
    assert!(
        !json.contains("headers") && json.contains("\"method\":\"GET\""),
        "{json}"
    );

    // A revocation is of an invite, and its URL has the id.
    let sandbox = sandbox(
        json!({"invites": [{"id": "i1", "email": "ada@example.com", "permission": "read"}]}),
    );
    let text = run(&sandbox, &["revoke", "i1", "-v"]).ok().stderr;
    assert!(
        text.contains("POST ") && text.contains("/users/invites/i1 attempt 1: 200 in "),
        "{text}"
    );
}

#[test]
fn an_error_is_in_colour_only_if_requested() {
    let sandbox = sandbox(json!({"seats": 0}));
    assert!(!run(&sandbox, CREATE).failed(13).stderr.contains('\u{1b}'));
    let mut command = command(&sandbox, CREATE);
    command.args(["--color", "always"]);
    let text = end(command).failed(13).stderr;
    assert!(text.starts_with("\u{1b}[31;1merror:\u{1b}[0m "), "{text:?}");
}
