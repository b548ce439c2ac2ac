//! What `apply` would change. Planning changes nothing.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::timestamp::{serialize_optional_time, serialize_time};
use crate::model::{Invite, LandscapePermissions, Member, NewInvite, Permission};
use crate::roster::format_version::FormatVersion;
use crate::roster::plan_figures::{PlanExpiring, PlanPruning, PlanRemoval, PlanSeats, PlanSummary};
use crate::roster::reason::{self, StepReason};

/// How a plan is made. As JSON `{"marginMs"?, "prune"?, "skipRevoked"?, "maxInvites"?, "allowEmpty"?, "manageMembers"?,
/// "pruneMembers"?, "protect"?, "minAdmins"?, "allowDomains"?, "expiringWithinMs"?, "noInvites"?}`;
/// `client/call_options.rs` reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
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
    /// Whether `prune` and `prune_members` may be used with a roster of nobody, which revokes every active invite, or
    /// removes every member who is not protected.
    #[serde(skip_serializing_if = "is_false")]
    pub allow_empty: bool,
    /// Whether members are given the permission and the landscapes of the roster.
    #[serde(skip_serializing_if = "is_false")]
    pub manage_members: bool,
    /// Whether members who are not on the roster are removed, and members whose access has ended. Needs
    /// [`protect`](Self::protect). A member counts as being on the roster if the member accepted an invite that was sent to an address on the roster.
    #[serde(skip_serializing_if = "is_false")]
    pub prune_members: bool,
    /// The addresses of members who are neither removed nor demoted: the owner of the key, say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub protect: Vec<String>,
    /// How many admins the organization has at least at any moment, from 1. 1 unless set. A step that would leave fewer is
    /// deferred.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_admins: Option<u64>,
    /// The domains to which invites may go. A roster with another address is rejected before anything is sent. Subdomains
    /// are domains of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_domains: Option<Vec<String>>,
    /// The people whose access ends within this duration from now are in [`Plan::expiring`].
    #[serde(
        rename = "expiringWithinMs",
        serialize_with = "crate::model::milliseconds::optional::serialize",
        skip_serializing_if = "Option::is_none"
    )]
    pub expiring_within: Option<Duration>,
    /// Whether no invite is made: nobody is invited, and no active invite is replaced. Such people are skipped. For
    /// offboarding, with `prune` or `prune_members`.
    #[serde(skip_serializing_if = "is_false")]
    pub no_invites: bool,
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

    /// Sets whether `prune` and `prune_members` may be used with a roster of nobody.
    #[must_use]
    pub fn allow_empty(mut self, allow: bool) -> Self {
        self.allow_empty = allow;
        self
    }

    /// Sets whether members are given the permission and the landscapes of the roster.
    #[must_use]
    pub fn manage_members(mut self, manage: bool) -> Self {
        self.manage_members = manage;
        self
    }

    /// Sets whether members who are not on the roster, or whose access has ended, are removed.
    #[must_use]
    pub fn prune_members(mut self, prune: bool) -> Self {
        self.prune_members = prune;
        self
    }

    /// Adds the address of a member who is neither removed nor demoted.
    #[must_use]
    pub fn protect(mut self, email: impl Into<String>) -> Self {
        self.protect.push(email.into());
        self
    }

    /// Sets how many admins the organization has at least at any moment, from 1.
    #[must_use]
    pub fn min_admins(mut self, least: u64) -> Self {
        self.min_admins = Some(least);
        self
    }

    /// Adds a domain to which invites may go. Without any, they may go to every domain.
    #[must_use]
    pub fn allow_domain(mut self, domain: impl Into<String>) -> Self {
        self.allow_domains
            .get_or_insert_default()
            .push(domain.into());
        self
    }

    /// Sets within how long from now an access has to end to be in [`Plan::expiring`].
    #[must_use]
    pub fn expiring_within(mut self, within: Duration) -> Self {
        self.expiring_within = Some(within);
        self
    }

    /// Sets whether no invite is made.
    #[must_use]
    pub fn no_invites(mut self, none: bool) -> Self {
        self.no_invites = none;
        self
    }

    pub(crate) fn rules(&self) -> Rules {
        Rules {
            margin: self.margin,
            skip_revoked: self.skip_revoked,
            max_invites: self.max_invites,
            manage_members: self.manage_members,
            prune_members: self.prune_members,
            no_invites: self.no_invites,
        }
    }
}

