//! The five operations, as documented.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::*;
use icepanel_sandbox::{API_KEY, Sandbox, State};
use serde_json::json;

#[test]
fn an_invite_is_made_listed_and_revoked_once() {
    let sandbox = Sandbox::start(State::default()).unwrap();
    let mut client = Client::new(&sandbox);
    let expires_at = "2999-01-15T09:30:00.123456+01:00";
    let body = json!({
        "email": "Ada@Example.com", "permission": "write", "expiresAt": expires_at,
        "landscapePermissions": {"l1": true, "l2": false},
    });
    let answer = client.post(INVITES, &body);
    assert_eq!(answer.status, 200);
    let made = answer.json()["organizationUserInvite"].clone();
    let id = made["id"].as_str().unwrap().to_owned();
    assert!(id.len() == 20 && id.bytes().all(|b| b.is_ascii_alphanumeric()));
    assert_eq!(made["organizationId"], "sandbox");
    assert_eq!(made["email"], "Ada@Example.com");
    assert_eq!(made["permission"], "write");
    assert_eq!(made["expiresAt"], "2999-01-15T08:30:00.123Z");
    assert_eq!(made["createdBy"], "api-key");
    assert_eq!(made["createdById"], "sandbox");
    assert_eq!(
        made["landscapePermissions"],
        json!({"l1": true, "l2": false})
    );
    assert!(made.get("revokedAt").is_none() && made.get("usedAt").is_none());
    assert_eq!(client.list(), [made.clone()]);

    let revoked = client
        .try_send("POST", &format!("{INVITES}/{id}"), b"")
        .unwrap()
        .json();
    let again = client
        .try_send("POST", &format!("{INVITES}/{id}"), b"")
        .unwrap()
        .json();
    assert_eq!(revoked, again);
    let revoked = &revoked["organizationUserInvite"];
    assert!(revoked["revokedAt"].is_string());
    assert_eq!(revoked["revokedBy"], "api-key");
    assert_eq!(revoked["revokedById"], "sandbox");
    assert_eq!(client.list(), [revoked.clone()]);

    let report = sandbox.report();
    assert_eq!(
        (
            report.requests.create,
            report.requests.list,
            report.requests.revoke
        ),
        (1, 2, 2)
    );
    assert_eq!(report.answers[&200], 5);
    assert_eq!(report.invites_made["ada@example.com"], 1);
    assert_eq!(
        (report.invites_made_total, report.active_invites_total),
        (1, 0)
    );
    assert_eq!(
        (report.abandoned, report.in_flight, report.connections),
        (0, 0, 1)
    );
    let entry = &report.log[0];
    assert_eq!(
        (entry.method.as_str(), entry.path.as_str(), entry.status),
        ("POST", INVITES, Some(200))
    );
    assert_eq!(entry.body, body);
    assert_eq!(entry.answer["organizationUserInvite"], made);
    assert!(
        API_KEY
            .split_once(':')
            .is_some_and(|(_, secret)| secret.len() == 64)
    );
}
