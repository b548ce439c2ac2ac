//! The past invites of a person.

use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, Utc};

use crate::model::Invite;

/// For this number of invites of a person, a repeated entry of the list counts once. Beyond it, it counts again, so
/// that the memory for a person has a limit.
const MOST: usize = 64;

/// The invites of one person: how many there were, who used them, and how the last one ended.
#[derive(Debug, Default)]
pub(crate) struct History {
    /// Hashes of the ids.
    ids: Vec<u64>,
    /// How many more there were.
    more: u64,
    last: Option<Past>,
    /// The users who accepted one, each once.
    users: Vec<String>,
}

/// An invite that is no longer active.
#[derive(Debug)]
struct Past {
    id: u64,
    ended: DateTime<Utc>,
    fate: Fate,
}

#[derive(Debug)]
enum Fate {
    Used,
    /// By whom: the kind of actor and the id, as far as the service returns them.
    Revoked(String),
    Expired,
}

impl Past {
    fn of(invite: &Invite, id: u64) -> Self {
        let (ended, fate) = match (invite.used_at, invite.revoked_at) {
            (Some(used), _) => (used, Fate::Used),
            (None, Some(revoked)) => {
                let kind = invite.revoked_by.as_ref().map(|actor| actor.as_str());
                let words = [kind, invite.revoked_by_id.as_deref()];
                let by: Vec<&str> = words.into_iter().flatten().collect();
                (revoked, Fate::Revoked(by.join(" ")))
            }
            (None, None) => (invite.expires_at, Fate::Expired),
        };
        Self { id, ended, fate }
    }

    fn text(&self) -> String {
        let day = self.ended.format("%Y-%m-%d");
        match &self.fate {
            Fate::Used => format!("was used on {day}, and the person is no longer a member"),
            Fate::Revoked(by) if by.is_empty() => format!("was revoked on {day}"),
            Fate::Revoked(by) => format!("was revoked by {by} on {day}"),
            Fate::Expired => format!("expired unused on {day}"),
        }
    }
}

impl History {
    /// Adds an invite, active or not. If the list repeats an invite, its last entry applies.
    pub(crate) fn add(&mut self, invite: &Invite) {
        let mut hasher = DefaultHasher::new();
        invite.id.hash(&mut hasher);
        let id = hasher.finish();
        if !self.ids.contains(&id) {
            match self.ids.len() < MOST {
                true => self.ids.push(id),
                false => self.more += 1,
            }
        }
        if let Some(user) = &invite.used_by_user_id
            && !self.users.contains(user)
        {
            self.users.push(user.clone());
        }
        if self.last.as_ref().is_some_and(|last| last.id == id) {
            self.last = None;
        }
        if !invite.is_active() {
            let past = Past::of(invite, id);
            if self
                .last
                .as_ref()
                .is_none_or(|last| last.ended <= past.ended)
            {
                self.last = Some(past);
            }
        }
    }

    /// How many invites there were in all, including active ones.
    pub(crate) fn invites(&self) -> u64 {
        self.more.saturating_add(self.ids.len() as u64)
    }

    /// The ids of the users who accepted one.
    pub(crate) fn users(&self) -> &[String] {
        &self.users
    }

    /// Whether the last invite that ended was revoked.
    pub(crate) fn was_revoked(&self) -> bool {
        let last = self.last.as_ref();
        last.is_some_and(|last| matches!(last.fate, Fate::Revoked(_)))
    }

    /// How often the person was invited, and how the last invite ended.
    pub(crate) fn text(&self) -> String {
        let times = match self.invites() {
            1 => "invited once before".to_owned(),
            times => format!("invited {times} times before"),
        };
        match (&self.last, self.invites()) {
            (Some(last), 1) => format!("{times}; that invite {}", last.text()),
            (Some(last), _) => format!("{times}; the last invite {}", last.text()),
            (None, _) => times,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn invite(id: &str, more: &Value) -> Invite {
        let mut fields = json!({
            "id": id, "organizationId": "o", "email": "ada@example.com", "permission": "read",
            "expiresAt": "2026-01-20T12:00:00Z", "createdAt": "2026-01-10T12:00:00Z", "createdBy": "user", "createdById": "u",
        });
        for (name, value) in more.as_object().expect("fields") {
            fields[name] = value.clone();
        }
        let mut invite: Invite = serde_json::from_value(fields).expect("an invite");
        invite.status = invite.status_at("2026-01-31T12:00:00Z".parse().expect("a time"));
        invite
    }

    fn history(invites: &[Invite]) -> History {
        let mut history = History::default();
        for invite in invites {
            history.add(invite);
        }
        history
    }

    #[test]
    fn the_last_ended_invite_is_reported_at_any_place_in_the_list() {
        let revoked =
            json!({"revokedAt": "2026-01-25T00:00:00Z", "revokedBy": "user", "revokedById": "u-1"});
        let revoked = invite("b", &revoked);
        let expired = invite("a", &json!({}));
        for invites in [[expired.clone(), revoked.clone()], [revoked, expired]] {
            let history = history(&invites);
            assert!(history.was_revoked());
            assert_eq!(
                history.text(),
                "invited 2 times before; the last invite was revoked by user u-1 on 2026-01-25"
            );
        }
        let alone = history(&[invite("a", &json!({}))]);
        let text = "invited once before; that invite expired unused on 2026-01-20";
        assert_eq!(alone.text(), text);
    }

    #[test]
    fn a_repeated_entry_counts_once_as_it_came_last() {
        let expired = invite("a", &json!({}));
        let used =
            json!({"usedAt": "2026-01-15T00:00:00Z", "usedByUserId": "u-2", "revokedAt": null});
        let used = invite("a", &used);
        let history = history(&[expired.clone(), expired, used]);
        assert_eq!(history.invites(), 1);
        assert_eq!(history.users(), ["u-2"]);
        assert!(history.text().contains("was used on 2026-01-15"));
    }

    #[test]
    fn however_many_there_were_the_memory_is_the_same() {
        let mut many = History::default();
        for n in 0..1000 {
            many.add(&invite(&n.to_string(), &json!({})));
        }
        assert_eq!((many.invites(), many.ids.len()), (1000, MOST));
    }
}
