//! What closing a client does to calls under way and to the clients that share its state.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use chrono::TimeDelta;
use icepanel_invites::{ErrorKind, InviteClient, InviteFilter, NewInvite, RetryPolicy};
use icepanel_sandbox::{API_KEY, Sandbox, State};

fn sandbox(fault: &str) -> Sandbox {
    let state = format!(r#"{{"faults": [{{"fault": "{fault}", "times": null}}]}}"#);
    Sandbox::start(serde_json::from_str::<State>(&state).expect("a state")).expect("a sandbox")
}

fn client(sandbox: &Sandbox) -> InviteClient {
    InviteClient::builder(API_KEY, "sandbox")
        .base_url(sandbox.base_url())
        .build()
        .expect("a client")
}

async fn until_in_flight(sandbox: &Sandbox) {
    while sandbox.report().in_flight == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn closing_ends_the_calls_under_way_and_an_invite_may_exist_for_one_that_creates() {
    let sandbox = sandbox("hang");
    let first = client(&sandbox);
    let second = first
        .with_timeout(Duration::from_secs(100))
        .expect("a client");
    let ada = NewInvite::new(
        "ada@example.com",
        "read",
        chrono::Utc::now() + TimeDelta::days(1),
    );
    let closing = async {
        until_in_flight(&sandbox).await;
        second.close();
    };
    let (created, ()) = tokio::join!(first.create(&ada), closing);
    let error = created.expect_err("closed");
    assert_eq!(error.kind(), ErrorKind::Closed);
    assert!(error.invite_may_exist() && !error.retryable());
    assert!(
        error.full().contains("An invite may exist"),
        "{}",
        error.full()
    );

    let third = first.with_retry(RetryPolicy::default()).expect("a client");
    assert!(first.is_closed() && third.is_closed());
    let error = third
        .list(&InviteFilter::default())
        .await
        .expect_err("closed");
    assert_eq!(
        (error.kind(), error.invite_may_exist()),
        (ErrorKind::Closed, false)
    );
    assert_eq!(sandbox.report().requests.create, 1);
    assert_eq!(sandbox.report().requests.list, 0);
}

#[tokio::test]
async fn a_read_that_is_closed_leaves_no_doubt() {
    let sandbox = sandbox("hang");
    let client = client(&sandbox);
    let closing = async {
        until_in_flight(&sandbox).await;
        client.close();
    };
    let filter = InviteFilter::default();
    let (read, ()) = tokio::join!(client.list(&filter), closing);
    let error = read.expect_err("closed");
    assert_eq!(
        (error.kind(), error.invite_may_exist()),
        (ErrorKind::Closed, false)
    );
}
