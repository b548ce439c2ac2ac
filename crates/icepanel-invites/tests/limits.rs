//! What all calls of a client share, seen from outside: the budget of retries, and what a limit counts.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use icepanel_invites::{
    ApplyOptions, Clock, ErrorKind, InviteClient, NewInvite, Next, Operation, Pacing, Permission,
    Plan, PlanOptions, RetryPolicy, Roster,
};
use icepanel_sandbox::{Behaviour, DateHeader, Fault, FaultName, Invite, On, State};
use support::{builder, open_state, start};

fn failing(times: u64, skip: u64) -> Fault {
    Fault {
        times: Some(times),
        skip,
        ..Fault::new(FaultName::Status).on(On::Members)
    }
}

#[tokio::test]
async fn a_retry_that_succeeds_costs_nothing_and_one_that_fails_is_paid_for() {
    // Every call fails once and then succeeds, more often than there are retries in the budget.
    let faults = (0..130).map(|call| failing(1, call));
    let sandbox = start(State {
        faults: faults.collect(),
        ..open_state()
    });
    let client = builder(&sandbox)
        .clock(Clock::skipping())
        .retry(RetryPolicy::default().max_attempts(2))
        .build()
        .unwrap();
    for call in 0..130 {
        assert!(client.members().await.is_ok(), "call {call}");
    }
    // Two failures a call: a hundred retries, and then none.
    sandbox.add_faults([failing(201, 0)]).unwrap();
    for call in 0..100 {
        let error = client.members().await.unwrap_err();
        assert_eq!(error.attempts(), 2, "call {call}: {error}");
    }
    let error = client.members().await.unwrap_err();
    assert_eq!(error.attempts(), 1, "{error}");
    assert!(error.message().contains("too many calls"), "{error}");
    // Five that succeed at once pay for one retry, and four do not.
    for (successes, attempts) in [(4, 1), (1, 2)] {
        for _ in 0..successes {
            client.members().await.unwrap();
        }
        sandbox.add_faults([failing(attempts, 0)]).unwrap();
        let error = client.members().await.unwrap_err();
        assert_eq!(u64::from(error.attempts()), attempts, "{error}");
    }
}

#[tokio::test]
async fn a_refusal_for_the_limit_makes_all_wait_and_another_failure_does_not() {
    let sandbox = start(open_state());
    let (minute, hour) = (Duration::from_secs(60), Duration::from_secs(3600));
    let client = builder(&sandbox)
        .clock(Clock::skipping())
        .timeout(minute)
        .retry(RetryPolicy::never().base_delay(hour).max_delay(hour))
        .build()
        .unwrap();
    sandbox.add_faults([failing(1, 0)]).unwrap();
    client.members().await.unwrap_err();
    client.members().await.unwrap();
    // 429s that name no wait.
    let refused = |times| Fault {
        status: Some(429),
        ..failing(times, 0)
    };
    sandbox.add_faults([refused(1)]).unwrap();
    let error = client.members().await.unwrap_err();
    assert_eq!(error.status(), Some(429));
    let error = client.members().await.unwrap_err();
    let results = (error.kind(), error.status(), error.attempts());
    assert_eq!(results, (ErrorKind::RateLimited, None, 0), "held: {error}");
    assert!(error.retry_after() > Some(minute));

    // In a row, each makes the wait twice as long: together at least 7.5 minutes, where five of the
    // first one would be five at most.
    for (timeout, succeeds) in [(minute * 7, false), (minute * 40, true)] {
        let sandbox = start(State {
            faults: vec![refused(4)],
            ..open_state()
        });
        let client = builder(&sandbox)
            .clock(Clock::skipping())
            .timeout(timeout)
            .retry(RetryPolicy::default().base_delay(minute).max_delay(hour))
            .build()
            .unwrap();
        assert_eq!(client.members().await.is_ok(), succeeds);
    }
}

#[tokio::test]
async fn a_limit_counts_what_the_service_counts() {
    // Refused for the limit, which does not count; for another reason, which does.
    let refused = [(429, 3), (422, 1)].map(|(status, times)| Fault {
        status: Some(status),
        times: Some(times),
        ..Fault::new(FaultName::Status).on(On::Create)
    });
    let sandbox = start(State {
        faults: refused.to_vec(),
        ..open_state()
    });
    let client = builder(&sandbox)
        .clock(Clock::skipping())
        .retry(RetryPolicy::never())
        .pacing(Pacing::default().writes(2, Duration::from_secs(3600)))
        .build()
        .unwrap();
    let create = async |name: &str| {
        let guest = NewInvite::new(
            format!("{name}@example.com"),
            Permission::Read,
            TimeDelta::days(7),
        );
        client.create(&guest).await
    };
    for call in 0..3 {
        let error = create("ada").await.unwrap_err();
        assert_eq!(error.status(), Some(429), "call {call}: {error}");
    }
    assert_eq!(create("ada").await.unwrap_err().status(), Some(422));
    create("bob").await.unwrap();
    let error = create("eve").await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::RateLimited, None),
        "not sent"
    );
    assert_eq!(sandbox.report().requests.create, 5);
}

