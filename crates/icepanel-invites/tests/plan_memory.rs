//! A plan takes the memory of its roster, not of what the service has.

#![cfg(target_os = "linux")]
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and prints what it measured"
)]

mod support;

use chrono::TimeDelta;
use icepanel_invites::{NewInvite, Permission, PlanOptions, Roster};
use icepanel_sandbox::State;
use serde_json::json;
use support::{client, start, status};

const MIB: u64 = 1024 * 1024;

/// Half of the people are invited, a quarter are members, a quarter is new.
fn roster(people: usize) -> Roster {
    Roster::new((0..people).map(|n| {
        let email = match n % 4 {
            0 => format!("member-{n}@example.com"),
            1 => format!("new-{n}@example.com"),
            // The last invites are the active ones.
            _ => format!("user-{}@example.com", 99_999 - n),
        };
        NewInvite::new(email, Permission::Read, TimeDelta::days(7))
    }))
    .unwrap()
}

#[test]
fn a_plan_of_10_000_people_against_100_000_invites_takes_under_24_mib() {
    let members: Vec<_> = (0..10_000)
        .map(|n| json!({"email": format!("member-{n}@example.com"), "permission": "read"}))
        .collect();
    let state = json!({
        "seats": 10, "rateLimit": null, "members": members,
        "generate": {"invites": 100_000, "active": 20_000, "seed": 7},
    });
    let sandbox = start(serde_json::from_value::<State>(state).unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (client, options) = (client(&sandbox), PlanOptions::default());
    let planned = |roster: &Roster| {
        let before = status("VmRSS:");
        // Sets the peak back to what is resident now.
        std::fs::write("/proc/self/clear_refs", "5").unwrap();
        let plan = runtime.block_on(client.plan(roster, &options)).unwrap();
        assert_eq!(plan.steps.len(), roster.entries().len());
        status("VmHWM:").saturating_sub(before)
    };
    // The sandbox makes its document, and memory that is used again is there.
    planned(&roster(1));
    let (small, large) = (planned(&roster(100)), planned(&roster(10_000)));
    println!(
        "a plan of 100 grows by {} KiB, one of 10,000 by {} KiB",
        small / 1024,
        large / 1024
    );
    assert!(small < 12 * MIB, "grown by {} MiB", small / MIB);
    assert!(large < 24 * MIB, "grown by {} MiB", large / MIB);
}
