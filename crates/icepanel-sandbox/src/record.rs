//! Invites and members as the service stores them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::{Member, When};

/// An invite.
pub(crate) struct Record {
    pub(crate) id: Box<str>,
    pub(crate) email: Box<str>,
    pub(crate) permission: Box<str>,
    pub(crate) landscape_permissions: Option<BTreeMap<String, bool>>,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) created_by: Box<str>,
    pub(crate) created_by_id: Box<str>,
    pub(crate) revoked_at: Option<DateTime<Utc>>,
    /// The kind and the id of the actor that revoked it, if that was not the key.
    pub(crate) revoked_by: Option<(String, String)>,
    pub(crate) used: Option<(DateTime<Utc>, String)>,
    /// Whether a create made it.
    pub(crate) made: bool,
    /// Whether it is counted in `Store::promised_seats`.
    pub(crate) holds_seat: bool,
    /// Its current JSON, so that a list only copies it.
    pub(crate) json: Box<[u8]>,
}

impl Record {
    pub(crate) fn is_active(&self, now: DateTime<Utc>) -> bool {
        self.used.is_none() && self.revoked_at.is_none() && self.expires_at > now
    }
}

/// A member.
pub(crate) struct MemberRecord {
    pub(crate) user_id: String,
    pub(crate) email: String,
    pub(crate) permission: String,
    pub(crate) name: Option<String>,
    pub(crate) job_role: Option<String>,
    pub(crate) last_active_at: DateTime<Utc>,
    pub(crate) landscape_permissions: Option<BTreeMap<String, bool>>,
}

impl MemberRecord {
    pub(crate) fn is_admin(&self) -> bool {
        self.permission == "admin"
    }
}

/// As in a state.
impl From<&MemberRecord> for Member {
    fn from(record: &MemberRecord) -> Self {
        Self {
            email: record.email.clone(),
            permission: record.permission.clone(),
            name: record.name.clone(),
            job_role: record.job_role.clone(),
            last_active_at: Some(When::At(record.last_active_at)),
            landscape_permissions: record.landscape_permissions.clone(),
            user_id: Some(record.user_id.clone()),
        }
    }
}

/// What a valid create asks for.
pub(crate) struct NewInvite {
    pub(crate) email: String,
    pub(crate) permission: String,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) landscape_permissions: Option<BTreeMap<String, bool>>,
}

/// What a valid update of a member asks for.
pub(crate) struct MemberChange {
    pub(crate) permission: String,
    /// `None` leaves them as they are.
    pub(crate) landscape_permissions: Option<BTreeMap<String, bool>>,
}
