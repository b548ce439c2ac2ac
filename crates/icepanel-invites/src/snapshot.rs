//! The organization as a roster sees it: who is in, who is invited, which seats are left.

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use chrono::{DateTime, Utc};

use crate::call::Call;
use crate::error::InviteError;
use crate::input::address_key;
use crate::list_decoder::Pick;
use crate::model::{Invite, Member, Seats};
use crate::{list, members};

/// What was read. Of the list only what a roster is about is kept, so that its memory grows with the
/// roster; people in a map by [`address_key`].
#[derive(Debug, Default)]
pub(crate) struct Snapshot {
    /// The service's time of the reading.
    pub(crate) now: DateTime<Utc>,
    /// When it was begun.
    pub(crate) begun: Option<Instant>,
    pub(crate) members: HashMap<String, Member>,
    /// The active invites, of each person the earliest first.
    pub(crate) invites: HashMap<String, Vec<Invite>>,
    pub(crate) seats: Seats,
}

/// Whose invites are read.
#[derive(Clone, Copy)]
pub(crate) enum Whose<'a> {
    /// Of these people.
    Theirs(&'a HashSet<String>),
    /// Everybody's.
    All,
}

impl Whose<'_> {
    fn has(&self, email: &str) -> bool {
        match self {
            Self::Theirs(people) => people.contains(&address_key(email)),
            Self::All => true,
        }
    }
}

/// Reads members, organization and invites, all three at once.
pub(crate) async fn read(call: &Call<'_>, whose: Whose<'_>) -> Result<Snapshot, InviteError> {
    let begun = call.shared.waits.now();
    let pick = || Active {
        whose,
        kept: HashSet::new(),
        paid: HashSet::new(),
    };
    let (people, seats, (head, picked)) = tokio::try_join!(
        members::members(call),
        members::paid_and_taken(call),
        list::pick(call, pick, Vec::new),
    )?;
    let members = people
        .into_iter()
        .filter(|member| whose.has(&member.email))
        .map(|member| (address_key(&member.email), member))
        .collect();
    Ok(Snapshot {
        now: head.now,
        begun: Some(begun),
        members,
        seats: Seats::new(seats.paid, seats.taken, picked.pick.paid.len() as u64),
        invites: by_person(picked.invites()),
    })
}

/// Invites by person, the earliest first.
pub(crate) fn by_person(invites: Vec<Invite>) -> HashMap<String, Vec<Invite>> {
    let mut people: HashMap<String, Vec<Invite>> = HashMap::new();
    for invite in invites {
        people
            .entry(address_key(&invite.email))
            .or_default()
            .push(invite);
    }
    for invites in people.values_mut() {
        list::sort(invites);
    }
    people
}

/// Keeps active invites of some people, and counts the paid ones of all.
struct Active<'a> {
    whose: Whose<'a>,
    /// The ids of those that are kept, so that one which is told once more, and otherwise, is known.
    kept: HashSet<String>,
    /// The ids of the active paid ones, so that an entry that is repeated counts once. No more than
    /// there are seats.
    paid: HashSet<String>,
}

impl Pick for Active<'_> {
    fn is_of_another(&self, email: &str) -> bool {
        !self.whose.has(email)
    }

    fn may_be_told_again(&self, invite: &Invite) -> bool {
        self.kept.contains(&invite.id)
    }

    fn pick(&mut self, invite: &Invite, _: DateTime<Utc>) -> bool {
        if !invite.is_active() {
            self.paid.remove(&invite.id);
            return false;
        }
        if invite.permission.is_paid() {
            self.paid.insert(invite.id.clone());
        } else {
            self.paid.remove(&invite.id);
        }
        let kept = self.whose.has(&invite.email);
        if kept {
            self.kept.insert(invite.id.clone());
        }
        kept
    }
}

/// Keeps everything of some people, whatever became of it.
pub(crate) struct Everything<'a>(pub(crate) &'a HashSet<String>);

impl Pick for Everything<'_> {
    fn is_of_another(&self, email: &str) -> bool {
        !self.0.contains(&address_key(email))
    }

    fn pick(&mut self, invite: &Invite, _: DateTime<Utc>) -> bool {
        self.0.contains(&address_key(&invite.email))
    }
}

impl Snapshot {
    /// Seats left; below zero where more are promised than there are.
    pub(crate) fn seats_left(&self) -> i64 {
        let Seats {
            paid,
            taken,
            promised,
            ..
        } = self.seats;
        let number = |seats: u64| i64::try_from(seats).unwrap_or(i64::MAX);
        number(paid)
            .saturating_sub(number(taken))
            .saturating_sub(number(promised))
    }
}
