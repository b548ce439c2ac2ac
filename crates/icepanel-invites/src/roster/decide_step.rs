//! The step for each person of a roster, given the current state.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::invites::difference::{Difference, differences, too_late};
use crate::model::email::address_key;
use crate::model::timestamp::time_text;
use crate::model::{Invite, LandscapePermissions, Member, NewInvite, Permission};
use crate::roster::current_state::CurrentState;
use crate::roster::history::History;
use crate::roster::plan::{Action, Held, PlanOptions, Rules, Step};
use crate::roster::plan_check::{least_admins, too_few_admins};
use crate::roster::reason::StepReason;

/// One step for each person: the roster's in its order, then those to be pruned or removed, by address.
pub(crate) fn of_roster(
    entries: &[NewInvite],
    options: &PlanOptions,
    current: &CurrentState,
) -> Vec<Step> {
    let mut steps: Vec<Step> = entries
        .iter()
        .map(|entry| of_person(entry, options.rules(), current))
        .collect();
    one_step_a_member(&mut steps, entries, current);
    let first = steps.len();
    if options.prune_members {
        steps.extend(of_members(current));
    }
    if options.prune {
        let taken: HashSet<String> = steps.iter().map(|step| address_key(&step.email)).collect();
        steps.extend(
            current
                .invites
                .iter()
                .filter(|(key, _)| !taken.contains(*key))
                .filter_map(|(_, invites)| of_stranger(invites)),
        );
    }
    steps[first..].sort_by(|a, b| a.email.cmp(&b.email));
    defer(
        steps.iter_mut().collect(),
        least_admins(options.min_admins),
        current,
    );
    steps
}

/// A member whom several entries of the roster fit is changed by one of them: the one with the member's own address, or
/// the first. Otherwise each run would undo the one before.
fn one_step_a_member(steps: &mut [Step], entries: &[NewInvite], current: &CurrentState) {
    let mut of_user: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, entry) in entries.iter().enumerate() {
        if let Some(member) = current.members.get(&address_key(&entry.email)) {
            let steps = of_user.entry(member.user_id.clone()).or_default();
            steps.push(index);
        }
    }
    for indices in of_user.into_values() {
        let Some(member) = indices
            .first()
            .and_then(|first| current.members.get(&address_key(&entries[*first].email)))
        else {
            continue;
        };
        let own = address_key(&member.email);
        let is_own = |index: &&usize| address_key(&entries[**index].email) == own;
        let decides = indices.iter().find(is_own).or(indices.first()).copied();
        for index in indices {
            let step = &mut steps[index];
            if Some(index) == decides || !step.changes_member() {
                continue;
            }
            let by = decides.map_or(&*member.email, |decides| &*entries[decides].email);
            step.reason = format!(
                "already a member as {}; the entry of {by} decides about this member",
                member.email
            );
            // The invites of an access that has ended are revoked all the same.
            let invites = current.invites.get(&address_key(&step.email));
            let invite = invites.and_then(|invites| invites.first());
            if let (false, Some(invite)) = (step.revoke.is_empty(), invite) {
                step.action = Action::Revoke;
                step.held = Some(invite.into());
                continue;
            }
            step.reason_code = Some(StepReason::AmbiguousMember);
            step.action = Action::Member;
            step.held = Some(member.into());
            step.wanted = Some(entries[index].clone());
        }
    }
}

/// The steps of the members who are not on the roster and not protected.
fn of_members(current: &CurrentState) -> Vec<Step> {
    let mut members: Vec<&Member> = current
        .others
        .values()
        .filter(|member| !current.protected.contains(&member.user_id))
        .collect();
    members.sort_by(|a, b| (&a.email, &a.user_id).cmp(&(&b.email, &b.user_id)));
    // A second member with the same address is removed by the next run.
    let mut seen = HashSet::new();
    members.retain(|member| seen.insert(address_key(&member.email)));
    let steps = members.into_iter().map(|member| {
        let why = format!(
            "a member, with {}, and not on the roster",
            member.permission
        );
        removal(
            &member.email,
            member,
            (StepReason::NotOnRoster, why),
            current,
        )
    });
    steps.collect()
}

