//! The organization as a roster sees it: who is in, who is invited, which seats are left.

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use chrono::{DateTime, Utc};

use crate::engine::call::Call;
use crate::error::InviteError;
use crate::invites::list_decoder::Pick;
use crate::invites::{list, members};
use crate::model::email::address_key;
use crate::model::{Invite, Member, Seats};
use crate::roster::history::History;

/// What was read. Of the list only what a roster is about is kept, so that its memory grows with the
/// roster; people in a map by [`address_key`].
#[derive(Debug, Default)]
pub(crate) struct CurrentState {
    /// The service's time of the reading.
    pub(crate) now: DateTime<Utc>,
    /// When it was begun.
    pub(crate) begun: Option<Instant>,
    /// Who is in. Somebody who accepted an invite under another address is there by the address that
    /// was invited.
    pub(crate) members: HashMap<String, Member>,
    /// The active invites, of each person the earliest first.
    pub(crate) invites: HashMap<String, Vec<Invite>>,
    /// What there was, of the people that were asked for.
    pub(crate) past: HashMap<String, History>,
    pub(crate) seats: Seats,
}

/// Whose invites are read.
#[derive(Clone, Copy)]
pub(crate) struct Whose<'a> {
    /// Of these people, by [`address_key`], all; what is not active any more as [`History`].
    pub(crate) people: &'a HashSet<String>,
    /// Whether the active ones of everybody else are read too.
    pub(crate) all_active: bool,
}

/// Reads members, organization and invites, all three at once.
pub(crate) async fn read_current_state(
    call: &Call<'_>,
    whose: Whose<'_>,
) -> Result<CurrentState, InviteError> {
    let begun = call.state.waits.now();
    let pick = || Theirs {
        whose,
        past: HashMap::new(),
        paid: HashSet::new(),
    };
    let (people, seats, (head, mut picked)) = tokio::try_join!(
        members::members(call),
        members::paid_and_taken(call),
        list::pick(call, pick, Vec::new),
    )?;
    let past = std::mem::take(&mut picked.pick.past);
    Ok(CurrentState {
        now: head.now,
        begun: Some(begun),
        members: members_of(people, whose.people, &past),
        seats: Seats::new(seats.paid, seats.taken, picked.pick.paid.len() as u64),
        invites: by_person(picked.invites()),
        past,
    })
}

/// The members among these people: those with the same address, and those who accepted an invite to
/// it under another one.
fn members_of(
    members: Vec<Member>,
    people: &HashSet<String>,
    past: &HashMap<String, History>,
) -> HashMap<String, Member> {
    let mut users: HashMap<&str, Vec<&str>> = HashMap::new();
    for (person, history) in past {
        for user in history.users() {
            users.entry(user).or_default().push(person);
        }
    }
    let mut found = HashMap::new();
    for member in members {
        let own = address_key(&member.email);
        for person in users.get(&*member.user_id).into_iter().flatten() {
            if *person != own {
                // Not in the place of the member who has the address itself.
                found
                    .entry((*person).to_owned())
                    .or_insert_with(|| member.clone());
            }
        }
        if people.contains(&own) {
            found.insert(own, member);
        }
    }
    found
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

/// Keeps the active invites that are asked for and what there was before, and counts the paid ones
/// of all.
struct Theirs<'a> {
    whose: Whose<'a>,
    past: HashMap<String, History>,
    /// The ids of the active paid ones, so that an entry that is repeated counts once. No more than
    /// there are seats.
    paid: HashSet<String>,
}

impl Pick for Theirs<'_> {
    fn is_of_another(&self, email: &str) -> bool {
        !self.whose.all_active && !self.whose.people.contains(&address_key(email))
    }

    fn pick(&mut self, invite: &Invite, _: DateTime<Utc>) -> bool {
        let person = address_key(&invite.email);
        let theirs = self.whose.people.contains(&person);
        if theirs {
            self.past.entry(person).or_default().add(invite);
        }
        if !invite.is_active() {
            self.paid.remove(&invite.id);
            return false;
        }
        if invite.permission.is_paid() {
            self.paid.insert(invite.id.clone());
        } else {
            self.paid.remove(&invite.id);
        }
        theirs || self.whose.all_active
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

impl CurrentState {
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
