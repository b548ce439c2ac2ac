//! What a plan costs: 10,000 people against 100,000 invites and 10,000 members.

#![cfg(target_os = "linux")]
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and prints what it measured"
)]

mod support;

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use icepanel_invites::{InviteFilter, InviteStatus, NewInvite, Permission, PlanOptions, Roster};
use icepanel_sandbox::State;
use serde_json::json;
use support::{client, start};

const MIB: u64 = 1024 * 1024;

/// A line of `/proc/self/status`, in bytes.
fn status(field: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find(|line| line.starts_with(field)).unwrap();
    let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib * 1024
}

fn roster(people: usize) -> Roster {
    // The last invites are the active ones: half of the people are invited, a quarter are members.
    Roster::new((0..people).map(|n| {
        let email = match n % 4 {
            0 => format!("member-{n}@example.com"),
            1 => format!("new-{n}@example.com"),
            _ => format!("user-{}@example.com", 99_999 - n),
        };
        NewInvite::new(email, Permission::Read, TimeDelta::days(7))
    }))
    .unwrap()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

#[test]
fn a_plan_of_10_000_people_costs_little_more_than_the_download() {
    let members: Vec<_> = (0..10_000)
        .map(|n| json!({"email": format!("member-{n}@example.com"), "permission": "read"}))
        .collect();
    let sandbox = start(
        serde_json::from_value::<State>(json!({
            "seats": 10, "rateLimit": null, "members": members,
            "generate": {"invites": 100_000, "active": 20_000, "seed": 7},
        }))
        .unwrap(),
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let client = client(&sandbox);
        let (large, small) = (roster(10_000), roster(100));
        let all = InviteFilter::default();
        let active = InviteFilter::default().status(InviteStatus::Active);
        let options = PlanOptions::default();
        // The sandbox makes its document, and memory that is used again is there.
        client.plan(&small, &options).await.unwrap();

        let grown = async |roster: &Roster| {
            let before = status("VmRSS:");
            // Sets the peak back to what is resident now.
            std::fs::write("/proc/self/clear_refs", "5").unwrap();
            client.plan(roster, &options).await.unwrap();
            status("VmHWM:").saturating_sub(before)
        };
        let (of_100, of_10_000) = (grown(&small).await, grown(&large).await);
        assert!(of_100 < 12 * MIB && of_10_000 < 24 * MIB);
        println!(
            "a plan of 100 grows by {:.1} MiB, one of 10,000 by {:.1} MiB",
            of_100 as f64 / MIB as f64,
            of_10_000 as f64 / MIB as f64
        );

        let (mut plans, mut downloads, mut sparing) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..3 {
            let began = Instant::now();
            let plan = client.plan(&large, &options).await.unwrap();
            plans.push(began.elapsed());
            assert_eq!(plan.steps.len(), 10_000);
            let began = Instant::now();
            let (invites, _) = tokio::join!(client.list(&all), client.members());
            assert_eq!(invites.unwrap().len(), 100_000);
            downloads.push(began.elapsed());
            let began = Instant::now();
            let (invites, _) = tokio::join!(client.list(&active), client.members());
            assert_eq!(invites.unwrap().len(), 20_000);
            sparing.push(began.elapsed());
        }
        let (plan, download, sparing) = (median(plans), median(downloads), median(sparing));
        println!(
            "plan {plan:.2?}; list and members alone {download:.2?} (all kept), {sparing:.2?} (only the active kept): {:.2} and {:.2} times",
            plan.as_secs_f64() / download.as_secs_f64(),
            plan.as_secs_f64() / sparing.as_secs_f64()
        );
    });
}
