//! `create`: one invite, sent once.
//!
//! | the attempt ended with | what follows |
//! |---|---|
//! | the invite that was asked for | it is returned |
//! | no connection, 429 | the service did not act: sent again |
//! | another 4xx | a refusal: the error |
//! | a cut connection, 500, 502, 503, an answer broken off | the list decides; if it shows nothing, sent again |
//! | a time-out, 408, 504 and its like, any of the above after more than 5 s | the list decides; the service may still be at work, so never sent again |
//! | a redirect, HTML, JSON that does not fit, another invite | the list decides; a second answer would be no better, so not sent again |

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde::Deserialize;

use crate::abandoned::{self, AS_GOOD, UnderWay};
use crate::body::{Decode, DecodeError, Reading, Whole};
use crate::call::{Call, Tries};
use crate::clock::Moment;
use crate::error::{Effect, ErrorKind, InviteError};
use crate::event::{Next, Operation};
use crate::expiry::judged;
use crate::lookup::{self, Finding, Wanted};
use crate::model::{Invite, NewInvite, WireInvite};
use crate::settle::{self, Rivals};
use crate::transport::{Head, Outgoing};

/// The answer to a create and to a revoke.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Created {
    organization_user_invite: WireInvite,
}

impl Created {
    /// Reads the answer; the status is judged at `now`.
    pub(crate) fn decoder(now: DateTime<Utc>) -> impl Decode<Output = Invite> + Send {
        Whole::new(move |answer: Created| {
            answer
                .organization_user_invite
                .into_invite(now)
                .map_err(|field| {
                    DecodeError::at(
                        &format!("organizationUserInvite.{field}"),
                        "missing or null",
                    )
                })
        })
    }
}

/// An invite that was made, and how sure it is that our request made it.
pub(crate) struct Made<'a> {
    pub(crate) invite: Invite,
    /// What was looked for, if an answer was lost: another worker that asked for the very same may
    /// have made this invite, and ours may be a further one.
    pub(crate) doubt: Option<Wanted<'a>>,
    /// Whether the service answered with this invite, or it was found in the list.
    answered: bool,
}

impl Made<'_> {
    /// Whether the invite was found in the list, so that it may be another's, or ours a further one.
    pub(crate) fn found_in_doubt(&self) -> bool {
        self.doubt.is_some() && !self.answered
    }
}

pub(crate) async fn create(call: &Call<'_>, new: &NewInvite) -> Result<Invite, InviteError> {
    new.check()?;
    let earlier = abandoned::catch_up(call, &new.email).await?;
    if let Some((left, invite)) = earlier.iter().find(|(_, invite)| invite.is_active()) {
        let request = judged(call, new).await?;
        let off = request.expires_at.signed_duration_since(left.expires_at);
        return match invite.permission == new.permission
            && invite.landscape_permissions == new.landscape_permissions
            && off.abs() <= AS_GOOD
        {
            true => {
                left.claim(call, invite);
                Ok(invite.clone())
            }
            false => Err(made_before(invite)),
        };
    }
    Ok(make(call, new).await?.invite)
}

/// An earlier create for the person, which was given up, has made an invite, and not the one that is
/// asked for now.
fn made_before(invite: &Invite) -> InviteError {
    let what = format!(
        "an earlier create for {}, which was given up, has made the invite {} ({}, until {}); nothing was sent",
        invite.email,
        invite.id,
        invite.permission,
        invite.expires_at.format("%FT%TZ")
    );
    InviteError::new(ErrorKind::Conflict, what)
}

pub(crate) async fn make<'a>(call: &Call<'_>, new: &'a NewInvite) -> Result<Made<'a>, InviteError> {
    let request = judged(call, new).await?;
    let body = serde_json::to_vec(&request).map_err(|error| {
        InviteError::invalid_input(format!("the request cannot be written: {error}"))
    })?;
    let outgoing = call.shared.request(
        Operation::CreateInvite,
        Method::POST,
        "/users/invites",
        Some(body),
    )?;
    let wanted = Wanted {
        email: request.email,
        permission: request.permission,
        expires_at: request.expires_at,
        sent: Moment::now(),
    };
    let mut under_way = UnderWay::new(&call.shared.abandoned);
    let made = send(call, &outgoing, wanted, &mut under_way).await;
    // What came of a create that ends otherwise is known.
    if !matches!(&made, Err(error) if error.kind() == ErrorKind::OutcomeUnknown) {
        under_way.over();
    }
    made
}

