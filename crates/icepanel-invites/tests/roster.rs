//! A roster: planned, applied, dumped, renewed.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use icepanel_invites::{
    Action, ApplyOptions, Clock, ErrorKind, Expiry, InviteClient, InviteFilter, InviteStatus,
    NewInvite, Outcome, Pacing, Permission, Plan, PlanOptions, PruneGuard, Report, Roster, Stop,
};
use icepanel_sandbox::{Fault, FaultName, On, Sandbox, State};
use serde_json::{Value, json};
use support::{builder, start};

fn guest(email: &str, permission: &str) -> NewInvite {
    NewInvite::new(email, permission, TimeDelta::days(7))
}

fn roster(entries: &[(&str, &str)]) -> Roster {
    Roster::new(
        entries
            .iter()
            .map(|(email, permission)| guest(email, permission)),
    )
    .unwrap()
}

fn sandbox(mut state: Value) -> Sandbox {
    state["rateLimit"] = Value::Null;
    start(serde_json::from_value::<State>(state).unwrap())
}

fn client(sandbox: &Sandbox) -> InviteClient {
    builder(sandbox).clock(Clock::skipping()).build().unwrap()
}

async fn plan(client: &InviteClient, roster: &Roster, prune: bool) -> Plan {
    let options = PlanOptions::default().prune(prune);
    client.plan(roster, &options).await.unwrap()
}

fn actions(plan: &Plan) -> Vec<(&str, &str)> {
    let steps = plan.steps.iter();
    steps
        .map(|step| (step.email.split('@').next().unwrap(), step.action.as_str()))
        .collect()
}

fn outcomes(report: &Report) -> Vec<(&str, &str)> {
    let lines = report.lines.iter();
    lines
        .map(|line| (line.email.split('@').next().unwrap(), line.outcome.as_str()))
        .collect()
}

fn mixed() -> Sandbox {
    sandbox(json!({
        "seats": 3,
        "members": [{"email": "Ada@example.com", "permission": "admin"}],
        "invites": [
            {"id": "same", "email": "bob@example.com", "permission": "read"},
            {"id": "other", "email": "cora@example.com", "permission": "write"},
            {"id": "soon", "email": "dan@example.com", "permission": "read", "expiresAt": "+2d"},
            {"id": "stranger", "email": "zoe@example.com", "permission": "read"},
            {"id": "gone", "email": "eve@example.com", "permission": "read", "revokedAt": "-1h"},
        ],
    }))
}

const MIXED: &[(&str, &str)] = &[
    ("ada@example.com", "read"),
    ("bob@example.com", "read"),
    ("cora@example.com", "read"),
    ("dan@example.com", "read"),
    ("eve@example.com", "write"),
];

#[tokio::test]
async fn a_plan_says_for_each_person_what_would_happen_and_changes_nothing() {
    let sandbox = mixed();
    let plan = plan(&client(&sandbox), &roster(MIXED), true).await;
    assert_eq!(
        actions(&plan),
        [
            ("ada", "member"),
            ("bob", "keep"),
            ("cora", "replace"),
            ("dan", "replace"),
            ("eve", "invite"),
            ("zoe", "revoke"),
        ]
    );
    assert!(plan.steps[0].reason.contains("admin and not read"));
    assert!(plan.steps[3].reason.contains("too soon"));
    let seats = plan.seats;
    assert_eq!(
        (seats.paid, seats.taken, seats.promised, seats.free),
        (3, 1, 1, 1)
    );
    assert_eq!((seats.needed, seats.released, seats.missing), (1, 1, 0));
    assert_eq!(plan.writes, 6);
    let again: Plan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
    assert_eq!(again, plan);
    let requests = sandbox.report().requests;
    assert_eq!((requests.create, requests.revoke), (0, 0));
    assert_eq!(
        (requests.list, requests.members, requests.organization),
        (1, 1, 1)
    );
}

