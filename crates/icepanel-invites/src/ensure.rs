//! `ensure`: one invite a person, however many ask for it at once.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use serde::Serialize;

use crate::call::Call;
use crate::error::{ErrorKind, InviteError};
use crate::filter::InviteFilter;
use crate::input::same_address;
use crate::lookup::{READINGS, kept_precision};
use crate::model::{Invite, InviteStatus, Member, NewInvite};
use crate::{create, list, members, revoke};

/// How [`ensure`](crate::InviteClient::ensure) left things. As JSON: `{"outcome": "created",
/// "invite": …}`, `{"outcome": "existing", "invite": …}` or `{"outcome": "member", "member": …}`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ensured {
    /// The person had no active invite; this one was made.
    Created(Invite),
    /// The person has this active invite, made before or by somebody else at the same time. Its
    /// permission and end may be others than those asked for.
    Existing(Invite),
    /// The person is a member already. Nothing was sent.
    Member(Member),
}

impl Ensured {
    /// `created`, `existing` or `member`.
    pub fn outcome(&self) -> &'static str {
        match self {
            Self::Created(_) => "created",
            Self::Existing(_) => "existing",
            Self::Member(_) => "member",
        }
    }

    /// The invite, unless the person is a member.
    pub fn invite(&self) -> Option<&Invite> {
        match self {
            Self::Created(invite) | Self::Existing(invite) => Some(invite),
            Self::Member(_) => None,
        }
    }
}

impl Serialize for Ensured {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut fields = serializer.serialize_struct("Ensured", 2)?;
        fields.serialize_field("outcome", self.outcome())?;
        match self {
            Self::Created(invite) | Self::Existing(invite) => {
                fields.serialize_field("invite", invite)?;
            }
            Self::Member(member) => fields.serialize_field("member", member)?,
        }
        fields.end()
    }
}

pub(crate) async fn ensure(call: &Call<'_>, new: &NewInvite) -> Result<Ensured, InviteError> {
    new.request(call.shared.transport.clock.now())?;
    // Calls of this client for one person go one after another: the person gets one e-mail.
    let turn = turn(call, &new.email);
    let Ok(_turn) = tokio::time::timeout(call.remaining(), turn.lock()).await else {
        return Err(InviteError::new(
            ErrorKind::Timeout,
            "another call of this client for the same person did not end within the time of this one",
        ));
    };
    if let Some(already) = already(call, &new.email).await? {
        return Ok(already);
    }
    match create::make(call, new).await {
        Ok(made) => settle(call, made, Instant::now()).await,
        // Somebody else may have invited the person since we looked, with the last seat, or the
        // person has become a member.
        Err(error) if error.is_conflict() => match already(call, &new.email).await {
            Ok(Some(already)) => Ok(already),
            _ => Err(error),
        },
        Err(error) => Err(error),
    }
}

/// Whether the person is in or invited.
pub(crate) async fn already(call: &Call<'_>, email: &str) -> Result<Option<Ensured>, InviteError> {
    let (people, active) = tokio::try_join!(members::members(call), decided(call, email))?;
    let member = people
        .into_iter()
        .find(|member| same_address(&member.email, email));
    Ok(member
        .map(Ensured::Member)
        .or(active.map(Ensured::Existing)))
}

/// The active invite of an address on which all workers agree, if there is one.
///
/// One that is so young that another may still get the same time of making is looked at again,
/// once that cannot be any more.
async fn decided(call: &Call<'_>, email: &str) -> Result<Option<Invite>, InviteError> {
    let filter = InviteFilter::default()
        .email(email)
        .status(InviteStatus::Active);
    let (head, active) = list::read(call, &filter).await?;
    let Some(first) = list::first(active) else {
        return Ok(None);
    };
    let open = tie_window(&first);
    let since = head.now.signed_duration_since(first.created_at);
    if since > TimeDelta::from_std(open).unwrap_or_default() {
        return Ok(Some(first));
    }
    tokio::time::sleep(open).await;
    Ok(list::first(list::active(call, email).await?))
}

/// For how long after an invite was made another one may get the same time of making: as long as
/// the unit in which the service keeps it, a second at most.
pub(crate) fn tie_window(invite: &Invite) -> Duration {
    kept_precision(invite.created_at)
        .min(TimeDelta::seconds(1))
        .to_std()
        .unwrap_or_default()
}

/// Our invite is made. If others made some for the same person at the same time, the earliest
/// stays (of those of one instant, the one with the smallest id), and each worker revokes its own.
///
/// For all to come to the same one, nobody may look too early. A list that shows our invite shows
/// all that were made before it; those of the same instant, at the precision that the service
/// keeps, are made once that much time has passed since ours.
///
/// Where an answer was lost, the invite that was found may be another worker's that asked for the
/// very same, and ours may show up later. Then the list gets its time, and all that we may have
/// made is revoked but for the one that stays.
async fn settle(
    call: &Call<'_>,
    made: create::Made<'_>,
    at: Instant,
) -> Result<Ensured, InviteError> {
    let ours = made.invite;
    if made.doubt.is_some() {
        call.sleep(READINGS.iter().sum()).await;
    }
    // Real time, for this waits for the service's clock and not for a retry.
    tokio::time::sleep_until((at + tie_window(&ours)).into()).await;
    let everything = InviteFilter::default().email(ours.email.as_str());
    for pause in READINGS {
        if !pause.is_zero() {
            call.sleep(pause).await;
        }
        let (head, seen) = match list::read(call, &everything).await {
            Ok(answer) => answer,
            Err(error) => return Err(unchecked(&ours, &error)),
        };
        if !seen.iter().any(|invite| invite.id == ours.id) {
            continue;
        }
        let active: Vec<Invite> = seen.into_iter().filter(Invite::is_active).collect();
        let Some(winner) = list::first(active.clone()) else {
            break;
        };
        for loser in active {
            let may_be_ours = loser.id == ours.id
                || made
                    .doubt
                    .as_ref()
                    .is_some_and(|wanted| wanted.is(&loser, &head));
            if loser.id == winner.id || !may_be_ours {
                continue;
            }
            if let Err(error) = revoke::revoke(call, &loser.id).await {
                return Err(unrevoked(&winner, &loser, &error));
            }
        }
        return Ok(match winner.id == ours.id {
            true => Ensured::Created(winner),
            false => Ensured::Existing(winner),
        });
    }
    Ok(Ensured::Created(ours))
}

fn unrevoked(winner: &Invite, loser: &Invite, error: &InviteError) -> InviteError {
    InviteError::outcome_unknown(
        error,
        &format!(
            "{} has the invite {}, and a second one, {}, could not be revoked",
            winner.email, winner.id, loser.id
        ),
    )
}

fn unchecked(ours: &Invite, error: &InviteError) -> InviteError {
    InviteError::outcome_unknown(
        error,
        &format!(
            "the invite {} of {} was made, but whether it is the only one could not be seen",
            ours.id, ours.email
        ),
    )
}

/// The turn of one address among the calls of this client.
fn turn(call: &Call<'_>, email: &str) -> Arc<tokio::sync::Mutex<()>> {
    let mut ensuring = call
        .shared
        .ensuring
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    ensuring.retain(|_, turn| turn.strong_count() > 0);
    let key = email.to_lowercase();
    if let Some(turn) = ensuring.get(&key).and_then(std::sync::Weak::upgrade) {
        return turn;
    }
    let turn = Arc::new(tokio::sync::Mutex::new(()));
    ensuring.insert(key, Arc::downgrade(&turn));
    turn
}
