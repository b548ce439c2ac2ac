//! Whether a planned step may still be carried out: changes since the plan was made are not overwritten.

use crate::model::email::address_key;
use crate::model::{Invite, LandscapePermissions};
use crate::roster::current_state::CurrentState;
use crate::roster::decide_step;
use crate::roster::execute_step::StepEnd;
use crate::roster::plan::{Action, Held, Rules, Step};
use crate::roster::reason::StepReason;
use crate::roster::report::Outcome;

/// The decision about a planned step, given the current state.
#[expect(
    clippy::large_enum_variant,
    reason = "most decisions are steps to carry out, and each lives for a moment"
)]
pub(crate) enum Decision {
    /// It is carried out: the rest of the step.
    Do(Step),
    /// It is not carried out.
    Leave(Box<StepEnd>),
}

impl Decision {
    /// The step to carry out, if there is one.
    pub(crate) fn step(&self) -> Option<&Step> {
        match self {
            Self::Do(step) => Some(step),
            Self::Leave(..) => None,
        }
    }

    /// The same, to be marked.
    pub(crate) fn step_mut(&mut self) -> Option<&mut Step> {
        match self {
            Self::Do(step) => Some(step),
            Self::Leave(..) => None,
        }
    }
}

/// Decides about one step.
///
/// | planned | found | then |
/// |---|---|---|
/// | anything | what the plan wanted | nothing; the remaining revocations of the plan are done |
/// | invite | no invite, no member | done |
/// | replace | the invite to be replaced | done |
/// | revoke | the invites to be revoked | done; others of the person are left |
/// | update, remove | the member as the plan saw it | done |
/// | remove | no such member | nothing; the remaining revocations of the plan are done |
/// | skip | a person whom the plan's options still skip | nothing |
/// | anything | anything else | changed |
pub(crate) fn decide(planned: &Step, rules: Rules, current: &CurrentState) -> Decision {
    let Some(wanted) = &planned.wanted else {
        return match planned.action {
            Action::Remove => removal(planned, current),
            _ => stranger(planned, current),
        };
    };
    let mut found = decide_step::of_person(wanted, rules, current);
    let held = held_invite(&found, current);
    match (planned.action, found.action) {
        (Action::Invite, Action::Invite) => Decision::Do(found),
        (Action::Update, Action::Update) if is_same(planned, &found) => Decision::Do(found),
        // Another entry of the roster decides about this member.
        (Action::Member, Action::Update | Action::Remove)
            if planned.reason_code == Some(StepReason::AmbiguousMember)
                && is_same(planned, &found) =>
        {
            let reason = StepReason::AmbiguousMember;
            leave(StepEnd::new(Outcome::Kept, reason, &*planned.reason))
        }
        (Action::Update | Action::Member, Action::Update) => changed(
            StepReason::MemberChanged,
            &format!(
                "since the plan was made the member was changed: {}",
                found.reason
            ),
        ),
        (_, Action::Update) => changed(
            found.reason_code,
            &format!("a member by now: {}", found.reason),
        ),
        (_, Action::Revoke | Action::Remove) => changed(
            found.reason_code,
            &format!("since the plan was made {}", found.reason),
        ),
        (Action::Replace, Action::Replace) if is_part(&found.revoke, &planned.revoke) => {
            Decision::Do(found)
        }
        (Action::Replace, Action::Replace) => changed(
            StepReason::InvitedByAnother,
            "somebody else has invited the person since the plan was made",
        ),
        (planned_as, Action::Keep) => {
            // The plan does not revoke what others made.
            found.revoke.retain(|id| planned.revoke.contains(id));
            if !found.revoke.is_empty() {
                return Decision::Do(found);
            }
            let note = match planned_as {
                Action::Invite | Action::Replace => "invited as wanted since the plan was made",
                _ => "invited as wanted",
            };
            let reason = StepReason::InvitedAsWanted;
            leave(StepEnd::new(Outcome::Kept, reason, note).with_invite(held))
        }
        (_, Action::Member) | (Action::Skip, Action::Skip) => {
            let end = StepEnd::new(Outcome::Kept, found.reason_code, found.reason);
            leave(end.with_invite(held))
        }
        (_, Action::Skip) => changed(
            found.reason_code,
            &format!("since the plan was made: {}", found.reason),
        ),
        (Action::Keep | Action::Replace, Action::Invite) => changed(
            StepReason::InviteGone,
            "the active invite in the plan is no longer active",
        ),
        (Action::Member | Action::Update, Action::Invite | Action::Replace) => changed(
            StepReason::MembershipEnded,
            "the person is no longer a member",
        ),
        (_, Action::Replace) => changed(
            found.reason_code,
            &format!("since the plan was made {}", found.reason),
        ),
        _ => changed(
            StepReason::PlanDoesNotFit,
            "the plan does not match the current state",
        ),
    }
}

