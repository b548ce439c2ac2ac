//! An invite, as it crosses.

use std::time::SystemTime;

use super::{Actor, InviteStatus, LandscapePermissions, Permission};

/// An invite of a person to the organization.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct Invite {
    /// The invite's id.
    pub id: String,
    /// The organization's id.
    pub organization_id: String,
    /// The address that was invited.
    pub email: String,
    /// What the person may do once in.
    pub permission: Permission,
    /// Which landscapes the person may see, if that was limited.
    pub landscape_permissions: Option<LandscapePermissions>,
    /// Where the invite stood, by the service's clock, when the service told of it.
    pub status: InviteStatus,
    /// When it ends.
    pub expires_at: SystemTime,
    /// When it was made, by the service's clock.
    pub created_at: SystemTime,
    /// Who made it.
    pub created_by: Actor,
    /// The id of who made it.
    pub created_by_id: String,
    /// When it was revoked.
    pub revoked_at: Option<SystemTime>,
    /// Who revoked it.
    pub revoked_by: Option<Actor>,
    /// The id of who revoked it.
    pub revoked_by_id: Option<String>,
    /// When it was accepted.
    pub used_at: Option<SystemTime>,
    /// The id of the user who accepted it.
    pub used_by_user_id: Option<String>,
}

impl From<icepanel_invites::Invite> for Invite {
    fn from(invite: icepanel_invites::Invite) -> Self {
        Self {
            id: invite.id,
            organization_id: invite.organization_id,
            email: invite.email,
            permission: invite.permission.into(),
            landscape_permissions: invite
                .landscape_permissions
                .map(|map| map.into_iter().collect()),
            status: invite.status.into(),
            expires_at: invite.expires_at.into(),
            created_at: invite.created_at.into(),
            created_by: invite.created_by.into(),
            created_by_id: invite.created_by_id,
            revoked_at: invite.revoked_at.map(Into::into),
            revoked_by: invite.revoked_by.map(Into::into),
            revoked_by_id: invite.revoked_by_id,
            used_at: invite.used_at.map(Into::into),
            used_by_user_id: invite.used_by_user_id,
        }
    }
}
