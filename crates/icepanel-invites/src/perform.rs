//! One step of a plan, carried out.

use crate::client::InviteClient;
use crate::clock::Moment;
use crate::create;
use crate::ensure::{self, Ensured};
use crate::error::{ErrorKind, InviteError};
use crate::lookup::Wanted;
use crate::model::{Invite, NewInvite, Permission};
use crate::plan::{Action, Step};
use crate::report::{Outcome, Stop};
use crate::revoke;
use crate::turns::Turns;

/// How often a step that was told to wait for longer than its call may last begins anew.
const MOST_WAITS: u32 = 20;

/// How a step ended.
pub(crate) struct Ended {
    pub(crate) outcome: Outcome,
    pub(crate) note: String,
    pub(crate) invite: Option<Invite>,
    pub(crate) error: Option<InviteError>,
    /// What is to be held against the list at the end.
    pub(crate) made: Option<Made>,
    /// How many invites were revoked.
    pub(crate) revoked: usize,
}

/// An invite that was made by the run.
pub(crate) struct Made {
    pub(crate) invite: Invite,
    /// Whether it was found in the list, so that it may be another worker's, or ours a further one.
    pub(crate) found_in_doubt: bool,
    /// What was asked for, if an answer was lost.
    pub(crate) doubt: Option<Doubt>,
    /// The invites that it replaces.
    pub(crate) replaced: Vec<String>,
}

/// As [`Wanted`], owned.
pub(crate) struct Doubt {
    permission: Permission,
    expires_at: chrono::DateTime<chrono::Utc>,
    sent: Moment,
}

impl Doubt {
    fn of(wanted: &Wanted<'_>) -> Self {
        Self {
            permission: wanted.permission.clone(),
            expires_at: wanted.expires_at,
            sent: wanted.sent,
        }
    }

    pub(crate) fn wanted<'a>(&'a self, email: &'a str) -> Wanted<'a> {
        Wanted {
            email,
            permission: &self.permission,
            expires_at: self.expires_at,
            sent: self.sent,
        }
    }
}

impl Ended {
    fn new(outcome: Outcome, note: impl Into<String>) -> Self {
        Self {
            outcome,
            note: note.into(),
            invite: None,
            error: None,
            made: None,
            revoked: 0,
        }
    }

    fn stopped() -> Self {
        Self::new(Outcome::Skipped, "the run was stopped before its turn")
    }

    pub(crate) fn failed(error: InviteError) -> Self {
        let outcome = match error.invite_may_exist() {
            true => Outcome::Unknown,
            false => Outcome::Failed,
        };
        Self {
            error: Some(error),
            ..Self::new(outcome, "")
        }
        .noted()
    }

    fn noted(mut self) -> Self {
        if let Some(error) = &self.error {
            self.note = error.message().to_owned();
        }
        self
    }

    pub(crate) fn kind(&self) -> Option<ErrorKind> {
        self.error.as_ref().map(InviteError::kind)
    }
}

/// Makes the invite if one is wanted, and then revokes what goes: in this order a replacement never
/// leaves the person without an invite. It has the permits for all its writes before it begins, and
/// once it has begun it is finished, also if the run is stopped meanwhile.
pub(crate) async fn perform(client: &InviteClient, stop: &Stop, step: &Step) -> Ended {
    let Some(mut turns) = Turns::wait(client, step.writes(), stop).await else {
        return Ended::stopped();
    };
    let mut ended = match &step.wanted {
        Some(wanted) if step.creates() => {
            let wanted = with_landscapes(wanted, step);
            let mut made = match make(client, stop, &mut turns, step, &wanted).await {
                Ok(made) => made,
                Err(ended) => return ended,
            };
            made.replaced.clone_from(&step.revoke);
            Ended {
                invite: Some(made.invite.clone()),
                made: Some(made),
                ..Ended::new(Outcome::Done, "invited")
            }
        }
        _ => Ended::new(Outcome::Done, ""),
    };
    for (nth, id) in step.revoke.iter().enumerate() {
        let Err(error) = revoke(client, &mut turns, id).await else {
            ended.revoked += 1;
            continue;
        };
        let left = step.revoke.len() - nth;
        let why = error.message();
        ended.note = match step.creates() {
            true => format!(
                "the new invite is made, {left} of the person's others are still active: {why}; apply again"
            ),
            false => format!("{left} of {} are still active: {why}", step.revoke.len()),
        };
        ended.outcome = Outcome::Failed;
        ended.error = Some(error);
        return ended;
    }
    ended.note = match (step.action, step.revoke.len()) {
        (Action::Invite, _) => "invited".to_owned(),
        (Action::Replace, _) => "invited anew, and the former invite revoked".to_owned(),
        (_, 1) => "one invite revoked".to_owned(),
        (_, more) => format!("{more} invites revoked"),
    };
    ended
}

