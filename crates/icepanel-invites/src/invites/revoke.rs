//! `revoke` and `revoke_active`.

use reqwest::Method;

use crate::engine::call::Call;
use crate::engine::rate_limiter::Permit;
use crate::error::{ErrorKind, InviteError};
use crate::event::Operation;
use crate::http::exchange::ResponseHead;
use crate::http::url;
use crate::invites::answer::InviteAnswer;
use crate::invites::list;
use crate::invites::timing::READ_SCHEDULE;
use crate::invites::unfinished;
use crate::model::Invite;
use crate::model::email::check_address;

/// An invite that was revoked, and the service's id of the request, if it returned one.
pub(crate) struct Revoked {
    pub(crate) invite: Invite,
    pub(crate) request_id: Option<String>,
}

pub(crate) async fn revoke(call: &Call<'_>, invite_id: &str) -> Result<Invite, InviteError> {
    Ok(revoke_with(call, invite_id, None).await?.invite)
}

/// Revokes an invite, with the permit for its first attempt if there is one already.
pub(crate) async fn revoke_with<'a>(
    call: &Call<'a>,
    invite_id: &str,
    permit: Option<Permit<'a>>,
) -> Result<Revoked, InviteError> {
    url::check_id("invite", invite_id)?;
    // The service documents a revoke as idempotent, so it is retried like a read.
    let request = call.state.request(
        Operation::RevokeInvite,
        Method::POST,
        &["users", "invites", invite_id],
        None,
    );
    let (head, mut invite) = call
        .idempotent_with(permit, &request, InviteAnswer::decoder)
        .await
        .map_err(|error| match error.kind() {
            ErrorKind::NotFound => not_found(error, invite_id),
            _ => error,
        })?;
    if invite.id != invite_id || invite.is_active() {
        invite = as_listed(call, invite_id, &head, &invite).await?;
    }
    call.state.recent.revoked(&invite);
    Ok(Revoked {
        invite,
        request_id: head.request_id,
    })
}

/// The service has no such invite, or no such organization. The response does not show which.
fn not_found(error: InviteError, invite_id: &str) -> InviteError {
    let note = format!("the invite id was {invite_id:?}");
    error.with_note(&note).with_advice(format!(
        "Check the invite id {invite_id:?} and the organization id. The call list returns the invites with their ids."
    ))
}

/// The service responded to a revoke with another invite, or with one that is still active. The list decides, after its
/// time to catch up.
async fn as_listed(
    call: &Call<'_>,
    invite_id: &str,
    head: &ResponseHead,
    answered: &Invite,
) -> Result<Invite, InviteError> {
    let what = match answered.id == invite_id {
        true => format!(
            "the service responded to the revocation of {invite_id} with an invite that is still active"
        ),
        false => format!(
            "the service responded to the revocation of {invite_id} with another invite, {}",
            answered.id
        ),
    };
    let error = InviteError::new(ErrorKind::UnexpectedAnswer, what)
        .with_answer(head.status, head.request_id.clone())
        .with_attempts(1);
    for pause in READ_SCHEDULE {
        if pause >= call.remaining() {
            break;
        }
        call.sleep(pause).await;
        match list::by_id(call, invite_id).await {
            Ok(Some(invite)) if !invite.is_active() => return Ok(invite),
            Ok(_) => {}
            Err(why) => {
                let note = format!(
                    "the list, which would show it, cannot be read: {}",
                    why.message()
                );
                return Err(error.with_note(&note));
            }
        }
    }
    Err(error.with_note("the list does not show that it was revoked"))
}

pub(crate) async fn revoke_active(
    call: &Call<'_>,
    email: &str,
) -> Result<Vec<Invite>, InviteError> {
    check_address(email)?;
    unfinished::catch_up(call, email).await?;
    let active = list::active(call, email).await?;
    let total = active.len();
    let mut revoked = Vec::with_capacity(total);
    let mut trouble = None;
    for invite in active {
        match revoke(call, &invite.id).await {
            Ok(invite) => revoked.push(invite),
            // If one cannot be revoked, the others are revoked nevertheless.
            Err(error) => trouble = trouble.or(Some((invite.id, error))),
        }
    }
    match trouble {
        None => Ok(revoked),
        Some((id, error)) => Err(error.with_note(&format!(
            "{} of the {total} active invites of {email} were revoked, and {id} was not; make the same call again to revoke the rest",
            revoked.len()
        ))),
    }
}
