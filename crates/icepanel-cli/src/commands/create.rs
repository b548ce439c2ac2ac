//! `create`.

use icepanel_invites::{Invite, InviteClient};

use super::people;
use crate::args::NewArgs;
use crate::errors::Failure;
use crate::output::Output;

/// Sends an invite to each person, without checking for an existing one.
pub(crate) async fn create(
    client: &InviteClient,
    args: NewArgs,
    output: &Output,
) -> Result<(), Failure> {
    let dry_run = args.dry_run;
    let alone = people::is_one(&args.emails);
    let people = people::invites(args)?;
    if dry_run {
        people::show_plan(client, &people, output).await?;
        output.say("Nothing was sent. create would send an invite to each of them, without checking for an existing one.");
        return Ok(());
    }
    let call = async |new: &_| client.create(new).await;
    let made = people::each("create", &people, |new| &new.email, call, output).await?;
    let invites: Vec<&Invite> = made.done.iter().map(|(_, invite)| invite).collect();
    match (&*invites, alone) {
        ([], _) => {}
        ([invite], true) => output.rows(invite, std::slice::from_ref(*invite), "")?,
        (invites, _) => {
            let rows: Vec<Invite> = invites.iter().copied().cloned().collect();
            output.rows(&invites, &rows, "")?;
        }
    }
    made.end()
}
