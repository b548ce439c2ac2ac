//! Promise 3: a run that stops can be started again and goes on, without a journal.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and prints what it measured"
)]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use icepanel_invites::{
    ApplyOptions, Clock, NewInvite, Operation, Permission, PlanOptions, RetryPolicy, Roster,
};
use icepanel_sandbox::{Behaviour, Fault, FaultName, On, State};
use support::{builder, open_state, seed, start};

const PEOPLE: usize = 500;
const KILLS: u64 = 20;

/// Applies a roster of 500, dropped at 20 random points and started again each time as by another
/// process.
async fn killed(faults: Vec<Fault>, behaviour: Behaviour, clock: fn() -> Clock, seed: u64) {
    let sandbox = start(State {
        faults,
        behaviour,
        ..open_state()
    });
    let roster = Roster::new((0..PEOPLE).map(|n| {
        let email = format!("person-{n}@example.com");
        NewInvite::new(email, Permission::Read, TimeDelta::days(7))
    }))
    .unwrap();
    let mut random = fastrand::Rng::with_seed(seed);
    // After so many creates have ended, in all runs together.
    let mut points: Vec<u64> = (0..KILLS)
        .map(|_| random.u64(0..PEOPLE as u64 * 9 / 10))
        .collect();
    points.sort_unstable();
    let seen = Arc::new(AtomicU64::new(0));
    let began = Instant::now();
    let mut kills = 0;
    loop {
        // Another process: nothing is remembered.
        let counted = seen.clone();
        let client = builder(&sandbox)
            .read_timeout(Duration::from_millis(300))
            .timeout(Duration::from_secs(3600))
            .retry(RetryPolicy::default().max_attempts(10))
            .clock(clock())
            .on_event(move |event| {
                if event.operation == Operation::CreateInvite {
                    counted.fetch_add(1, Ordering::Relaxed);
                }
            })
            .build()
            .unwrap();
        let run = async {
            let plan = client.plan(&roster, &PlanOptions::default()).await.unwrap();
            let options = ApplyOptions::default();
            client.apply(&plan, &options, |_| {}).await.unwrap()
        };
        let point = points.get(kills);
        let little = Duration::from_micros(random.u64(0..3000));
        let kill = async {
            while point.is_none_or(|point| seen.load(Ordering::Relaxed) < *point) {
                tokio::time::sleep(Duration::from_micros(100)).await;
            }
            tokio::time::sleep(little).await;
        };
        tokio::select! {
            report = run => {
                assert!(report.is_complete(), "{report:?}");
                break;
            }
            () = kill => kills += 1,
        }
    }
    let report = sandbox.report();
    println!(
        "{kills} kills in {:.1?}: {} made, {} active, {} twice",
        began.elapsed(),
        report.invites_made_total,
        report.active_invites_total,
        report.addresses_invited_twice.len()
    );
    assert_eq!(report.addresses_invited_twice, Vec::<String>::new());
    assert_eq!(report.invites_made.len(), PEOPLE);
    assert_eq!(report.active_invites_total, PEOPLE as u64);
    assert_eq!(kills, points.len(), "each kill met a run under way");
}

#[tokio::test]
async fn a_run_killed_at_random_points_and_started_again_invites_everybody_once() {
    killed(Vec::new(), Behaviour::default(), Clock::skipping, seed()).await;
}

#[tokio::test]
async fn the_same_with_a_list_that_lags_and_one_post_in_five_acting_and_then_failing() {
    let seed = seed();
    let chances = [1.0 / 15.0, 1.0 / 14.0, 1.0 / 13.0];
    let faults = [
        FaultName::ActThenStatus,
        FaultName::ActThenCut,
        FaultName::ActThenHang,
    ];
    let faults = (0..)
        .zip(faults)
        .zip(chances)
        .map(|((nth, fault), probability)| Fault {
            probability,
            seed: seed + nth,
            ..Fault::new(fault).on(On::Create).always()
        })
        .collect();
    let behaviour = Behaviour {
        list_lag_ms: 1000,
        ..Behaviour::default()
    };
    killed(faults, behaviour, Clock::system, seed).await;
}
