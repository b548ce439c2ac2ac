//! Whether a planned step may still be carried out: what has changed since is not trampled on.

use crate::input::address_key;
use crate::model::Invite;
use crate::plan::{Action, Rules, Step};
use crate::report::Outcome;
use crate::snapshot::Snapshot;
use crate::steps;

/// What becomes of a planned step, given what was read just now.
pub(crate) enum Verdict {
    /// It is carried out: what is left to do of it.
    Do(Step),
    /// It is not.
    Leave(Outcome, String, Option<Invite>),
}

impl Verdict {
    /// What is carried out, if anything is.
    pub(crate) fn step(&self) -> Option<&Step> {
        match self {
            Self::Do(step) => Some(step),
            Self::Leave(..) => None,
        }
    }
}

/// Judges one step.
///
/// | planned | found | then |
/// |---|---|---|
/// | anything | what the plan wanted | kept; what is left of the plan's revocations is done |
/// | invite | no invite, no member | done |
/// | replace | the invite to be replaced | done |
/// | revoke | the invites to be revoked | done; others of the person are left |
/// | skip | what the plan's options still leave alone | kept |
/// | anything | anything else | changed |
pub(crate) fn judge(planned: &Step, rules: Rules, snapshot: &Snapshot) -> Verdict {
    let Some(wanted) = &planned.wanted else {
        return stranger(planned, snapshot);
    };
    let mut found = steps::of_person(wanted, rules, snapshot);
    let held = held_invite(&found, snapshot);
    match (planned.action, found.action) {
        (Action::Invite, Action::Invite) => Verdict::Do(found),
        (Action::Replace, Action::Replace) if is_part(&found.revoke, &planned.revoke) => {
            Verdict::Do(found)
        }
        (Action::Replace, Action::Replace) => changed("somebody has invited the person since"),
        (planned_as, Action::Keep) => {
            // What others made is not the plan's to revoke.
            found.revoke.retain(|id| planned.revoke.contains(id));
            if !found.revoke.is_empty() {
                return Verdict::Do(found);
            }
            let note = match planned_as {
                Action::Invite | Action::Replace => "invited as wanted since the plan was made",
                _ => "invited as wanted",
            };
            Verdict::Leave(Outcome::Kept, note.to_owned(), held)
        }
        (_, Action::Member) | (Action::Skip, Action::Skip) => {
            Verdict::Leave(Outcome::Kept, found.reason, held)
        }
        (_, Action::Skip) => changed(&format!("since the plan was made: {}", found.reason)),
        (Action::Keep | Action::Replace, Action::Invite) => {
            changed("the active invite that the plan saw is gone")
        }
        (Action::Member, Action::Invite | Action::Replace) => {
            changed("the person is no member any more")
        }
        (_, Action::Replace) => changed(&format!("since the plan was made {}", found.reason)),
        _ => changed("the plan does not fit what was found"),
    }
}

fn changed(why: &str) -> Verdict {
    Verdict::Leave(Outcome::Changed, format!("{why}; plan again"), None)
}

/// Somebody to be pruned.
fn stranger(planned: &Step, snapshot: &Snapshot) -> Verdict {
    let invites = snapshot.invites.get(&address_key(&planned.email));
    let still: Vec<String> = invites
        .into_iter()
        .flatten()
        .filter(|invite| planned.revoke.contains(&invite.id))
        .map(|invite| invite.id.clone())
        .collect();
    if !still.is_empty() {
        let mut step = planned.clone();
        step.revoke = still;
        return Verdict::Do(step);
    }
    match invites.and_then(|invites| invites.first()) {
        Some(_) => changed("somebody has invited the person since"),
        None => {
            let note = match snapshot.members.contains_key(&address_key(&planned.email)) {
                true => "a member by now",
                false => "has no active invite any more",
            };
            Verdict::Leave(Outcome::Kept, note.to_owned(), None)
        }
    }
}

fn is_part(some: &[String], all: &[String]) -> bool {
    some.iter().all(|id| all.contains(id))
}

