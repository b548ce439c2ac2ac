//! After an invite was made: if a person has several invites, the first one by `list::rank` remains active.

use crate::engine::call::Call;
use crate::error::{ErrorKind, InviteError};
use crate::http::exchange::ResponseHead;
use crate::invites::list;
use crate::invites::matching::MadeInvite;
use crate::invites::revoke;
use crate::invites::timing::{READ_SCHEDULE, SETTLE_DELAY, equal_times};
use crate::model::Invite;
use crate::model::InviteFilter;

/// The other invites with which an invite is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Competitors<'a> {
    /// Every active invite of the address: `ensure`.
    All,
    /// Those with the same permission and landscapes, except these, which it replaces: `renew`.
    Alike(&'a [String]),
    /// Only those that our own requests may have made: a `create` that was sent more than once.
    Ours,
}

impl Competitors<'_> {
    /// Whether somebody else's invite is one of them.
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

/// Our invite was made. Among the competing invites, the oldest remains active (at the same
/// instant, the one with the smallest id), so that every worker that reads the list chooses the
/// same one. Each worker revokes its own. Returns the invite that remains active.
///
/// No worker may choose too early. The client reads the list until it shows our invite; if the invites of others are
/// compared, it reads the list again after [`wait_for_competitors`], until it shows our invite again. If a response was
/// lost, the invite that was found may be that of another worker with the same request, and ours may appear later. Then
/// the client waits until the list had its time, and revokes all invites that it may have made, except the one that
/// remains active.
pub(crate) async fn deduplicate(
    call: &Call<'_>,
    made: &MadeInvite,
    competitors: Competitors<'_>,
) -> Result<Invite, InviteError> {
    let ours = &made.invite;
    let unchecked = |error: InviteError| unchecked(ours, error.message());
    // If it is uncertain which one is ours, the list needs its whole time to catch up.
    let certain = !made.found_in_list();
    let reading = read_until(call, &ours.email, |seen| certain && shows(seen, ours)).await;
    let (mut head, mut seen) = reading.map_err(unchecked)?;
    if competitors != Competitors::Ours {
        // As the list has it, like the others.
        let listed = seen.iter().find(|invite| invite.id == ours.id);
        let reading = read_after_competitors(call, listed.unwrap_or(ours)).await;
        (head, seen) = reading.map_err(unchecked)?;
    }
    if !shows(&seen, ours) {
        seen.push(ours.clone());
    }
    keep_one(call, made, competitors, &head, seen).await
}

/// Waits until no invite can appear that would rank before the present one, or as long as the
/// call's time allows.
async fn wait_for_competitors(call: &Call<'_>, invite: &Invite) {
    let half = call.remaining() / 2;
    // For the service's clock, and so in real time even if the client's clock skips its waits.
    let unit = equal_times(invite.created_at);
    let tie = std::time::Instant::now() + unit.min(half);
    call.sleep((unit + SETTLE_DELAY).min(half)).await;
    tokio::time::sleep_until(tie.into()).await;
}

/// All entries of the person, after [`wait_for_competitors`] and once the list shows this invite, which an earlier
/// reading has shown. A reading that does not show it comes from a replica that is behind, and may lack others too.
pub(crate) async fn read_after_competitors(
    call: &Call<'_>,
    invite: &Invite,
) -> Result<(ResponseHead, Vec<Invite>), InviteError> {
    wait_for_competitors(call, invite).await;
    read_until(call, &invite.email, |seen| shows(seen, invite)).await
}

/// All entries of the person, in a reading that is `enough`, or in the last one after the list had its time to catch up.
async fn read_until(
    call: &Call<'_>,
    email: &str,
    enough: impl Fn(&[Invite]) -> bool,
) -> Result<(ResponseHead, Vec<Invite>), InviteError> {
    let everything = InviteFilter::default().email(email);
    let mut reading = list::read(call, &everything).await?;
    for pause in &READ_SCHEDULE[1..] {
        if enough(&reading.1) {
            break;
        }
        if *pause >= call.remaining() {
            return Err(InviteError::new(
                ErrorKind::Timeout,
                "the time limit of the call was reached before the list could show all invites",
            ));
        }
        call.sleep(*pause).await;
        reading = list::read(call, &everything).await?;
    }
    Ok(reading)
}

/// Whether a reading has this invite, in any status.
fn shows(seen: &[Invite], invite: &Invite) -> bool {
    seen.iter().any(|other| other.id == invite.id)
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
                // Used or revoked meanwhile. If no other invite remains, this one is returned.
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
        // Another worker may have revoked it, or our response was lost.
        let reading = read_until(call, &ours.email, |seen| shows(seen, loser)).await;
        let gone = reading.is_ok_and(|(_, seen)| {
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
        "the invite {} for {} was made, but the client could not check whether it is the only one: {why}",
        ours.id, ours.email
    ))
}
