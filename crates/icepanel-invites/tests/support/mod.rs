//! What several tests share.

#![allow(
    dead_code,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "each test uses a part of it, fails by panicking, and prints its seed"
)]

use icepanel_invites::{InviteClient, InviteClientBuilder, Pacing};
use icepanel_sandbox::{API_KEY, ORGANIZATION_ID, Sandbox, State};

/// A sandbox without rate limit and with seats for all.
pub(crate) fn open_state() -> State {
    State {
        seats: 1_000_000,
        rate_limit: None,
        ..State::default()
    }
}

pub(crate) fn start(state: State) -> Sandbox {
    Sandbox::start(state).expect("a sandbox")
}

/// A client without a pace of its own: what is tested here is seldom the limit.
pub(crate) fn builder(sandbox: &Sandbox) -> InviteClientBuilder {
    InviteClient::builder(API_KEY, ORGANIZATION_ID)
        .base_url(sandbox.base_url())
        .pacing(Pacing::none())
}

pub(crate) fn client(sandbox: &Sandbox) -> InviteClient {
    builder(sandbox).build().expect("a client")
}

/// A seed for what is random, printed so that a failure can be run again: `SEED=…`.
pub(crate) fn seed() -> u64 {
    let seed = match std::env::var("SEED") {
        Ok(text) => text.parse().expect("SEED is a number"),
        Err(_) => fastrand::u64(0..1_000_000),
    };
    println!("SEED={seed}");
    seed
}

/// A line of `/proc/self/status`, in bytes.
pub(crate) fn status(field: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").expect("Linux has the file");
    let line = text.lines().find(|line| line.starts_with(field));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kib.expect("the line is there") * 1024
}
