//! `renew`.

use icepanel_invites::{ErrorKind, InviteClient};

use super::revoke::{is_address, matching};
use crate::args::RenewArgs;
use crate::errors::Failure;
use crate::format::Format;
use crate::interrupt::until_interrupted;
use crate::output::Output;
use crate::text::{count, printable};
use crate::{exit, time};

/// Replaces an invite by one that expires later.
pub(crate) async fn renew(
    client: &InviteClient,
    args: &RenewArgs,
    output: &Output,
) -> Result<(), Failure> {
    if args.dry_run {
        return dry_run(client, args, output).await;
    }
    let email = is_address(&args.target).then_some(args.target.as_str());
    let call = client.renew(&args.target, args.expires);
    let renewed = until_interrupted("renew", email, call).await?;
    if output.format == Format::Table {
        let email = printable(&renewed.invite.email);
        output.say(&match renewed.replaced.len() {
            0 => {
                format!("{email} has an active invite that expires late enough; nothing was sent.")
            }
            1 => format!("{email} has a new invite; the old one is revoked."),
            more => format!("{email} has one invite; {more} others are revoked."),
        });
    }
    output.rows(&renewed, std::slice::from_ref(&renewed.invite), "")
}

async fn dry_run(client: &InviteClient, args: &RenewArgs, output: &Output) -> Result<(), Failure> {
    let found = matching(client, std::slice::from_ref(&args.target)).await?;
    if found.is_empty() {
        return Err(Failure::Own(
            format!("no active invite found for {}", printable(&args.target)),
            "List the invites with icepanel-invites list.".to_owned(),
            exit::code(ErrorKind::NotFound),
        ));
    }
    output.rows(&found, &found, "")?;
    output.say(&format!(
        "{} would be replaced by one with the expiry {}, unless it already expires late enough. Nothing was sent.",
        count(found.len() as u64, "invite", "invites"),
        time::written(args.expires)
    ));
    Ok(())
}
