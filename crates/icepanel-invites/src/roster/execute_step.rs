//! Carries out one step of a plan.

use crate::engine::call::Call;
use crate::engine::rate_limiter::Permit;
use crate::engine::session::Session;
use crate::error::{Effect, ErrorKind, InviteError};
use crate::invites::create;
use crate::invites::ensure::{self, Ensured};
use crate::invites::matching::MadeInvite;
use crate::invites::planned_change::{self, Changed, PlannedChange};
use crate::invites::revoke::{self, Revoked};
use crate::model::{Invite, NewInvite};
use crate::roster::plan::{Action, Step};
use crate::roster::plan_check::too_few_admins;
use crate::roster::reason::StepReason;
use crate::roster::report::Outcome;
use crate::roster::stop::Stop;
use crate::roster::write_permits::WritePermits;

/// How often a step begins again after the service asked for a wait longer than its call may last.
const MOST_WAITS: u32 = 20;

/// How a step ended.
pub(crate) struct StepEnd {
    pub(crate) outcome: Outcome,
    pub(crate) reason: Option<StepReason>,
    pub(crate) note: String,
    pub(crate) invite: Option<Invite>,
    pub(crate) error: Option<InviteError>,
    /// The id of the request that decided the outcome.
    pub(crate) request_id: Option<String>,
    /// The invite to check against the list at the end.
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
            "the run was stopped before this step began",
        )
    }

    pub(crate) fn deferred(least_admins: u64) -> Self {
        let why = too_few_admins(least_admins);
        Self::new(Outcome::Deferred, StepReason::TooFewAdmins, why)
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
/// leaves the person without an invite. It has the permits for all its writes before it begins. Once the service may
/// have carried out one of them, the step is finished, also if the run is stopped meanwhile.
pub(crate) async fn execute(
    session: &Session,
    stop: &Stop,
    step: &Step,
    least_admins: u64,
) -> StepEnd {
    let Some(mut permits) = WritePermits::wait(session, step.writes(), stop).await else {
        return StepEnd::stopped();
    };
    let mut ended = match &step.wanted {
        Some(wanted) if step.creates() => {
            let wanted = with_landscapes(wanted, step);
            let made = match make(session, &mut permits, step, &wanted).await {
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
            Some(Ok(revoked)) => {
                ended.revoked += 1;
                if !step.creates() {
                    ended.request_id = revoked.request_id;
                }
                continue;
            }
            Some(Err(error)) => error,
            None => return StepEnd::stopped(),
        };
        let left = step.revoke.len() - nth;
        let why = error.message();
        ended.note = match step.creates() {
            true => format!(
                "the new invite was made, but {left} other invites of the person are still active: {why}; apply again"
            ),
            false => format!("{left} of {} are still active: {why}", step.revoke.len()),
        };
        ended.outcome = Outcome::Failed;
        ended.reason = Some(StepReason::RevokeIncomplete);
        return ended.with_error(error);
    }
    if step.changes_member() {
        return change_member(session, &mut permits, step, least_admins, ended).await;
    }
    ended.note = match (step.action, step.revoke.len()) {
        (Action::Invite, _) => "invited".to_owned(),
        (Action::Replace, _) => {
            ended.reason = Some(StepReason::Replaced);
            "invited again; the previous invite was revoked".to_owned()
        }
        (_, 1) => "one invite revoked".to_owned(),
        (_, more) => format!("{more} invites revoked"),
    };
    ended
}

/// Updates or removes the member, if the member still is as the plan saw it. The invites of a member who is removed are
/// revoked by now, so that the person cannot come back with one.
async fn change_member<'a>(
    session: &'a Session,
    permits: &mut WritePermits<'a>,
    step: &Step,
    least_admins: u64,
    revoked: StepEnd,
) -> StepEnd {
    let held = step.held.as_ref();
    let (Some(held), Some(user_id)) = (held, held.and_then(|held| held.user_id.as_deref())) else {
        let why = "the plan does not have the member's id; plan again";
        return StepEnd::new(Outcome::Changed, StepReason::PlanDoesNotFit, why);
    };
    let wanted = match step.action {
        Action::Update => step.wanted.as_ref(),
        _ => None,
    };
    let change = &PlannedChange {
        user_id,
        seen: (&held.permission, held.landscape_permissions.as_ref()),
        wanted: wanted.map(|wanted| (&wanted.permission, wanted.landscape_permissions.as_ref())),
        least_admins,
    };
    let write = |call, permit| async move { planned_change::make(&call, permit, change).await };
    let Some(result) = send(session, permits, write).await else {
        return StepEnd::stopped();
    };
    let end = |outcome, reason, note: String| StepEnd {
        outcome,
        reason: Some(reason),
        note,
        ..revoked
    };
    match (result, wanted) {
        (Ok(Changed::Done(id)), wanted) => {
            let (reason, note) = match wanted {
                Some(wanted) if wanted.permission != held.permission => (
                    StepReason::Updated,
                    format!("{} now, and not {}", wanted.permission, held.permission),
                ),
                Some(_) => (StepReason::Updated, "other landscapes now".to_owned()),
                None => (StepReason::Removed, "removed".to_owned()),
            };
            StepEnd {
                request_id: id,
                ..end(Outcome::Done, reason, note)
            }
        }
        (Ok(Changed::Already), Some(_)) => {
            let note = "has the wanted permission by now".to_owned();
            end(Outcome::Kept, StepReason::AlreadyMember, note)
        }
        (Ok(Changed::Already | Changed::Gone), None) => {
            let note = "no member any more".to_owned();
            end(Outcome::Kept, StepReason::MembershipEnded, note)
        }
        (Ok(Changed::Gone), Some(_)) => {
            let note = "the person is no member any more; plan again".to_owned();
            end(Outcome::Changed, StepReason::MembershipEnded, note)
        }
        (Ok(Changed::Otherwise(permission)), _) => {
            let note = format!(
                "since the plan was made the member was changed, and has {permission}; plan again"
            );
            end(Outcome::Changed, StepReason::MemberChanged, note)
        }
        (Ok(Changed::TooFewAdmins), _) => StepEnd::deferred(least_admins),
        (Err(error), _) => {
            let outcome = match error.effect() {
                Effect::None => Outcome::Failed,
                _ => Outcome::Unknown,
            };
            let note = error.message().to_owned();
            end(outcome, StepReason::RequestFailed, note).with_error(error)
        }
    }
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
    permits: &mut WritePermits<'a>,
    step: &Step,
    wanted: &NewInvite,
) -> Result<MadeInvite, StepEnd> {
    let create = |call, permit| async move { create::make(&call, wanted, Some(permit)).await };
    match send(session, permits, create).await {
        Some(Ok(made)) => Ok(made),
        Some(Err(error)) if ensure::is_refusal(&error) => {
            Err(conflict(session, step, wanted, error).await)
        }
        Some(Err(error)) => Err(StepEnd::failed(error)),
        None => Err(StepEnd::stopped()),
    }
}

/// The service rejected the create: somebody else may have invited the person since the reading, or the person has
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
            let note = format!("has become a member, with {}", member.permission);
            StepEnd::new(Outcome::Kept, reason, note)
        }
        // The one to be replaced is known already.
        Ok(Some(Ensured::Existing(invite))) if !step.revoke.contains(&invite.id) => {
            let fits = invite.permission == wanted.permission;
            let (outcome, note) = match fits {
                true => (
                    Outcome::Kept,
                    "somebody else has invited the person since the plan was made",
                ),
                false => (
                    Outcome::Changed,
                    "somebody else has invited the person since the plan was made, with other values; make a new plan",
                ),
            };
            StepEnd::new(outcome, StepReason::InvitedByAnother, note).with_invite(Some(invite))
        }
        _ => StepEnd::failed(error),
    }
}