#[tokio::test]
async fn a_plan_says_how_long_it_takes_at_the_clients_own_pace() {
    let sandbox = start(open_state());
    let hour = Duration::from_secs(3600);
    let people = (0..5).map(|n| {
        let email = format!("p{n}@example.com");
        NewInvite::new(email, Permission::Read, TimeDelta::days(7))
    });
    let roster = Roster::new(people).unwrap();
    for (pacing, least, most) in [
        (Pacing::none().writes(2, hour), hour * 2, hour * 3),
        (Pacing::none(), Duration::ZERO, hour / 60),
    ] {
        let client = builder(&sandbox).pacing(pacing).build().unwrap();
        let plan = client.plan(&roster, &PlanOptions::default()).await.unwrap();
        let results = plan.estimate;
        assert!((least..most).contains(&results), "{pacing:?}: {results:?}");
    }
}

#[tokio::test]
async fn a_create_without_a_connection_ends_while_another_attempt_could_still_be_distinguished() {
    let sandbox = start(open_state());
    let little = Duration::from_millis(100);
    // Nobody listens there.
    let client = builder(&sandbox)
        .base_url("http://127.0.0.1:1/v1")
        .clock(Clock::skipping())
        .timeout(Duration::from_secs(5))
        .retry(
            RetryPolicy::default()
                .max_attempts(1000)
                .base_delay(little)
                .max_delay(little),
        )
        .build()
        .unwrap();
    let until = chrono::Utc::now() + TimeDelta::days(7);
    let guest = NewInvite::new("ada@example.com", Permission::Read, until);
    let error = client.create(&guest).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
    // A try takes half of what is left, and a connection is waited for for two seconds: so after one
    // second, in waits of 50 ms on average.
    let tries = error.attempts();
    assert!((5..45).contains(&tries), "{tries} tries: {error}");
    assert!(!error.invite_may_exist(), "{error}");
    let why = "the time left for the call is too short for another attempt";
    assert!(error.message().ends_with(why), "{error}");
}

#[tokio::test]
async fn a_slow_question_for_the_time_holds_up_another_call_for_a_part_of_its_own_time() {
    let sandbox = start(State {
        faults: vec![Fault::new(FaultName::Hang).on(On::Organization).always()],
        ..open_state()
    });
    let client = builder(&sandbox).build().unwrap();
    let guest = |email: &str| NewInvite::new(email, Permission::Read, TimeDelta::days(7));
    let (ada, bob) = (guest("ada@example.com"), guest("bob@example.com"));
    // It asks, and would wait for half a minute.
    let asks = client.create(&ada);
    let other = async {
        while sandbox.report().requests.organization == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let short = client.with_timeout(Duration::from_secs(4)).unwrap();
        short.create(&bob).await
    };
    tokio::select! {
        asked = asks => unreachable!("{asked:?}"),
        other = other => assert_eq!(other.unwrap().email, "bob@example.com"),
    }
}

#[tokio::test]
async fn an_answered_question_for_the_time_is_no_failure_although_it_does_not_tell() {
    let sandbox = start(State {
        behaviour: Behaviour {
            date_header: DateHeader::Absent,
            ..Behaviour::default()
        },
        ..open_state()
    });
    let results = Arc::new(Mutex::new(Vec::new()));
    let events = results.clone();
    let client = builder(&sandbox)
        .on_event(move |event| events.lock().unwrap().push((event.operation, event.next)))
        .build()
        .unwrap();
    let guest = NewInvite::new("ada@example.com", Permission::Read, TimeDelta::days(7));
    client.create(&guest).await.unwrap();
    let done = |operation| (operation, Next::Done);
    let wanted = [Operation::ReadOrganization, Operation::CreateInvite].map(done);
    assert_eq!(*results.lock().unwrap(), wanted);
}

/// What the progress of each step said is left, and when by this machine's clock.
async fn times_left(client: &InviteClient, plan: &Plan) -> Vec<(&'static str, Duration, Duration)> {
    let begun = Instant::now();
    let mut results = Vec::new();
    let options = ApplyOptions::default();
    let apply = client.apply(plan, &options, |progress| {
        results.push((
            progress.line.outcome.as_str(),
            progress.left,
            begun.elapsed(),
        ));
    });
    assert!(apply.await.unwrap().is_complete());
    results
}

