//! The figures of a plan: seats, people who lose an invite or a membership, e-mails, admins.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::timestamp::serialize_time;

/// Paid seats, and what the plan does with them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(feature = "bindings"), non_exhaustive)]
pub struct PlanSeats {
    /// Seats paid for.
    pub paid: u64,
    /// Members with `write` or `admin`.
    pub taken: u64,
    /// Active invites with `write` or `admin`.
    pub promised: u64,
    /// Seats left now.
    pub free: u64,
    /// Seats that the plan takes for people who have none yet.
    pub needed: u64,
    /// Seats that the plan gives free: by revoking, by replacing a paid invite by a free one, and by removing or demoting a
    /// member.
    pub released: u64,
    /// Seats that are missing. Above zero [`apply`](crate::InviteClient::apply) refuses, unless
    /// partial work is asked for.
    pub missing: u64,
}

/// How many people a plan takes the invites from, with `prune` or because their access has ended, and what the default
/// guard of [`apply`](crate::InviteClient::apply) allows. Above that, `apply` refuses the plan unless a guard of one's own
/// is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(feature = "bindings"), non_exhaustive)]
pub struct PlanPruning {
    /// How many people the plan takes the active invites from.
    pub people: u64,
    /// How many people have an active invite, whether or not they are on the roster.
    pub invited: u64,
    /// How many the default guard allows: at most ten, and at most a quarter of `invited`, but one
    /// in any case.
    pub allowed: u64,
}

impl PlanPruning {
    pub(crate) fn new(people: u64, invited: u64) -> Self {
        Self {
            people,
            invited,
            allowed: allowed(invited),
        }
    }
}

/// How many members a plan with `prune_members` removes, and what the default guard of
/// [`apply`](crate::InviteClient::apply) allows. Above that, `apply` refuses the plan unless a guard of one's own is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(feature = "bindings"), non_exhaustive)]
pub struct PlanRemoval {
    /// How many members the plan removes.
    pub people: u64,
    /// How many members there are.
    pub members: u64,
    /// How many the default guard allows: at most ten, and at most a quarter of `members`, but one in any case.
    pub allowed: u64,
}

impl PlanRemoval {
    pub(crate) fn new(people: u64, members: u64) -> Self {
        Self {
            people,
            members,
            allowed: allowed(members),
        }
    }
}

fn allowed(there: u64) -> u64 {
    (there / 4).clamp(1, 10)
}

/// What a plan does, in numbers: the e-mails and where they go, and the admins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(feature = "bindings"), non_exhaustive)]
pub struct PlanSummary {
    /// How many invites the plan makes. The service sends an e-mail for each.
    pub invites: u64,
    /// The domains that they go to, those with the most first.
    pub domains: Vec<PlanDomain>,
    /// How many of them are for an admin.
    pub admins_invited: u64,
    /// How many members the plan makes admins.
    pub admins_made: u64,
    /// How many members are admins now.
    pub admins: u64,
    /// How many are when the plan has been applied, before anybody accepts an invite.
    pub admins_after: u64,
}

impl PlanSummary {
    /// Whether the plan makes somebody an admin, invites one, or takes one away.
    pub fn changes_admins(&self) -> bool {
        self.admins_invited > 0 || self.admins_made > 0 || self.admins_after != self.admins
    }
}

/// How many invites go to a domain.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(feature = "bindings"), non_exhaustive)]
pub struct PlanDomain {
    /// The domain, in small letters.
    pub domain: String,
    /// How many.
    pub invites: u64,
}

/// Somebody whose access ends soon.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(feature = "bindings"), non_exhaustive)]
pub struct PlanExpiring {
    /// The person's address.
    pub email: String,
    /// When the access ends.
    #[serde(serialize_with = "serialize_time")]
    pub until: DateTime<Utc>,
}
