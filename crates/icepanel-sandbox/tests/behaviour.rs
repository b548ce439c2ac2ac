//! How the service writes what it knows, and the limits, over HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use std::io::Read;

use chrono::{DateTime, TimeDelta, Utc};
use common::*;
use icepanel_sandbox::Sandbox;
use serde_json::{Value, json};

fn behaving(behaviour: &Value) -> (Sandbox, Client) {
    let sandbox = sandbox(json!({"rateLimit": null, "behaviour": behaviour}));
    let client = Client::new(&sandbox);
    (sandbox, client)
}

fn create(client: &mut Client, email: &str, expires_at: &str) -> Value {
    let body = json!({"email": email, "permission": "read", "expiresAt": expires_at});
    client.post(INVITES, &body).json()["organizationUserInvite"].clone()
}

#[test]
fn an_end_too_far_off_is_kept_as_the_longest() {
    let (_sandbox, mut client) = behaving(&json!({"longestExpirySeconds": 3600}));
    let invite = create(&mut client, "a@example.com", "2999-01-01T00:00:00Z");
    let ends: DateTime<Utc> = invite["expiresAt"].as_str().unwrap().parse().unwrap();
    let made: DateTime<Utc> = invite["createdAt"].as_str().unwrap().parse().unwrap();
    assert_eq!(ends - made, TimeDelta::hours(1));
    let soon = (Utc::now() + TimeDelta::minutes(5)).to_rfc3339();
    let invite = create(&mut client, "b@example.com", &soon);
    let ends: DateTime<Utc> = invite["expiresAt"].as_str().unwrap().parse().unwrap();
    assert!(ends - Utc::now() < TimeDelta::minutes(6));
}

#[test]
fn times_have_the_precision_asked_for() {
    for (precision, rounding, written, length) in [
        ("seconds", "up", "2999-01-01T00:00:01Z", 20),
        ("milliseconds", "down", "2999-01-01T00:00:00.123Z", 24),
        ("microseconds", "nearest", "2999-01-01T00:00:00.123457Z", 27),
        ("nanoseconds", "down", "2999-01-01T00:00:00.123456789Z", 30),
    ] {
        let (sandbox, mut client) =
            behaving(&json!({"timePrecision": precision, "timeRounding": rounding}));
        let invite = create(
            &mut client,
            "a@example.com",
            "2999-01-01T00:00:00.123456789Z",
        );
        assert_eq!(invite["expiresAt"], written, "{precision}");
        assert_eq!(
            invite["createdAt"].as_str().unwrap().len(),
            length,
            "{precision}"
        );
        assert!(
            invite["createdAt"]
                .as_str()
                .unwrap()
                .parse::<DateTime<Utc>>()
                .unwrap()
                <= Utc::now()
        );
        drop(sandbox);
    }
}

#[test]
fn addresses_come_back_in_the_case_asked_for() {
    for (case, written) in [
        ("kept", "Ada@Example.com"),
        ("lower", "ada@example.com"),
        ("upper", "ADA@EXAMPLE.COM"),
    ] {
        let (_sandbox, mut client) = behaving(&json!({"emailCase": case}));
        assert_eq!(
            create(&mut client, "Ada@Example.com", &in_days(1))["email"],
            written
        );
        assert_eq!(client.list()[0]["email"], written);
    }
}

#[test]
fn a_skewed_clock_dates_and_judges() {
    let (_sandbox, mut client) = behaving(&json!({"clockSkewSeconds": 86400}));
    assert_eq!(
        client
            .post(
                INVITES,
                &json!({"email": "a@b", "permission": "read",
        "expiresAt": (Utc::now() + TimeDelta::hours(23)).to_rfc3339()})
            )
            .status,
        422
    );
    let invite = create(&mut client, "a@b", &in_days(2));
    let near =
        |time: DateTime<Utc>| (time - Utc::now() - TimeDelta::days(1)).num_seconds().abs() <= 2;
    assert!(near(invite["createdAt"].as_str().unwrap().parse().unwrap()));
    let answer = client.get(INVITES);
    assert!(near(
        DateTime::parse_from_rfc2822(answer.header("date").unwrap())
            .unwrap()
            .to_utc()
    ));
}

#[test]
fn the_clock_behind_date_can_be_another() {
    let (_sandbox, mut client) =
        behaving(&json!({"clockSkewSeconds": 600, "dateSkewSeconds": -30}));
    let ahead = |time: DateTime<Utc>| (time - Utc::now()).num_seconds();
    let invite = create(&mut client, "a@b", &in_days(2));
    let made: DateTime<Utc> = invite["createdAt"].as_str().unwrap().parse().unwrap();
    assert!((598..=600).contains(&ahead(made)));
    let answer = client.get(INVITES);
    let date = DateTime::parse_from_rfc2822(answer.header("date").unwrap()).unwrap();
    assert!((567..=570).contains(&ahead(date.to_utc())));
}

