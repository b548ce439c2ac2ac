//! The control API, and the same as methods.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::*;
use icepanel_sandbox::{Fault, FaultName, Invite, Report, Sandbox, State};
use serde_json::{Value, json};

#[test]
fn what_it_cannot_take_is_refused_with_a_sentence_and_changes_nothing() {
    let sandbox = sandbox(json!({"name": "before"}));
    let mut client = Client::new(&sandbox);
    for (path, body, part) in [
        ("state", json!({"sets": 3}), "unknown field `sets`"),
        (
            "state",
            json!({"behaviour": {"gzipped": true}}),
            "unknown field `gzipped`",
        ),
        ("state", json!({"seats": -1}), "invalid value"),
        (
            "state",
            json!({"invites": [{"email": "a@b", "permission": "read", "expiresAt": "soon"}]}),
            "`soon`",
        ),
        (
            "state",
            json!({"invites": [{"email": "a@b"}]}),
            "missing field `permission`",
        ),
        (
            "state",
            json!({"invites": [{"email": "a@b", "permission": "r", "id": "x"}, {"email": "a@b", "permission": "r", "id": "x"}]}),
            "`x`",
        ),
        (
            "state",
            json!({"members": [{"email": "a@b", "permission": "r", "userId": "x"}, {"email": "a@b", "permission": "r", "userId": "x"}]}),
            "`x`",
        ),
        (
            "state",
            json!({"generate": {"invites": 1, "active": 2}}),
            "active",
        ),
        (
            "state",
            json!({"generate": {"invites": 10_000_000, "active": 2}}),
            "at most",
        ),
        ("state", json!({"rateLimit": {"windowMs": 0}}), "windowMs"),
        (
            "state",
            json!({"rateLimit": {"kind": "rolling"}}),
            "rolling",
        ),
        ("state", json!({"apiKey": "a b"}), "apiKey"),
        ("state", json!({"organizationId": ""}), "organizationId"),
        (
            "state",
            json!({"behaviour": {"clockSkewSeconds": 1_000_000_000_000_i64}}),
            "clockSkewSeconds",
        ),
        (
            "state",
            json!({"behaviour": {"dateSkewSeconds": -1_000_000_000_000_i64}}),
            "dateSkewSeconds",
        ),
        (
            "state",
            json!({"behaviour": {"listLagMs": 1_000_000_000_000_i64}}),
            "listLagMs",
        ),
        (
            "state",
            json!({"faults": [{"fault": "explode"}]}),
            "explode",
        ),
        (
            "faults",
            json!([{"fault": "cut", "delay": 3}]),
            "unknown field `delay`",
        ),
        (
            "faults",
            json!([{"fault": "html"}, {"fault": "cut", "delayMs": 3}]),
            "delayMs",
        ),
        (
            "faults",
            json!([{"fault": "status", "status": 100}]),
            "status",
        ),
        (
            "faults",
            json!([{"fault": "cut", "probability": 2}]),
            "probability",
        ),
        ("faults", json!({"fault": "cut"}), "sequence"),
        (
            "use",
            json!({"email": "nobody@example.com"}),
            "nobody@example.com",
        ),
        ("use", json!({}), "`email`"),
        ("use", json!({"email": "a@b", "id": "c"}), "`email`"),
    ] {
        let answer = client.post(&format!("/control/{path}"), &body);
        let message = answer.json()["message"].as_str().unwrap().to_owned();
        assert_eq!(answer.status, 400, "{body}");
        assert!(message.contains(part), "{body}: {message}");
    }
    assert_eq!(
        client
            .try_send("POST", "/control/state", b"{")
            .unwrap()
            .status,
        400
    );
    assert_eq!(client.get("/control/state").status, 404);
    assert_eq!(client.get("/control/other").status, 404);
    let organization = client.get(ORGANIZATION);
    assert_eq!(
        (
            organization.status,
            &organization.json()["organization"]["name"]
        ),
        (200, &json!("before"))
    );
}

#[test]
fn the_report_over_http_is_the_report() {
    let sandbox = Sandbox::start(State::default()).unwrap();
    let mut client = Client::new(&sandbox);
    client.invite("a@b");
    client.get("/control/report");
    let answer = client.get("/control/report");
    let report: Report = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(report, sandbox.report());
    let fields: Vec<String> = answer.json().as_object().unwrap().keys().cloned().collect();
    let mut documented = [
        "requests",
        "answers",
        "invitesMade",
        "activeInvites",
        "invitesMadeTotal",
        "activeInvitesTotal",
        "addressesInvitedTwice",
        "members",
        "fewestAdmins",
        "rateLimited",
        "abandoned",
        "inFlight",
        "connections",
        "keySentElsewhere",
        "unexpectedHeaders",
        "log",
    ];
    documented.sort_unstable();
    assert_eq!(fields, documented);
    assert_eq!(
        (
            report.requests.create,
            report.requests.other,
            report.log.len()
        ),
        (1, 0, 1)
    );
    assert_eq!(answer.json()["answers"], json!({"200": 1}));
}

#[test]
fn a_new_state_forgets_everything() {
    let sandbox = sandbox(json!({"faults": [{"fault": "cut", "times": null, "on": "members"}]}));
    let mut client = Client::new(&sandbox);
    client.invite("a@b");
    assert_eq!(
        client.post("/control/state", &json!({"seats": 3})).json(),
        json!({})
    );
    let report = sandbox.report();
    assert_eq!(report, Report::default());
    assert!(client.list().is_empty());
    assert_eq!(client.get(MEMBERS).status, 200);
    assert_eq!(sandbox.report().connections, 1);
}

