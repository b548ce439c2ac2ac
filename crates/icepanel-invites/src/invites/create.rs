//! `create`: whether the request is sent again, and what the caller gets. A status becomes an effect in `http/error_response.rs`.
//!
//! | the attempt ended with | then |
//! |---|---|
//! | the requested invite | it is returned |
//! | no connection, 429 | the service did not act: retry |
//! | another 4xx | a rejection: return the error |
//! | a broken connection, 500, 502, 503, an incomplete response | the list decides; if it shows nothing, retry |
//! | a time-out, 408, 504 and similar, any of the above after more than 5 s | the list decides; the service may still be working, so no retry |
//! | a redirect, HTML, JSON of another form, another invite | the list decides; a second response would be no better, so no retry |

use std::time::Duration;

use reqwest::Method;

use crate::clock::Moment;
use crate::engine::call::{Attempts, Call};
use crate::engine::rate_limiter::Permit;
use crate::engine::sent_create::SentCreate;
use crate::engine::unfinished_creates::PendingCreate;
use crate::error::{Effect, ErrorKind, InviteError};
use crate::event::{Next, Operation};
use crate::http::exchange::{ApiRequest, ResponseHead};
use crate::invites::answer::InviteAnswer;
use crate::invites::deduplicate::{self, Competitors};
use crate::invites::expiry::create_request;
use crate::invites::matching::MadeInvite;
use crate::invites::reconcile::{self, Finding};
use crate::invites::timing::EQUAL_EXPIRY;
use crate::invites::unfinished;
use crate::model::{Invite, NewInvite};

pub(crate) async fn create(call: &Call<'_>, new: &NewInvite) -> Result<Invite, InviteError> {
    new.check()?;
    let earlier = unfinished::catch_up(call, &new.email).await?;
    if let Some((left, invite)) = earlier.iter().find(|(_, invite)| invite.is_active()) {
        let request = create_request(call, new).await?;
        let off = request
            .expires_at
            .signed_duration_since(left.create.expires_at);
        return match invite.permission == new.permission
            && invite.landscape_permissions == new.landscape_permissions
            && off.abs() <= EQUAL_EXPIRY
        {
            true => {
                call.state.recent.claim(&invite.id, left.create.sent);
                Ok(invite.clone())
            }
            false => Err(made_before(invite)),
        };
    }
    Ok(make(call, new, None).await?.invite)
}

/// An earlier create for the person, whose outcome was unknown, made an invite that differs from the one requested now.
fn made_before(invite: &Invite) -> InviteError {
    let what = format!(
        "an earlier create for {} had an unknown outcome, but it made the invite {} ({}, until {}); this call sent nothing",
        invite.email,
        invite.id,
        invite.permission,
        invite.expires_at.format("%FT%TZ")
    );
    InviteError::new(ErrorKind::Conflict, what)
}

/// Sends a create, with the permit for its first attempt if there is one already.
pub(crate) async fn make<'a>(
    call: &Call<'a>,
    new: &NewInvite,
    permit: Option<Permit<'a>>,
) -> Result<MadeInvite, InviteError> {
    let request = create_request(call, new).await?;
    let body = serde_json::to_vec(&request).map_err(|error| {
        InviteError::invalid_input(format!("the request cannot be written: {error}"))
    })?;
    let api_request = call.state.request(
        Operation::CreateInvite,
        Method::POST,
        &["users", "invites"],
        Some(body),
    );
    let wanted = SentCreate {
        email: request.email.to_owned(),
        permission: request.permission.clone(),
        expires_at: request.expires_at,
        sent: Moment::now(),
    };
    let mut pending = PendingCreate::new(&call.state.unfinished);
    let made = send(call, permit, &api_request, wanted, &mut pending).await;
    // The outcome of a create that ends in another way is known.
    if !matches!(&made, Err(error) if error.kind() == ErrorKind::OutcomeUnknown) {
        pending.finish();
    }
    made
}

/// What the list has shown after an attempt without a clear response.
const NOT_MADE: &str = "the list shows that no invite was made";

