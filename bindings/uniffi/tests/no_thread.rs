//! What a call does where the system has no file descriptor left for the library's threads.

#![cfg(unix)]
#![allow(
    clippy::expect_used,
    reason = "a test that cannot start its processes has nothing better to do"
)]

use std::fs::File;
use std::process::Command;

use icepanel_invites::ClientOptions;
use icepanel_invites_ffi::{Client, ClientSetup, ErrorKind, Failure};
use icepanel_sandbox::{API_KEY, ORGANIZATION_ID, Sandbox, State};

const INSIDE: &str = "INSIDE_A_SMALL_PROCESS";

/// In a process of its own, with few descriptors.
#[test]
fn a_call_without_a_descriptor_fails_as_retryable_and_the_next_one_tries_again() {
    if std::env::var_os(INSIDE).is_some() {
        return inside();
    }
    let test = std::env::current_exe().expect("this test");
    let status = Command::new("sh")
        .args(["-c", "ulimit -n 64 && exec \"$0\" --nocapture"])
        .arg(test)
        .env(INSIDE, "1")
        .status();
    assert!(status.expect("a shell").success());
}

fn inside() {
    let sandbox = Sandbox::start(State::default()).expect("a sandbox");
    let options = ClientOptions {
        base_url: Some(sandbox.base_url()),
        ..ClientOptions::default()
    };
    let setup = ClientSetup {
        options,
        skip_waits: false,
    };
    let client = Client::new(
        API_KEY.into(),
        ORGANIZATION_ID.to_owned(),
        setup,
        None,
        None,
        None,
    )
    .expect("a client");
    let waiting = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime without descriptors");

    let mut taken = Vec::new();
    while let Ok(file) = File::open("/dev/null") {
        taken.push(file);
    }
    let failed = waiting.block_on(client.seats(None));
    let Err(Failure::Core { error }) = failed else {
        unreachable!("there is no descriptor: {failed:?}")
    };
    assert_eq!(error.kind, ErrorKind::Connection, "{}", error.parts.message);
    assert!(error.parts.retryable && !error.parts.invite_may_exist);

    drop(taken);
    assert!(waiting.block_on(client.seats(None)).is_ok());
}
