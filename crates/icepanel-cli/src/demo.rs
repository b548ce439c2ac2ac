//! `demo`: the guide "Invite users via API" against a sandbox inside this process.
//!
//! Each step checks its result, so the demo is a test as well.

mod steps;
mod trace;
mod walk;

use std::time::Duration;

use icepanel_invites::{Clock, InviteClient};
use icepanel_sandbox::{API_KEY, Member, ORGANIZATION_ID, Sandbox, State};

use crate::errors::Failure;
use crate::output::Output;
use walk::Walk;

/// Much longer than the demo takes.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Runs all steps, and fails if a result is unexpected.
pub(crate) async fn run(output: &Output) -> Result<(), Failure> {
    let sandbox = Sandbox::start(State {
        seats: 2,
        members: vec![Member::new("ada@example.com", "admin")],
        ..State::default()
    })
    .map_err(|error| {
        Failure::other(
            format!("the sandbox cannot be started: {error}"),
            "Check whether a program may listen on 127.0.0.1 on this machine.",
        )
    })?;
    let client = InviteClient::builder(API_KEY, ORGANIZATION_ID)
        // The user need not watch a client wait.
        .clock(Clock::skipping())
        .base_url(sandbox.base_url())
        .timeout(TIMEOUT)
        .build()
        .map_err(|error| Failure::invite(error, None))?;
    let mut walk = Walk::new(&client, &sandbox, output);
    walk.say(&format!(
        "A walk through the invites of an organization that exists only inside this process ({}):\n\
         two paid seats, one of them taken by ada@example.com, an admin. Nothing leaves this machine,\n\
         regardless of the environment variables.",
        sandbox.base_url()
    ))?;
    steps::walk(&mut walk).await?;
    end(&walk)
}

/// Adds up the requests, and shows how to continue.
fn end(walk: &Walk<'_>) -> Result<(), Failure> {
    let report = walk.sandbox.report();
    walk.hold(
        report.addresses_invited_twice.is_empty(),
        "somebody was invited twice",
    )?;
    walk.hold(
        report.invites_made_total == 4,
        "four invites should have been made",
    )?;
    let sent = &report.requests;
    let requests =
        sent.list + sent.create + sent.revoke + sent.organization + sent.members + sent.other;
    walk.say(&format!(
        "\ndemo: {requests} requests, {} invites made, nobody invited twice\n\
         \n\
         The same for a real organization, with a key that one of its admins created:\n\
         \n\
         export ICEPANEL_API_KEY=…  ICEPANEL_ORGANIZATION_ID=…\n\
         icepanel-invites list",
        report.invites_made_total
    ))
}
