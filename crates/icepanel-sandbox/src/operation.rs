//! What a request is.

use serde::{Deserialize, Serialize};

/// What a request was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Operation {
    /// List invites.
    List,
    /// Create an invite.
    Create,
    /// Revoke an invite.
    Revoke,
    /// Read the organization.
    Organization,
    /// List members.
    Members,
    /// Change a member's permission.
    UpdateMember,
    /// Remove a member.
    RemoveMember,
    /// A path or method that is not one of the seven.
    Other,
}

impl Operation {
    pub(crate) fn is_write(self) -> bool {
        matches!(
            self,
            Self::Create | Self::Revoke | Self::UpdateMember | Self::RemoveMember
        )
    }
}
