//! An invite, as the service returns it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};

use crate::model::landscapes::LandscapePermissions;
use crate::model::open_enum::{Actor, InviteStatus, Permission};
use crate::model::timestamp::{self, serialize_optional_time, serialize_time};
/// An invite of a person to the organization.
///
/// The fields are those of the API (`OrganizationUserInvite` in its OpenAPI document), and
/// [`status`](Self::status). As JSON it has the fields of the API, and `status`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(feature = "bindings"), non_exhaustive)]
pub struct Invite {
    /// The invite's id.
    pub id: String,
    /// The organization's id.
    pub organization_id: String,
    /// The address that was invited, in the letter case in which the service stores it.
    pub email: String,
    /// The person's permission as a member.
    pub permission: Permission,
    /// Which landscapes the person may see, if that is limited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub landscape_permissions: Option<LandscapePermissions>,
    /// The status of the invite, by the service's clock, when the service returned it.
    pub status: InviteStatus,
    /// When it expires.
    #[serde(serialize_with = "serialize_time")]
    pub expires_at: DateTime<Utc>,
    /// When it was made, by the service's clock.
    #[serde(serialize_with = "serialize_time")]
    pub created_at: DateTime<Utc>,
    /// Who made it.
    pub created_by: Actor,
    /// The id of who made it.
    pub created_by_id: String,
    /// When it was revoked.
    #[serde(
        serialize_with = "serialize_optional_time",
        skip_serializing_if = "Option::is_none"
    )]
    pub revoked_at: Option<DateTime<Utc>>,
    /// Who revoked it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_by: Option<Actor>,
    /// The id of who revoked it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_by_id: Option<String>,
    /// When it was accepted.
    #[serde(
        serialize_with = "serialize_optional_time",
        skip_serializing_if = "Option::is_none"
    )]
    pub used_at: Option<DateTime<Utc>>,
    /// The id of the user who accepted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_by_user_id: Option<String>,
}

impl Invite {
    /// The status of the invite at `now`, which should be a time of the service's clock.
    ///
    /// A used invite remains used and a revoked one remains revoked, regardless of the expiry.
    pub fn status_at(&self, now: DateTime<Utc>) -> InviteStatus {
        if self.used_at.is_some() {
            InviteStatus::Used
        } else if self.revoked_at.is_some() {
            InviteStatus::Revoked
        } else if self.expires_at > now {
            InviteStatus::Active
        } else {
            InviteStatus::Expired
        }
    }

    /// Whether it was active when the service returned it.
    pub fn is_active(&self) -> bool {
        self.status == InviteStatus::Active
    }
}

/// The fields of a response: each may be missing or null, and unknown ones are ignored.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireInvite {
    id: Option<String>,
    organization_id: Option<String>,
    email: Option<String>,
    permission: Option<Permission>,
    landscape_permissions: Option<LandscapePermissions>,
    #[serde(default, deserialize_with = "timestamp::optional")]
    expires_at: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "timestamp::optional")]
    created_at: Option<DateTime<Utc>>,
    created_by: Option<Actor>,
    created_by_id: Option<String>,
    #[serde(default, deserialize_with = "timestamp::optional")]
    revoked_at: Option<DateTime<Utc>>,
    revoked_by: Option<Actor>,
    revoked_by_id: Option<String>,
    #[serde(default, deserialize_with = "timestamp::optional")]
    used_at: Option<DateTime<Utc>>,
    used_by_user_id: Option<String>,
    status: Option<WrittenStatus>,
}

/// The status that this type writes. The API has no such field. If it gets one with other values
/// later, they are ignored here.
#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenStatus {
    Ours(InviteStatus),
    Other(serde::de::IgnoredAny),
}

impl WireInvite {
    /// The invite with its status at `now`, or the name of the field that is missing.
    pub(crate) fn into_invite(self, now: DateTime<Utc>) -> Result<Invite, &'static str> {
        let mut invite = Invite {
            id: self.id.ok_or("id")?,
            organization_id: self.organization_id.ok_or("organizationId")?,
            email: self.email.ok_or("email")?,
            permission: self.permission.ok_or("permission")?,
            landscape_permissions: self.landscape_permissions,
            status: InviteStatus::Active,
            expires_at: self.expires_at.ok_or("expiresAt")?,
            created_at: self.created_at.ok_or("createdAt")?,
            created_by: self.created_by.ok_or("createdBy")?,
            created_by_id: self.created_by_id.ok_or("createdById")?,
            revoked_at: self.revoked_at,
            revoked_by: self.revoked_by,
            revoked_by_id: self.revoked_by_id,
            used_at: self.used_at,
            used_by_user_id: self.used_by_user_id,
        };
        invite.status = invite.status_at(now);
        Ok(invite)
    }
}

/// Reads what this type writes, and what the API returns: then the status follows from this
/// machine's clock.
impl<'de> Deserialize<'de> for Invite {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut wire = WireInvite::deserialize(deserializer)?;
        let status = wire.status.take();
        let mut invite = wire
            .into_invite(Utc::now())
            .map_err(serde::de::Error::missing_field)?;
        if let Some(WrittenStatus::Ours(status)) = status {
            invite.status = status;
        }
        Ok(invite)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let text = r#"{"id":"i","organizationId":"o","email":"ada@example.com","permission":"observer","status":"active","expiresAt":"2020-01-01T00:00:00Z","createdAt":"2019-01-01T00:00:00.123456Z","createdBy":"api-key","createdById":"k"}"#;
        let invite: Invite = serde_json::from_str(text).expect("an invite");
        assert_eq!(serde_json::to_string(&invite).expect("JSON"), text);
        let judged: Invite =
            serde_json::from_str(&text.replace(r#""status":"active","#, "")).expect("an invite");
        assert_eq!(judged.status, InviteStatus::Expired);
        let just_before = judged.expires_at - chrono::TimeDelta::nanoseconds(1);
        assert_eq!(judged.status_at(just_before), InviteStatus::Active);
        assert_eq!(judged.status_at(judged.expires_at), InviteStatus::Expired);
    }
}