#[test]
fn a_skewed_clock_ends_invites() {
    let invites = json!([{"email": "a@b", "permission": "read", "expiresAt": "+30m"}]);
    for (skew, active) in [(0, 1), (3600, 0)] {
        let sandbox = sandbox(json!({"behaviour": {"clockSkewSeconds": skew}, "invites": invites}));
        assert_eq!(sandbox.report().active_invites_total, active);
    }
}

#[test]
fn the_date_header_can_be_absent_or_garbled() {
    let (_sandbox, mut client) = behaving(&json!({"dateHeader": "absent"}));
    assert_eq!(client.get(INVITES).header("date"), None);
    let (_sandbox, mut client) = behaving(&json!({"dateHeader": "garbled"}));
    let answer = client.get(INVITES);
    assert!(DateTime::parse_from_rfc2822(answer.header("date").unwrap()).is_err());
    assert_eq!(
        answer
            .headers
            .iter()
            .filter(|(name, _)| name == "date")
            .count(),
        1
    );
}

#[test]
fn request_ids_differ_or_are_absent() {
    let (_sandbox, mut client) = behaving(&json!({}));
    let (first, second) = (client.get(INVITES), client.get("/v1/nothing"));
    assert!(first.header("x-request-id").is_some());
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
    let (_sandbox, mut client) = behaving(&json!({"requestId": false}));
    assert_eq!(client.get(INVITES).header("x-request-id"), None);
}

