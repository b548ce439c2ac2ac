//! `revoke` and `revoke_active`.

use reqwest::Method;

use crate::call::Call;
use crate::create::Created;
use crate::error::InviteError;
use crate::event::Operation;
use crate::input;
use crate::list;
use crate::model::Invite;

pub(crate) async fn revoke(call: &Call<'_>, invite_id: &str) -> Result<Invite, InviteError> {
    input::id("invite", invite_id)?;
    // The service documents a revoke as idempotent, so it is sent again like a read.
    let outgoing = call.shared.request(
        Operation::RevokeInvite,
        Method::POST,
        &format!("/users/invites/{}", input::escape(invite_id)),
        None,
    )?;
    let (_, invite) = call
        .idempotent(&outgoing, |head| Created::decoder(head.now))
        .await?;
    call.shared.known.revoked(&invite);
    Ok(invite)
}

pub(crate) async fn revoke_active(
    call: &Call<'_>,
    email: &str,
) -> Result<Vec<Invite>, InviteError> {
    input::email(email)?;
    let active = list::active(call, email).await?;
    let total = active.len();
    let mut revoked = Vec::with_capacity(total);
    let mut trouble = None;
    for invite in active {
        match revoke(call, &invite.id).await {
            Ok(invite) => revoked.push(invite),
            // One that cannot be revoked must not keep the others.
            Err(error) => trouble = trouble.or(Some((invite.id, error))),
        }
    }
    match trouble {
        None => Ok(revoked),
        Some((id, error)) => Err(error.with_note(&format!(
            "{} of the {total} active invites of {email} were revoked, and {id} was not; the same call goes on with what is left",
            revoked.len()
        ))),
    }
}