/// The removal of a member, and of the active invites with which the person could come back.
fn removal(
    email: &str,
    member: &Member,
    (code, reason): (StepReason, String),
    current: &CurrentState,
) -> Step {
    let invites = current.invites.get(&address_key(email));
    Step {
        email: email.to_owned(),
        action: Action::Remove,
        reason,
        wanted: None,
        held: Some(member.into()),
        revoke: ids(invites.map_or(&[], Vec::as_slice)),
        reason_code: Some(code),
    }
}

/// Marks the steps that would leave too few admins until somebody accepts an invite, the last ones first.
pub(crate) fn defer(mut steps: Vec<&mut Step>, least: u64, current: &CurrentState) {
    let made = steps.iter().filter(|step| step.makes_admin()).count() as u64;
    let mut spare = (current.admins + made).saturating_sub(least);
    for step in &mut steps {
        if !step.takes_admin() {
            continue;
        }
        if spare > 0 {
            spare -= 1;
            continue;
        }
        step.reason = format!("{}; {}", step.reason, too_few_admins(least));
        step.reason_code = Some(StepReason::TooFewAdmins);
    }
}

/// The step of somebody who is on the roster.
pub(crate) fn of_person(wanted: &NewInvite, rules: Rules, current: &CurrentState) -> Step {
    let margin = rules.margin;
    let key = address_key(&wanted.email);
    let step = |action, (code, reason): (StepReason, String), held: Option<Held>, revoke| Step {
        email: wanted.email.clone(),
        action,
        reason,
        wanted: Some(wanted.clone()),
        held,
        revoke,
        reason_code: Some(code),
    };
    if let Some(member) = current.members.get(&key) {
        return of_member(wanted, member, rules, current);
    }
    if wanted.has_ended(current.now) {
        return of_ended(wanted, None, current);
    }
    let invites: &[Invite] = current.invites.get(&key).map_or(&[], Vec::as_slice);
    let past = current.past.get(&key);
    let times = past.map_or(0, History::invites);
    let enough = rules.max_invites.filter(|most| times >= *most);
    let Some(first) = invites.first() else {
        let before = past.map_or("neither invited nor a member".to_owned(), History::text);
        let (action, reason) = if rules.skip_revoked && past.is_some_and(History::was_revoked) {
            let why = format!("not invited again, because the last invite was revoked: {before}");
            (Action::Skip, (StepReason::LastInviteRevoked, why))
        } else if let Some(most) = enough {
            let why = format!(
                "not invited again, because {} is reached: {before}",
                limit(most)
            );
            (Action::Skip, (StepReason::MaxInvitesReached, why))
        } else if rules.no_invites {
            let why = format!("not invited, because of no_invites (--no-invites): {before}");
            (Action::Skip, (StepReason::NoInvites, why))
        } else {
            let code = match past {
                Some(_) => StepReason::InvitedBefore,
                None => StepReason::NotInvited,
            };
            (Action::Invite, (code, before))
        };
        return step(action, reason, None, Vec::new());
    };
    let fitting = invites
        .iter()
        .find(|invite| difference(invite, wanted, margin, current.now).is_none());
    let others = |but: Option<&Invite>| {
        invites
            .iter()
            .filter(|invite| but.is_none_or(|but| but.id != invite.id))
            .map(|invite| invite.id.clone())
            .collect::<Vec<_>>()
    };
    match fitting {
        Some(invite) => {
            let further = others(Some(invite));
            let reason = match further.len() {
                0 => format!(
                    "has an active invite as wanted, until {}",
                    day(invite.expires_at)
                ),
                1 => "has an active invite as wanted; a second one is revoked".to_owned(),
                more => format!("has an active invite as wanted; {more} others are revoked"),
            };
            let code = match further.is_empty() {
                true => StepReason::InvitedAsWanted,
                false => StepReason::SurplusInvites,
            };
            step(Action::Keep, (code, reason), Some(invite.into()), further)
        }
        None => {
            let (code, reason) = difference(first, wanted, margin, current.now)
                .unwrap_or((StepReason::PlanDoesNotFit, String::new()));
            let held = Some(first.into());
            if let Some(most) = enough {
                let why = format!(
                    "not replaced, because {} is reached ({times} so far): {reason}",
                    limit(most)
                );
                let reason = (StepReason::MaxInvitesReached, why);
                return step(Action::Skip, reason, held, Vec::new());
            }
            if rules.no_invites {
                let why = format!("not replaced, because of no_invites (--no-invites): {reason}");
                return step(Action::Skip, (StepReason::NoInvites, why), held, Vec::new());
            }
            step(Action::Replace, (code, reason), held, others(None))
        }
    }
}

