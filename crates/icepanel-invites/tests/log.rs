//! The log: a program may set it up while calls are in progress. One test: the log is the process's.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

#[path = "support/log.rs"]
mod log;
mod support;

use std::future::poll_fn;
use std::task::Poll;

use icepanel_invites::InviteFilter;
use log::Log;
use support::{client, open_state, start};

/// How many attempts have ended.
fn attempts(log: &Log) -> usize {
    log.text()
        .lines()
        .filter(|line| line.contains(": attempt operation=list_invites"))
        .count()
}

#[tokio::test]
async fn a_log_that_begins_during_a_call_has_the_rest_of_it_and_later_calls() {
    let sandbox = start(open_state());
    let client = client(&sandbox);
    let filter = InviteFilter::default();
    let mut call = Box::pin(client.list(&filter));
    poll_fn(|context| {
        assert!(call.as_mut().poll(context).is_pending());
        Poll::Ready(())
    })
    .await;

    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_writer(move || writer.clone())
        .init();
    call.await.expect("the list");
    assert_eq!(attempts(&log), 1);
    client.list(&filter).await.expect("the list again");
    assert_eq!(attempts(&log), 2);
}
