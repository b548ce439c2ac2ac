//! Whether a planned step may still be carried out: what has changed since is not trampled on.

use std::time::Duration;

use crate::input::address_key;
use crate::model::Invite;
use crate::plan::{Action, Step};
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

/// Judges one step.
///
/// | planned | found | then |
/// |---|---|---|
/// | anything | what the plan wanted | kept; what is left of the plan's revocations is done |
/// | invite | no invite, no member | done |
/// | replace | the invite to be replaced | done |
/// | revoke | the invites to be revoked | done; others of the person are left |
/// | anything | anything else | changed |
pub(crate) fn judge(planned: &Step, margin: Option<Duration>, snapshot: &Snapshot) -> Verdict {
    let Some(wanted) = &planned.wanted else {
        return stranger(planned, snapshot);
    };
    let mut found = steps::of_person(wanted, margin, snapshot);
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
        (_, Action::Member) => Verdict::Leave(Outcome::Kept, found.reason, None),
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
