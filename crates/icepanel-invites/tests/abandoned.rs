//! Calls that are dropped during their request: the client's next call for the same person takes them into account.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use icepanel_invites::{Clock, Ensured, ErrorKind, InviteClient, NewInvite, Permission};
use icepanel_sandbox::{Behaviour, Fault, FaultName, Invite, On, Requests, Sandbox, State};
use support::{builder, open_state, start};

const ADA: &str = "ada@example.com";

fn guest() -> NewInvite {
    NewInvite::new(ADA, Permission::Read, TimeDelta::days(7))
}

/// A service that acts on a create without ever answering, whose list shows an invite late.
fn sandbox(invites: Vec<Invite>) -> Arc<Sandbox> {
    Arc::new(start(State {
        invites,
        faults: vec![Fault::new(FaultName::ActThenHang).on(On::Create)],
        behaviour: Behaviour {
            list_lag_reads: 3,
            ..Behaviour::default()
        },
        ..open_state()
    }))
}

fn client(sandbox: &Sandbox) -> InviteClient {
    builder(sandbox).clock(Clock::skipping()).build().unwrap()
}

/// Makes a call and drops it once the sandbox has made the invite.
async fn give_up<T>(sandbox: &Sandbox, call: impl Future<Output = T>) {
    let made = async {
        while sandbox.report().invites_made_total == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        _ = call => unreachable!("the call is never answered"),
        () = made => {}
    }
}

/// One invite was ever made for Ada, and it is the only one that is active.
fn one_invite(sandbox: &Sandbox) {
    let report = sandbox.report();
    let counts = (report.requests.create, report.active_invites.get(ADA));
    assert_eq!(counts, (1, Some(&1)), "{report:?}");
}

#[tokio::test]
async fn an_ensure_after_a_create_that_was_dropped_finds_its_invite() {
    let sandbox = sandbox(Vec::new());
    let client = client(&sandbox);
    give_up(&sandbox, client.create(&guest())).await;
    let ensured = client.ensure(&guest()).await.unwrap();
    assert!(matches!(ensured, Ensured::Existing(_)), "{ensured:?}");
    one_invite(&sandbox);
}

#[tokio::test]
async fn a_create_after_one_that_was_dropped_returns_its_invite_once() {
    let sandbox = sandbox(Vec::new());
    let client = client(&sandbox);
    give_up(&sandbox, client.create(&guest())).await;
    let invite = client.create(&guest()).await.unwrap();
    one_invite(&sandbox);
    let second = client.create(&guest()).await.unwrap();
    assert_ne!(invite.id, second.id, "a second one was asked for");
}

#[tokio::test]
async fn a_different_create_after_a_dropped_one_is_a_conflict() {
    let sandbox = sandbox(Vec::new());
    let client = client(&sandbox);
    give_up(&sandbox, client.ensure(&guest())).await;
    let admin = NewInvite::new(ADA, Permission::Admin, TimeDelta::days(7));
    let error = client.create(&admin).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    one_invite(&sandbox);
}

#[tokio::test]
async fn a_renewal_after_one_that_was_dropped_goes_on_where_it_stopped() {
    let old = Invite {
        id: Some("old".to_owned()),
        ..Invite::new(ADA, "read")
    };
    let sandbox = sandbox(vec![old]);
    let client = client(&sandbox);
    let month = TimeDelta::days(30);
    give_up(&sandbox, client.renew(ADA, month)).await;
    let renewed = client.renew(ADA, month).await.unwrap();
    assert_eq!(renewed.replaced.len(), 1);
    assert_eq!(renewed.replaced[0].id, "old");
    one_invite(&sandbox);
}

#[tokio::test]
async fn what_a_dropped_create_made_is_found_and_revoked() {
    let sandbox = sandbox(Vec::new());
    let client = client(&sandbox);
    give_up(&sandbox, client.create(&guest())).await;
    assert!(client.find_active(ADA).await.unwrap().is_some());
    assert_eq!(client.revoke_active(ADA).await.unwrap().len(), 1);
    assert_eq!(sandbox.report().active_invites_total, 0);
}

#[tokio::test]
async fn what_an_ensure_made_that_was_dropped_while_it_looked_is_known() {
    let sandbox = sandbox(Vec::new());
    sandbox
        .set_state(State {
            behaviour: Behaviour {
                list_lag_reads: 3,
                ..Behaviour::default()
            },
            ..open_state()
        })
        .unwrap();
    // Real waits: it is dropped in the first of them, with the invite's id at hand.
    let slow = builder(&sandbox).build().unwrap();
    give_up_when(&sandbox, |seen| seen.list >= 2, slow.ensure(&guest())).await;
    let ensured = slow.ensure(&guest()).await.unwrap();
    assert!(matches!(ensured, Ensured::Existing(_)), "{ensured:?}");
    one_invite(&sandbox);
}

#[tokio::test]
async fn what_the_second_attempt_of_a_dropped_create_made_is_known() {
    let sandbox = sandbox(Vec::new());
    let hang = Fault {
        // The list shows five times that the first attempt made nothing.
        skip: 5,
        ..Fault::new(FaultName::Hang).on(On::List)
    };
    sandbox
        .set_state(State {
            faults: vec![Fault::new(FaultName::Cut).on(On::Create), hang],
            ..open_state()
        })
        .unwrap();
    let client = client(&sandbox);
    give_up_when(&sandbox, |seen| seen.list >= 6, client.create(&guest())).await;
    let report = sandbox.report();
    assert_eq!((report.requests.create, report.invites_made_total), (2, 1));
    client.create(&guest()).await.unwrap();
    let report = sandbox.report();
    assert_eq!((report.requests.create, report.invites_made_total), (2, 1));
}

#[tokio::test]
async fn an_attempt_that_is_rejected_does_not_decide_about_the_one_before() {
    let sandbox = sandbox(Vec::new());
    let rejection = Fault {
        status: Some(429),
        ..Fault::new(FaultName::Status)
    };
    let faults = [
        Fault::new(FaultName::ActThenCut),
        rejection,
        Fault::new(FaultName::Hang),
    ];
    sandbox
        .set_state(State {
            faults: faults.map(|fault| fault.on(On::Create)).into(),
            behaviour: Behaviour {
                list_lag_reads: 6,
                ..Behaviour::default()
            },
            ..open_state()
        })
        .unwrap();
    let client = client(&sandbox);
    give_up_when(&sandbox, |seen| seen.create >= 3, client.create(&guest())).await;
    client.create(&guest()).await.unwrap();
    let report = sandbox.report();
    assert_eq!((report.requests.create, report.invites_made_total), (3, 1));
}

/// Makes a call and drops it once the sandbox has seen these requests.
async fn give_up_when<T>(
    sandbox: &Sandbox,
    enough: impl Fn(&Requests) -> bool,
    call: impl Future<Output = T>,
) {
    let seen = async {
        while !enough(&sandbox.report().requests) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        _ = call => unreachable!("it has no result yet"),
        () = seen => {}
    }
}

#[tokio::test]
async fn a_call_too_short_for_the_list_to_catch_up_sends_nothing() {
    let sandbox = sandbox(Vec::new());
    let client = client(&sandbox);
    give_up(&sandbox, client.create(&guest())).await;
    let short = client.with_timeout(Duration::from_millis(200)).unwrap();
    let error = short.ensure(&guest()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    one_invite(&sandbox);
    // Nothing is forgotten by that.
    client.ensure(&guest()).await.unwrap();
    one_invite(&sandbox);
}