#[tokio::test]
async fn a_plan_applied_makes_the_roster_true_and_again_changes_nothing() {
    let sandbox = mixed();
    let client = client(&sandbox);
    let plan_made = plan(&client, &roster(MIXED), true).await;
    let mut told = Vec::new();
    let report = client
        .apply(&plan_made, &ApplyOptions::default(), |progress| {
            told.push((progress.done, progress.total));
        })
        .await
        .unwrap();
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(told.last(), Some(&(6, 6)));
    assert_eq!(told.len(), 6, "an event a person");
    assert_eq!(
        outcomes(&report),
        [
            ("ada", "kept"),
            ("bob", "kept"),
            ("cora", "done"),
            ("dan", "done"),
            ("eve", "done"),
            ("zoe", "done"),
        ]
    );
    let seen = sandbox.report();
    let active: BTreeMap<&str, u64> = seen
        .active_invites
        .iter()
        .map(|(email, count)| (email.as_str(), *count))
        .collect();
    assert_eq!(
        active,
        ["bob", "cora", "dan", "eve"]
            .map(|name| match name {
                "bob" => "bob@example.com",
                "cora" => "cora@example.com",
                "dan" => "dan@example.com",
                _ => "eve@example.com",
            })
            .map(|email| (email, 1))
            .into()
    );
    let again = plan(&client, &roster(MIXED), true).await;
    assert!(!again.changes_anything(), "{again:?}");
    // The old plan, applied once more, finds everything as it wanted.
    let report = client
        .apply(&plan_made, &ApplyOptions::default(), |_| {})
        .await
        .unwrap();
    assert_eq!(report.count(Outcome::Kept), 6, "{report:?}");
    assert_eq!(sandbox.report().invites_made_total, 3);
}

#[tokio::test]
async fn a_replacement_makes_the_new_one_first() {
    let sandbox = mixed();
    let client = client(&sandbox);
    let plan = plan(&client, &roster(&[("cora@example.com", "read")]), false).await;
    sandbox
        .add_faults(vec![Fault {
            status: Some(422),
            ..Fault::new(FaultName::Status).on(On::Create)
        }])
        .unwrap();
    let report = client
        .apply(&plan, &ApplyOptions::default(), |_| {})
        .await
        .unwrap();
    assert_eq!(outcomes(&report), [("cora", "failed")]);
    assert_eq!(sandbox.report().requests.revoke, 0, "the old one stays");
}

#[tokio::test]
async fn later_changes_are_reported_and_not_overwritten() {
    let sandbox = mixed();
    let client = client(&sandbox);
    let planned = plan(&client, &roster(MIXED), true).await;
    // Eve is invited by somebody else, to something else; Cora's invite is revoked; Zoe becomes a member;
    // Dan gets in.
    client
        .create(&guest("eve@example.com", "read"))
        .await
        .unwrap();
    client.revoke("other").await.unwrap();
    sandbox.mark_used("zoe@example.com").unwrap();
    sandbox.mark_used("dan@example.com").unwrap();
    let report = client
        .apply(&planned, &ApplyOptions::default(), |_| {})
        .await
        .unwrap();
    assert_eq!(
        outcomes(&report),
        [
            ("ada", "kept"),
            ("bob", "kept"),
            ("cora", "changed"),
            ("dan", "kept"),
            ("eve", "changed"),
            ("zoe", "kept"),
        ]
    );
    let seen = sandbox.report();
    assert_eq!((seen.invites_made_total, seen.requests.revoke), (1, 1));
}

#[tokio::test]
async fn without_the_seats_nothing_is_sent_and_in_part_the_free_ones_go_first() {
    let sandbox = sandbox(json!({"seats": 1}));
    let client = client(&sandbox);
    let people = roster(&[
        ("a@example.com", "write"),
        ("b@example.com", "write"),
        ("c@example.com", "read"),
    ]);
    let planned = plan(&client, &people, false).await;
    assert_eq!(planned.seats.missing, 1);
    let error = client
        .apply(&planned, &ApplyOptions::default(), |_| {})
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SeatsExhausted);
    assert_eq!(sandbox.report().requests.create, 0);
    let options = ApplyOptions::default().partial(true);
    let mut order = Vec::new();
    let report = client
        .apply(&planned, &options, |progress| {
            order.push(progress.line.email.clone());
        })
        .await
        .unwrap();
    assert_eq!(
        outcomes(&report),
        [("a", "done"), ("b", "skipped"), ("c", "done")]
    );
    assert_eq!(order[0], "c@example.com");
    assert_eq!(sandbox.report().requests.create, 2);
}