#[tokio::test]
async fn the_time_left_has_the_pauses_for_the_list_and_not_the_steps_for_which_nothing_is_sent() {
    let sandbox = start(State {
        invites: vec![
            Invite::new("p0@example.com", "read"),
            Invite::new("stranger@example.com", "read"),
        ],
        ..open_state()
    });
    let paced = |writes| {
        let pacing = Pacing::none().writes(writes, Duration::from_secs(60));
        let builder = builder(&sandbox).clock(Clock::skipping()).pacing(pacing);
        builder.build().unwrap()
    };
    let roster = |people: std::ops::Range<u32>| {
        let guest = |n| {
            let email = format!("p{n}@example.com");
            NewInvite::new(email, Permission::Read, TimeDelta::days(7))
        };
        Roster::new(people.map(guest)).unwrap()
    };
    let second = Duration::from_secs(1);
    // By so much later than the step began the clock may be, and by so much earlier the first reading.
    let near = |left: Duration, wanted: Duration, real: Duration| {
        left <= wanted + real && left + real + Duration::from_millis(5) >= wanted
    };

    let prune = PlanOptions::default().prune(true);
    let client = paced(60);
    let plan = client.plan(&roster(0..3), &prune).await.unwrap();
    let results = times_left(&client, &plan).await;
    // The one who stays, the one who goes; then three seconds of reading, and after the invites one more.
    let wanted = [("kept", 4), ("done", 4), ("done", 1), ("done", 1)];
    assert_eq!(results.len(), wanted.len(), "{results:?}");
    for ((outcome, left, real), (wanted, seconds)) in results.iter().zip(wanted) {
        assert!(
            *outcome == wanted && near(*left, second * seconds, *real),
            "{results:?}"
        );
    }

    // Five of eight are to be invited, two a minute. A call that waits for a window advances the clock for all.
    let client = paced(2);
    let plan = client.plan(&roster(0..8), &prune).await.unwrap();
    let results = times_left(&client, &plan).await;
    let (kept, sent) = results.split_at(3);
    assert!(
        kept.iter()
            .all(|(outcome, left, real)| *outcome == "kept" && near(*left, second * 124, *real)),
        "{results:?}"
    );
    assert!(sent.is_sorted_by(|a, b| a.1 >= b.1), "{results:?}");
    assert!(sent[0].1 <= second * 121 + sent[0].2, "{results:?}");
    assert_eq!(
        (sent.len(), sent[4].1),
        (5, second),
        "the last look: {results:?}"
    );
}

#[tokio::test]
async fn after_the_last_step_of_a_run_that_made_no_invite_no_time_is_left() {
    let rejection = Fault {
        status: Some(422),
        ..Fault::new(FaultName::Status)
    };
    let sandbox = start(State {
        invites: vec![
            Invite::new("kept@example.com", "read"),
            Invite::new("stranger@example.com", "read"),
        ],
        faults: vec![rejection.on(On::Create)],
        ..open_state()
    });
    let client = builder(&sandbox).clock(Clock::skipping()).build().unwrap();
    for (email, outcome) in [("kept@example.com", "done"), ("new@example.com", "failed")] {
        let guest = NewInvite::new(email, Permission::Read, TimeDelta::days(7));
        let roster = Roster::new([guest]).unwrap();
        let prune = PlanOptions::default().prune(outcome == "done");
        let plan = client.plan(&roster, &prune).await.unwrap();
        let mut last = None;
        let options = ApplyOptions::default();
        let report = client.apply(&plan, &options, |progress| {
            last = Some((progress.line.outcome.as_str(), progress.left));
        });
        report.await.unwrap();
        assert_eq!(last, Some((outcome, Duration::ZERO)));
    }
}

#[tokio::test]
async fn an_event_as_json_has_the_wait_before_the_next_attempt() {
    let sandbox = start(State {
        faults: vec![failing(1, 0)],
        ..open_state()
    });
    let events = Arc::new(Mutex::new(Vec::new()));
    let client = builder(&sandbox)
        .clock(Clock::skipping())
        .on_event({
            let events = Arc::clone(&events);
            move |event| {
                events
                    .lock()
                    .unwrap()
                    .push(serde_json::to_value(event).unwrap());
            }
        })
        .build()
        .unwrap();
    client.members().await.unwrap();
    let events = events.lock().unwrap();
    assert_eq!(events[0]["next"], "retry");
    assert!(events[0]["waitMs"].as_f64().is_some(), "{events:?}");
    assert_eq!(events[1]["next"], "done");
    assert!(events[1]["waitMs"].is_null(), "{events:?}");
}
