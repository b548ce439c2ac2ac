//! Invites people for two weeks: `cargo run -p icepanel-invites --example ensure -- ada@example.com …`
//!
//! Reads `ICEPANEL_API_KEY` and `ICEPANEL_ORGANIZATION_ID`. It can be run again: a person who is invited or a member
//! gets no second invite.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program")]

use chrono::TimeDelta;
use icepanel_invites::{Ensured, InviteClient, InviteError, NewInvite, Permission};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), InviteError> {
    let client = InviteClient::from_env()?;
    for email in std::env::args().skip(1) {
        let guest = NewInvite::new(email, Permission::Read, TimeDelta::days(14));
        match client.ensure(&guest).await {
            Ok(Ensured::Created(invite)) => println!("{}: invited", invite.email),
            Ok(Ensured::Existing(invite)) => {
                println!("{}: invited until {}", invite.email, invite.expires_at);
            }
            Ok(Ensured::Member(member)) => println!("{}: a member", member.email),
            Err(error) => eprintln!("{}: {}", guest.email, error.full()),
        }
    }
    Ok(())
}