#[test]
fn faults_can_be_added() {
    let sandbox = Sandbox::start(State::default()).unwrap();
    let mut client = Client::new(&sandbox);
    client.post(
        "/control/faults",
        &json!([{"fault": "status", "status": 500, "times": 2}]),
    );
    sandbox.add_faults([Fault::new(FaultName::Status)]).unwrap();
    let statuses: Vec<_> = (0..4).map(|_| client.get(INVITES).status).collect();
    assert_eq!(statuses, [500, 500, 503, 200]);
    assert!(
        sandbox
            .add_faults([Fault::new(FaultName::NullFields)])
            .is_err()
    );
}

#[test]
fn a_used_invite_makes_a_member() {
    let sandbox = sandbox(json!({
        "invites": [
            {"email": "Ada@example.com", "permission": "write"},
            {"email": "bob@example.com", "permission": "read", "id": "b"},
            {"email": "bob@example.com", "permission": "admin", "id": "old", "expiresAt": "-1d"},
        ],
        "members": [{"email": "Bob@example.com", "permission": "billing", "userId": "bob"}],
    }));
    let mut client = Client::new(&sandbox);
    assert_eq!(
        client
            .post("/control/use", &json!({"email": "ada@EXAMPLE.com"}))
            .status,
        200
    );
    assert_eq!(client.post("/control/use", &json!({"id": "b"})).status, 200);
    assert!(sandbox.mark_used("b").is_err());
    assert!(sandbox.mark_used("old").is_err());
    let list = client.list();
    assert!(list[0]["usedAt"].is_string());
    assert_eq!(list[1]["usedByUserId"], "bob");
    let members = client.get(MEMBERS).json();
    let ada = &members["organizationUsers"][list[0]["usedByUserId"].as_str().unwrap()];
    assert_eq!(
        (&ada["email"], &ada["permission"]),
        (&json!("Ada@example.com"), &json!("write"))
    );
    assert_eq!(members["organizationUsers"].as_object().unwrap().len(), 2);
    assert_eq!(sandbox.report().active_invites_total, 0);
}

#[test]
fn preset_invites_have_the_given_fields() {
    let sandbox = sandbox(json!({"invites": [
        {"email": "a@b", "permission": "observer", "createdBy": "robot", "createdById": "r2", "id": "x",
         "createdAt": "2020-01-01T00:00:00Z", "expiresAt": "+1h", "landscapePermissions": {"l": true}},
        {"email": "c@d", "permission": "read", "revokedAt": "-1h"},
        {"email": "e@f", "permission": "read", "usedAt": "-1h"},
        {"email": "g@h", "permission": "read", "revokedAt": "-1h", "revokedBy": "user", "revokedById": "u1"},
        {"email": "i@j", "permission": "read", "usedAt": "-1h", "usedByUserId": "u2"},
    ]}));
    let list = Client::new(&sandbox).list();
    assert_eq!(
        (&list[0]["permission"], &list[0]["createdBy"]),
        (&json!("observer"), &json!("robot"))
    );
    assert_eq!(
        (&list[0]["createdById"], &list[0]["id"]),
        (&json!("r2"), &json!("x"))
    );
    assert_eq!(list[0]["createdAt"], "2020-01-01T00:00:00.000Z");
    assert_eq!(list[0]["landscapePermissions"], json!({"l": true}));
    assert_eq!(
        (&list[1]["revokedBy"], &list[1]["revokedById"]),
        (&json!("api-key"), &json!("sandbox"))
    );
    assert!(list[2]["usedByUserId"].is_string());
    assert_eq!(
        (&list[3]["revokedBy"], &list[3]["revokedById"]),
        (&json!("user"), &json!("u1"))
    );
    assert_eq!(list[4]["usedByUserId"], "u2");
    let report = sandbox.report();
    assert_eq!(
        (report.active_invites_total, report.invites_made_total),
        (1, 0)
    );
}

#[test]
fn a_state_survives_a_round_trip() {
    let state: State = serde_json::from_value(json!({
        "rateLimit": null,
        "invites": [{"email": "a@b", "permission": "read", "expiresAt": "-90s", "createdAt": "2020-01-01T00:00:00Z"}],
        "faults": [{"fault": "status", "times": null, "body": null, "headers": {"a": "b"}}, {"fault": "drip"}],
    }))
    .unwrap();
    let json = serde_json::to_value(&state).unwrap();
    assert_eq!(serde_json::from_value::<State>(json).unwrap(), state);
    assert_eq!(state.faults[0].body, Some(Value::Null));
    assert_eq!(
        serde_json::from_value::<State>(json!({})).unwrap(),
        State::default()
    );
    let preset = State {
        invites: vec![Invite::new("a@b", "read")],
        ..State::default()
    };
    assert!(serde_json::from_value::<State>(serde_json::to_value(&preset).unwrap()).is_ok());
}

#[test]
fn the_log_keeps_the_last_requests_and_the_start_of_long_bodies() {
    let sandbox = sandbox(json!({"rateLimit": null, "generate": {"invites": 100, "active": 0}}));
    let mut client = Client::new(&sandbox);
    client.get(INVITES);
    let long = sandbox.report().log[0].answer.as_str().unwrap().len();
    assert_eq!(long, 4096);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut client = Client::new(&sandbox);
                (0..2500).for_each(|_| assert_eq!(client.get("/v1/nothing").status, 404));
            });
        }
    });
    let report = sandbox.report();
    assert_eq!((report.requests.other, report.log.len()), (10_000, 10_000));
    assert!(report.log.iter().all(|entry| entry.status == Some(404)));
}
