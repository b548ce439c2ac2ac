//! The invites that this client knows, so that one of them is never mistaken for another.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};

use crate::clock::Moment;
use crate::model::Invite;

/// How many ids of seen invites are stored, and, separately, how many ids of invites that this client made or revoked:
/// a long list must not displace those. At the documented 60 writes a minute this is more than an hour, and a call
/// looks only for invites made since it was sent.
pub(crate) const MOST: usize = 4096;

/// An invite older than this when it is seen cannot be mistaken for the result of a running call.
const YOUNG: TimeDelta = TimeDelta::minutes(60);

/// What a client has revoked, by id, as the service returned it.
pub(crate) type Revoked = HashMap<Arc<str>, Arc<Invite>>;

/// Ids of invites made or seen recently.
#[derive(Debug, Default)]
pub(crate) struct RecentInvites(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    by_id: HashMap<Arc<str>, Entry>,
    /// The ids that were only seen, the oldest first; one may have become the client's own later.
    seen: VecDeque<Arc<str>>,
    /// The ids that were claimed or revoked, the oldest first.
    own: VecDeque<Arc<str>>,
}

#[derive(Clone, Debug)]
struct Entry {
    first_seen: Instant,
    /// A create has returned it, or is about to.
    claimed: bool,
    /// What the service returned when this client revoked it.
    revoked: Option<Arc<Invite>>,
}

impl RecentInvites {
    /// A list had these invites, all of them [young](is_young).
    pub(crate) fn saw(&self, ids: impl IntoIterator<Item = String>) {
        let mut ids = ids.into_iter().peekable();
        if ids.peek().is_none() {
            return;
        }
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for id in ids {
            entries.entry(&id);
        }
    }

    /// A create claims this invite as its result. False if another create has claimed it, or if it
    /// was seen before `sent`.
    pub(crate) fn claim(&self, id: &str, sent: Moment) -> bool {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let free = entries.entry(id).is_free(sent);
        if free {
            entries.own(id).claimed = true;
        }
        free
    }

    /// Whether a create that was sent then could [claim](Self::claim) this invite.
    pub(crate) fn is_free(&self, id: &str, sent: Moment) -> bool {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.entry(id).is_free(sent)
    }

    /// This client has revoked an invite.
    pub(crate) fn revoked(&self, invite: &Invite) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.own(&invite.id).revoked = Some(Arc::new(invite.clone()));
    }

    /// What this client has revoked recently.
    pub(crate) fn all_revoked(&self) -> Revoked {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let revoked = entries.by_id.iter();
        let revoked = revoked.filter_map(|(id, entry)| Some((id.clone(), entry.revoked.clone()?)));
        revoked.collect()
    }
}

/// Whether an invite that a list shows at `now`, by the service's clock, may be mistaken for the result of a running
/// call.
pub(crate) fn is_young(invite: &Invite, now: DateTime<Utc>) -> bool {
    now.checked_sub_signed(YOUNG)
        .is_none_or(|young| invite.created_at > young)
}

impl Entry {
    fn is_free(&self, sent: Moment) -> bool {
        !self.claimed && self.first_seen >= sent.steady
    }

    fn is_own(&self) -> bool {
        self.claimed || self.revoked.is_some()
    }
}

impl Entries {
    /// What is known of an invite; if nothing is known, it is stored as seen.
    fn entry(&mut self, id: &str) -> &mut Entry {
        let id: Arc<str> = match self.by_id.get_key_value(id) {
            Some((id, _)) => id.clone(),
            None => {
                let id: Arc<str> = id.into();
                self.seen.push_back(id.clone());
                if self.seen.len() > MOST
                    && let Some(oldest) = self.seen.pop_front()
                    && self.by_id.get(&oldest).is_some_and(|entry| !entry.is_own())
                {
                    self.by_id.remove(&oldest);
                }
                id
            }
        };
        self.by_id.entry(id).or_insert_with(|| Entry {
            first_seen: Instant::now(),
            claimed: false,
            revoked: None,
        })
    }

    /// The same, for an invite that becomes the client's own.
    fn own(&mut self, id: &str) -> &mut Entry {
        if !self.entry(id).is_own() {
            self.own.push_back(id.into());
            if self.own.len() > MOST
                && let Some(oldest) = self.own.pop_front()
            {
                self.by_id.remove(&oldest);
            }
        }
        self.entry(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invite_is_claimed_once_and_not_if_it_was_seen_before() {
        let recent = RecentInvites::default();
        let sent = Moment::now();
        assert!(recent.claim("a", sent));
        assert!(
            !recent.claim("a", sent),
            "two creates cannot have made the same invite"
        );
        assert!(!recent.claim("a", Moment::now()));
    }

    #[test]
    fn an_invite_is_young_for_an_hour() {
        let invite: Invite = serde_json::from_str(
            r#"{"id":"i","organizationId":"o","email":"ada@example.com","permission":"read","expiresAt":"2026-02-01T00:00:00Z","createdAt":"2026-01-15T12:00:00Z","createdBy":"user","createdById":"u"}"#,
        )
        .expect("an invite");
        let after = |minutes| invite.created_at + TimeDelta::minutes(minutes);
        assert!(is_young(&invite, after(-1)) && is_young(&invite, after(59)));
        assert!(!is_young(&invite, after(60)) && !is_young(&invite, after(61)));
        assert!(is_young(&invite, DateTime::<Utc>::MIN_UTC));
    }

    #[test]
    fn the_memory_is_bounded() {
        let recent = RecentInvites::default();
        let sent = Moment::now();
        for n in 0..3 * MOST {
            assert!(recent.claim(&n.to_string(), sent));
        }
        let entries = recent.0.lock().expect("the lock");
        let sizes = (entries.by_id.len(), entries.seen.len(), entries.own.len());
        assert_eq!(sizes, (MOST, MOST, MOST));
    }

    #[test]
    fn a_long_list_does_not_push_out_what_this_client_made() {
        let recent = RecentInvites::default();
        let sent = Moment::now();
        assert!(recent.claim("mine", sent));
        recent.saw((0..3 * MOST).map(|n| n.to_string()));
        assert!(!recent.claim("mine", sent));
        let entries = recent.0.lock().expect("the lock");
        assert_eq!((entries.by_id.len(), entries.seen.len()), (MOST + 1, MOST));
    }
}