#[tokio::test]
async fn a_paid_invite_is_replaced_by_a_paid_one_only_while_a_seat_is_free() {
    let state = |seats: u32| {
        json!({"seats": seats, "invites": [
            {"email": "a@example.com", "permission": "write"},
            {"email": "b@example.com", "permission": "write"},
            {"email": "c@example.com", "permission": "write"},
        ]})
    };
    let people = roster(&[
        ("a@example.com", "admin"),
        ("b@example.com", "admin"),
        ("c@example.com", "admin"),
    ]);
    let full = sandbox(state(3));
    let client_of_full = client(&full);
    let planned = plan(&client_of_full, &people, false).await;
    assert_eq!((planned.seats.needed, planned.seats.missing), (0, 1));
    let options = ApplyOptions::default().partial(true);
    let report = client_of_full
        .apply(&planned, &options, |_| {})
        .await
        .unwrap();
    assert_eq!(report.count(Outcome::Skipped), 3);
    assert_eq!(full.report().active_invites_total, 3);

    let roomy = sandbox(state(4));
    let client = client(&roomy);
    let planned = plan(&client, &people, false).await;
    let report = client
        .apply(&planned, &ApplyOptions::default(), |_| {})
        .await
        .unwrap();
    assert!(
        report.is_complete(),
        "one seat lets all three pass: {report:?}"
    );
    let admins = InviteFilter::default()
        .status(InviteStatus::Active)
        .permission(Permission::Admin);
    assert_eq!(client.list(&admins).await.unwrap().len(), 3);
    assert_eq!(roomy.report().active_invites_total, 3);
}

#[tokio::test]
async fn pruning_past_the_guard_is_refused() {
    let sandbox = sandbox(json!({"generate": {"invites": 20, "active": 20}}));
    let client = client(&sandbox);
    let planned = plan(&client, &roster(&[("user-1@example.com", "read")]), true).await;
    assert_eq!(planned.count(Action::Revoke), 19);
    for guard in [
        PruneGuard::default(),
        PruneGuard::AtMost(18),
        PruneGuard::Share(0.9),
        PruneGuard::Share(95.0),
        PruneGuard::Share(f64::NAN),
    ] {
        let options = ApplyOptions::default().prune_guard(guard);
        let error = client.apply(&planned, &options, |_| {}).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    }
    assert_eq!(sandbox.report().requests.revoke, 0);
    let options = ApplyOptions::default().prune_guard(PruneGuard::Share(0.95));
    let report = client.apply(&planned, &options, |_| {}).await.unwrap();
    assert!(report.is_complete());
    assert_eq!(sandbox.report().active_invites_total, 1);
}

#[tokio::test]
async fn a_plan_is_checked_beforehand_as_it_is_applied() {
    let member = |name: &str| json!({"email": format!("{name}@example.com"), "permission": "read"});
    let members = json!([
        {"email": "boss@example.com", "permission": "admin"}, member("p0"), member("p1"), member("p2"),
    ]);
    let sandbox = sandbox(json!({"members": members}));
    let client = client(&sandbox);
    let roster = roster(&[("boss@example.com", "admin"), ("new@example.com", "admin")]);
    let options = PlanOptions::default()
        .prune_members(true)
        .protect("boss@example.com");
    let plan = client.plan(&roster, &options).await.unwrap();
    let enough = ApplyOptions::default().remove_guard(PruneGuard::AtMost(3));
    for (options, option) in [
        (ApplyOptions::default(), "--remove-at-most 3"),
        (enough.clone().invite_at_most(0), "--invite-at-most 1"),
        (enough.clone().admins_at_most(0), "--admins-at-most 1"),
    ] {
        let checked = plan.check(&options).unwrap_err();
        assert!(checked.message().contains(option), "{checked}");
        let applied = client.apply(&plan, &options, |_| {}).await.unwrap_err();
        assert_eq!(applied.message(), checked.message());
    }
    assert!(plan.check(&enough).is_ok());
}

