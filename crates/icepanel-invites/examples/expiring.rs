//! Lists the guests whose invites end within a week: `cargo run -p icepanel-invites --example expiring`
//!
//! With `--renew` they get another month.

#![allow(clippy::print_stdout, reason = "a program")]

use chrono::TimeDelta;
use icepanel_invites::{InviteClient, InviteError, InviteFilter};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), InviteError> {
    let renew = std::env::args().any(|argument| argument == "--renew");
    let client = InviteClient::from_env()?;
    let soon = InviteFilter::default().expiring_within(TimeDelta::days(7));
    for invite in client.list(&soon).await? {
        println!("{} until {}", invite.email, invite.expires_at);
        if renew {
            let renewed = client.renew(&invite.id, TimeDelta::days(30)).await?;
            println!("  now until {}", renewed.invite.expires_at);
        }
    }
    Ok(())
}