fn changed(reason: impl Into<Option<StepReason>>, why: &str) -> Decision {
    leave(StepEnd::new(
        Outcome::Changed,
        reason,
        format!("{why}; make a new plan"),
    ))
}

fn leave(end: StepEnd) -> Decision {
    Decision::Leave(Box::new(end))
}

/// Whether the member has what the plan saw.
fn is_same(planned: &Step, found: &Step) -> bool {
    match (&planned.held, &found.held) {
        (Some(planned), Some(found)) => has_same(planned, found),
        _ => false,
    }
}

fn has_same(one: &Held, other: &Held) -> bool {
    let no_limits = LandscapePermissions::new();
    let landscapes = |held: &Held| {
        let limits = held.landscape_permissions.as_ref();
        limits.unwrap_or(&no_limits).clone()
    };
    one.user_id == other.user_id
        && one.permission == other.permission
        && landscapes(one) == landscapes(other)
}

/// A member to be removed.
fn removal(planned: &Step, current: &CurrentState) -> Decision {
    let held = planned.held.as_ref();
    let user = held.and_then(|held| held.user_id.as_deref());
    let (Some(held), Some(user)) = (held, user) else {
        return changed(
            StepReason::PlanDoesNotFit,
            "the plan does not have the member's id",
        );
    };
    if current.on_roster.contains(user) {
        return changed(
            StepReason::AlreadyMember,
            "the member has accepted an invite to an address of the roster since",
        );
    }
    let Some(member) = current.others.get(user) else {
        return match stranger(planned, current) {
            Decision::Do(mut step) => {
                step.action = Action::Revoke;
                Decision::Do(step)
            }
            Decision::Leave(_) => leave(StepEnd::new(
                Outcome::Kept,
                StepReason::MembershipEnded,
                "no member any more",
            )),
        };
    };
    if current.protected.contains(user) {
        let end = StepEnd::new(Outcome::Kept, StepReason::Protected, "protected");
        return leave(end);
    }
    if !has_same(held, &Held::from(member)) {
        return changed(
            StepReason::MemberChanged,
            &format!(
                "since the plan was made the member was changed, and has {}",
                member.permission
            ),
        );
    }
    let mut step = planned.clone();
    step.revoke = still_active(planned, current);
    Decision::Do(step)
}

/// The invites to be revoked that are still active.
fn still_active(planned: &Step, current: &CurrentState) -> Vec<String> {
    let invites = current.invites.get(&address_key(&planned.email));
    let invites = invites.into_iter().flatten();
    invites
        .filter(|invite| planned.revoke.contains(&invite.id))
        .map(|invite| invite.id.clone())
        .collect()
}

/// Somebody to be pruned.
fn stranger(planned: &Step, current: &CurrentState) -> Decision {
    let invites = current.invites.get(&address_key(&planned.email));
    let still = still_active(planned, current);
    if !still.is_empty() {
        let mut step = planned.clone();
        step.revoke = still;
        return Decision::Do(step);
    }
    match invites.and_then(|invites| invites.first()) {
        Some(_) => changed(
            StepReason::InvitedByAnother,
            "somebody else has invited the person since the plan was made",
        ),
        None => {
            let person = address_key(&planned.email);
            let (reason, note) = match current.other_addresses.contains(&person) {
                true => (StepReason::AlreadyMember, "has become a member"),
                false => (StepReason::InviteGone, "no longer has an active invite"),
            };
            leave(StepEnd::new(Outcome::Kept, reason, note))
        }
    }
}

fn is_part(some: &[String], all: &[String]) -> bool {
    some.iter().all(|id| all.contains(id))
}

