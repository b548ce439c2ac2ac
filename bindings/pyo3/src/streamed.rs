//! A list that is delivered while it downloads.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex};

use icepanel_invites::{Invite, InviteSink};

use crate::event::Teller;
use crate::model::invite::PAGE;
use crate::runtime::lock;

/// Which invites of a list were delivered, by their ids.
#[derive(Default)]
pub(crate) struct Sent {
    hasher: RandomState,
    ids: HashSet<u64>,
}

/// A list that one attempt delivers in pages while it downloads. Each invite is delivered once, as it came first: a
/// further attempt starts the list again, and a service may repeat entries.
pub(crate) struct Streamed {
    teller: Arc<Teller>,
    sent: Arc<Mutex<Sent>>,
    filling: Vec<Invite>,
}

impl Streamed {
    pub(crate) fn new(teller: Arc<Teller>, sent: Arc<Mutex<Sent>>) -> Self {
        let filling = Vec::with_capacity(PAGE);
        Self {
            teller,
            sent,
            filling,
        }
    }

    fn send(&mut self) {
        let page = std::mem::replace(&mut self.filling, Vec::with_capacity(PAGE));
        let mut sent = lock(&self.sent);
        for invite in &page {
            let id = sent.hasher.hash_one(&invite.id);
            sent.ids.insert(id);
        }
        drop(sent);
        self.teller.invites(page);
    }

    /// Delivers the rest of a downloaded list.
    pub(crate) fn end(mut self) {
        if !self.filling.is_empty() {
            self.send();
        }
    }
}

impl InviteSink for Streamed {
    fn push(&mut self, invite: Invite) {
        let sent = lock(&self.sent);
        let known = sent.ids.contains(&sent.hasher.hash_one(&invite.id));
        drop(sent);
        if known {
            return;
        }
        self.filling.push(invite);
        if self.filling.len() == PAGE {
            self.send();
        }
    }

    fn replace(&mut self, _: usize, invite: Invite) {
        if let Some(earlier) = self.filling.iter_mut().find(|it| it.id == invite.id) {
            *earlier = invite;
        }
    }
}
