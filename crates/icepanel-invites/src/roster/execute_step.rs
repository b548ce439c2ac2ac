//! One step of a plan, carried out.

use crate::engine::session::Session;
use crate::error::{ErrorKind, InviteError};
use crate::invites::create;
use crate::invites::ensure::{self, Ensured};
use crate::invites::matching::MadeInvite;
use crate::invites::revoke::{self, Revoked};
use crate::model::{Invite, NewInvite};
use crate::roster::plan::{Action, Step};
use crate::roster::reason::StepReason;
use crate::roster::report::Outcome;
use crate::roster::stop::Stop;
use crate::roster::write_permits::WritePermits;

/// How often a step that was told to wait for longer than its call may last begins anew.
const MOST_WAITS: u32 = 20;

/// How a step ended.
pub(crate) struct StepEnd {
    pub(crate) outcome: Outcome,
    pub(crate) reason: Option<StepReason>,
    pub(crate) note: String,
    pub(crate) invite: Option<Invite>,
    pub(crate) error: Option<InviteError>,
    /// Of the request that decided the outcome.
    pub(crate) request_id: Option<String>,
    /// What is to be held against the list at the end.
    pub(crate) made: Option<StepInvite>,
    /// How many invites were revoked.
    pub(crate) revoked: usize,
}

/// An invite that was made by the run.
pub(crate) struct StepInvite {
    pub(crate) made: MadeInvite,
    /// The invites that it replaces.
    pub(crate) replaced: Vec<String>,
}

impl StepEnd {
    pub(crate) fn new(
        outcome: Outcome,
        reason: impl Into<Option<StepReason>>,
        note: impl Into<String>,
    ) -> Self {
        Self {
            outcome,
            reason: reason.into(),
            note: note.into(),
            invite: None,
            error: None,
            request_id: None,
            made: None,
            revoked: 0,
        }
    }

    fn stopped() -> Self {
        Self::new(
            Outcome::Skipped,
            StepReason::Stopped,
            "the run was stopped before its turn",
        )
    }

    pub(crate) fn failed(error: InviteError) -> Self {
        let outcome = match error.invite_may_exist() {
            true => Outcome::Unknown,
            false => Outcome::Failed,
        };
        Self::new(outcome, StepReason::RequestFailed, error.message()).with_error(error)
    }

    pub(crate) fn with_error(mut self, error: InviteError) -> Self {
        self.request_id = error.request_id().map(str::to_owned);
        self.error = Some(error);
        self
    }

    pub(crate) fn with_invite(mut self, invite: Option<Invite>) -> Self {
        self.invite = invite;
        self
    }

    pub(crate) fn kind(&self) -> Option<ErrorKind> {
        self.error.as_ref().map(InviteError::kind)
    }
}

/// Makes the invite if one is wanted, and then revokes what goes: in this order a replacement never
/// leaves the person without an invite. It has the permits for all its writes before it begins, and
/// once it has begun it is finished, also if the run is stopped meanwhile.
pub(crate) async fn execute(session: &Session, stop: &Stop, step: &Step) -> StepEnd {
    let Some(mut permits) = WritePermits::wait(session, step.writes(), stop).await else {
        return StepEnd::stopped();
    };
    let mut ended = match &step.wanted {
        Some(wanted) if step.creates() => {
            let wanted = with_landscapes(wanted, step);
            let made = match make(session, stop, &mut permits, step, &wanted).await {
                Ok(made) => made,
                Err(ended) => return ended,
            };
            StepEnd {
                invite: Some(made.invite.clone()),
                request_id: made.request_id.clone(),
                made: Some(StepInvite {
                    made,
                    replaced: step.revoke.clone(),
                }),
                ..StepEnd::new(Outcome::Done, StepReason::Invited, "invited")
            }
        }
        _ => StepEnd::new(Outcome::Done, StepReason::Revoked, ""),
    };
    for (nth, id) in step.revoke.iter().enumerate() {
        let error = match revoke(session, &mut permits, id).await {
            Ok(revoked) => {
                ended.revoked += 1;
                if !step.creates() {
                    ended.request_id = revoked.request_id;
                }
                continue;
            }
            Err(error) => error,
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
        ended.reason = Some(StepReason::RevokeIncomplete);
        return ended.with_error(error);
    }
    ended.note = match (step.action, step.revoke.len()) {
        (Action::Invite, _) => "invited".to_owned(),
        (Action::Replace, _) => {
            ended.reason = Some(StepReason::Replaced);
            "invited anew, and the former invite revoked".to_owned()
        }
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
    session: &'a Session,
    stop: &Stop,
    permits: &mut WritePermits<'a>,
    step: &Step,
    wanted: &NewInvite,
) -> Result<MadeInvite, StepEnd> {
    let mut waits = 0;
    loop {
        let permit = permits.next().await;
        // The time of the call begins here.
        let call = session.call();
        match create::make(&call, wanted, Some(permit)).await {
            Ok(made) => return Ok(made),
            Err(error) if error.kind() == ErrorKind::RateLimited && waits < MOST_WAITS => {
                waits += 1;
                // Nothing has begun. Meanwhile others may have the permits.
                *permits = WritePermits::none(session);
                match WritePermits::wait(session, step.writes(), stop).await {
                    Some(again) => *permits = again,
                    None => return Err(StepEnd::stopped()),
                }
            }
            Err(error) if ensure::is_refusal(&error) => {
                return Err(conflict(session, step, wanted, error).await);
            }
            Err(error) => return Err(StepEnd::failed(error)),
        }
    }
}

/// The service refused: somebody else may have invited the person since we looked, or the person has
/// become a member.
async fn conflict(
    session: &Session,
    step: &Step,
    wanted: &NewInvite,
    error: InviteError,
) -> StepEnd {
    match ensure::already(&session.call(), &wanted.email).await {
        Ok(Some(Ensured::Member(member))) => {
            let reason = match member.permission == wanted.permission {
                true => StepReason::AlreadyMember,
                false => StepReason::MemberWithOtherPermission,
            };
            let note = format!("a member by now, with {}", member.permission);
            StepEnd::new(Outcome::Kept, reason, note)
        }
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
            StepEnd::new(outcome, StepReason::InvitedByAnother, note).with_invite(Some(invite))
        }
        _ => StepEnd::failed(error),
    }
}

/// Revokes one invite, after however many waits that the service asks for.
pub(crate) async fn revoke<'a>(
    session: &'a Session,
    permits: &mut WritePermits<'a>,
    id: &str,
) -> Result<Revoked, InviteError> {
    let mut waits = 0;
    loop {
        let permit = permits.next().await;
        // The time of the call begins here.
        let call = session.call();
        match revoke::revoke_with(&call, id, Some(permit)).await {
            Err(error) if error.kind() == ErrorKind::RateLimited && waits < MOST_WAITS => {
                waits += 1;
            }
            result => return result,
        }
    }
}