fn held_invite(step: &Step, current: &CurrentState) -> Option<Invite> {
    let id = step.held.as_ref()?.invite_id.as_ref()?;
    let invites = current.invites.get(&address_key(&step.email))?;
    invites.iter().find(|invite| invite.id == *id).cloned()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use chrono::{DateTime, TimeDelta, Utc};

    use super::*;
    use crate::model::{Member, NewInvite, Permission, Seats};
    use crate::roster::current_state::by_person;

    /// The current state if Ada has these invites, `id permission`, and perhaps a membership.
    fn current(invites: &[&str], member: bool) -> CurrentState {
        let now: DateTime<Utc> = "2026-01-15T12:00:00Z".parse().expect("a time");
        let read = |(nth, text): (usize, &&str)| {
            let (id, permission) = text.split_once(' ').expect("an id and a permission");
            let mut invite: Invite = serde_json::from_value(serde_json::json!({
                "id": id, "organizationId": "o", "email": "ada@example.com", "permission": permission,
                "expiresAt": now + TimeDelta::days(7), "createdAt": now + TimeDelta::seconds(nth as i64),
                "createdBy": "user", "createdById": "u",
            }))
            .expect("an invite");
            invite.status = invite.status_at(now);
            invite
        };
        let member = member.then(|| Member {
            user_id: "u".to_owned(),
            email: "ada@example.com".to_owned(),
            permission: Permission::Read,
            name: None,
            job_role: None,
            last_active_at: None,
            landscape_permissions: None,
        });
        CurrentState {
            now,
            begun: None,
            other_addresses: member
                .iter()
                .map(|member| address_key(&member.email))
                .collect(),
            members: member
                .map(|member| (address_key(&member.email), member))
                .into_iter()
                .collect::<HashMap<_, _>>(),
            invites: by_person(invites.iter().enumerate().map(read).collect()),
            seats: Seats::new(5, 0, 0),
            ..CurrentState::default()
        }
    }

    fn ada() -> NewInvite {
        NewInvite::new("ada@example.com", "read", TimeDelta::days(7))
    }

    /// The decision about the step that was planned for Ada: the revocations, or the report.
    fn decision(planned: &Step, after: &CurrentState) -> String {
        match decide(planned, Rules::default(), after) {
            Decision::Do(step) => format!("{}: revoke {:?}", step.action.as_str(), step.revoke),
            Decision::Leave(end) => {
                let invite = end
                    .invite
                    .map_or(String::new(), |invite| format!(" ({})", invite.id));
                format!("{}: {}{invite}", end.outcome, end.note)
            }
        }
    }

    #[test]
    fn later_changes_are_not_overwritten() {
        for (before, after, becomes) in [
            (&[][..], &[][..], "invite: revoke []"),
            (
                &[],
                &["b read"],
                "kept: invited as wanted since the plan was made (b)",
            ),
            (
                &[],
                &["b write"],
                "changed: since the plan was made the active invite has write and not read; make a new plan",
            ),
            (&["a read"], &["a read"], "kept: invited as wanted (a)"),
            (
                &["a read"],
                &[],
                "changed: the active invite in the plan is no longer active; make a new plan",
            ),
            (&["a write"], &["a write"], "replace: revoke [\"a\"]"),
            (
                &["a write"],
                &["a write", "b admin"],
                "changed: somebody else has invited the person since the plan was made; make a new plan",
            ),
            (
                &["a write"],
                &[],
                "changed: the active invite in the plan is no longer active; make a new plan",
            ),
            (&["a write"], &["a write", "b read"], "keep: revoke [\"a\"]"),
            (
                &["a write"],
                &["b read"],
                "kept: invited as wanted since the plan was made (b)",
            ),
        ] {
            let planned = decide_step::of_person(&ada(), Rules::default(), &current(before, false));
            let found = decision(&planned, &current(after, false));
            assert_eq!(found, becomes, "{before:?}, then {after:?}");
        }
    }

    #[test]
    fn a_new_and_a_former_member_are_not_changed() {
        let invited = decide_step::of_person(&ada(), Rules::default(), &current(&[], false));
        let found = decision(&invited, &current(&[], true));
        assert_eq!(found, "kept: already a member, with read");
        let member = decide_step::of_person(&ada(), Rules::default(), &current(&[], true));
        for after in [&[][..], &["b write"]] {
            let found = decision(&member, &current(after, false));
            let changed = "changed: the person is no longer a member; make a new plan";
            assert_eq!(found, changed, "{after:?}");
        }
    }

    #[test]
    fn of_a_stranger_only_what_was_planned_is_revoked() {
        let options = crate::roster::plan::PlanOptions::default().prune(true);
        let before = current(&["a read", "b write"], false);
        let planned = decide_step::of_roster(&[], &options, &before).remove(0);
        for (after, member, becomes) in [
            (
                &["a read", "b write"][..],
                false,
                "revoke: revoke [\"a\", \"b\"]",
            ),
            (&["b write", "c read"], false, "revoke: revoke [\"b\"]"),
            (
                &["c read"],
                false,
                "changed: somebody else has invited the person since the plan was made; make a new plan",
            ),
            (&[], false, "kept: no longer has an active invite"),
            (&[], true, "kept: has become a member"),
        ] {
            assert_eq!(decision(&planned, &current(after, member)), becomes);
        }
    }
}