/// The options that decide about one person, when a plan is made and when it is applied.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rules {
    pub(crate) margin: Option<Duration>,
    pub(crate) skip_revoked: bool,
    pub(crate) max_invites: Option<u64>,
    pub(crate) manage_members: bool,
    pub(crate) prune_members: bool,
    pub(crate) no_invites: bool,
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
    /// The active invites are revoked: the person is not on the roster, or the access has ended.
    Revoke,
    /// Nothing: an option says to leave the person alone, or the access has ended. The reason says which.
    Skip,
    /// A member is given the permission and the landscapes of the roster.
    Update,
    /// A member is removed: the person is not on the roster, or the access has ended.
    Remove,
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
        Self::Update,
        Self::Remove,
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
            Self::Update => "update",
            Self::Remove => "remove",
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

    /// Whether a member is updated or removed.
    pub(crate) fn changes_member(&self) -> bool {
        matches!(self.action, Action::Update | Action::Remove)
    }

    /// Whether the plan knows already that it is deferred.
    pub(crate) fn is_deferred(&self) -> bool {
        self.changes_member() && self.reason_code == Some(StepReason::TooFewAdmins)
    }

    /// How many requests that change something it takes.
    pub(crate) fn writes(&self) -> u64 {
        u64::from(self.creates() || self.changes_member()) + self.revoke.len() as u64
    }

    fn wants(&self, is_it: impl Fn(&Permission) -> bool) -> bool {
        let wanted = self.wanted.as_ref();
        wanted.is_some_and(|wanted| is_it(&wanted.permission))
    }

    fn holds(&self, is_it: impl Fn(&Permission) -> bool) -> bool {
        let held = self.held.as_ref();
        held.is_some_and(|held| is_it(&held.permission))
    }

    /// Whether the invite that is made, or the member's new permission, costs a seat that was not the member's before.
    pub(crate) fn wants_seat(&self) -> bool {
        match self.action {
            Action::Invite | Action::Replace => self.wants(Permission::is_paid),
            Action::Update => self.wants(Permission::is_paid) && !self.holds_seat(),
            _ => false,
        }
    }

    /// Whether the invite that is replaced or remains, or the member, has a seat.
    pub(crate) fn holds_seat(&self) -> bool {
        self.holds(Permission::is_paid)
    }

    /// Whether the change of a member gives the member's seat free.
    pub(crate) fn frees_seat(&self) -> bool {
        match self.action {
            Action::Update => self.holds_seat() && !self.wants(Permission::is_paid),
            Action::Remove => self.holds_seat(),
            _ => false,
        }
    }

    /// Whether the organization has an admin less then.
    pub(crate) fn takes_admin(&self) -> bool {
        self.changes_member() && self.holds(is_admin) && !self.wants(is_admin)
    }

    /// Whether a member becomes an admin.
    pub(crate) fn makes_admin(&self) -> bool {
        self.action == Action::Update && self.wants(is_admin) && !self.holds(is_admin)
    }

    /// Whether an invite is made with which somebody becomes an admin.
    pub(crate) fn invites_admin(&self) -> bool {
        self.creates() && self.wants(is_admin)
    }
}

fn is_admin(permission: &Permission) -> bool {
    *permission == Permission::Admin
}

/// What `apply` would change: a value that can be inspected, stored as JSON and applied later.
///
/// The JSON begins with `"formatVersion": 1`, or 2 if the plan changes members or has
/// [`until`](NewInvite::until): earlier versions of this library reject such a plan and read every other one.
/// [`from_json`](Self::from_json) and `Deserialize` read both, and reject the plan of a newer version.
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
    /// Whether it gives members the permission and the landscapes of the roster.
    #[serde(default, skip_serializing_if = "is_false")]
    pub manage_members: bool,
    /// Whether it removes members.
    #[serde(default, skip_serializing_if = "is_false")]
    pub prune_members: bool,
    /// The addresses of members who are neither removed nor demoted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protect: Vec<String>,
    /// How many admins the organization has at least at any moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_admins: Option<u64>,
    /// Who is removed, and what the default guard allows; nothing without `prune_members`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removal: Option<PlanRemoval>,
    /// How many e-mails go where, and how many admins there will be; nothing in the plan of a version that wrote none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<PlanSummary>,
    /// Whose access ends soon, with [`expiring_within`](PlanOptions::expiring_within); the soonest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expiring: Vec<PlanExpiring>,
    /// Whether it makes no invite.
    #[serde(default, skip_serializing_if = "is_false")]
    pub no_invites: bool,
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
            manage_members: self.manage_members,
            prune_members: self.prune_members,
            no_invites: self.no_invites,
        }
    }
}