/// Sends the request, and again where it is known that no invite was made.
async fn send<'a>(
    call: &Call<'_>,
    outgoing: &Outgoing,
    mut wanted: Wanted<'a>,
    under_way: &mut UnderWay<'_>,
) -> Result<Made<'a>, InviteError> {
    let mut tries = Tries::default();
    // How many attempts got no clear answer. Of all but the last the list has shown nothing.
    let mut in_doubt = 0_u32;
    loop {
        let permit = call
            .turn(outgoing)
            .await
            .map_err(|error| error.with_attempts(tries.sent))?;
        if in_doubt == 0 {
            wanted.sent = Moment::now();
            under_way.sent(&wanted);
        }
        // Half of what is left is kept for finding out what became of it.
        let time = call.remaining() / 2;
        let mut body = Reading::new(|head| Created::decoder(head.now));
        let (result, mut event) = call
            .attempt(outgoing, permit, &mut tries, time, &mut body)
            .await;
        let answer = result.and_then(|head| Ok((head, body.output()?)));
        let answer = answer.and_then(|(head, invite)| match wanted.is_answered_by(&invite) {
            true => Ok(invite),
            false => Err(not_asked_for(&head, &invite).with_attempts(tries.sent)),
        });
        let error = match answer {
            Ok(invite) => {
                call.tell(event, Next::Done);
                call.shared.known.claim(&invite.id, wanted.sent);
                return match in_doubt {
                    0 => Ok(Made {
                        invite,
                        doubt: None,
                        answered: true,
                    }),
                    _ => {
                        under_way.found(&invite);
                        let mut made = wanted.found(invite);
                        made.answered = true;
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
            if in_doubt == 0 {
                under_way.over();
            }
            match call.wait_before_retry(&mut tries, &error) {
                Ok(wait) if in_doubt == 0 && !tells_apart(call, &error, wait) => {
                    call.tell(event, Next::Fail);
                    return Err(
                        error.with_note("the time of the call is too short for another try")
                    );
                }
                Ok(wait) => {
                    call.tell(event, Next::Retry(wait));
                    call.sleep(wait).await;
                    continue;
                }
                Err(why) if in_doubt == 0 => {
                    call.tell(event, Next::Fail);
                    return Err(error.noted(why));
                }
                // The refusal may be the work of an attempt before, which took the last seat or
                // made the person invited.
                Err(why) => note = why,
            }
        } else {
            in_doubt += 1;
        }
        call.tell(event, Next::LookUp);
        match lookup::find(call, &wanted, may_come_late(&error, latency)).await {
            Finding::Made(invite) if in_doubt < 2 => return Ok(wanted.found(*invite)),
            Finding::Made(invite) => {
                under_way.found(&invite);
                return one_of_several(call, wanted.found(*invite)).await;
            }
            Finding::Unknown(why) => return Err(InviteError::outcome_unknown(&error, &why)),
            Finding::InQuestion(invite) => return Err(in_question(&error, &invite)),
            Finding::NotMade if error.effect() == Effect::None => return Err(error.noted(note)),
            Finding::NotMade => {}
        }
        match call.wait_before_retry(&mut tries, &error) {
            Ok(wait) => call.sleep(wait).await,
            Err(note) => {
                return Err(error
                    .noted(note)
                    .with_note("the list shows that no invite was made"));
            }
        }
    }
}

/// The service answered a create with an invite that is not what was asked for.
fn not_asked_for(head: &Head, invite: &Invite) -> InviteError {
    let what = format!(
        "the service answered with the invite {}, which is for another address or permission",
        invite.id
    );
    InviteError::new(ErrorKind::UnexpectedAnswer, what)
        .with_effect(Effect::Unclear)
        .with_answer(head.status, head.request_id.clone())
}

/// An invite of the person has come since the send, and nothing tells whose work it is. Sent again, it
/// could be the person's second.
fn in_question(error: &InviteError, invite: &Invite) -> InviteError {
    let why = format!(
        "{} has a new invite, {}, that ends at {}: the service may have changed the end, or somebody else has invited the person",
        invite.email,
        invite.id,
        invite.expires_at.format("%FT%TZ")
    );
    InviteError::outcome_unknown(error, &why).with_effect(Effect::Unclear)
}

/// Whether another attempt could still tell a connection that is not made from an answer that does not
/// come. Where the service was not reached, one that cannot would only make a doubt of what is sure.
fn tells_apart(call: &Call<'_>, error: &InviteError, wait: Duration) -> bool {
    let reached = error.status().is_some();
    let time = call.remaining().saturating_sub(wait) / 2;
    // With room for a machine that is late: the two limits are timers of their own.
    let connect = call.connect;
    reached || time > connect + connect / 4
}

/// An attempt that took so long may have been given up by something in front of the service, which
/// goes on with it, whatever the answer says.
const LONG: Duration = Duration::from_secs(5);

/// Whether the service may still be at work on an attempt that failed so.
fn may_come_late(error: &InviteError, latency: Duration) -> bool {
    match error.effect() {
        Effect::None => false,
        Effect::Unclear => latency > LONG,
        Effect::StillPossible => true,
    }
}

/// Several attempts got no clear answer, and more than one may have been carried out: one stays.
async fn one_of_several<'a>(call: &Call<'_>, mut made: Made<'a>) -> Result<Made<'a>, InviteError> {
    made.invite = settle::settle(call, &made, Rivals::Ours).await?;
    Ok(made)
}

impl<'a> Wanted<'a> {
    /// This invite is in the list, and is what was asked for.
    fn found(self, invite: Invite) -> Made<'a> {
        Made {
            invite,
            doubt: Some(self),
            answered: false,
        }
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