/// Sends the request, and retries if it is known that no invite was made.
async fn send<'a>(
    call: &Call<'a>,
    mut permit: Option<Permit<'a>>,
    request: &ApiRequest,
    mut wanted: SentCreate,
    pending: &mut PendingCreate<'_>,
) -> Result<MadeInvite, InviteError> {
    let mut tries = Attempts::default();
    // How many attempts got no clear response. The list has shown no invite for any but the last one.
    let mut uncertain = 0_u32;
    let mut last: Option<InviteError> = None;
    loop {
        let permit = call.next_permit(request, &mut permit, &tries, last).await?;
        if uncertain == 0 {
            wanted.sent = Moment::now();
            pending.sent(&wanted);
        }
        // Half of the remaining time is reserved for finding out whether the invite was made.
        let time = call.remaining() / 2;
        let (result, mut event) = call
            .attempt(request, permit, &mut tries, time, InviteAnswer::decoder)
            .await;
        let answer = result.and_then(|(head, invite)| match wanted.is_answered_by(&invite) {
            true => Ok((invite, head.request_id)),
            false => Err(not_asked_for(&head, &invite).with_attempts(tries.sent)),
        });
        let error = match answer {
            Ok((invite, request_id)) => {
                call.tell(event, Next::Done);
                call.state.recent.claim(&invite.id, wanted.sent);
                return match uncertain {
                    0 => Ok(MadeInvite {
                        invite,
                        uncertain: None,
                        answered: true,
                        request_id,
                    }),
                    _ => {
                        pending.found(&invite);
                        let made = MadeInvite {
                            invite,
                            uncertain: Some(wanted),
                            answered: true,
                            request_id,
                        };
                        one_of_several(call, made).await
                    }
                };
            }
            Err(error) => error,
        };
        event.error = Some(error.kind());
        let latency = event.latency;
        let mut note = None;
        if error.effect() == Effect::None {
            if uncertain == 0 {
                pending.finish();
            }
            match call.wait_before_retry(&mut tries, &error) {
                Ok(wait) if uncertain == 0 && !can_distinguish(call, &error, wait) => {
                    call.tell(event, Next::Fail);
                    return Err(error
                        .with_note("the time left for the call is too short for another attempt"));
                }
                Ok(wait) => {
                    call.tell(event, Next::Retry(wait));
                    call.sleep(wait).await;
                    last = Some(error);
                    continue;
                }
                Err(why) if uncertain == 0 => {
                    call.tell(event, Next::Fail);
                    return Err(error.noted(why));
                }
                // The rejection may be caused by an earlier attempt, which took the last seat or
                // invited the person.
                Err(why) => note = why,
            }
        } else {
            uncertain += 1;
        }
        call.tell(event, Next::LookUp);
        match reconcile::find_created(call, &wanted, may_come_late(&error, latency)).await {
            Finding::Made(invite) if uncertain < 2 => return Ok(found(wanted, *invite)),
            Finding::Made(invite) => {
                pending.found(&invite);
                return one_of_several(call, found(wanted, *invite)).await;
            }
            Finding::Unknown(why) => return Err(InviteError::outcome_unknown(&error, &why)),
            Finding::InQuestion(invite) => return Err(in_question(&error, &invite)),
            Finding::NotMade if error.effect() == Effect::None => return Err(error.noted(note)),
            Finding::NotMade => {}
        }
        match call.wait_before_retry(&mut tries, &error) {
            Ok(wait) => {
                call.sleep(wait).await;
                last = Some(error.with_note(NOT_MADE));
            }
            Err(note) => return Err(error.noted(note).with_note(NOT_MADE)),
        }
    }
}

/// The service responded to a create with an invite that differs from the request.
fn not_asked_for(head: &ResponseHead, invite: &Invite) -> InviteError {
    let what = format!(
        "the service responded with the invite {}, which is for another address or permission",
        invite.id
    );
    InviteError::new(ErrorKind::UnexpectedAnswer, what)
        .with_effect(Effect::Unclear)
        .with_answer(head.status, head.request_id.clone())
}

/// The person has a new invite since the request was sent, and nobody knows who made it. A retry could make a second
/// one.
fn in_question(error: &InviteError, invite: &Invite) -> InviteError {
    let why = format!(
        "{} has a new invite, {}, that expires at {}: the service may have changed the expiry, or somebody else has invited the person",
        invite.email,
        invite.id,
        invite.expires_at.format("%FT%TZ")
    );
    InviteError::outcome_unknown(error, &why).with_effect(Effect::Unclear)
}

/// Whether another attempt could still distinguish a failed connection from a missing response. If the service was not
/// reached, an attempt that cannot would only make a known outcome unknown.
fn can_distinguish(call: &Call<'_>, error: &InviteError, wait: Duration) -> bool {
    let reached = error.status().is_some();
    let time = call.remaining().saturating_sub(wait) / 2;
    // With a margin for a slow machine: the two limits are separate timers.
    let connect = call.connect;
    reached || time > connect + connect / 4
}

/// If an attempt took this long, a server in front of the service may have given it up while the
/// service continues, regardless of the response.
const LONG: Duration = Duration::from_secs(5);

/// Whether the service may still be working on an attempt that failed with this error.
fn may_come_late(error: &InviteError, latency: Duration) -> bool {
    match error.effect() {
        Effect::None => false,
        Effect::Unclear => latency > LONG,
        Effect::StillPossible => true,
    }
}

/// Several attempts got no clear response, and more than one may have been carried out: one invite remains.
async fn one_of_several(call: &Call<'_>, mut made: MadeInvite) -> Result<MadeInvite, InviteError> {
    let remains = deduplicate::deduplicate(call, &made, Competitors::Ours).await?;
    if remains.id != made.invite.id {
        made.request_id = None;
    }
    made.invite = remains;
    Ok(made)
}

/// This invite is in the list, and is as requested.
fn found(wanted: SentCreate, invite: Invite) -> MadeInvite {
    MadeInvite {
        invite,
        uncertain: Some(wanted),
        answered: false,
        request_id: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_long_may_still_come() {
        let late = |effect, latency| {
            let error = InviteError::new(ErrorKind::Server, "503").with_effect(effect);
            may_come_late(&error, latency)
        };
        let just_longer = LONG + Duration::from_nanos(1);
        assert!(!late(Effect::Unclear, Duration::ZERO) && !late(Effect::Unclear, LONG));
        assert!(late(Effect::Unclear, just_longer) && late(Effect::Unclear, LONG * 9));
        assert!(late(Effect::StillPossible, Duration::ZERO));
        assert!(!late(Effect::None, LONG * 9));
    }
}
