//! The current state of the organization: members, invites and free seats.

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

/// The current state. Only the list entries of people on the roster are stored, so that the memory depends on the
/// roster. The maps have the people by [`address_key`].
#[derive(Debug, Default)]
pub(crate) struct CurrentState {
    /// The service's time at the reading.
    pub(crate) now: DateTime<Utc>,
    /// When the reading began.
    pub(crate) begun: Option<Instant>,
    /// The members. A person who accepted an invite with another address is found by the invited address.
    pub(crate) members: HashMap<String, Member>,
    /// The active invites of each person, the oldest first.
    pub(crate) invites: HashMap<String, Vec<Invite>>,
    /// The past invites of the wanted people.
    pub(crate) past: HashMap<String, History>,
    pub(crate) seats: Seats,
}

/// The people whose invites are read.
#[derive(Clone, Copy)]
pub(crate) struct Whose<'a> {
    /// All invites of these people, by [`address_key`]; those that are no longer active as [`History`].
    pub(crate) people: &'a HashSet<String>,
    /// Whether the active invites of everybody else are read too.
    pub(crate) all_active: bool,
}

/// Reads members, organization and invites, all three at the same time.
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
/// it with another address.
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
                // A member with the address itself is preferred.
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

/// Invites by person, the oldest first.
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

/// Picks the active invites of the wanted people and their past invites, and counts the paid ones
/// of all people.
struct Theirs<'a> {
    whose: Whose<'a>,
    past: HashMap<String, History>,
    /// The ids of the active paid ones, so that a repeated entry counts once. There are no more
    /// than seats.
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

/// Picks all invites of some people, in any status.
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
    /// Free seats; below zero if more are promised than exist.
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
