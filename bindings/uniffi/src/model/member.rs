//! Who is in the organization already, and the seats they take.

use std::time::SystemTime;

use super::{LandscapePermissions, Permission};

/// A member of the organization.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct Member {
    /// The user's id.
    pub user_id: String,
    /// The member's address.
    pub email: String,
    /// What the member may do.
    pub permission: Permission,
    /// The member's name.
    pub name: Option<String>,
    /// The member's role at work.
    pub job_role: Option<String>,
    /// When the member was last seen.
    pub last_active_at: Option<SystemTime>,
    /// Which landscapes the member may see, if that is limited.
    pub landscape_permissions: Option<LandscapePermissions>,
}

impl From<icepanel_invites::Member> for Member {
    fn from(member: icepanel_invites::Member) -> Self {
        Self {
            user_id: member.user_id,
            email: member.email,
            permission: member.permission.into(),
            name: member.name,
            job_role: member.job_role,
            last_active_at: member.last_active_at.map(Into::into),
            landscape_permissions: member
                .landscape_permissions
                .map(|map| map.into_iter().collect()),
        }
    }
}

/// The organization's paid seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Seats {
    /// Seats paid for.
    pub paid: u64,
    /// Members with `write` or `admin`.
    pub taken: u64,
    /// Active invites with `write` or `admin`.
    pub promised: u64,
    /// Seats left.
    pub free: u64,
}

impl From<icepanel_invites::Seats> for Seats {
    fn from(seats: icepanel_invites::Seats) -> Self {
        Self {
            paid: seats.paid,
            taken: seats.taken,
            promised: seats.promised,
            free: seats.free,
        }
    }
}