fn held_invite(step: &Step, snapshot: &Snapshot) -> Option<Invite> {
    let id = step.held.as_ref()?.invite_id.as_ref()?;
    let invites = snapshot.invites.get(&address_key(&step.email))?;
    invites.iter().find(|invite| invite.id == *id).cloned()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use chrono::{DateTime, TimeDelta, Utc};

    use super::*;
    use crate::model::{Member, NewInvite, Permission, Seats};
    use crate::snapshot::by_person;

    /// What is read when these invites, `id permission`, are Ada's, and whether she is a member.
    fn snapshot(invites: &[&str], member: bool) -> Snapshot {
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
        Snapshot {
            now,
            begun: None,
            members: member
                .map(|member| (address_key(&member.email), member))
                .into_iter()
                .collect::<HashMap<_, _>>(),
            invites: by_person(invites.iter().enumerate().map(read).collect()),
            past: HashMap::new(),
            seats: Seats::new(5, 0, 0),
        }
    }

    fn ada() -> NewInvite {
        NewInvite::new("ada@example.com", "read", TimeDelta::days(7))
    }

    /// What becomes of the step that was planned for Ada: what is revoked, or what is told.
    fn verdict(planned: &Step, after: &Snapshot) -> String {
        match judge(planned, Rules::default(), after) {
            Verdict::Do(step) => format!("{}: revoke {:?}", step.action.as_str(), step.revoke),
            Verdict::Leave(outcome, note, invite) => {
                let invite = invite.map_or(String::new(), |invite| format!(" ({})", invite.id));
                format!("{}: {note}{invite}", outcome.as_str())
            }
        }
    }

    #[test]
    fn what_has_changed_since_is_not_trampled_on() {
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
                "changed: since the plan was made the active invite says write and not read; plan again",
            ),
            (&["a read"], &["a read"], "kept: invited as wanted (a)"),
            (
                &["a read"],
                &[],
                "changed: the active invite that the plan saw is gone; plan again",
            ),
            (&["a write"], &["a write"], "replace: revoke [\"a\"]"),
            (
                &["a write"],
                &["a write", "b admin"],
                "changed: somebody has invited the person since; plan again",
            ),
            (
                &["a write"],
                &[],
                "changed: the active invite that the plan saw is gone; plan again",
            ),
            (&["a write"], &["a write", "b read"], "keep: revoke [\"a\"]"),
            (
                &["a write"],
                &["b read"],
                "kept: invited as wanted since the plan was made (b)",
            ),
        ] {
            let planned = steps::of_person(&ada(), Rules::default(), &snapshot(before, false));
            let found = verdict(&planned, &snapshot(after, false));
            assert_eq!(found, becomes, "{before:?}, then {after:?}");
        }
    }

    #[test]
    fn who_has_become_a_member_or_is_none_any_more_is_left() {
        let invited = steps::of_person(&ada(), Rules::default(), &snapshot(&[], false));
        let found = verdict(&invited, &snapshot(&[], true));
        assert_eq!(found, "kept: a member already, with read");
        let member = steps::of_person(&ada(), Rules::default(), &snapshot(&[], true));
        for after in [&[][..], &["b write"]] {
            let found = verdict(&member, &snapshot(after, false));
            let changed = "changed: the person is no member any more; plan again";
            assert_eq!(found, changed, "{after:?}");
        }
    }

    #[test]
    fn of_a_stranger_only_what_was_planned_is_revoked() {
        let options = crate::plan::PlanOptions::default().prune(true);
        let before = snapshot(&["a read", "b write"], false);
        let planned = steps::of_roster(&[], &options, &before).remove(0);
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
                "changed: somebody has invited the person since; plan again",
            ),
            (&[], false, "kept: has no active invite any more"),
            (&[], true, "kept: a member by now"),
        ] {
            assert_eq!(verdict(&planned, &snapshot(after, member)), becomes);
        }
    }
}
