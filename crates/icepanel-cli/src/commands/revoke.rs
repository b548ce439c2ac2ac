//! `revoke`.

use icepanel_invites::InviteClient;

use crate::args::RevokeArgs;
use crate::errors::Failure;
use crate::interrupt::until_ctrl_c;
use crate::output::Output;
use crate::text::printable;

/// Revokes an invite by its id, or all active ones of an address. Either way the result is a list.
pub(crate) async fn revoke(
    client: &InviteClient,
    args: &RevokeArgs,
    output: &Output,
) -> Result<(), Failure> {
    let target = args.target.as_str();
    // No id has an @ as far as is known, and every address has one.
    let (email, revoked) = if target.contains('@') {
        let call = client.revoke_active(target);
        (Some(target), until_ctrl_c("revoke_active", call).await)
    } else {
        let call = async { Ok(vec![client.revoke(target).await?]) };
        (None, until_ctrl_c("revoke", call).await)
    };
    let revoked = revoked.map_err(|error| Failure::invite(error, email))?;
    let none = format!("{} has no active invites.", printable(target));
    output.rows(&revoked, &revoked, &none)
}