/// Revokes one invite, after all waits that the service asks for; none if the run is stopped before the step has begun.
pub(crate) async fn revoke<'a>(
    session: &'a Session,
    permits: &mut WritePermits<'a>,
    id: &str,
) -> Option<Result<Revoked, InviteError>> {
    let revoke = |call, permit| async move { revoke::revoke_with(&call, id, Some(permit)).await };
    send(session, permits, revoke).await
}

/// Sends a write of a step, and sends it again when the service asked for a wait longer than a call may last. None if the
/// run is stopped before the step has begun.
async fn send<'a, T, F: Future<Output = Result<T, InviteError>>>(
    session: &'a Session,
    permits: &mut WritePermits<'a>,
    write: impl Fn(Call<'a>, Permit<'a>) -> F,
) -> Option<F::Output> {
    let mut waits = 0;
    loop {
        let permit = permits.next().await?;
        // The time of the call begins here.
        let result = write(session.call(), permit).await;
        let error = result.as_ref().err();
        if error.is_none_or(|error| error.effect() != Effect::None) {
            permits.begun();
        }
        let asks_for_wait = error.is_some_and(|error| error.kind() == ErrorKind::RateLimited);
        if !asks_for_wait || waits == MOST_WAITS {
            return Some(result);
        }
        waits += 1;
        // Others may have the permits meanwhile.
        permits.give_back();
    }
}
