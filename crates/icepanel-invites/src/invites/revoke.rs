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

/// An invite that was revoked, and the service's id of the request, if it gave one.
pub(crate) struct Revoked {
    pub(crate) invite: Invite,
    pub(crate) request_id: Option<String>,
}

pub(crate) async fn revoke(call: &Call<'_>, invite_id: &str) -> Result<Invite, InviteError> {
    Ok(revoke_with(call, invite_id, None).await?.invite)
}

/// Revokes an invite, with the permit for its first attempt if that was waited for before.
pub(crate) async fn revoke_with<'a>(
    call: &Call<'a>,
    invite_id: &str,
    permit: Option<Permit<'a>>,
) -> Result<Revoked, InviteError> {
    url::check_id("invite", invite_id)?;
    // The service documents a revoke as idempotent, so it is sent again like a read.
    let request = call.state.request(
        Operation::RevokeInvite,
        Method::POST,
        &["users", "invites", invite_id],
        None,
    );
    let (head, mut invite) = call
        .idempotent_with(permit, &request, InviteAnswer::decoder)
        .await?;
    if invite.id != invite_id || invite.is_active() {
        invite = as_listed(call, invite_id, &head, &invite).await?;
    }
    call.state.recent.revoked(&invite);
    Ok(Revoked {
        invite,
        request_id: head.request_id,
    })
}

/// The service answered the revoke of an invite with another one, or with one that is still active: the
/// list decides, and gets its time to catch up.
async fn as_listed(
    call: &Call<'_>,
    invite_id: &str,
    head: &ResponseHead,
    answered: &Invite,
) -> Result<Invite, InviteError> {
    let what = match answered.id == invite_id {
        true => format!(
            "the service answered the revoke of {invite_id} with an invite that is still active"
        ),
        false => format!(
            "the service answered the revoke of {invite_id} with another invite, {}",
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
                let note = format!("the list that could tell cannot be read: {}", why.message());
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
