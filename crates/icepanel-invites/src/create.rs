//! `create`: one invite, sent once.
//!
//! | the attempt ended with | what follows |
//! |---|---|
//! | an invite | it is returned |
//! | no connection, 429 | the service did not act: sent again |
//! | another 4xx | a refusal: the error |
//! | a cut connection, 500, 502, 503, an answer broken off | the list decides; if it shows nothing, sent again |
//! | a time-out, 408, 504 | the list decides; the service may still be at work, so never sent again |
//! | a redirect, HTML, JSON that does not fit | the list decides; a second answer would be no better, so not sent again |

use std::time::Instant;

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde::Deserialize;

use crate::body::{Decode, DecodeError, Whole};
use crate::call::{Call, Tries};
use crate::clock::ServiceClock;
use crate::error::{Effect, ErrorKind, InviteError};
use crate::event::{Next, Operation};
use crate::lookup::{self, Finding, Wanted};
use crate::model::{Expiry, Invite, NewInvite, WireInvite};
use crate::transport::Outgoing;
use crate::{list, revoke};

/// The answer to a create and to a revoke.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Created {
    organization_user_invite: WireInvite,
}

impl Created {
    /// Reads the answer; the status is judged at `now`.
    pub(crate) fn decoder(now: DateTime<Utc>) -> impl Decode<Output = Invite> {
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
}

pub(crate) async fn create(call: &Call<'_>, new: &NewInvite) -> Result<Invite, InviteError> {
    Ok(make(call, new).await?.invite)
}

pub(crate) async fn make<'a>(call: &Call<'_>, new: &'a NewInvite) -> Result<Made<'a>, InviteError> {
    let clock = &call.shared.transport.clock;
    // Bad input is refused before the clock is asked for.
    new.request(clock.now())?;
    if matches!(new.expiry, Expiry::In(_)) && clock.told().is_none() {
        learn_time(call).await;
    }
    let request = new.request(clock.now())?;
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
        sent: Instant::now(),
    };
    send(call, &outgoing, wanted).await
}

/// Sends the request, and again where it is known that no invite was made.
async fn send<'a>(
    call: &Call<'_>,
    outgoing: &Outgoing,
    mut wanted: Wanted<'a>,
) -> Result<Made<'a>, InviteError> {
    let mut tries = Tries::default();
    // Whether an attempt got no clear answer and the list showed nothing of it.
    let mut in_doubt = false;
    loop {
        let permit = call
            .turn(outgoing)
            .await
            .map_err(|error| error.with_attempts(tries.sent))?;
        if !in_doubt {
            wanted.sent = Instant::now();
        }
        // Half of what is left is kept for finding out what became of it.
        let time = call.remaining() / 2;
        let (result, event) = call
            .attempt(outgoing, permit, &mut tries, time, |head| {
                Created::decoder(head.now)
            })
            .await;
        let error = match result {
            Ok((_, invite)) => {
                call.tell(event, Next::Done);
                call.shared.known.claim(&invite.id, wanted.sent);
                if !in_doubt {
                    return Ok(Made {
                        invite,
                        doubt: None,
                    });
                }
                let invite = keep_one(call, &wanted, invite).await;
                return Ok(wanted.found(invite));
            }
            Err(error) => error,
        };
        if error.effect() == Effect::None {
            match call.wait_before_retry(&mut tries, &error) {
                Ok(wait) => {
                    call.tell(event, Next::Retry(wait));
                    call.sleep(wait).await;
                    continue;
                }
                Err(note) => {
                    call.tell(event, Next::Fail);
                    if in_doubt {
                        // The refusal may be the work of the first attempt, which took the last
                        // seat or made the person invited.
                        if let Ok(Some(invite)) = lookup::once(call, &wanted).await {
                            return Ok(wanted.found(invite));
                        }
                    }
                    return Err(noted(error, note));
                }
            }
        }
        call.tell(event, Next::LookUp);
        let still_possible = error.effect() == Effect::StillPossible;
        match lookup::find(call, &wanted, still_possible).await {
            Finding::Made(invite) => return Ok(wanted.found(*invite)),
            Finding::Unknown(why) => return Err(InviteError::outcome_unknown(&error, &why)),
            Finding::NotMade => in_doubt = true,
        }
        match call.wait_before_retry(&mut tries, &error) {
            Ok(wait) => call.sleep(wait).await,
            Err(note) => {
                return Err(noted(error, note).with_note("the list shows that no invite was made"));
            }
        }
    }
}

impl<'a> Wanted<'a> {
    /// This invite is in the list, and is what was asked for.
    fn found(self, invite: Invite) -> Made<'a> {
        Made {
            invite,
            doubt: Some(self),
        }
    }
}

fn noted(error: InviteError, note: Option<&str>) -> InviteError {
    match note {
        Some(note) => error.with_note(note),
        None => error,
    }
}

/// A create that was sent again has succeeded. Should the first one have been carried out late, the
/// earliest stays and the others are revoked; everyone who looks comes to the same one.
async fn keep_one(call: &Call<'_>, wanted: &Wanted<'_>, invite: Invite) -> Invite {
    // The invite exists; trouble here must not hide it.
    let Ok(mut ours) = lookup::matches(call, wanted).await else {
        return invite;
    };
    ours.retain(|other| {
        other.id != invite.id
            && other.is_active()
            && call.shared.known.claim(&other.id, wanted.sent)
    });
    ours.push(invite.clone());
    let Some(first) = list::first(ours.clone()) else {
        return invite;
    };
    for other in ours {
        if other.id != first.id && revoke::revoke(call, &other.id).await.is_err() {
            return invite;
        }
    }
    first
}

/// Asks for the service's time, once in a client's life and only where an end is counted from now:
/// this machine's clock may be wrong, and with it the end of the invite. If the service does not
/// tell, this machine's clock it is.
async fn learn_time(call: &Call<'_>) {
    let clock: &ServiceClock = &call.shared.transport.clock;
    let Ok(outgoing) = call
        .shared
        .request(Operation::ReadOrganization, Method::GET, "", None)
    else {
        return;
    };
    let Ok(permit) = call.turn(&outgoing).await else {
        return;
    };
    let time = call.remaining() / 4;
    let mut tries = Tries::default();
    let (result, event) = call
        .attempt(&outgoing, permit, &mut tries, time, |_| {
            Whole::new(|_: serde::de::IgnoredAny| Ok(()))
        })
        .await;
    let next = if result.is_ok() || clock.told().is_some() {
        Next::Done
    } else {
        Next::Fail
    };
    call.tell(event, next);
}

impl InviteError {
    /// Whether the error is a refusal because of who is invited or in already.
    pub(crate) fn is_conflict(&self) -> bool {
        matches!(self.kind(), ErrorKind::Conflict | ErrorKind::SeatsExhausted)
    }
}
