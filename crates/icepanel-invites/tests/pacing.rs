//! Promise 2: a limit is a schedule. 600 invites, and a roster of 1,000 people, at 60 a window.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and prints what it measured"
)]

mod support;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use icepanel_invites::{
    ApplyOptions, InviteClient, NewInvite, Pacing, Permission, PlanOptions, PruneGuard, Roster,
};
use icepanel_sandbox::{Member, RateLimit, Report, Sandbox, State, WindowKind};
use support::{builder, open_state, start};
use tokio::task::JoinSet;

const WINDOW: Duration = Duration::from_secs(2);

async fn create_all(client: &InviteClient, name: &str, people: usize, at_once: usize) {
    let mut calls = JoinSet::new();
    for person in 0..people {
        if calls.len() == at_once {
            calls.join_next().await.unwrap().unwrap();
        }
        let client = client.clone();
        let email = format!("{name}-{person}@example.com");
        calls.spawn(async move {
            let guest = NewInvite::new(email, Permission::Read, TimeDelta::days(7));
            client.create(&guest).await.unwrap()
        });
    }
    calls.join_all().await;
}

/// The most 429s in any window of the run.
fn refused_in_a_window(report: &Report) -> usize {
    let mut windows = BTreeMap::<u64, usize>::new();
    for entry in report.log.iter().filter(|entry| entry.status == Some(429)) {
        *windows.entry(entry.at_ms as u64 / 2000).or_default() += 1;
    }
    windows.into_values().max().unwrap_or(0)
}

/// A sandbox with these members and 60 writes a window.
fn limited(kind: WindowKind, members: Vec<Member>) -> Sandbox {
    start(State {
        rate_limit: Some(RateLimit {
            writes: 60,
            reads: 2400,
            window_ms: 2000,
            kind,
        }),
        members,
        ..open_state()
    })
}

async fn run(kind: WindowKind, others: bool) {
    let sandbox = limited(kind, Vec::new());
    let pacing = Pacing::documented().writes(60, WINDOW);
    let client = builder(&sandbox).pacing(pacing).build().unwrap();
    let other = builder(&sandbox)
        .pacing(Pacing::documented().writes(20, WINDOW))
        .build()
        .unwrap();
    let started = Instant::now();
    let other = tokio::spawn(async move {
        if others {
            create_all(&other, "other", 200, 4).await;
        }
    });
    create_all(&client, "person", 600, 64).await;
    let took = started.elapsed();
    other.await.unwrap();
    let report = sandbox.report();
    // The first window is full at once, so that 600 need nine more.
    let best = WINDOW * 9;
    println!(
        "{kind:?}, others {others}: {:.1} % of the fastest, {} refused, {} at most in a window",
        100.0 * best.as_secs_f64() / took.as_secs_f64(),
        report.rate_limited,
        refused_in_a_window(&report),
    );
    assert_eq!(report.addresses_invited_twice, Vec::<String>::new());
    // Unpaced it would be hundreds. Where nobody else writes, what is refused is what a late machine sends in the next
    // window; where somebody does, what both send in one.
    assert!(refused_in_a_window(&report) <= if others { 20 } else { 5 });
}

#[tokio::test]
async fn six_hundred_invites_at_sixty_a_window() {
    tokio::join!(
        run(WindowKind::Fixed, false),
        run(WindowKind::Sliding, false),
        run(WindowKind::Fixed, true),
        run(WindowKind::Sliding, true),
    );
}

const KEPT: usize = 600;
const UPDATED: usize = 100;
const REMOVED: usize = 100;
const INVITED: usize = 200;

/// A run over 1,000 people, from its first write to its last.
async fn roster(kind: WindowKind) {
    let email = |name: &str, person: usize| format!("{name}-{person}@example.com");
    let members = |name: &str, many| {
        let member = |person| Member::new(email(name, person), "read");
        (0..many).map(member).collect::<Vec<_>>()
    };
    let mut all = vec![Member::new("key@example.com", "admin")];
    for (name, many) in [
        ("kept", KEPT - 1),
        ("updated", UPDATED),
        ("removed", REMOVED),
    ] {
        all.extend(members(name, many));
    }
    let sandbox = limited(kind, all);
    let entry = |(email, permission): (String, Permission)| {
        NewInvite::new(email, permission, TimeDelta::days(7))
    };
    let people = |name, many, permission: Permission| {
        (0..many).map(move |person| (email(name, person), permission.clone()))
    };
    let roster = [("key@example.com".to_owned(), Permission::Admin)]
        .into_iter()
        .chain(people("kept", KEPT - 1, Permission::Read))
        .chain(people("updated", UPDATED, Permission::Write))
        .chain(people("invited", INVITED, Permission::Read))
        .map(entry);
    let pacing = Pacing::documented().writes(60, WINDOW);
    let client = builder(&sandbox).pacing(pacing).build().unwrap();
    let options = PlanOptions::default()
        .manage_members(true)
        .prune_members(true)
        .protect("key@example.com");
    let roster = Roster::new(roster).unwrap();
    let plan = client.plan(&roster, &options).await.unwrap();
    let options = ApplyOptions::default().remove_guard(PruneGuard::AtMost(REMOVED as u64));
    let began = Instant::now();
    let applied = client.apply(&plan, &options, |_| {}).await.unwrap();
    let took = began.elapsed();
    let report = sandbox.report();
    let sent = report.log.iter().filter(|entry| entry.method != "GET");
    let sent: Vec<f64> = sent.map(|entry| entry.at_ms).collect();
    let span = sent.last().unwrap() - sent.first().unwrap();
    // 400 writes: 60 at once, and then six windows more.
    let best = WINDOW * 6;
    println!(
        "{kind:?}, a roster of 1,000: {:.1} % of the fastest, {span:.0} ms of writes in {took:.1?}, {} refused, {} at most in a window",
        100.0 * best.as_millis() as f64 / span,
        report.rate_limited,
        refused_in_a_window(&report),
    );
    assert!(applied.is_complete(), "{applied:?}");
    assert_eq!(report.addresses_invited_twice, Vec::<String>::new());
    assert_eq!(report.invites_made_total, INVITED as u64);
    assert_eq!(report.members.len(), KEPT + UPDATED);
    let writers = report.members.iter();
    let writers = writers.filter(|member| member.permission == "write");
    assert_eq!(writers.count(), UPDATED);
    assert!(refused_in_a_window(&report) <= 2);
}

#[tokio::test]
async fn a_roster_of_a_thousand_at_sixty_a_window() {
    tokio::join!(roster(WindowKind::Fixed), roster(WindowKind::Sliding));
}