/// The step of a member who is on the roster.
fn of_member(wanted: &NewInvite, member: &Member, rules: Rules, current: &CurrentState) -> Step {
    let key = address_key(&wanted.email);
    // Who accepted the invite under another address is in all the same.
    let other = match address_key(&member.email) == key {
        true => String::new(),
        false => format!(
            " as {}, who accepted an invite to {}",
            member.email, wanted.email
        ),
    };
    let step = |action, code, reason: String| Step {
        email: wanted.email.clone(),
        action,
        reason,
        wanted: Some(wanted.clone()),
        held: Some(member.into()),
        revoke: Vec::new(),
        reason_code: Some(code),
    };
    let has = format!("already a member{other}, with {}", member.permission);
    let permission = member.permission != wanted.permission;
    // Without management, a roster speaks of the permission alone.
    let landscapes = rules.manage_members
        && wanted.landscape_permissions.as_ref().is_some_and(|wanted| {
            let none = LandscapePermissions::new();
            member.landscape_permissions.as_ref().unwrap_or(&none) != wanted
        });
    let ended = wanted.has_ended(current.now);
    if !ended && !permission && !landscapes {
        return step(Action::Member, StepReason::AlreadyMember, has);
    }
    let (code, differs) = match permission {
        true => (
            StepReason::MemberWithOtherPermission,
            format!("{has} and not {}", wanted.permission),
        ),
        false => (
            StepReason::MemberWithOtherLandscapes,
            format!("{has} and other landscapes"),
        ),
    };
    let managed = match ended {
        true => rules.prune_members,
        false => rules.manage_members,
    };
    if managed && current.ambiguous.contains(&key) {
        let why = format!("{has}; several members have this address, and none is changed");
        return step(Action::Member, StepReason::AmbiguousMember, why);
    }
    let lowers = ended || !raises(&member.permission, &wanted.permission);
    if managed && lowers && current.protected.contains(&member.user_id) {
        let why = match ended {
            true => format!("{has}, whose access has ended; protected, so not removed"),
            false => format!("{differs}; protected, so not changed"),
        };
        return step(Action::Member, StepReason::Protected, why);
    }
    if ended {
        return match managed {
            true => of_ended(wanted, Some(member), current),
            false => of_ended(wanted, None, current),
        };
    }
    match managed {
        true => step(Action::Update, code, differs),
        false => step(
            Action::Member,
            code,
            format!("{differs}; set manage_members (--manage-members) to change that"),
        ),
    }
}

/// Whether a permission gives more than another one in every respect.
fn raises(from: &Permission, to: &Permission) -> bool {
    let rank = |permission: &Permission| match permission {
        Permission::Read | Permission::Billing => Some(1),
        Permission::Write => Some(2),
        Permission::Admin => Some(3),
        _ => None,
    };
    match (rank(from), rank(to)) {
        (Some(from), Some(to)) => from < to,
        _ => false,
    }
}

/// The step of somebody whose access has ended: `member` is to be removed, and all invites are revoked.
fn of_ended(wanted: &NewInvite, member: Option<&Member>, current: &CurrentState) -> Step {
    let key = address_key(&wanted.email);
    let until = wanted.until.map(day).unwrap_or_default();
    let ended = format!("the access ended at {until}");
    if let Some(member) = member {
        let why = format!("a member, with {}; {ended}", member.permission);
        return removal(
            &wanted.email,
            member,
            (StepReason::AccessEnded, why),
            current,
        );
    }
    let member = current.members.get(&key);
    let stays = match member {
        Some(member) => format!(
            "; a member, with {}; set prune_members (--prune-members) to remove members",
            member.permission
        ),
        None => String::new(),
    };
    let invites: &[Invite] = current.invites.get(&key).map_or(&[], Vec::as_slice);
    let (action, held) = match (invites.first(), member) {
        (Some(first), _) => (Action::Revoke, Some(first.into())),
        (None, Some(member)) => (Action::Member, Some(member.into())),
        (None, None) => (Action::Skip, None),
    };
    Step {
        email: wanted.email.clone(),
        action,
        reason: format!("{ended}{stays}"),
        wanted: (action != Action::Revoke).then(|| wanted.clone()),
        held,
        revoke: ids(invites),
        reason_code: Some(StepReason::AccessEnded),
    }
}

