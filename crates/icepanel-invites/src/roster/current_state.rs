//! The current state of the organization: members, invites and free seats.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Instant;

use chrono::{DateTime, Utc};

use crate::engine::call::Call;
use crate::error::InviteError;
use crate::invites::list_decoder::Pick;
use crate::invites::member_changes::current_members;
use crate::invites::{list, members};
use crate::model::email::address_key;
use crate::model::{Invite, Member, Permission, Seats};
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
    /// Of whom there are several members with the same address.
    pub(crate) ambiguous: HashSet<String>,
    /// The user ids of everybody who is on the roster: by address, or by an invite to an address of it.
    pub(crate) on_roster: HashSet<String>,
    /// The user ids of those who are protected.
    pub(crate) protected: HashSet<String>,
    /// The addresses that are to be protected and are no member's.
    pub(crate) unprotected: Vec<String>,
    /// The members who are not on the roster, by user id, if they are asked for.
    pub(crate) others: HashMap<String, Member>,
    /// Their addresses, by [`address_key`].
    pub(crate) other_addresses: HashSet<String>,
    /// How many members there are.
    pub(crate) people: u64,
    /// How many members are admins.
    pub(crate) admins: u64,
    /// The active invites, of each person the earliest first.
    pub(crate) invites: HashMap<String, Vec<Invite>>,
    /// The past invites of the wanted people.
    pub(crate) past: HashMap<String, History>,
    pub(crate) seats: Seats,
}

/// The people whose invites are read.
#[derive(Clone, Copy)]
pub(crate) struct Whose<'a> {
    /// Of these people, by [`address_key`], all; what is not active any more as [`History`]. They are the roster.
    pub(crate) people: &'a HashSet<String>,
    /// Of these people, who are not on the roster, the same.
    pub(crate) strangers: &'a HashSet<String>,
    /// The addresses of people who are protected, by [`address_key`].
    pub(crate) protect: &'a BTreeMap<String, String>,
    /// Whether the active ones of everybody else are read too.
    pub(crate) all_active: bool,
    /// Whether the members who are not on the roster are read too.
    pub(crate) all_members: bool,
}

impl Whose<'_> {
    /// Whether the earlier invites of a person are stored.
    fn has(&self, person: &str) -> bool {
        self.people.contains(person)
            || self.strangers.contains(person)
            || self.protect.contains_key(person)
    }

    /// Whether the active invites of a person are stored.
    fn keeps(&self, person: &str) -> bool {
        self.all_active || self.people.contains(person) || self.strangers.contains(person)
    }
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
        current_members(call),
        members::paid_and_taken(call),
        list::pick(call, pick, Vec::new),
    )?;
    let past = std::mem::take(&mut picked.pick.past);
    let admins = people.iter().filter(|member| is_admin(member)).count();
    let mut current = CurrentState {
        now: head.now,
        begun: Some(begun),
        people: people.len() as u64,
        admins: admins as u64,
        seats: Seats::new(seats.paid, seats.taken, picked.pick.paid.len() as u64),
        invites: by_person(picked.invites()),
        past,
        ..CurrentState::default()
    };
    current.sort_members(people, whose);
    Ok(current)
}

fn is_admin(member: &Member) -> bool {
    member.permission == Permission::Admin
}

impl CurrentState {
    /// Finds who of the members is whom: those with the same address, and those who accepted an invite to it under another
    /// one.
    fn sort_members(&mut self, members: Vec<Member>, whose: Whose<'_>) {
        let mut users: HashMap<&str, Vec<&str>> = HashMap::new();
        for (person, history) in &self.past {
            for user in history.users() {
                users.entry(user).or_default().push(person);
            }
        }
        let mut found: HashSet<&str> = HashSet::new();
        let mut own_addresses = HashSet::new();
        for member in members {
            let own = address_key(&member.email);
            let invited_as = users.get(&*member.user_id).map_or(&[][..], Vec::as_slice);
            let is = |person: &str| own == person || invited_as.contains(&person);
            for person in whose.protect.keys() {
                if is(person) {
                    found.insert(person);
                    self.protected.insert(member.user_id.clone());
                }
            }
            let mut is_wanted = false;
            for person in invited_as {
                if *person != own && whose.people.contains(*person) {
                    is_wanted = true;
                    // Not in the place of the member who has the address itself.
                    if !self.members.contains_key(*person) {
                        self.members.insert((*person).to_owned(), member.clone());
                    }
                }
            }
            if whose.people.contains(&own) {
                is_wanted = true;
                if !own_addresses.insert(own.clone()) {
                    self.ambiguous.insert(own.clone());
                }
                self.members.insert(own.clone(), member.clone());
            }
            if is_wanted {
                self.on_roster.insert(member.user_id);
            } else if whose.all_members {
                self.other_addresses.insert(own);
                self.others.insert(member.user_id.clone(), member);
            }
        }
        self.unprotected = whose
            .protect
            .iter()
            .filter(|(person, _)| !found.contains(&***person))
            .map(|(_, email)| email.clone())
            .collect();
    }
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
        !self.whose.all_active && !self.whose.has(&address_key(email))
    }

    fn pick(&mut self, invite: &Invite, _: DateTime<Utc>) -> bool {
        let person = address_key(&invite.email);
        let kept = self.whose.keeps(&person);
        if self.whose.has(&person) {
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
        kept
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
