//! Every fault: what the client sees, and what happened behind it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use std::{
    io::{ErrorKind, Read},
    time::{Duration, Instant},
};

use common::*;
use icepanel_sandbox::{FaultName, Sandbox};
use serde_json::{Value, json};

const ADA: &str = "ada@example.com";

/// A sandbox with this fault for the next create.
fn next_create(mut fault: Value) -> (Sandbox, Client) {
    fault["on"] = json!("create");
    let sandbox = with_faults(&json!([fault]));
    let client = Client::new(&sandbox);
    (sandbox, client)
}

fn made(sandbox: &Sandbox) -> u64 {
    sandbox.report().invites_made_total
}

#[test]
fn status_answers_without_acting() {
    let (sandbox, mut client) = next_create(json!({"fault": "status"}));
    let answer = client.invite(ADA);
    assert_eq!(
        (answer.status, answer.json()),
        (503, json!({"message": "Service Unavailable"}))
    );
    assert_eq!(made(&sandbox), 0);
    assert_eq!(client.invite(ADA).status, 200);
    let report = sandbox.report();
    assert_eq!(report.log[0].fault, Some(FaultName::Status));
    assert_eq!(
        report.log[0].answer,
        json!({"message": "Service Unavailable"})
    );
    assert_eq!(
        (
            report.log[1].fault,
            report.answers[&503],
            report.answers[&200]
        ),
        (None, 1, 1)
    );
}

#[test]
fn status_sends_the_headers_and_the_body_it_is_given() {
    for (body, kind, sent) in [
        (
            json!({"message": "no", "code": "x"}),
            Some("application/json; charset=utf-8"),
            "{\"code\":\"x\",\"message\":\"no\"}",
        ),
        (
            json!("<h1>no</h1>"),
            Some("text/html; charset=utf-8"),
            "<h1>no</h1>",
        ),
        (json!("no"), Some("text/plain; charset=utf-8"), "no"),
        (json!(null), None, ""),
    ] {
        let fault = json!({"fault": "status", "status": 429, "headers": {"Retry-After": "2", "date": "never"}, "body": body});
        let (_sandbox, mut client) = next_create(fault);
        let answer = client.invite(ADA);
        assert_eq!(
            (answer.status, answer.header("retry-after")),
            (429, Some("2"))
        );
        assert_eq!(
            (answer.header("content-type"), answer.text().as_str()),
            (kind, sent)
        );
        assert_eq!(answer.header("date"), Some("never"));
        assert_eq!(client.invite(ADA).status, 200);
    }
}

#[test]
fn act_then_status_acts() {
    let (sandbox, mut client) = next_create(json!({"fault": "act_then_status"}));
    assert_eq!(client.invite(ADA).status, 502);
    assert_eq!(made(&sandbox), 1);
}

#[test]
fn cut_and_act_then_cut_close_without_an_answer() {
    for (fault, acts) in [("cut", 0), ("act_then_cut", 1)] {
        let (sandbox, mut client) = next_create(json!({"fault": fault}));
        // The connection has carried an answer before, as one in a pool would have.
        client.get(INVITES);
        client
            .send("POST", INVITES, new_invite(ADA).to_string().as_bytes())
            .unwrap();
        let mut rest = Vec::new();
        assert_eq!(client.stream.read_to_end(&mut rest).unwrap(), 0, "{fault}");
        let report = sandbox.report();
        assert_eq!(
            (
                report.invites_made_total,
                report.abandoned,
                report.in_flight
            ),
            (acts, 0, 0)
        );
        assert_eq!(
            (report.log[1].status, &report.log[1].answer),
            (None, &Value::Null)
        );
        assert_eq!(
            (report.requests.create, report.answers.get(&200)),
            (1, Some(&1))
        );
    }
}

