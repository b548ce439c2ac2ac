//! The creates of this client that were cancelled during the request, or whose outcome it could not find out.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::clock::Moment;
use crate::engine::sent_create::SentCreate;
use crate::model::Invite;
use crate::model::email::same_address;

/// How many are remembered.
const MOST: usize = 1024;

/// The stored creates, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct UnfinishedCreates(Mutex<VecDeque<Arc<UnfinishedCreate>>>);

/// A create whose outcome the client does not know.
#[derive(Debug)]
pub(crate) struct UnfinishedCreate {
    pub(crate) create: SentCreate,
    /// The invite that it made, if that is known and the list may not show it yet.
    pub(crate) made: Option<String>,
}

impl UnfinishedCreates {
    fn add(&self, create: UnfinishedCreate) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.pop_front();
        }
        all.push_back(Arc::new(create));
    }

    /// Those for one address.
    pub(crate) fn of(&self, email: &str) -> Vec<Arc<UnfinishedCreate>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let theirs = all
            .iter()
            .filter(|left| same_address(&left.create.email, email));
        theirs.cloned().collect()
    }

    /// The outcome of these is known now.
    pub(crate) fn forget(&self, over: &[Arc<UnfinishedCreate>]) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|left| !over.iter().any(|over| Arc::ptr_eq(left, over)));
    }
}

/// A running create. If this is dropped before [`finish`](Self::finish), the create is stored as unfinished.
pub(crate) struct PendingCreate<'a> {
    unfinished: &'a UnfinishedCreates,
    pending: Option<UnfinishedCreate>,
}

impl<'a> PendingCreate<'a> {
    /// Nothing has been sent yet.
    pub(crate) fn new(unfinished: &'a UnfinishedCreates) -> Self {
        Self {
            unfinished,
            pending: None,
        }
    }

    /// The request is sent now.
    pub(crate) fn sent(&mut self, create: &SentCreate) {
        self.pending = Some(UnfinishedCreate {
            create: create.clone(),
            made: None,
        });
    }

    /// It made this invite, and the list may not show it yet.
    pub(crate) fn made(unfinished: &'a UnfinishedCreates, invite: &Invite) -> Self {
        let create = SentCreate {
            email: invite.email.clone(),
            permission: invite.permission.clone(),
            expires_at: invite.expires_at,
            sent: Moment::now(),
        };
        Self {
            unfinished,
            pending: Some(UnfinishedCreate {
                create,
                made: Some(invite.id.clone()),
            }),
        }
    }

    /// The list shows that this invite was made by it, or by another request of the same create.
    pub(crate) fn found(&mut self, invite: &Invite) {
        if let Some(pending) = &mut self.pending {
            pending.made = Some(invite.id.clone());
        }
    }

    /// The caller learns the outcome.
    pub(crate) fn finish(&mut self) {
        self.pending = None;
    }
}

impl Drop for PendingCreate<'_> {
    fn drop(&mut self) {
        if let Some(pending) = self.pending.take() {
            self.unfinished.add(pending);
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Utc;

    use super::*;
    use crate::model::Permission;

    #[test]
    fn unfinished_creates_are_stored_up_to_a_limit() {
        let unfinished = UnfinishedCreates::default();
        let give_up = |email: &str| {
            let create = SentCreate {
                email: email.to_owned(),
                permission: Permission::Read,
                expires_at: Utc::now(),
                sent: Moment::now(),
            };
            PendingCreate::new(&unfinished).sent(&create);
        };
        drop(PendingCreate::new(&unfinished));
        assert!(
            unfinished.of("ada@example.com").is_empty(),
            "nothing was sent"
        );
        give_up("ada@example.com");
        let ada = unfinished.of("ADA@example.com");
        assert_eq!(ada.len(), 1);
        assert!(unfinished.of("bob@example.com").is_empty());
        unfinished.forget(&ada);
        assert!(unfinished.of("ada@example.com").is_empty());
        for n in 0..2 * MOST {
            give_up(&format!("{n}@example.com"));
        }
        assert_eq!(unfinished.0.lock().expect("the lock").len(), MOST);
    }
}
