//! `revoke`.

use std::io::{self, IsTerminal};

use icepanel_invites::{Invite, InviteClient, InviteFilter, InviteStatus};

use super::people;
use crate::args::RevokeArgs;
use crate::ask;
use crate::errors::Failure;
use crate::format::Format;
use crate::interrupt::until_interrupted;
use crate::output::Output;
use crate::text::{count, printable};

/// Revokes invites by their ids, and all active ones of addresses. The result is a list.
pub(crate) async fn revoke(
    client: &InviteClient,
    args: RevokeArgs,
    output: &Output,
) -> Result<(), Failure> {
    let targets = people::words(args.targets)?;
    if args.dry_run {
        let found = matching(client, &targets).await?;
        output.rows(&found, &found, "")?;
        let invites = count(found.len() as u64, "invite", "invites");
        output.say(&format!("{invites} would be revoked. Nothing was sent."));
        return Ok(());
    }
    if !args.yes && (targets.len() > 1 || is_address(&targets[0])) {
        let found = matching(client, &targets).await?;
        if found.len() > 1 {
            confirm(&found, output).await?;
        }
    }
    let call = async |target: &String| match is_address(target) {
        true => client.revoke_active(target).await,
        false => Ok(vec![client.revoke(target).await?]),
    };
    let revoked = people::each("revoke", &targets, String::as_str, call, output).await?;
    for (index, invites) in &revoked.done {
        if invites.is_empty() {
            output.say(&format!(
                "{} has no active invites.",
                printable(&targets[*index])
            ));
        }
    }
    let invites: Vec<&Invite> = revoked
        .done
        .iter()
        .flat_map(|(_, invites)| invites)
        .collect();
    let rows: Vec<Invite> = invites.iter().copied().cloned().collect();
    if !rows.is_empty() || (output.format != Format::Table && !revoked.done.is_empty()) {
        output.rows(&invites, &rows, "")?;
    }
    revoked.end()
}

/// No id has an @ as far as is known, and every address has one.
pub(super) fn is_address(target: &str) -> bool {
    target.contains('@')
}

/// The active invites that are named, by id or address.
pub(super) async fn matching(
    client: &InviteClient,
    targets: &[String],
) -> Result<Vec<Invite>, Failure> {
    let mut filter = InviteFilter::default();
    filter.status = Some(InviteStatus::Active);
    if let [target] = targets
        && is_address(target)
    {
        filter.email = Some(target.clone());
        return until_interrupted("list", Some(target), client.list(&filter)).await;
    }
    let named = |invite: &Invite| {
        targets.iter().any(|target| {
            *target == invite.id || target.trim().to_lowercase() == invite.email.to_lowercase()
        })
    };
    let mut found = until_interrupted("list", None, client.list(&filter)).await?;
    found.retain(named);
    Ok(found)
}

/// Shows what would be revoked, and asks.
async fn confirm(found: &[Invite], output: &Output) -> Result<(), Failure> {
    let number = count(found.len() as u64, "invite", "invites");
    if !io::stdin().is_terminal() || output.format != Format::Table {
        return Err(Failure::usage(
            format!("{number} would be revoked, which needs confirmation; nothing was sent"),
            "Look with --dry-run, then pass --yes.",
        ));
    }
    output.rows(&found, found, "")?;
    ask::confirm(&format!("REVOKE {number}? [y/N] "), output).await
}
