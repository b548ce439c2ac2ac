//! After an invite was made: if a person has several, the one that comes first by `list::rank` stays.

use chrono::TimeDelta;

use crate::engine::call::Call;
use crate::error::InviteError;
use crate::http::exchange::ResponseHead;
use crate::invites::list;
use crate::invites::matching::MadeInvite;
use crate::invites::revoke;
use crate::invites::timing::{READ_SCHEDULE, SETTLE_DELAY, kept_precision};
use crate::model::Invite;
use crate::model::InviteFilter;

/// Whom an invite has to share its person with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Competitors<'a> {
    /// Every active invite of the address: `ensure`.
    All,
    /// Those with the same permission and landscapes but for these, which it replaces: `renew`.
    Alike(&'a [String]),
    /// Only those that our own requests may have made: a `create` that was sent more than once.
    Ours,
}

impl Competitors<'_> {
    /// Whether the invite of somebody else is one of them.
    fn has(self, invite: &Invite, ours: &Invite) -> bool {
        match self {
            Self::All => true,
            Self::Alike(replaced) => {
                !replaced.contains(&invite.id)
                    && invite.permission == ours.permission
                    && invite.landscape_permissions == ours.landscape_permissions
            }
            Self::Ours => false,
        }
    }
}

/// Our invite is made. Of those that it has to share its person with, the earliest stays (of one
/// instant, the one with the smallest id): everyone who reads the list comes to the same one. Each
/// revokes its own. Returns the one that stays.
///
/// Nobody may judge too early. The list is read until it shows our invite; among the invites of
/// others it is read once more [`SETTLE_DELAY`] later. Where an answer was lost, the invite that was found
/// may be that of another worker which asked for the very same, and ours may show up later: then
/// the list first gets its time, and all that we may have made is revoked but for the one that
/// stays.
pub(crate) async fn deduplicate(
    call: &Call<'_>,
    made: &MadeInvite,
    competitors: Competitors<'_>,
) -> Result<Invite, InviteError> {
    let ours = &made.invite;
    let (mut head, mut seen) = read_until_shown(call, made).await?;
    if competitors != Competitors::Ours {
        wait_for_competitors(call, ours).await;
        (head, seen) = read_list(call, ours).await?;
    }
    if !seen.iter().any(|invite| invite.id == ours.id) {
        seen.push(ours.clone());
    }
    keep_one(call, made, competitors, &head, seen).await
}

/// Waits until no invite can show up any more that would go before one that is seen now, or as long
/// as the call's time allows.
pub(crate) async fn wait_for_competitors(call: &Call<'_>, invite: &Invite) {
    let half = call.remaining() / 2;
    // For the service's clock, and so in real time even where the client's clock skips its waits:
    // others may get the same time of making for as long as the unit in which it is kept.
    let unit = kept_precision(invite.created_at).min(TimeDelta::seconds(1));
    let tie = std::time::Instant::now() + unit.to_std().unwrap_or_default().min(half);
    call.sleep(SETTLE_DELAY.min(half)).await;
    tokio::time::sleep_until(tie.into()).await;
}

/// Everything in the list about the person, once it shows our invite; where there is a doubt which
/// is ours, once it had its time to catch up. If our invite does not show up in that time, what the
/// list shows then has to do.
async fn read_until_shown(
    call: &Call<'_>,
    made: &MadeInvite,
) -> Result<(ResponseHead, Vec<Invite>), InviteError> {
    let ours = &made.invite;
    let mut reading = read_list(call, ours).await?;
    for pause in &READ_SCHEDULE[1..] {
        let shown = reading.1.iter().any(|invite| invite.id == ours.id);
        if shown && !made.found_in_list() {
            break;
        }
        if *pause >= call.remaining() {
            return Err(unchecked(ours, "the time of the call is over"));
        }
        call.sleep(*pause).await;
        reading = read_list(call, ours).await?;
    }
    Ok(reading)
}

async fn read_list(
    call: &Call<'_>,
    ours: &Invite,
) -> Result<(ResponseHead, Vec<Invite>), InviteError> {
    let everything = InviteFilter::default().email(ours.email.as_str());
    list::read(call, &everything)
        .await
        .map_err(|error| unchecked(ours, error.message()))
}

async fn keep_one(
    call: &Call<'_>,
    made: &MadeInvite,
    competitors: Competitors<'_>,
    head: &ResponseHead,
    seen: Vec<Invite>,
) -> Result<Invite, InviteError> {
    let ours = &made.invite;
    let may_be_ours = |invite: &Invite| {
        invite.id == ours.id
            || made.uncertain.as_ref().is_some_and(|wanted| {
                wanted.made(invite, head) && call.state.recent.claim(&invite.id, wanted.sent)
            })
    };
    // As the list has it, like the others.
    let listed = seen.iter().find(|invite| invite.id == ours.id).cloned();
    let listed = listed.unwrap_or_else(|| ours.clone());
    let (mut mine, mut others) = (Vec::new(), Vec::new());
    for invite in seen {
        if !invite.is_active() {
            if invite.id == ours.id {
                // Used or revoked meanwhile; should no other stay, this is what there is to tell.
                others.insert(0, invite);
            }
        } else if may_be_ours(&invite) {
            mine.push(invite);
        } else if competitors.has(&invite, &listed) {
            others.push(invite);
        }
    }
    let Some(winner) = list::first(mine.iter().chain(&others)) else {
        return Ok(others.first().unwrap_or(ours).clone());
    };
    for loser in mine.iter().filter(|invite| invite.id != winner.id) {
        let Err(error) = revoke::revoke(call, &loser.id).await else {
            continue;
        };
        // Another worker may have revoked it, or our answer was lost.
        let gone = read_list(call, ours).await.is_ok_and(|(_, seen)| {
            !seen
                .iter()
                .any(|invite| invite.id == loser.id && invite.is_active())
        });
        if !gone {
            return Err(InviteError::outcome_unknown(
                &error,
                &format!(
                    "{} has the invite {}, and a second one could not be revoked: revoke {}",
                    winner.email, winner.id, loser.id
                ),
            ));
        }
    }
    Ok(winner.clone())
}

fn unchecked(ours: &Invite, why: &str) -> InviteError {
    InviteError::unsettled(format!(
        "the invite {} of {} was made, but whether it is the only one could not be seen: {why}",
        ours.id, ours.email
    ))
}
