//! The data of the service when it starts.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Behaviour, Fault, Refusal, When, clock::Clock};

/// The API key that a sandbox accepts unless its state has another.
pub const API_KEY: &str =
    "sandbox:5a4db0c5a4db0c5a4db0c5a4db0c5a4db0c5a4db0c5a4db0c5a4db0c5a4db0c5";

/// The id of the organization that a sandbox has unless its state has another.
pub const ORGANIZATION_ID: &str = "sandbox";

/// The state from which a [`Sandbox`](crate::Sandbox) starts. `State::default()` is an empty organization with ten
/// seats.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct State {
    /// The organization's id; any other gets a 404.
    pub organization_id: String,
    /// The key; any other gets a 401.
    pub api_key: String,
    /// The organization's name.
    pub name: String,
    /// Paid seats.
    pub seats: u32,
    /// The members at the start.
    pub members: Vec<Member>,
    /// Invites that exist already. They do not count as made.
    pub invites: Vec<Invite>,
    /// A number of generated invites in addition to [`State::invites`].
    pub generate: Option<Generate>,
    /// The rate limit; `None`: none.
    pub rate_limit: Option<RateLimit>,
    /// Whether a second active invite for an address gets a 409.
    pub refuse_second_active: bool,
    /// Whether an invite for a member gets a 409.
    pub refuse_members: bool,
    /// Whether to demote or remove the last admin is answered with 422.
    pub refuse_last_admin: bool,
    /// How the service writes what it knows.
    pub behaviour: Behaviour,
    /// The fault.
    pub faults: Vec<Fault>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            organization_id: ORGANIZATION_ID.to_owned(),
            api_key: API_KEY.to_owned(),
            name: "Sandbox".to_owned(),
            seats: 10,
            members: Vec::new(),
            invites: Vec::new(),
            generate: None,
            rate_limit: Some(RateLimit::default()),
            refuse_second_active: false,
            refuse_members: false,
            refuse_last_admin: false,
            behaviour: Behaviour::default(),
            faults: Vec::new(),
        }
    }
}

impl State {
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        if self.organization_id.is_empty() {
            return Err(Refusal::new("`organizationId` must not be empty"));
        }
        if self.api_key.is_empty() || !self.api_key.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Refusal::new(
                "`apiKey` must be visible ASCII characters without spaces",
            ));
        }
        if self
            .rate_limit
            .as_ref()
            .is_some_and(|limit| !(1..=86_400_000).contains(&limit.window_ms))
        {
            return Err(Refusal::new("`windowMs` must be between 1 and 86400000"));
        }
        if let Some(generate) = &self.generate {
            generate.check()?;
        }
        let mut ids = HashSet::new();
        if let Some(id) = self
            .invites
            .iter()
            .filter_map(|i| i.id.as_deref())
            .find(|id| !ids.insert(*id))
        {
            return Err(Refusal::new(format!("two invites have the id `{id}`")));
        }
        let mut ids = HashSet::new();
        if let Some(id) = self
            .members
            .iter()
            .filter_map(|m| m.user_id.as_deref())
            .find(|id| !ids.insert(*id))
        {
            return Err(Refusal::new(format!("two members have the user id `{id}`")));
        }
        self.behaviour.check()?;
        self.faults.iter().try_for_each(Fault::check)
    }
}

/// A member of the organization.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Member {
    /// The address.
    pub email: String,
    /// The permission; any string passes.
    pub permission: String,
    /// The person's name.
    #[serde(default)]
    pub name: Option<String>,
    /// The person's job.
    #[serde(default)]
    pub job_role: Option<String>,
    /// When the person was last seen; an hour ago unless set.
    #[serde(default)]
    pub last_active_at: Option<When>,
    /// Rights on single landscapes.
    #[serde(default)]
    pub landscape_permissions: Option<BTreeMap<String, bool>>,
    /// The user's id; generated unless set.
    #[serde(default)]
    pub user_id: Option<String>,
}

impl Member {
    /// A member with only these fields.
    pub fn new(email: impl Into<String>, permission: impl Into<String>) -> Self {
        Self {
            email: email.into(),
            permission: permission.into(),
            ..Self::default()
        }
    }
}

