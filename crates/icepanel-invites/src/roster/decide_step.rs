//! The step for each person of a roster, given the current state.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::invites::difference::{Difference, differences};
use crate::model::email::address_key;
use crate::model::timestamp::time_text;
use crate::model::{Invite, NewInvite};
use crate::roster::current_state::CurrentState;
use crate::roster::history::History;
use crate::roster::plan::{Action, Held, PlanOptions, Rules, Step};
use crate::roster::reason::StepReason;

/// One step for each person: the roster's in its order, then those to be pruned by address.
pub(crate) fn of_roster(
    entries: &[NewInvite],
    options: &PlanOptions,
    current: &CurrentState,
) -> Vec<Step> {
    let mut steps: Vec<Step> = entries
        .iter()
        .map(|entry| of_person(entry, options.rules(), current))
        .collect();
    if options.prune {
        let wanted: HashSet<String> = entries
            .iter()
            .map(|entry| address_key(&entry.email))
            .collect();
        let first = steps.len();
        steps.extend(
            current
                .invites
                .iter()
                .filter(|(key, _)| !wanted.contains(*key))
                .filter_map(|(_, invites)| of_stranger(invites)),
        );
        steps[first..].sort_by(|a, b| a.email.cmp(&b.email));
    }
    steps
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
        // A person who accepted the invite with another address is a member too.
        let other = match address_key(&member.email) == key {
            true => String::new(),
            false => format!(
                " as {}, who accepted an invite to {}",
                member.email, wanted.email
            ),
        };
        let reason = match member.permission == wanted.permission {
            true => (
                StepReason::AlreadyMember,
                format!("already a member{other}, with {}", member.permission),
            ),
            false => (
                StepReason::MemberWithOtherPermission,
                format!(
                    "already a member{other}, with {} and not {}; change that in IcePanel",
                    member.permission, wanted.permission
                ),
            ),
        };
        return step(Action::Member, reason, Some(member.into()), Vec::new());
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
            if let Some(most) = enough {
                let why = format!(
                    "not replaced, because {} is reached ({times} so far): {reason}",
                    limit(most)
                );
                let reason = (StepReason::MaxInvitesReached, why);
                return step(Action::Skip, reason, Some(first.into()), Vec::new());
            }
            let held = Some(first.into());
            step(Action::Replace, (code, reason), held, others(None))
        }
    }
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
        revoke: invites.iter().map(|invite| invite.id.clone()).collect(),
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
        Difference::Expiry => {
            let until = wanted.expiry.instant(now).map(day).unwrap_or_default();
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
