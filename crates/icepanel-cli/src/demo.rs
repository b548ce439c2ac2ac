//! `demo`: the guide "Invite users via API" as a walk against a sandbox inside this process.
//!
//! Each step says what should come of it and looks whether it did, so the walk is a test as well.

mod steps;
mod trace;
mod walk;

use std::time::Duration;

use icepanel_invites::{Clock, InviteClient};
use icepanel_sandbox::{API_KEY, Member, ORGANIZATION_ID, Sandbox, State};

use crate::errors::Failure;
use crate::output::Output;
use walk::Walk;

/// Longer than the walk takes by far.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Walks through it all, and fails if something does not come out as told.
pub(crate) async fn run(output: &Output) -> Result<(), Failure> {
    let sandbox = Sandbox::start(State {
        seats: 2,
        members: vec![Member::new("ada@example.com", "admin")],
        ..State::default()
    })
    .map_err(|error| {
        Failure::other(
            format!("the sandbox cannot be started: {error}"),
            "Look whether this machine lets a program listen on 127.0.0.1.",
        )
    })?;
    let client = InviteClient::builder(API_KEY, ORGANIZATION_ID)
        // Nobody wants to watch a client wait.
        .clock(Clock::skipping())
        .base_url(sandbox.base_url())
        .timeout(TIMEOUT)
        .build()
        .map_err(|error| Failure::invite(error, None))?;
    let mut walk = Walk::new(&client, &sandbox, output);
    walk.say(&format!(
        "A walk through the invites of an organization that exists only inside this process ({}):\n\
         two paid seats, one of them taken by ada@example.com, an admin. Nothing leaves this machine, whatever\n\
         the environment says.",
        sandbox.base_url()
    ))?;
    steps::walk(&mut walk).await?;
    end(&walk)
}

/// Adds up what the sandbox saw, and says how to go on.
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
         The same for a real organization, with a key that one of its admins has made:\n\
         \n\
         export ICEPANEL_API_KEY=…  ICEPANEL_ORGANIZATION_ID=…\n\
         icepanel-invites list",
        report.invites_made_total
    ))
}
