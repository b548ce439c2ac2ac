//! An invite. The compiler compares this declaration with the core's, field by field.

use icepanel_invites::{Actor, Invite, InviteStatus, Permission};

use crate::model::{LandscapePermissions, Timestamp};

/// An invite of a person to the organization.
///
/// The fields are those of the API, and the status.
#[uniffi::remote(Record)]
pub struct Invite {
    /// The invite's id.
    pub id: String,
    /// The organization's id.
    pub organization_id: String,
    /// The invited address, in the letter case in which the service stores it.
    pub email: String,
    /// The person's permission as a member.
    pub permission: Permission,
    /// The invite's status when the service returned it, by the service's clock.
    pub status: InviteStatus,
    /// When the invite expires.
    pub expires_at: Timestamp,
    /// When it was created, by the service's clock.
    pub created_at: Timestamp,
    /// Who created it.
    pub created_by: Actor,
    /// The id of who created it.
    pub created_by_id: String,
    /// Which landscapes the person may see, if that is limited.
    #[uniffi(default = None)]
    pub landscape_permissions: Option<LandscapePermissions>,
    /// When it was revoked.
    #[uniffi(default = None)]
    pub revoked_at: Option<Timestamp>,
    /// Who revoked it.
    #[uniffi(default = None)]
    pub revoked_by: Option<Actor>,
    /// The id of who revoked it.
    #[uniffi(default = None)]
    pub revoked_by_id: Option<String>,
    /// When it was accepted.
    #[uniffi(default = None)]
    pub used_at: Option<Timestamp>,
    /// The id of the user who accepted it.
    #[uniffi(default = None)]
    pub used_by_user_id: Option<String>,
}

/// The status of an invite at an instant: a used invite remains used and a revoked one remains revoked, regardless of
/// the expiry.
#[uniffi::export]
pub fn invite_status_at(invite: &Invite, now: Timestamp) -> InviteStatus {
    invite.status_at(now)
}