#[test]
fn hang_and_act_then_hang_never_answer_and_notice_who_leaves() {
    for (fault, acts) in [("hang", 0), ("act_then_hang", 1)] {
        let (sandbox, mut client) = next_create(json!({"fault": fault}));
        client
            .send("POST", INVITES, new_invite(ADA).to_string().as_bytes())
            .unwrap();
        let silence = client.receive().unwrap_err();
        assert!(
            matches!(silence.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
            "{fault}: {silence}"
        );
        let report = sandbox.report();
        assert_eq!(
            (
                report.invites_made_total,
                report.abandoned,
                report.in_flight
            ),
            (acts, 0, 1)
        );

        drop(client);
        eventually(fault, || sandbox.report().abandoned == 1);
        let report = sandbox.report();
        assert_eq!(
            (
                report.invites_made_total,
                report.abandoned,
                report.in_flight
            ),
            (acts, 1, 0)
        );
    }
}

#[test]
fn slow_headers_acts_first_and_answers_later() {
    let (sandbox, mut client) = next_create(json!({"fault": "slow_headers", "delayMs": 1000}));
    let patient = Some(Duration::from_secs(60));
    client.stream.set_read_timeout(patient).unwrap();
    let start = Instant::now();
    client
        .send("POST", INVITES, new_invite(ADA).to_string().as_bytes())
        .unwrap();
    eventually("the act", || made(&sandbox) == 1);
    assert!(sandbox.report().answers.is_empty());
    assert_eq!(client.receive().unwrap().status, 200);
    assert!(start.elapsed() >= Duration::from_millis(1000));
}

#[test]
fn slow_headers_notices_who_leaves() {
    let (sandbox, mut client) = next_create(json!({"fault": "slow_headers", "delayMs": 60000}));
    client
        .send("POST", INVITES, new_invite(ADA).to_string().as_bytes())
        .unwrap();
    eventually("the act", || made(&sandbox) == 1);
    drop(client);
    eventually("abandoned", || sandbox.report().abandoned == 1);
}

#[test]
fn late_act_acts_after_the_client_has_gone() {
    let (sandbox, mut client) = next_create(json!({"fault": "late_act", "delayMs": 1500}));
    client
        .send("POST", INVITES, new_invite(ADA).to_string().as_bytes())
        .unwrap();
    eventually("in flight", || sandbox.report().in_flight == 1);
    drop(client);
    eventually("abandoned", || sandbox.report().abandoned == 1);
    assert_eq!(made(&sandbox), 0);
    eventually("the late act", || made(&sandbox) == 1);
    assert!(sandbox.report().answers.is_empty());
}

#[test]
fn late_act_does_not_reach_into_the_next_state() {
    let (sandbox, mut client) = next_create(json!({"fault": "late_act", "delayMs": 50}));
    client
        .send("POST", INVITES, new_invite(ADA).to_string().as_bytes())
        .unwrap();
    eventually("in flight", || sandbox.report().in_flight == 1);
    sandbox.set_state(Default::default()).unwrap();
    std::thread::sleep(Duration::from_millis(100));
    let report = sandbox.report();
    assert_eq!(
        (
            report.invites_made_total,
            report.in_flight,
            report.requests.create
        ),
        (0, 0, 0)
    );
}

#[test]
fn stall_body_stops_in_the_middle() {
    let (sandbox, mut client) = next_create(json!({"fault": "stall_body"}));
    client
        .send("POST", INVITES, new_invite(ADA).to_string().as_bytes())
        .unwrap();
    let (head, promised) = client.receive_head().unwrap();
    assert_eq!(head.status, 200);
    let mut half = vec![0; promised / 2];
    client.stream.read_exact(&mut half).unwrap();
    let silence = client.stream.read(&mut [0]).unwrap_err();
    assert!(matches!(
        silence.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut
    ));
    assert_eq!((made(&sandbox), sandbox.report().in_flight), (1, 1));
    drop(client);
    eventually("abandoned", || sandbox.report().abandoned == 1);
}

#[test]
fn short_body_promises_more_than_it_sends() {
    let (sandbox, mut client) = next_create(json!({"fault": "short_body"}));
    client
        .send("POST", INVITES, new_invite(ADA).to_string().as_bytes())
        .unwrap();
    let (head, promised) = client.receive_head().unwrap();
    let mut half = Vec::new();
    client.stream.read_to_end(&mut half).unwrap();
    assert_eq!((head.status, half.len()), (200, promised / 2));
    let report = sandbox.report();
    assert_eq!(
        (
            report.invites_made_total,
            report.abandoned,
            report.in_flight
        ),
        (1, 0, 0)
    );
    assert_eq!(report.log[0].answer["organizationUserInvite"]["email"], ADA);
}

#[test]
fn drip_sends_byte_by_byte() {
    let fault = json!({"fault": "drip", "delayMs": 2});
    let sandbox = with_faults(&json!([fault]));
    let mut client = Client::new(&sandbox);
    client.send("GET", INVITES, b"").unwrap();
    let (_, promised) = client.receive_head().unwrap();
    let mut body = vec![0; promised];
    assert!(client.stream.read(&mut body).unwrap() < promised / 2);
    drop(client);
    eventually("abandoned", || sandbox.report().abandoned == 1);

    sandbox
        .add_faults([serde_json::from_value(fault).unwrap()])
        .unwrap();
    let start = Instant::now();
    assert!(Client::new(&sandbox).list().is_empty());
    assert!(start.elapsed() >= Duration::from_millis(2 * (promised as u64 - 1)));
    assert_eq!(sandbox.report().abandoned, 1);
}

#[test]
fn html_comes_with_status_200() {
    let (sandbox, mut client) = next_create(json!({"fault": "html"}));
    let answer = client.invite(ADA);
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, Some("text/html; charset=utf-8"))
    );
    assert!(answer.text().contains("<html>"));
    assert_eq!(made(&sandbox), 1);
}

#[test]
fn truncated_json_is_whole_http() {
    let (sandbox, mut client) = next_create(json!({"fault": "truncated_json"}));
    let answer = client.invite(ADA);
    assert_eq!(answer.status, 200);
    assert!(serde_json::from_slice::<Value>(&answer.body).is_err_and(|error| error.is_eof()));
    assert_eq!(client.list().len(), 1);
    assert_eq!(made(&sandbox), 1);
}