/// An invite that exists at the start.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Invite {
    /// The address.
    pub email: String,
    /// The permission; any string passes.
    pub permission: String,
    /// When it expires; in seven days unless set.
    #[serde(default)]
    pub expires_at: Option<When>,
    /// When it was made; a day ago unless set.
    #[serde(default)]
    pub created_at: Option<When>,
    /// What kind of actor made it; `api-key` unless set.
    #[serde(default)]
    pub created_by: Option<String>,
    /// Who made it; the key's id unless set.
    #[serde(default)]
    pub created_by_id: Option<String>,
    /// When it was used, if it was.
    #[serde(default)]
    pub used_at: Option<When>,
    /// The user who accepted it; an unknown user unless set. Only with `usedAt`.
    #[serde(default)]
    pub used_by_user_id: Option<String>,
    /// When it was revoked, if it was.
    #[serde(default)]
    pub revoked_at: Option<When>,
    /// What kind of actor revoked it; `api-key` unless set. Only with `revokedAt`.
    #[serde(default)]
    pub revoked_by: Option<String>,
    /// Who revoked it; the key's id unless set. Only with `revokedAt`.
    #[serde(default)]
    pub revoked_by_id: Option<String>,
    /// Rights on single landscapes.
    #[serde(default)]
    pub landscape_permissions: Option<BTreeMap<String, bool>>,
    /// The invite's id; generated unless set.
    #[serde(default)]
    pub id: Option<String>,
}

impl Invite {
    /// An active invite with only these fields.
    pub fn new(email: impl Into<String>, permission: impl Into<String>) -> Self {
        Self {
            email: email.into(),
            permission: permission.into(),
            ..Self::default()
        }
    }
}

/// Generated invites of `user-0@example.com`, `user-1@example.com` and so on, all with `read`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Generate {
    /// How many.
    pub invites: u32,
    /// How many of them, the last ones, are active. The others are used, revoked and expired, in rotation.
    pub active: u32,
    /// The ids of two states with the same seed are the same.
    #[serde(default)]
    pub seed: u64,
}

impl Generate {
    const MOST: u32 = 1_000_000;

    fn check(&self) -> Result<(), Refusal> {
        if self.invites > Self::MOST {
            return Err(Refusal::new(format!(
                "`generate` makes {} invites at most",
                Self::MOST
            )));
        }
        if self.active > self.invites {
            return Err(Refusal::new(
                "`generate` cannot make more active invites than invites",
            ));
        }
        Ok(())
    }
}

/// How many requests pass in a window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct RateLimit {
    /// How many `POST`.
    pub writes: u32,
    /// How many `GET`.
    pub reads: u32,
    /// The length of the window in milliseconds.
    pub window_ms: u64,
    /// The kind of the window.
    pub kind: WindowKind,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self {
            writes: 60,
            reads: 2400,
            window_ms: 60_000,
            kind: WindowKind::Fixed,
        }
    }
}

/// The kind of the window of a [`RateLimit`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum WindowKind {
    /// It starts with the first request after the last window ended, and at its end the count starts again.
    #[default]
    Fixed,
    /// It ends now: each request no longer counts when it is as old as the window is long.
    Sliding,
}

/// The parts of a state that do not change while the sandbox runs, and the clock.
pub(crate) struct Settings {
    pub(crate) organization_id: String,
    pub(crate) api_key: String,
    pub(crate) name: String,
    pub(crate) seats: u32,
    pub(crate) refuse_second_active: bool,
    pub(crate) refuse_members: bool,
    pub(crate) refuse_last_admin: bool,
    pub(crate) behaviour: Behaviour,
    pub(crate) clock: Clock,
}

impl Settings {
    pub(crate) fn of(state: &State) -> Self {
        Self {
            organization_id: state.organization_id.clone(),
            api_key: state.api_key.clone(),
            name: state.name.clone(),
            seats: state.seats,
            refuse_second_active: state.refuse_second_active,
            refuse_members: state.refuse_members,
            refuse_last_admin: state.refuse_last_admin,
            behaviour: state.behaviour.clone(),
            clock: Clock::default(),
        }
    }

    /// The time on the service's clock.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now(&self.behaviour)
    }

    /// The part of the key that is not secret.
    pub(crate) fn key_id(&self) -> &str {
        self.api_key.split(':').next().unwrap_or_default()
    }
}
