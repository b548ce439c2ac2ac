//! What `apply` would change. Planning changes nothing.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::InviteError;
use crate::model::timestamp::{serialize_optional_time, serialize_time};
use crate::model::{Invite, LandscapePermissions, Member, NewInvite, Permission};
use crate::roster::format_version::FormatVersion;
use crate::roster::people::Roster;
use crate::roster::reason::{self, StepReason};

/// Options for making a plan. As JSON `{"marginMs"?, "prune"?, "skipRevoked"?, "maxInvites"?, "allowEmpty"?}`;
/// `client/call_options.rs` reads it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PlanOptions {
    /// How much sooner than wanted an active invite may expire without being replaced. Unless set: not at all if the
    /// roster has an instant, and half of the duration if it has a duration, because an invite of "seven days" has less
    /// time left a moment later.
    #[serde(
        rename = "marginMs",
        serialize_with = "crate::model::milliseconds::optional::serialize",
        skip_serializing_if = "Option::is_none"
    )]
    pub margin: Option<Duration>,
    /// Whether active invites for people who are not on the roster are to be revoked.
    pub prune: bool,
    /// Whether people whose last invite was revoked are not invited again.
    #[serde(skip_serializing_if = "is_false")]
    pub skip_revoked: bool,
    /// How often a person is invited at most, from 1. Every invite of the person in the list
    /// counts: active, used, revoked and expired ones. People at this limit are not invited again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_invites: Option<u64>,
    /// Whether `prune` may be used with an empty roster, which revokes every active invite.
    #[serde(skip_serializing_if = "is_false")]
    pub allow_empty: bool,
}

impl PlanOptions {
    /// Sets how much sooner than wanted an active invite may expire without being replaced. Zero, with a roster of
    /// durations, replaces every invite each time.
    #[must_use]
    pub fn margin(mut self, margin: Duration) -> Self {
        self.margin = Some(margin);
        self
    }

    /// Sets whether active invites for people who are not on the roster are to be revoked.
    #[must_use]
    pub fn prune(mut self, prune: bool) -> Self {
        self.prune = prune;
        self
    }

    /// Sets whether people whose last invite was revoked are not invited again.
    #[must_use]
    pub fn skip_revoked(mut self, skip: bool) -> Self {
        self.skip_revoked = skip;
        self
    }

    /// Sets how often a person is invited at most, from 1.
    #[must_use]
    pub fn max_invites(mut self, most: u64) -> Self {
        self.max_invites = Some(most);
        self
    }

    /// Sets whether `prune` may be used with an empty roster.
    #[must_use]
    pub fn allow_empty(mut self, allow: bool) -> Self {
        self.allow_empty = allow;
        self
    }

    pub(crate) fn rules(&self) -> Rules {
        Rules {
            margin: self.margin,
            skip_revoked: self.skip_revoked,
            max_invites: self.max_invites,
        }
    }

    /// Rejects invalid options, and an empty roster that would revoke every invite.
    pub(crate) fn check(&self, roster: &Roster) -> Result<(), InviteError> {
        if self.max_invites == Some(0) {
            return Err(InviteError::invalid_input(
                "max_invites (--max-invites) is 0; it must be at least 1",
            ));
        }
        if self.prune && roster.entries().is_empty() && !self.allow_empty {
            return Err(InviteError::invalid_input(
                "the roster is empty, so prune would revoke every active invite; check the roster, or set allow_empty (--allow-empty) if that is what you want",
            ));
        }
        Ok(())
    }
}

/// The options that decide about one person, when a plan is made and when it is applied.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rules {
    pub(crate) margin: Option<Duration>,
    pub(crate) skip_revoked: bool,
    pub(crate) max_invites: Option<u64>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands the field over so"
)]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// The planned action for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Action {
    /// An invite is made.
    Invite,
    /// The active invite remains.
    Keep,
    /// An invite is made, then the active one is revoked.
    Replace,
    /// Nothing: the person is already a member.
    Member,
    /// The active invites are revoked: the person is not on the roster.
    Revoke,
    /// Nothing: an option excludes the person. The reason says which one.
    Skip,
}

impl Action {
    /// Every action.
    pub const ALL: &[Self] = &[
        Self::Invite,
        Self::Keep,
        Self::Replace,
        Self::Member,
        Self::Revoke,
        Self::Skip,
    ];

    /// The action's name in JSON, the same in every language: `replace`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invite => "invite",
            Self::Keep => "keep",
            Self::Replace => "replace",
            Self::Member => "member",
            Self::Revoke => "revoke",
            Self::Skip => "skip",
        }
    }
}

impl std::fmt::Display for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a person has already: a membership or an active invite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(feature = "bindings"), non_exhaustive)]
pub struct Held {
    /// The person's permission, or the permission of the invite.
    pub permission: Permission,
    /// The active invite. If there are several: the one that remains active.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite_id: Option<String>,
    /// When it expires.
    #[serde(
        default,
        serialize_with = "serialize_optional_time",
        skip_serializing_if = "Option::is_none"
    )]
    pub expires_at: Option<DateTime<Utc>>,
    /// The member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// Which landscapes the person may see, if that is limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub landscape_permissions: Option<LandscapePermissions>,
}

