//! `renew`.

use icepanel_invites::InviteClient;

use crate::args::RenewArgs;
use crate::errors::Failure;
use crate::format::Format;
use crate::interrupt::until_ctrl_c;
use crate::output::Output;
use crate::text::printable;

/// Replaces an invite by one that lives longer.
pub(crate) async fn renew(
    client: &InviteClient,
    args: &RenewArgs,
    output: &Output,
) -> Result<(), Failure> {
    let email = args.target.contains('@').then_some(args.target.as_str());
    let renewed = until_ctrl_c("renew", client.renew(&args.target, args.expires))
        .await
        .map_err(|error| Failure::invite(error, email))?;
    if output.format == Format::Table {
        let email = printable(&renewed.invite.email);
        output.say(&match renewed.replaced.len() {
            0 => format!("{email} has an active invite that ends late enough; nothing was sent."),
            1 => format!("{email} has a new invite; the old one is revoked."),
            more => format!("{email} has one invite; {more} others are revoked."),
        });
    }
    output.rows(&renewed, std::slice::from_ref(&renewed.invite), "")
}
