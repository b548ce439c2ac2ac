//! Futures that nobody polls: what they hold up of the other calls, which is nothing.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;

use chrono::TimeDelta;
use futures_util::stream::{self, StreamExt};
use icepanel_invites::{InviteClient, InviteFilter, NewInvite, Pacing, Permission};
use support::{builder, open_state, start};

fn guest(number: usize) -> NewInvite {
    let email = format!("guest-{number}@example.com");
    NewInvite::new(email, Permission::Read, TimeDelta::days(7))
}

/// More calls than may be under way at once wait in a buffer, which is not polled while the loop's body
/// makes calls of its own.
#[tokio::test]
async fn a_call_in_the_body_of_a_buffered_loop_goes_on() {
    let sandbox = start(open_state());
    let client = builder(&sandbox)
        .pacing(Pacing::default().writes(1000, Duration::from_secs(60)))
        .timeout(Duration::from_secs(30))
        .build()
        .expect("a client");
    let mut made = Box::pin(
        stream::iter(0..24)
            .map(|number| {
                let client = client.clone();
                async move { client.create(&guest(number)).await }
            })
            .buffer_unordered(16),
    );
    let mut seen = 0;
    while let Some(invite) = made.next().await {
        invite.expect("an invite");
        seen += 1;
        client.create(&guest(100 + seen)).await.expect("a write");
        client.list(&InviteFilter::default()).await.expect("a read");
    }
    assert_eq!(seen, 24);
    assert_eq!(sandbox.report().active_invites_total, 48);
}

/// A call that is dropped ends its request, and its place in the queue passes on.
#[tokio::test]
async fn a_dropped_call_ends_its_request_and_the_next_one_moves_up() {
    let sandbox = start(
        serde_json::from_value(serde_json::json!({
            "rateLimit": null,
            "faults": [{"on": "create", "fault": "hang", "times": 1}],
        }))
        .expect("a state"),
    );
    let client = builder(&sandbox)
        .pacing(Pacing::none().writes(1, Duration::from_millis(1)))
        .build()
        .expect("a client");
    let calls: Vec<_> = (0..3)
        .map(|number| {
            let client: InviteClient = client.clone();
            tokio::spawn(async move { client.create(&guest(number)).await })
        })
        .collect();
    // The create that hangs, and not a request for the service's time.
    while sandbox.report().requests.create == 0 {
        tokio::task::yield_now().await;
    }
    for call in calls {
        call.abort();
        assert!(call.await.expect_err("aborted").is_cancelled());
    }
    client.create(&guest(9)).await.expect("an invite");
    while sandbox.report().in_flight > 0 {
        tokio::task::yield_now().await;
    }
    let report = sandbox.report();
    assert_eq!(
        (report.requests.create, report.active_invites_total),
        (2, 1)
    );
}
