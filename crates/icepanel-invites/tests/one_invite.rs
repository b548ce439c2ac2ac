//! Promise 1: one person, one invite, whatever becomes of the answers.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and prints what it measured"
)]

mod support;

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use icepanel_invites::{
    ApplyOptions, Clock, Ensured, ErrorKind, NewInvite, Permission, PlanOptions, RetryPolicy,
    Roster,
};
use icepanel_sandbox::{Behaviour, Fault, FaultName, On, State, TimePrecision};
use support::{builder, client, open_state, seed, start};
use tokio::task::JoinSet;

fn guest(email: &str) -> NewInvite {
    NewInvite::new(email, Permission::Read, TimeDelta::days(7))
}

/// Three faults that together hit one create in five, each drawn from its own seed.
fn one_in_five(seed: u64, faults: [FaultName; 3]) -> Vec<Fault> {
    // Each is drawn only where the ones before it were not: 1/15 of all, then of what is left.
    let chances = [1.0 / 15.0, 1.0 / 14.0, 1.0 / 13.0];
    (0..)
        .zip(faults)
        .zip(chances)
        .map(|((nth, fault), probability)| Fault {
            probability,
            seed: seed + nth,
            ..Fault::new(fault).on(On::Create).always()
        })
        .collect()
}

/// Creates `people` invites, 16 at a time, and compares the results of the caller with what the
/// sandbox counted.
async fn invite_all(
    people: usize,
    faults: Vec<Fault>,
    behaviour: Behaviour,
    clock: Clock,
) -> BTreeMap<String, usize> {
    // Short only where an answer never comes: to a client whose clock skips, an answer that is late because the
    // machine is busy would be one that is later than all its looks at the list.
    let hangs = |fault: &Fault| fault.fault == FaultName::ActThenHang;
    let read_timeout = if faults.iter().any(hangs) { 1 } else { 30 };
    let sandbox = start(State {
        faults,
        behaviour,
        ..open_state()
    });
    let client = builder(&sandbox)
        .read_timeout(Duration::from_secs(read_timeout))
        // A clock that skips does so for all calls at once.
        .timeout(Duration::from_secs(3600))
        // Enough that chance alone does not use them up.
        .retry(RetryPolicy::default().max_attempts(10))
        .clock(clock)
        .build()
        .unwrap();
    let mut counts = BTreeMap::new();
    let mut results = Vec::new();
    let mut calls = JoinSet::new();
    for person in 0..people {
        if calls.len() == 16 {
            results.push(calls.join_next().await.unwrap().unwrap());
        }
        let client = client.clone();
        calls.spawn(async move {
            let email = format!("person-{person}@example.com");
            let result = client.create(&guest(&email)).await;
            (email, result)
        });
    }
    results.extend(calls.join_all().await);

    let report = sandbox.report();
    assert_eq!(report.addresses_invited_twice, Vec::<String>::new());
    assert_eq!(results.len(), people, "a line for every person");
    for (email, result) in results {
        let made = report.invites_made.get(&email).copied().unwrap_or(0);
        match result {
            Ok(invite) => {
                assert_eq!((invite.email.as_str(), made), (email.as_str(), 1));
                *counts.entry("created".to_owned()).or_default() += 1;
            }
            Err(error) => {
                assert!(
                    made == 0 || error.kind() == ErrorKind::OutcomeUnknown,
                    "{email} got {error}, and has {made} invites"
                );
                *counts.entry(error.kind().to_string()).or_default() += 1;
            }
        }
    }
    let harmed = report
        .log
        .iter()
        .filter(|entry| entry.fault.is_some())
        .count();
    println!("{people} creates, {harmed} harmed, results {counts:?}");
    assert!(
        harmed * 10 > people,
        "too few creates were harmed to show anything: {harmed}"
    );
    counts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_creates_of_which_one_in_five_acts_and_then_fails() {
    let faults = one_in_five(
        seed(),
        [
            FaultName::ActThenStatus,
            FaultName::ActThenCut,
            FaultName::ActThenHang,
        ],
    );
    let counts = invite_all(1000, faults, Behaviour::default(), Clock::system()).await;
    assert_eq!(counts, BTreeMap::from([("created".to_owned(), 1000)]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_with_a_list_that_lags_and_cuts_its_times_to_seconds() {
    let faults = one_in_five(
        seed(),
        [
            FaultName::ActThenStatus,
            FaultName::ActThenCut,
            FaultName::ShortBody,
        ],
    );
    let behaviour = Behaviour {
        list_lag_ms: 1000,
        time_precision: TimePrecision::Seconds,
        ..Behaviour::default()
    };
    let counts = invite_all(200, faults, behaviour, Clock::system()).await;
    assert_eq!(counts, BTreeMap::from([("created".to_owned(), 200)]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn creates_that_fail_before_acting_are_sent_again_and_none_twice() {
    let faults = one_in_five(seed(), [FaultName::Cut, FaultName::Status, FaultName::Cut]);
    let counts = invite_all(300, faults, Behaviour::default(), Clock::skipping()).await;
    assert_eq!(counts, BTreeMap::from([("created".to_owned(), 300)]));
}

/// Workers of different clients, as on different machines, ensure the same people at once.
async fn ensure_together(behaviour: Behaviour) {
    const WORKERS: usize = 12;
    let people = ["ada@example.com", "bob@example.com", "eve@example.com"];
    let sandbox = start(State {
        behaviour,
        ..open_state()
    });
    let mut calls = JoinSet::new();
    for worker in 0..WORKERS {
        let client = client(&sandbox);
        for person in people {
            // The same person in another letter case is the same person.
            let email = if worker % 2 == 0 {
                person.to_owned()
            } else {
                person.to_uppercase()
            };
            let client = client.clone();
            calls.spawn(async move { (person, client.ensure(&guest(&email)).await.unwrap()) });
        }
    }
    let results = calls.join_all().await;
    let report = sandbox.report();
    for person in people {
        assert_eq!(
            report.active_invites.get(person),
            Some(&1),
            "{person}: {report:?}"
        );
        let mut ids: Vec<&str> = results
            .iter()
            .filter(|(email, _)| *email == person)
            .map(|(_, ensured)| ensured.invite().unwrap().id.as_str())
            .collect();
        assert_eq!(ids.len(), WORKERS);
        ids.dedup();
        assert_eq!(ids.len(), 1, "{person}: all workers return the same invite");
        let created = results
            .iter()
            .filter(|(email, ensured)| *email == person && matches!(ensured, Ensured::Created(_)))
            .count();
        assert_eq!(created, 1, "{person}: one worker made it");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_workers_end_with_one_invite() {
    ensure_together(Behaviour::default()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_workers_end_with_one_invite_where_times_are_cut_to_seconds() {
    for _ in 0..3 {
        ensure_together(Behaviour {
            time_precision: TimePrecision::Seconds,
            ..Behaviour::default()
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_workers_end_with_one_invite_where_the_list_lags() {
    ensure_together(Behaviour {
        list_lag_ms: 300,
        ..Behaviour::default()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_workers_end_with_one_invite_where_the_list_lags_and_times_are_cut() {
    ensure_one_after_another(Behaviour {
        list_lag_ms: 1500,
        time_precision: TimePrecision::Seconds,
        ..Behaviour::default()
    })
    .await;
}

/// Workers of different clients ensure the same people, each a little later than the one before, so
/// that some look while others have not finished.
async fn ensure_one_after_another(behaviour: Behaviour) {
    let sandbox = start(State {
        behaviour,
        ..open_state()
    });
    let mut calls = JoinSet::new();
    for person in 0..12_u64 {
        for worker in 0..4 {
            let client = client(&sandbox);
            calls.spawn(async move {
                tokio::time::sleep(Duration::from_millis(person * 77 + worker * 230)).await;
                let email = format!("person-{person}@example.com");
                (person, client.ensure(&guest(&email)).await.unwrap())
            });
        }
    }
    let results = calls.join_all().await;
    for (email, active) in sandbox.report().active_invites {
        assert_eq!(active, 1, "{email}");
    }
    let mut counts = BTreeMap::<u64, String>::new();
    for (person, ensured) in results {
        let id = ensured.invite().unwrap().id.clone();
        let first = counts.entry(person).or_insert_with(|| id.clone());
        assert_eq!(
            *first, id,
            "person {person}: all workers return the same invite"
        );
    }
}

#[tokio::test]
async fn an_invite_that_was_used_before_the_check_is_returned_as_used() {
    let sandbox = std::sync::Arc::new(start(open_state()));
    let other = sandbox.clone();
    let client = builder(&sandbox)
        .clock(Clock::skipping())
        .on_event(move |event| {
            if event.operation == icepanel_invites::Operation::CreateInvite {
                other.mark_used("ada@example.com").unwrap();
            }
        })
        .build()
        .unwrap();
    let ensured = client.ensure(&guest("ada@example.com")).await.unwrap();
    let Ensured::Created(invite) = ensured else {
        panic!("{ensured:?}");
    };
    assert_eq!(invite.status, icepanel_invites::InviteStatus::Used);
}

/// The service's clock has whole seconds, so between the two sends more than two of them go by.
#[tokio::test]
async fn an_invite_of_the_first_try_that_shows_up_after_the_second_is_found() {
    let sandbox = start(State {
        behaviour: Behaviour {
            list_lag_reads: 5,
            ..Behaviour::default()
        },
        faults: vec![
            Fault::new(FaultName::StallBody).on(On::Create),
            Fault::new(FaultName::Cut).on(On::Create),
        ],
        ..open_state()
    });
    let client = builder(&sandbox)
        .clock(Clock::skipping())
        .read_timeout(Duration::from_millis(2100))
        .build()
        .unwrap();
    let invite = client.create(&guest("ada@example.com")).await.unwrap();
    let report = sandbox.report();
    assert_eq!(
        (report.requests.create, report.invites_made_total),
        (2, 1),
        "{invite:?}"
    );
}

/// As a gateway does that cuts the connection and passes the request on a while later.
#[tokio::test]
async fn a_create_that_is_carried_out_late_is_revoked_at_the_end_and_that_of_another_is_not() {
    for (cut, days, remaining) in [(true, 7, 1), (true, 14, 2), (false, 7, 2)] {
        let sandbox = start(open_state());
        let client = || builder(&sandbox).clock(Clock::skipping()).build().unwrap();
        let (client, other) = (client(), client());
        let now = Utc::now();
        let expiring =
            |days| NewInvite::new("ada@example.com", "read", now + TimeDelta::days(days));
        let (ada, late) = (expiring(7), expiring(days));
        let roster = Roster::new([ada]).unwrap();
        let planned = client.plan(&roster, &PlanOptions::default()).await.unwrap();
        if cut {
            let fault = Fault::new(FaultName::Cut).on(On::Create);
            sandbox.add_faults([fault]).unwrap();
        }
        let report = client
            .apply(&planned, &ApplyOptions::default(), |_| {
                // The run has its invite, and has not read the list for the last time.
                let made = std::thread::scope(|scope| {
                    let create = scope.spawn(|| {
                        let mut runtime = tokio::runtime::Builder::new_current_thread();
                        let runtime = runtime.enable_all().build().unwrap();
                        runtime.block_on(other.create(&late))
                    });
                    create.join().unwrap()
                });
                made.unwrap();
            })
            .await
            .unwrap();
        assert!(report.is_complete(), "{report:?}");
        let made = report.lines[0].invite.as_ref().unwrap();
        let seen = sandbox.report();
        assert_eq!(seen.invites_made_total, 2);
        assert_eq!(seen.active_invites_total, remaining);
        let active = client.find_active("ada@example.com").await.unwrap();
        assert_eq!(active.unwrap().id, made.id, "the first one remains");
    }
}
