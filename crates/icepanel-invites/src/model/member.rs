//! The members of the organization, and the seats they take.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::landscapes::LandscapePermissions;
use crate::model::open_enum::Permission;
use crate::model::timestamp::{self, serialize_optional_time};
/// A member of the organization (`OrganizationUser` and `OrganizationUserInfo` in the API).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(feature = "bindings"), non_exhaustive)]
pub struct Member {
    /// The user's id.
    pub user_id: String,
    /// The member's address.
    pub email: String,
    /// What the member may do.
    pub permission: Permission,
    /// The member's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The member's role at work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_role: Option<String>,
    /// When the member was last seen.
    #[serde(
        default,
        deserialize_with = "timestamp::optional",
        serialize_with = "serialize_optional_time",
        skip_serializing_if = "Option::is_none"
    )]
    pub last_active_at: Option<DateTime<Utc>>,
    /// Which landscapes the member may see, if that is limited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub landscape_permissions: Option<LandscapePermissions>,
}

/// A member in a response: the user's id is the key of the map around it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireMember {
    email: Option<String>,
    permission: Option<Permission>,
    name: Option<String>,
    job_role: Option<String>,
    last_active_at: Option<DateTime<Utc>>,
    landscape_permissions: Option<LandscapePermissions>,
}

impl WireMember {
    /// Whether this member takes a paid seat.
    pub(crate) fn is_paid(&self) -> bool {
        self.permission.as_ref().is_some_and(Permission::is_paid)
    }

    /// The member, or the name of the field that is missing.
    pub(crate) fn into_member(self, user_id: String) -> Result<Member, &'static str> {
        Ok(Member {
            user_id,
            email: self.email.ok_or("email")?,
            permission: self.permission.ok_or("permission")?,
            name: self.name,
            job_role: self.job_role,
            last_active_at: self.last_active_at,
            landscape_permissions: self.landscape_permissions,
        })
    }
}

/// The organization's paid seats. `write` and `admin` take one, both for a member and for an active
/// invite; the service assigns no more once `taken` and `promised` reach `paid`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(feature = "bindings"), non_exhaustive)]
pub struct Seats {
    /// Seats paid for.
    pub paid: u64,
    /// Members with `write` or `admin`.
    pub taken: u64,
    /// Active invites with `write` or `admin`.
    pub promised: u64,
    /// Free seats: `paid` minus the other two, and never below zero.
    pub free: u64,
}

impl Seats {
    pub(crate) fn new(paid: u64, taken: u64, promised: u64) -> Self {
        Self {
            paid,
            taken,
            promised,
            free: paid.saturating_sub(taken).saturating_sub(promised),
        }
    }
}