fn ids(invites: &[Invite]) -> Vec<String> {
    invites.iter().map(|invite| invite.id.clone()).collect()
}

/// The step of somebody who is not on the roster and has active invites.
fn of_stranger(invites: &[Invite]) -> Option<Step> {
    let first = invites.first()?;
    Some(Step {
        email: first.email.clone(),
        action: Action::Revoke,
        reason: match invites.len() {
            1 => "not on the roster".to_owned(),
            more => format!("not on the roster; has {more} active invites"),
        },
        wanted: None,
        held: Some(first.into()),
        revoke: ids(invites),
        reason_code: Some(StepReason::NotOnRoster),
    })
}

fn limit(most: u64) -> String {
    match most {
        1 => "the limit of 1 invite".to_owned(),
        most => format!("the limit of {most} invites"),
    }
}

/// Why an active invite is not as wanted, if it is not.
pub(crate) fn difference(
    invite: &Invite,
    wanted: &NewInvite,
    margin: Option<Duration>,
    now: DateTime<Utc>,
) -> Option<(StepReason, String)> {
    Some(match differences(invite, wanted, margin, now).next()? {
        Difference::Permission => {
            let why = format!(
                "the active invite has {} and not {}",
                invite.permission, wanted.permission
            );
            (StepReason::PermissionDiffers, why)
        }
        Difference::Landscapes => {
            let why = "the active invite has other landscapes";
            (StepReason::LandscapesDiffer, why.to_owned())
        }
        Difference::Expiry if too_late(invite, wanted) => {
            let why = format!(
                "the active invite expires at {}, after the access ends, at {}",
                day(invite.expires_at),
                wanted.until.map(day).unwrap_or_default()
            );
            (StepReason::ExpiresTooLate, why)
        }
        Difference::Expiry => {
            let until = wanted.instant(now).map(day).unwrap_or_default();
            let why = format!(
                "the active invite expires too soon, at {} and not at {until}",
                day(invite.expires_at)
            );
            (StepReason::ExpiresTooSoon, why)
        }
    })
}

/// How many of the invites to revoke have a seat, without the one that is replaced.
pub(crate) fn paid_that_only_go(step: &Step, current: &CurrentState) -> u64 {
    let replaced = match step.action {
        Action::Replace => step.held.as_ref().and_then(|held| held.invite_id.as_ref()),
        _ => None,
    };
    let invites = current.invites.get(&address_key(&step.email));
    invites.map_or(0, |invites| {
        invites
            .iter()
            .filter(|invite| {
                invite.permission.is_paid()
                    && step.revoke.contains(&invite.id)
                    && replaced != Some(&invite.id)
            })
            .count() as u64
    })
}

fn day(time: DateTime<Utc>) -> String {
    use chrono::SubsecRound;
    time_text(&time.trunc_subsecs(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry_is_shown_to_the_second() {
        let time = "2026-03-04T05:06:07.891Z".parse().expect("a time");
        assert_eq!(day(time), "2026-03-04T05:06:07Z");
    }

    #[test]
    fn an_invite_that_ends_sooner_by_the_margin_is_kept_and_by_more_is_not() {
        let now: DateTime<Utc> = "2026-01-15T12:00:00Z".parse().expect("a time");
        let invite: Invite = serde_json::from_value(serde_json::json!({
            "id": "i", "organizationId": "o", "email": "ada@example.com", "permission": "read",
            "expiresAt": "2026-01-20T12:00:00.001Z", "createdAt": now, "createdBy": "user", "createdById": "u",
        }))
        .expect("an invite");
        let day = Duration::from_secs(86_400);
        let until = invite.expires_at + day;
        let wanted = NewInvite::new("ada@example.com", "read", until);
        assert_eq!(difference(&invite, &wanted, Some(day), now), None);
        let less = Some(day - Duration::from_millis(1));
        let (code, why) = difference(&invite, &wanted, less, now).expect("it differs");
        assert_eq!(code, StepReason::ExpiresTooSoon);
        assert!(
            why.contains("expires too soon, at 2026-01-20T12:00:00Z"),
            "{why}"
        );
    }
}
