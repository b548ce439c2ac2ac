//! Promise 2: a limit is a schedule. 600 invites at 60 a window.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and prints what it measured"
)]

mod support;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use icepanel_invites::{InviteClient, NewInvite, Pacing, Permission};
use icepanel_sandbox::{RateLimit, Report, State, WindowKind};
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

async fn run(kind: WindowKind, others: bool) {
    let sandbox = start(State {
        rate_limit: Some(RateLimit {
            writes: 60,
            reads: 2400,
            window_ms: 2000,
            kind,
        }),
        ..open_state()
    });
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