#[tokio::test]
async fn of_two_workers_with_one_roster_each_person_gets_one_invite() {
    let sandbox = sandbox(json!({}));
    let names: Vec<String> = (0..40).map(|n| format!("p{n}@example.com")).collect();
    let people: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "read")).collect();
    let people = roster(&people);
    let work = || async {
        let client = builder(&sandbox).build().unwrap();
        let planned = plan(&client, &people, false).await;
        let options = ApplyOptions::default();
        client.apply(&planned, &options, |_| {}).await.unwrap()
    };
    let (one, other) = tokio::join!(work(), work());
    assert!(one.is_complete() && other.is_complete());
    let seen = sandbox.report();
    assert_eq!(seen.active_invites.len(), 40);
    assert_eq!(seen.active_invites_total, 40, "one each");
}

#[tokio::test]
async fn a_run_that_is_stopped_reports_on_everybody() {
    let sandbox = sandbox(json!({}));
    let client = client(&sandbox);
    let names: Vec<String> = (0..50).map(|n| format!("p{n}@example.com")).collect();
    let people: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "read")).collect();
    let planned = plan(&client, &roster(&people), false).await;
    let stop = Stop::new();
    let options = ApplyOptions::default().stop(&stop);
    let report = client
        .apply(&planned, &options, |progress| {
            if progress.done == 10 {
                stop.stop();
            }
        })
        .await
        .unwrap();
    assert!(report.stopped && !report.is_complete());
    assert_eq!(report.lines.len(), 50);
    let done = report.count(Outcome::Done);
    assert!((10..20).contains(&done), "{done}");
    assert_eq!(sandbox.report().invites_made_total, done as u64);
    assert_eq!(report.count(Outcome::Skipped), 50 - done);
}

#[tokio::test]
async fn a_step_has_the_permits_for_all_its_writes_before_it_begins() {
    let sandbox = sandbox(json!({"invites": [
        {"email": "bob@example.com", "permission": "billing"},
    ]}));
    // Two writes a year: the first person takes one, and a replacement needs two.
    let year = Duration::from_secs(365 * 24 * 3600);
    let client = builder(&sandbox)
        .pacing(icepanel_invites::Pacing::default().writes(2, year))
        .build()
        .unwrap();
    let people = roster(&[("ada@example.com", "read"), ("bob@example.com", "read")]);
    let planned = plan(&client, &people, false).await;
    let stop = Stop::new();
    let options = ApplyOptions::default().stop(&stop);
    let run = client.apply(&planned, &options, |progress| {
        if progress.line.email == "ada@example.com" {
            stop.stop();
        }
    });
    let report = run.await.unwrap();
    assert_eq!(outcomes(&report), [("ada", "done"), ("bob", "skipped")]);
    let seen = sandbox.report();
    assert_eq!((seen.requests.create, seen.requests.revoke), (1, 0));
}

#[tokio::test]
async fn a_run_ends_after_repeated_failures_of_the_service() {
    let sandbox = sandbox(json!({"faults": [{"fault": "cut", "on": "create", "times": null}]}));
    let client = client(&sandbox);
    let names: Vec<String> = (0..100).map(|n| format!("p{n}@example.com")).collect();
    let people: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "read")).collect();
    let planned = plan(&client, &roster(&people), false).await;
    let report = client
        .apply(&planned, &ApplyOptions::default(), |_| {})
        .await
        .unwrap();
    assert!(report.count(Outcome::Skipped) > 70, "{report:?}");
    assert_eq!(report.lines.len(), 100);
}

#[tokio::test]
async fn the_end_of_a_roster_is_judged_by_the_service() {
    let sandbox = sandbox(json!({"members": [{"email": "ada@example.com", "permission": "read"}]}));
    let client = client(&sandbox);
    let past = Expiry::At(Utc::now() - TimeDelta::hours(1));
    let people = Roster::new([
        NewInvite::new("ada@example.com", Permission::Read, past),
        NewInvite::new("bob@example.com", Permission::Read, past),
        NewInvite::new("eve@example.com", Permission::Read, past),
    ])
    .unwrap();
    let error = client
        .plan(&people, &PlanOptions::default())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.errors().len(), 2, "a member's end is over: {error}");
}

#[tokio::test]
async fn a_dump_is_a_roster_that_changes_nothing() {
    let sandbox = mixed();
    let client = client(&sandbox);
    let guests = client.dump(None).await.unwrap();
    assert_eq!(guests.entries().len(), 4);
    let everybody = client.dump(Some(TimeDelta::days(7).into())).await.unwrap();
    assert_eq!(everybody.entries()[0].email, "Ada@example.com");
    let planned = plan(&client, &everybody, true).await;
    assert!(!planned.changes_anything(), "{planned:?}");
    assert_eq!(planned.steps.len(), 5);
}