impl From<&Invite> for Held {
    fn from(invite: &Invite) -> Self {
        Self {
            permission: invite.permission.clone(),
            invite_id: Some(invite.id.clone()),
            expires_at: Some(invite.expires_at),
            user_id: None,
            landscape_permissions: invite.landscape_permissions.clone(),
        }
    }
}

impl From<&Member> for Held {
    fn from(member: &Member) -> Self {
        Self {
            permission: member.permission.clone(),
            invite_id: None,
            expires_at: None,
            user_id: Some(member.user_id.clone()),
            landscape_permissions: member.landscape_permissions.clone(),
        }
    }
}

/// The planned action for one person, and the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(feature = "bindings"), non_exhaustive)]
pub struct Step {
    /// The person's address.
    pub email: String,
    /// The planned action.
    pub action: Action,
    /// The reason, as text.
    pub reason: String,
    /// The entry in the roster; none for somebody who is not on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<NewInvite>,
    /// What the person has already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// The ids of the active invites to revoke: the replaced or pruned ones, and, if a person has
    /// more than one, all except the one that remains active.
    #[serde(default)]
    pub revoke: Vec<String>,
    /// The reason, for programs. None in a plan of a version that wrote none, or for a reason that this version does
    /// not know.
    #[serde(
        default,
        deserialize_with = "reason::known",
        skip_serializing_if = "Option::is_none"
    )]
    pub reason_code: Option<StepReason>,
}

impl Step {
    /// Whether an invite is made.
    pub fn creates(&self) -> bool {
        matches!(self.action, Action::Invite | Action::Replace)
    }

    /// How many write requests it takes.
    pub(crate) fn writes(&self) -> u64 {
        u64::from(self.creates()) + self.revoke.len() as u64
    }

    /// Whether the invite that is made costs a seat.
    pub(crate) fn wants_seat(&self) -> bool {
        self.creates()
            && self
                .wanted
                .as_ref()
                .is_some_and(|wanted| wanted.permission.is_paid())
    }

    /// Whether the invite that is replaced, or that remains, has a seat.
    pub(crate) fn holds_seat(&self) -> bool {
        self.held
            .as_ref()
            .is_some_and(|held| held.permission.is_paid())
    }
}

/// Paid seats, and what the plan does to them.
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
    /// Free seats now.
    pub free: u64,
    /// Seats that the plan needs for people who have none yet.
    pub needed: u64,
    /// Seats that the plan frees: by revoking, and by replacing a paid invite by a free one.
    pub released: u64,
    /// Seats that are missing. Above zero [`apply`](crate::InviteClient::apply) rejects the plan,
    /// unless `partial` is set.
    pub missing: u64,
}

/// How many people lose their invites by a plan with `prune`, and how many the default guard of
/// [`apply`](crate::InviteClient::apply) allows. Above that, `apply` rejects the plan unless another guard is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(feature = "bindings"), non_exhaustive)]
pub struct PlanPruning {
    /// How many people lose their active invites by the plan.
    pub people: u64,
    /// How many people have an active invite, whether or not they are on the roster.
    pub invited: u64,
    /// How many the default guard allows: at most ten, and at most a quarter of `invited`, but at
    /// least one.
    pub allowed: u64,
}

impl PlanPruning {
    pub(crate) fn new(people: u64, invited: u64) -> Self {
        Self {
            people,
            invited,
            allowed: (invited / 4).clamp(1, 10),
        }
    }
}

/// What `apply` would change: a value that can be inspected, stored as JSON and applied later.
///
/// The JSON begins with `"formatVersion": 1`. [`from_json`](Self::from_json) and `Deserialize` read it, and reject the
/// plan of a newer version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Plan {
    #[serde(default)]
    pub(crate) format_version: FormatVersion,
    /// The organization that it is for.
    pub organization_id: String,
    /// When it was made, by the service's clock.
    #[serde(serialize_with = "serialize_time")]
    pub planned_at: DateTime<Utc>,
    /// The margin in its options.
    #[serde(
        rename = "marginMs",
        default,
        with = "crate::model::milliseconds::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub margin: Option<Duration>,
    /// Whether it excludes people whose last invite was revoked.
    #[serde(default, skip_serializing_if = "is_false")]
    pub skip_revoked: bool,
    /// How often a person may be invited at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_invites: Option<u64>,
    /// One for each person: first those of the roster in its order, then those to be pruned.
    pub steps: Vec<Step>,
    /// Paid seats needed, held, free.
    pub seats: PlanSeats,
    /// The pruned people, and the default guard; none without `prune`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pruning: Option<PlanPruning>,
    /// How many write requests it takes.
    pub writes: u64,
    /// How long applying it takes under the rate limits: the client's pacing, or the documented
    /// limits. As JSON whole milliseconds.
    #[serde(rename = "estimateMs", with = "crate::model::milliseconds")]
    pub estimate: Duration,
}

impl Plan {
    /// The number of people with an action.
    pub fn count(&self, action: Action) -> usize {
        self.steps
            .iter()
            .filter(|step| step.action == action)
            .count()
    }

    /// Whether there is anything to change.
    pub fn changes_anything(&self) -> bool {
        self.writes > 0
    }

    pub(crate) fn rules(&self) -> Rules {
        Rules {
            margin: self.margin,
            skip_revoked: self.skip_revoked,
            max_invites: self.max_invites,
        }
    }
}