/// A roster that says nothing about landscapes leaves them as they are, in a new invite too.
fn with_landscapes(wanted: &NewInvite, step: &Step) -> NewInvite {
    let mut wanted = wanted.clone();
    if wanted.landscape_permissions.is_none()
        && let Some(held) = &step.held
    {
        wanted
            .landscape_permissions
            .clone_from(&held.landscape_permissions);
    }
    wanted
}

async fn make<'a>(
    client: &'a InviteClient,
    stop: &Stop,
    turns: &mut Turns<'a>,
    step: &Step,
    wanted: &NewInvite,
) -> Result<Made, Ended> {
    let mut waits = 0;
    loop {
        let turn = turns.next().await;
        // The time of the call begins here.
        let call = client.call().with_turn(turn);
        match create::make(&call, wanted).await {
            Ok(made) => {
                return Ok(Made {
                    found_in_doubt: made.found_in_doubt(),
                    doubt: made.doubt.as_ref().map(Doubt::of),
                    invite: made.invite,
                    replaced: Vec::new(),
                });
            }
            Err(error) if error.kind() == ErrorKind::RateLimited && waits < MOST_WAITS => {
                waits += 1;
                // Nothing has begun. Meanwhile others may have the permits.
                *turns = Turns::none(client);
                match Turns::wait(client, step.writes(), stop).await {
                    Some(again) => *turns = again,
                    None => return Err(Ended::stopped()),
                }
            }
            Err(error) if ensure::is_refusal(&error) => {
                return Err(conflict(client, step, wanted, error).await);
            }
            Err(error) => return Err(Ended::failed(error)),
        }
    }
}

/// The service refused: somebody else may have invited the person since we looked, or the person has
/// become a member.
async fn conflict(
    client: &InviteClient,
    step: &Step,
    wanted: &NewInvite,
    error: InviteError,
) -> Ended {
    match ensure::already(&client.call(), &wanted.email).await {
        Ok(Some(Ensured::Member(member))) => Ended::new(
            Outcome::Kept,
            format!("a member by now, with {}", member.permission),
        ),
        // The one to be replaced is no news.
        Ok(Some(Ensured::Existing(invite))) if !step.revoke.contains(&invite.id) => {
            let fits = invite.permission == wanted.permission;
            let (outcome, note) = match fits {
                true => (Outcome::Kept, "somebody else has invited the person since"),
                false => (
                    Outcome::Changed,
                    "somebody else has invited the person since, to something else; plan again",
                ),
            };
            Ended {
                invite: Some(invite),
                ..Ended::new(outcome, note)
            }
        }
        _ => Ended::failed(error),
    }
}

/// Revokes one invite, after however many waits that the service asks for.
pub(crate) async fn revoke<'a>(
    client: &'a InviteClient,
    turns: &mut Turns<'a>,
    id: &str,
) -> Result<Invite, InviteError> {
    let mut waits = 0;
    loop {
        let turn = turns.next().await;
        // The time of the call begins here.
        let call = client.call().with_turn(turn);
        match revoke::revoke(&call, id).await {
            Err(error) if error.kind() == ErrorKind::RateLimited && waits < MOST_WAITS => {
                waits += 1;
            }
            result => return result,
        }
    }
}
