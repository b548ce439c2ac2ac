//! `ensure`: one invite a person, however many ask for it at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use chrono::TimeDelta;
use serde::Serialize;
use tokio::sync::OwnedMutexGuard;

use crate::abandoned::{self, UnderWay};
use crate::call::Call;
use crate::error::{Effect, ErrorKind, InviteError};
use crate::filter::InviteFilter;
use crate::input::same_address;
use crate::lookup::{CLOCKS_APART, READINGS};
use crate::model::{Expiry, Invite, InviteStatus, Member, NewInvite};
use crate::settle::{self, JUDGE, Rivals};
use crate::{create, expiry, list, members};

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
    /// The person is a member already. Nothing was sent. The member's address is another one if the
    /// person accepted an invite under another address than it was sent to.
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

/// The addresses that an ensure or a renewal is at work on, in lower case.
pub(crate) type Turns = HashMap<String, Weak<tokio::sync::Mutex<()>>>;

pub(crate) async fn ensure(call: &Call<'_>, new: &NewInvite) -> Result<Ensured, InviteError> {
    new.check()?;
    // From a length, the end is counted once the readings have told the time.
    if let Expiry::At(_) = new.expiry {
        expiry::judged(call, new).await?;
    }
    let _turn = turn(call, &new.email).await?;
    abandoned::catch_up(call, &new.email).await?;
    if let Some(already) = already(call, &new.email).await? {
        return Ok(already);
    }
    match create::make(call, new).await {
        Ok(made) => {
            let mut under_way = UnderWay::made(&call.shared.abandoned, &made.invite);
            let stays = settle::settle(call, &made, Rivals::All).await?;
            under_way.over();
            Ok(match stays.id == made.invite.id {
                true => Ensured::Created(stays),
                false => Ensured::Existing(stays),
            })
        }
        // Somebody else may have invited the person since we looked, with the last seat, or the
        // person has become a member. With which status the service says so is not documented. Or
        // the person has a new invite of which it cannot be told who made it, which is all the same
        // here.
        Err(error) if is_refusal(&error) || is_in_question(&error) => {
            match already(call, &new.email).await {
                Ok(Some(already)) => Ok(already),
                _ => Err(error),
            }
        }
        Err(error) => Err(error),
    }
}

pub(crate) fn is_refusal(error: &InviteError) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Conflict | ErrorKind::SeatsExhausted | ErrorKind::Rejected
    )
}

/// Whether the list showed a new active invite of the person that may be ours or another's.
fn is_in_question(error: &InviteError) -> bool {
    error.kind() == ErrorKind::OutcomeUnknown && error.effect() == Effect::Unclear
}

/// Whether the person is in or invited. Whoever accepted an invite to this address under another one
/// is in too.
pub(crate) async fn already(call: &Call<'_>, email: &str) -> Result<Option<Ensured>, InviteError> {
    let (members, invites) = tokio::try_join!(members::members(call), decided(call, email))?;
    let users: Vec<&str> = invites
        .iter()
        .filter_map(|invite| invite.used_by_user_id.as_deref())
        .collect();
    if let Some(member) = member(members, email, &users) {
        return Ok(Some(Ensured::Member(member)));
    }
    let used = invites
        .iter()
        .any(|invite| invite.status == InviteStatus::Used);
    if let Some(invite) = list::first(&invites) {
        return Ok(Some(Ensured::Existing(invite.clone())));
    }
    // The person may have accepted between the two readings. Most of the time the invite was used
    // long ago, by somebody who has left since.
    match used {
        true => {
            let members = members::members(call).await?;
            Ok(member(members, email, &users).map(Ensured::Member))
        }
        false => Ok(None),
    }
}

/// The member with this address, else one of these users.
fn member(members: Vec<Member>, email: &str, users: &[&str]) -> Option<Member> {
    let mut other = None;
    for member in members {
        if same_address(&member.email, email) {
            return Some(member);
        }
        if users.contains(&&*member.user_id) {
            other.get_or_insert(member);
        }
    }
    other
}

/// The invites of an address, in a reading by which all workers come to the same active one: where
/// the first is so young that another may still show up before it, the list is read again.
async fn decided(call: &Call<'_>, email: &str) -> Result<Vec<Invite>, InviteError> {
    let everything = InviteFilter::default().email(email);
    let (head, invites) = list::read(call, &everything).await?;
    let Some(first) = list::first(&invites) else {
        return Ok(invites);
    };
    if is_settled(head.now.signed_duration_since(first.created_at)) {
        return Ok(invites);
    }
    settle::pause_before_judging(call, first).await;
    Ok(list::read(call, &everything).await?.1)
}

/// Whether no invite can show up any more before one of this age, which is counted by two clocks: a
/// list has had the time that it is given to catch up, and whoever made another one the time to judge.
pub(crate) fn is_settled(age: TimeDelta) -> bool {
    let settled: Duration = READINGS.iter().sum::<Duration>() + JUDGE;
    age > TimeDelta::from_std(settled).unwrap_or_default() + CLOCKS_APART
}

/// Calls of this client for one person go one after another: the person gets one e-mail.
pub(crate) async fn turn(call: &Call<'_>, email: &str) -> Result<OwnedMutexGuard<()>, InviteError> {
    let turn = turn_of(&call.shared.ensuring, email).lock_owned();
    tokio::time::timeout(call.remaining(), turn).await.map_err(|_| {
        InviteError::new(
            ErrorKind::Timeout,
            "another call of this client for the same person did not end within the time of this one",
        )
    })
}

/// The turn of one address among the calls of this client.
fn turn_of(ensuring: &Mutex<Turns>, email: &str) -> Arc<tokio::sync::Mutex<()>> {
    let mut ensuring = ensuring.lock().unwrap_or_else(PoisonError::into_inner);
    ensuring.retain(|_, turn| turn.strong_count() > 0);
    let key = email.to_lowercase();
    if let Some(turn) = ensuring.get(&key).and_then(Weak::upgrade) {
        return turn;
    }
    let turn = Arc::new(tokio::sync::Mutex::new(()));
    ensuring.insert(key, Arc::downgrade(&turn));
    turn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invite_is_settled_after_the_readings_and_the_judging_whichever_clock_is_ahead() {
        let settled = TimeDelta::seconds(4) + CLOCKS_APART;
        assert!(!is_settled(settled));
        assert!(is_settled(settled + TimeDelta::nanoseconds(1)));
        assert!(
            !is_settled(TimeDelta::seconds(-9)),
            "made ahead of its time"
        );
    }

    #[test]
    fn one_person_has_one_turn_and_who_is_done_with_leaves_none() {
        let ensuring = Mutex::default();
        let ada = turn_of(&ensuring, "ada@example.com");
        assert!(Arc::ptr_eq(&ada, &turn_of(&ensuring, "ADA@example.com")));
        assert!(!Arc::ptr_eq(&ada, &turn_of(&ensuring, "bob@example.com")));
        drop(ada);
        let _eve = turn_of(&ensuring, "eve@example.com");
        assert_eq!(ensuring.lock().expect("the turns").len(), 1);
    }
}