#[tokio::test]
async fn a_guest_about_to_be_locked_out_is_found_and_renewed() {
    let sandbox = mixed();
    let client = client(&sandbox);
    let soon = InviteFilter::default().expiring_within(TimeDelta::days(3));
    let found = client.list(&soon).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].id, "soon");
    let renewed = client.renew("soon", TimeDelta::days(30)).await.unwrap();
    assert_eq!(renewed.replaced.len(), 1);
    assert_eq!(renewed.replaced[0].id, "soon");
    assert_eq!(renewed.invite.email, "dan@example.com");
    assert!(client.list(&soon).await.unwrap().is_empty());
    let again = client
        .renew("DAN@example.com", TimeDelta::days(30))
        .await
        .unwrap();
    assert_eq!(
        (&again.invite.id, again.replaced.len()),
        (&renewed.invite.id, 0)
    );
    // The same call, made again: what replaced the one that is named is there.
    let again = client.renew("soon", TimeDelta::days(30)).await.unwrap();
    assert_eq!(again.invite.id, renewed.invite.id);
    for (nobody, days) in [("soon", 60), ("gone", 30), ("nobody@example.com", 30)] {
        let days = TimeDelta::days(days);
        let error = client.renew(nobody, days).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{nobody}");
    }
    assert_eq!(sandbox.report().requests.create, 1);
}

#[tokio::test]
async fn the_time_out_of_a_step_starts_with_its_permit() {
    let sandbox = sandbox(json!({}));
    // Two in a second, and two seconds for each call: the last one waits for longer than that.
    let client = builder(&sandbox)
        .pacing(icepanel_invites::Pacing::default().writes(2, Duration::from_secs(1)))
        .timeout(Duration::from_secs(2))
        .build()
        .unwrap();
    let names: Vec<String> = (0..8).map(|n| format!("p{n}@example.com")).collect();
    let people: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "read")).collect();
    let planned = plan(&client, &roster(&people), false).await;
    let report = client
        .apply(&planned, &ApplyOptions::default(), |_| {})
        .await
        .unwrap();
    assert!(report.is_complete(), "{report:?}");
}

#[tokio::test]
async fn a_run_can_be_moved_to_another_thread() {
    fn is_send<T: Send>(_: &T) {}
    let sandbox = mixed();
    let client = client(&sandbox);
    let planned = plan(&client, &roster(MIXED), false).await;
    let options = ApplyOptions::default();
    let run = client.apply(&planned, &options, |_| {});
    is_send(&run);
}

#[tokio::test]
async fn after_a_429_a_replacement_waits_for_the_permits_of_all_its_writes_again() {
    let refusal = Fault {
        status: Some(429),
        headers: Some(BTreeMap::from([(
            "retry-after".to_owned(),
            "120".to_owned(),
        )])),
        ..Fault::new(FaultName::Status)
    };
    let sandbox = sandbox(json!({"seats": 9, "invites": [
        {"email": "a@example.com", "permission": "read"},
        {"email": "b@example.com", "permission": "read"},
    ]}));
    let writes = Arc::new(Mutex::new(Vec::new()));
    let client = builder(&sandbox)
        .clock(Clock::skipping())
        .pacing(Pacing::none().writes(2, Duration::from_secs(60)))
        .on_event({
            let writes = Arc::clone(&writes);
            move |event| {
                let name = event.operation.as_str();
                if matches!(name, "create_invite" | "revoke_invite") {
                    writes.lock().unwrap().push(name);
                }
            }
        })
        .build()
        .unwrap();
    let people = roster(&[("a@example.com", "billing"), ("b@example.com", "billing")]);
    let planned = plan(&client, &people, false).await;
    sandbox.add_faults([refusal.on(On::Create)]).unwrap();
    let report = client
        .apply(&planned, &ApplyOptions::default(), |_| {})
        .await
        .unwrap();
    assert!(report.is_complete(), "{report:?}");
    let replaced = ["create_invite", "revoke_invite"];
    let wanted = [&["create_invite"][..], &replaced, &replaced].concat();
    assert_eq!(*writes.lock().unwrap(), wanted);
}
