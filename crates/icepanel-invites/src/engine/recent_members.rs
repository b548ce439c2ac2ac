//! What this client changed of members a short while ago: the list of members may not show it yet.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::clock::Clock;
use crate::model::{Member, Permission};

/// For how long the list of members may not show a change that the service has confirmed.
const LAG: Duration = Duration::from_secs(4);

/// For how long the service may still carry out a change whose outcome the client does not know.
const UNCERTAIN: Duration = Duration::from_secs(60);

/// The changes of the last minute, by user id.
#[derive(Debug, Default)]
pub(crate) struct RecentMembers(Mutex<HashMap<String, Changes>>);

#[derive(Debug, Default)]
struct Changes {
    /// What the service confirmed last, and when: the member, or none after a removal.
    confirmed: Option<(Instant, Option<Member>)>,
    /// When a change ended without a known outcome.
    uncertain: Option<Instant>,
    /// When such a change ended that takes the permission `admin` away.
    uncertain_admin: Option<Instant>,
}

impl RecentMembers {
    /// The members that a list shows, with the changes that it may not show yet.
    pub(crate) fn overlay(&self, mut members: Vec<Member>, now: Instant) -> Vec<Member> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        members.retain_mut(|member| {
            let changes = all.get(&member.user_id);
            match changes.and_then(|changes| changes.confirmed.as_ref()) {
                Some((at, after)) if is_within(*at, LAG, now) => match after {
                    Some(after) => {
                        member.permission = after.permission.clone();
                        member.landscape_permissions = after.landscape_permissions.clone();
                        true
                    }
                    None => false,
                },
                _ => true,
            }
        });
        members
    }

    /// Whether a change of this member may still be carried out.
    pub(crate) fn is_uncertain(&self, user_id: &str, now: Instant) -> bool {
        self.ended(user_id, now, |changes| changes.uncertain)
    }

    /// Whether a removal or a demotion of this admin may still be carried out.
    pub(crate) fn may_lose_admin(&self, user_id: &str, now: Instant) -> bool {
        self.ended(user_id, now, |changes| changes.uncertain_admin)
    }

    fn ended(&self, user_id: &str, now: Instant, at: fn(&Changes) -> Option<Instant>) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = all.get(user_id).and_then(at);
        at.is_some_and(|at| is_within(at, UNCERTAIN, now))
    }

    fn note(&self, user_id: &str, now: Instant, note: impl FnOnce(&mut Changes)) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, changes| {
            let confirmed = changes.confirmed.as_ref().map(|(at, _)| *at);
            let at = confirmed.max(changes.uncertain);
            at.is_some_and(|at| is_within(at, UNCERTAIN, now))
        });
        note(all.entry(user_id.to_owned()).or_default());
    }
}

fn is_within(at: Instant, time: Duration, now: Instant) -> bool {
    now.saturating_duration_since(at) < time
}

/// A change under way. If it is dropped before the outcome is known, the change is remembered as uncertain.
pub(crate) struct PendingChange<'a> {
    recent: &'a RecentMembers,
    clock: &'a Clock,
    user_id: String,
    takes_admin: bool,
    is_known: bool,
}

impl<'a> PendingChange<'a> {
    /// The request for `member` goes out now. `permission` is what the member gets: none for a removal.
    pub(crate) fn new(
        recent: &'a RecentMembers,
        clock: &'a Clock,
        member: &Member,
        permission: Option<&Permission>,
    ) -> Self {
        Self {
            recent,
            clock,
            user_id: member.user_id.clone(),
            takes_admin: takes_admin(member, permission),
            is_known: false,
        }
    }

    /// The change was made: this is the member now, none after a removal.
    pub(crate) fn confirm(mut self, member: Option<&Member>) {
        self.is_known = true;
        let now = self.clock.now();
        let confirmed = Some((now, member.cloned()));
        self.recent
            .note(&self.user_id, now, |changes| changes.confirmed = confirmed);
    }

    /// The service refused, and nothing was changed.
    pub(crate) fn refuse(mut self) {
        self.is_known = true;
    }
}

impl Drop for PendingChange<'_> {
    fn drop(&mut self) {
        if self.is_known {
            return;
        }
        let now = self.clock.now();
        self.recent.note(&self.user_id, now, |changes| {
            changes.uncertain = Some(now);
            if self.takes_admin {
                changes.uncertain_admin = Some(now);
            }
        });
    }
}

/// Whether a member that gets this permission, or none, is an admin no more.
pub(crate) fn takes_admin(member: &Member, permission: Option<&Permission>) -> bool {
    member.permission == Permission::Admin && permission != Some(&Permission::Admin)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(user_id: &str, permission: Permission) -> Member {
        Member {
            user_id: user_id.to_owned(),
            email: format!("{user_id}@example.com"),
            permission,
            name: None,
            job_role: None,
            last_active_at: None,
            landscape_permissions: None,
        }
    }

    #[test]
    fn a_confirmed_change_is_shown_for_as_long_as_the_list_may_lag() {
        let (recent, clock) = (RecentMembers::default(), Clock::default());
        let listed = || {
            vec![
                member("a", Permission::Admin),
                member("b", Permission::Read),
            ]
        };
        let [a, b] = [
            member("a", Permission::Write),
            member("b", Permission::Read),
        ];
        PendingChange::new(&recent, &clock, &listed()[0], Some(&a.permission)).confirm(Some(&a));
        PendingChange::new(&recent, &clock, &b, None).confirm(None);
        let now = clock.now();
        assert_eq!(recent.overlay(listed(), now), [a]);
        assert_eq!(recent.overlay(listed(), now + LAG), listed());
        assert!(!recent.is_uncertain("a", now) && !recent.may_lose_admin("a", now));
    }

    #[test]
    fn a_change_without_an_outcome_is_uncertain_for_a_minute() {
        let (recent, clock) = (RecentMembers::default(), Clock::default());
        let [a, b, c] = ["a", "b", "c"].map(|id| member(id, Permission::Admin));
        drop(PendingChange::new(&recent, &clock, &a, None));
        drop(PendingChange::new(
            &recent,
            &clock,
            &b,
            Some(&Permission::Admin),
        ));
        PendingChange::new(&recent, &clock, &c, None).refuse();
        let now = clock.now();
        let uncertain = ["a", "b", "c"].map(|id| recent.is_uncertain(id, now));
        assert_eq!(uncertain, [true, true, false]);
        let losing = ["a", "b", "c"].map(|id| recent.may_lose_admin(id, now));
        assert_eq!(losing, [true, false, false]);
        // A change that is confirmed later does not end what came before.
        PendingChange::new(&recent, &clock, &a, Some(&Permission::Admin)).confirm(Some(&a));
        assert!(recent.may_lose_admin("a", clock.now()));
        let later = now + UNCERTAIN;
        assert!(!recent.may_lose_admin("a", later) && !recent.is_uncertain("b", later));
        recent.note("d", later + UNCERTAIN, |_| ());
        assert_eq!(
            recent.0.lock().expect("the lock").len(),
            1,
            "the old ones are forgotten"
        );
    }
}