#[test]
fn a_new_invite_can_be_missing_from_the_list_for_a_while() {
    let (_sandbox, mut client) = behaving(&json!({"listLagMs": 60_000}));
    let id = create(&mut client, "a@b", &in_days(1))["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(client.list().is_empty());
    client.advance("60s");
    assert_eq!(client.list().len(), 1);
    client
        .try_send("POST", &format!("{INVITES}/{id}"), b"")
        .unwrap();
    assert!(client.list()[0].get("revokedAt").is_none());
    client.advance("60s");
    assert!(client.list()[0].get("revokedAt").is_some());
}

#[test]
fn a_change_of_a_member_can_be_missing_from_the_list_for_a_while() {
    let sandbox = sandbox(json!({
        "behaviour": {"memberLagMs": 60_000},
        "members": [{"email": "a@b", "permission": "read", "userId": "u"}],
    }));
    let mut client = Client::new(&sandbox);
    let listed = |client: &mut Client| {
        let members = client.get(MEMBERS).json();
        members["organizationUsers"]["u"]["permission"].clone()
    };
    let user = format!("{MEMBERS}/u");
    let update = json!({"permission": "write"}).to_string();
    client.try_send("PATCH", &user, update.as_bytes()).unwrap();
    assert_eq!(listed(&mut client), "read");
    client.advance("30s");
    client.try_send("DELETE", &user, b"").unwrap();
    assert_eq!(listed(&mut client), "read");
    client.advance("30s");
    assert_eq!(listed(&mut client), "write");
    client.advance("30s");
    assert_eq!(listed(&mut client), json!(null));
}

#[test]
fn a_new_invite_can_be_missing_from_so_many_lists() {
    let (_sandbox, mut client) = behaving(&json!({"listLagReads": 2}));
    client.invite("a@b");
    assert!(client.list().is_empty());
    client.invite("c@d");
    let lengths: Vec<_> = (0..4).map(|_| client.list().len()).collect();
    assert_eq!(lengths, [0, 1, 2, 2]);
}

#[test]
fn unknown_fields_stand_at_every_level() {
    let sandbox = sandbox(json!({
        "behaviour": {"extraFields": true},
        "members": [{"email": "a@b", "permission": "read", "userId": "u"}],
        "invites": [{"email": "c@d", "permission": "read"}],
    }));
    let mut client = Client::new(&sandbox);
    let invites = client.get(INVITES);
    let text = invites.text();
    assert!(
        text.starts_with(r#"{"aNewNumber":42,"aNewObject":{"#)
            && text.ends_with(r#""zNewList":[[],{},"x",1.5e3,true]}"#)
    );
    let members = client.get(MEMBERS).json();
    let organization = client.get(ORGANIZATION).json();
    let error = client.get("/v1/nothing").json();
    let created = client.invite("e@f").json();
    for object in [
        &invites.json()["organizationUserInvites"][0],
        &members,
        &members["organizationUsers"]["u"],
        &organization,
        &organization["organization"],
        &organization["organization"]["users"]["u"],
        &error,
        &created,
        &created["organizationUserInvite"],
    ] {
        assert!(
            object["aNewObject"]["deep"].is_object() && object["zNewNull"].is_null(),
            "{object}"
        );
        assert!(object.as_object().unwrap().len() >= 5);
    }
    assert_eq!(members["organizationUsers"].as_object().unwrap().len(), 1);
}

#[test]
fn answers_are_compressed_where_that_is_accepted() {
    let (sandbox, client) = behaving(&json!({"gzip": true}));
    let mut client = client.with_header("Accept-Encoding", "br, gzip;q=0.5");
    client.invite("a@b");
    for _ in 0..2 {
        let answer = client.get(INVITES);
        assert_eq!(answer.header("content-encoding"), Some("gzip"));
        let mut text = String::new();
        flate2::read::GzDecoder::new(&answer.body[..])
            .read_to_string(&mut text)
            .unwrap();
        assert!(text.contains("a@b"));
    }
    for accepted in ["identity", "gzip;q=0"] {
        let mut client = Client::new(&sandbox).with_header("Accept-Encoding", accepted);
        assert_eq!(
            (
                client.get(INVITES).header("content-encoding"),
                client.list().len()
            ),
            (None, 1)
        );
    }
}

#[test]
fn a_fixed_window_answers_429_until_it_ends() {
    let sandbox = sandbox(json!({"rateLimit": {"writes": 2, "reads": 3, "windowMs": 3_600_000}}));
    let mut client = Client::new(&sandbox);
    let mut write = |email: &str| client.invite(email);
    assert_eq!([write("a@b").status, write("c@d").status], [200, 200]);
    let refused = write("e@f");
    assert_eq!(
        (refused.status, refused.json()),
        (429, json!({"message": "Too Many Requests"}))
    );
    let wait = refused.header("retry-after");
    let wait: u64 = wait.unwrap().parse().unwrap();
    assert!((3000..=3600).contains(&wait), "{wait}");
    let mut reader = Client::new(&sandbox);
    let reads: Vec<_> = [INVITES, MEMBERS, ORGANIZATION, INVITES]
        .map(|path| reader.get(path).status)
        .into();
    assert_eq!(reads, [200, 200, 200, 429]);
    reader.advance("1h");
    assert_eq!(
        [
            write("e@f").status,
            write("g@h").status,
            write("i@j").status
        ],
        [200, 200, 429]
    );
    let report = sandbox.report();
    assert_eq!(
        (
            report.rate_limited,
            report.answers[&429],
            report.invites_made_total
        ),
        (3, 3, 4)
    );
}

#[test]
fn a_sliding_window_frees_one_request_at_a_time() {
    let sandbox =
        sandbox(json!({"rateLimit": {"writes": 2, "windowMs": 3_600_000, "kind": "sliding"}}));
    let mut client = Client::new(&sandbox);
    assert_eq!(client.invite("a@b").status, 200);
    client.advance("30m");
    assert_eq!(
        [client.invite("a@b").status, client.invite("a@b").status],
        [200, 429]
    );
    client.advance("30m");
    assert_eq!(
        [client.invite("a@b").status, client.invite("a@b").status],
        [200, 429]
    );
}

#[test]
fn requests_that_meet_a_fault_count_towards_the_limit() {
    let sandbox = sandbox(json!({
        "rateLimit": {"writes": 1, "windowMs": 10000},
        "faults": [{"fault": "status", "on": "create"}],
    }));
    let mut client = Client::new(&sandbox);
    let refused = (client.invite("a@b").status, client.invite("a@b"));
    assert_eq!(
        (refused.0, refused.1.status, refused.1.header("retry-after")),
        (503, 429, Some("10"))
    );
}

#[test]
fn made_up_invites_are_as_many_as_asked_for_and_the_same_each_time() {
    let state = json!({"generate": {"invites": 100, "active": 10, "seed": 5}});
    let sandbox = sandbox(state.clone());
    let mut client = Client::new(&sandbox);
    let list = client.list();
    let has = |field: &str| list.iter().filter(|i| i.get(field).is_some()).count();
    assert_eq!((list.len(), has("usedAt"), has("revokedAt")), (100, 30, 30));
    assert_eq!(
        (&list[0]["email"], &list[99]["email"]),
        (&json!("user-0@example.com"), &json!("user-99@example.com"))
    );
    assert!(list.iter().all(|invite| invite.to_string().len() >= 250));
    let report = sandbox.report();
    assert_eq!(
        (report.active_invites_total, report.invites_made_total),
        (10, 0)
    );
    assert!(report.active_invites.contains_key("user-99@example.com"));
    let ids = |list: &[Value]| list.iter().map(|i| i["id"].clone()).collect::<Vec<_>>();
    sandbox
        .set_state(serde_json::from_value(state).unwrap())
        .unwrap();
    assert_eq!(ids(&list), ids(&client.list()));
}
