//! `members`, `update-member` and `remove-member`.

use std::io::{self, IsTerminal};

use icepanel_invites::{InviteClient, Member};

use super::people;
use super::revoke::is_address;
use crate::args::{RemoveMemberArgs, UpdateMemberArgs};
use crate::ask;
use crate::errors::Failure;
use crate::format::Format;
use crate::interrupt::until_interrupted;
use crate::output::Output;
use crate::text::{count, printable};

/// Lists the members.
pub(crate) async fn members(client: &InviteClient, output: &Output) -> Result<(), Failure> {
    let members = until_interrupted("members", None, client.members()).await?;
    output.rows(&members, &members, "No members.")
}

/// Gives members another permission. The result is a list.
pub(crate) async fn update_member(
    client: &InviteClient,
    args: UpdateMemberArgs,
    output: &Output,
) -> Result<(), Failure> {
    let landscapes = people::landscapes(args.landscapes)?;
    let landscapes = (!landscapes.is_empty()).then_some(landscapes);
    let names = people::words(args.members)?;
    if args.dry_run {
        let mut found = matching(client, &names, output).await?;
        found.retain(|member| {
            let same_landscapes = landscapes
                .as_ref()
                .is_none_or(|wanted| member.landscape_permissions.as_ref() == Some(wanted));
            member.permission != args.permission || !same_landscapes
        });
        output.rows(&found, &found, "")?;
        let members = count(found.len() as u64, "member", "members");
        output.say(&format!("{members} would be changed. Nothing was sent."));
        return Ok(());
    }
    let call = async |name: &String| {
        client
            .update_member(name, args.permission.clone(), landscapes.clone())
            .await
    };
    let updated = people::each("update_member", &names, String::as_str, call, output).await?;
    let members: Vec<&Member> = updated.done.iter().map(|(_, member)| member).collect();
    show(&members, output)?;
    updated.end()
}

/// Removes members. The result is the list of those that were removed.
pub(crate) async fn remove_member(
    client: &InviteClient,
    args: RemoveMemberArgs,
    output: &Output,
) -> Result<(), Failure> {
    let names = people::words(args.members)?;
    if args.dry_run || !args.yes {
        let found = matching(client, &names, output).await?;
        let number = count(found.len() as u64, "member", "members");
        if args.dry_run {
            output.rows(&found, &found, "")?;
            output.say(&format!("{number} would be removed. Nothing was sent."));
            return Ok(());
        }
        if !found.is_empty() {
            confirm(&found, &number, output).await?;
        }
    }
    let call = async |name: &String| client.remove_member(name).await;
    let removed = people::each("remove_member", &names, String::as_str, call, output).await?;
    for (index, member) in &removed.done {
        if member.is_none() && args.yes {
            output.say(&format!("{} is not a member.", printable(&names[*index])));
        }
    }
    let members: Vec<&Member> = removed
        .done
        .iter()
        .filter_map(|(_, member)| member.as_ref())
        .collect();
    show(&members, output)?;
    removed.end()
}

/// Shows the members that were changed or removed. A table of nobody is not shown.
fn show(members: &[&Member], output: &Output) -> Result<(), Failure> {
    let rows: Vec<Member> = members.iter().copied().cloned().collect();
    match rows.is_empty() && output.format == Format::Table {
        true => Ok(()),
        false => output.rows(&members, &rows, ""),
    }
}

/// The members with these user ids or addresses, letter case ignored. Reports each name that no member has.
async fn matching(
    client: &InviteClient,
    names: &[String],
    output: &Output,
) -> Result<Vec<Member>, Failure> {
    let members = until_interrupted("members", None, client.members()).await?;
    let is_named = |member: &Member, name: &String| match is_address(name) {
        true => name.trim().to_lowercase() == member.email.to_lowercase(),
        false => *name == member.user_id,
    };
    for name in names {
        if !members.iter().any(|member| is_named(member, name)) {
            output.say(&format!("{} is not a member.", printable(name)));
        }
    }
    Ok(members
        .into_iter()
        .filter(|member| names.iter().any(|name| is_named(member, name)))
        .collect())
}

/// Shows who would be removed, and asks.
async fn confirm(found: &[Member], number: &str, output: &Output) -> Result<(), Failure> {
    if !io::stdin().is_terminal() || output.format != Format::Table {
        return Err(Failure::usage(
            format!("{number} would be removed, which needs confirmation; nothing was sent"),
            "Look with --dry-run, then pass --yes.",
        ));
    }
    output.rows(&found, found, "")?;
    ask::confirm(&format!("REMOVE {number}? [y/N] "), output).await
}
