//! `dump`.

use icepanel_invites::InviteClient;

use crate::args::{DumpArgs, SEVEN_DAYS};
use crate::csv;
use crate::errors::Failure;
use crate::format::Format;
use crate::interrupt::until_interrupted;
use crate::output::Output;
use crate::roster::{self, Written};

/// Writes the organization as a roster.
pub(crate) async fn dump(
    client: &InviteClient,
    args: &DumpArgs,
    output: &Output,
) -> Result<(), Failure> {
    let members = args
        .members
        .then_some(args.member_expires.unwrap_or(SEVEN_DAYS));
    if let Some(expiry) = members {
        roster::check_expiry("--member-expires", expiry)?;
    }
    let roster = until_interrupted("dump", None, client.dump(members)).await?;
    let entries = roster::written(roster.entries())?;
    match output.format {
        Format::Json => output.json(&roster::document(roster.entries())?),
        Format::Csv => output.write(|out| csv::write(out, Written::fields(&entries), &entries)),
        Format::Table | Format::Markdown if entries.is_empty() => {
            output.say("Nobody is invited.");
            output.write(|out| writeln!(out, "[]"))
        }
        Format::Table | Format::Markdown => output.write(|out| {
            entries
                .iter()
                .try_for_each(|entry| out.write_all(entry.yaml().as_bytes()))
        }),
    }
}