#[test]
fn fields_go_missing_become_null_or_unknown() {
    let (_sandbox, mut client) =
        next_create(json!({"fault": "missing_fields", "fields": ["email", "expiresAt"]}));
    let invite = client.invite(ADA).json()["organizationUserInvite"].clone();
    assert!(
        invite.get("email").is_none()
            && invite.get("expiresAt").is_none()
            && invite["id"].is_string()
    );

    let (_sandbox, mut client) =
        next_create(json!({"fault": "null_fields", "fields": ["organizationUserInvite"]}));
    assert_eq!(
        client.invite(ADA).json(),
        json!({"organizationUserInvite": null})
    );

    let (_sandbox, mut client) = next_create(json!({"fault": "unknown_values"}));
    let invite = client.invite(ADA).json()["organizationUserInvite"].clone();
    assert_eq!(
        (&invite["permission"], &invite["createdBy"]),
        (&json!("observer"), &json!("robot"))
    );
    assert_eq!(client.list()[0]["permission"], "read");
}

#[test]
fn duplicate_entries_double_the_list() {
    let sandbox = with_faults(&json!([{"fault": "duplicate_entries", "on": "list"}]));
    let mut client = Client::new(&sandbox);
    client.invite(ADA);
    client.invite("bob@example.com");
    let emails: Vec<_> = client.list().iter().map(|i| i["email"].clone()).collect();
    assert_eq!(emails, [ADA, ADA, "bob@example.com", "bob@example.com"]);
    assert_eq!(client.list().len(), 2);
}

#[test]
fn next_page_leaves_the_first_half_and_says_so() {
    let sandbox = with_faults(&json!([{"fault": "next_page", "on": "read", "times": 2}]));
    let mut client = Client::new(&sandbox);
    client.invite(ADA);
    client.invite("bob@example.com");
    let page = client.get(INVITES).json();
    assert_eq!(page["organizationUserInvites"][0]["email"], ADA);
    assert_eq!(
        (
            page["organizationUserInvites"].as_array().map(Vec::len),
            page["nextCursor"].is_string()
        ),
        (Some(1), true)
    );
    let page = client.get(MEMBERS).json();
    assert_eq!(
        (&page["organizationUsers"], page["nextCursor"].is_string()),
        (&json!({}), true)
    );
    assert_eq!(client.list().len(), 2);
}

#[test]
fn a_fault_with_an_address_is_for_the_creates_of_this_address() {
    let sandbox = with_faults(&json!([
        {"fault": "status", "status": 403, "email": "Ada@Example.com", "skip": 1, "times": 1},
    ]));
    let mut client = Client::new(&sandbox);
    let statuses: Vec<_> = ["bob@example.com", ADA, "eve@example.com", ADA, ADA]
        .map(|email| client.invite(email).status)
        .into();
    assert_eq!(statuses, [200, 200, 200, 403, 200]);
    assert_eq!(client.get(INVITES).status, 200);
    let made = sandbox.report().invites_made;
    assert_eq!((made[ADA], made.len()), (2, 3));
}

#[test]
fn redirect_does_not_act() {
    let (sandbox, mut client) = next_create(json!({"fault": "redirect"}));
    let answer = client.invite(ADA);
    assert_eq!(
        (answer.status, answer.header("location")),
        (307, Some("/elsewhere"))
    );
    let elsewhere = json!({"fault": "redirect", "location": "https://example.com/x"});
    sandbox
        .add_faults([serde_json::from_value(elsewhere).unwrap()])
        .unwrap();
    assert_eq!(
        client.invite(ADA).header("location"),
        Some("https://example.com/x")
    );
    assert_eq!(made(&sandbox), 0);
}

#[test]
fn a_refused_request_does_not_use_a_fault_up() {
    let sandbox = sandbox(json!({
        "rateLimit": {"writes": 1, "windowMs": 60000},
        "faults": [{"fault": "html"}],
    }));
    let mut client = Client::new(&sandbox);
    assert_eq!(
        Client::new(&sandbox).without_headers().get(INVITES).status,
        401
    );
    assert_eq!(client.get("/v1/organizations/other").status, 404);
    assert_eq!(
        client
            .try_send("POST", &format!("{INVITES}/unknown"), b"")
            .unwrap()
            .status,
        404
    );
    assert_eq!(client.invite(ADA).status, 429);
    assert_eq!(
        client.get(INVITES).header("content-type"),
        Some("text/html; charset=utf-8")
    );
}

#[test]
fn faults_apply_to_their_operations_in_turn() {
    let sandbox = with_faults(&json!([
        {"fault": "status", "status": 500, "on": "read", "skip": 1, "times": 2},
        {"fault": "status", "status": 418, "on": "members", "times": null},
    ]));
    let mut client = Client::new(&sandbox);
    let statuses: Vec<_> = [INVITES, MEMBERS, ORGANIZATION, INVITES, MEMBERS, MEMBERS]
        .map(|path| client.get(path).status)
        .into();
    assert_eq!(statuses, [200, 500, 500, 200, 418, 418]);
    assert_eq!(client.invite(ADA).status, 200);
}
