//! A member, and the paid seats. The compiler compares these declarations with the core's, field by field.

use icepanel_invites::{Member, Permission};
use serde::{Deserialize, Serialize};

use crate::limits::signed;
use crate::model::{LandscapePermissions, Timestamp};

/// A member of the organization.
#[uniffi::remote(Record)]
pub struct Member {
    /// The user's id.
    pub user_id: String,
    /// The member's address.
    pub email: String,
    /// What the member may do.
    pub permission: Permission,
    /// The member's name.
    #[uniffi(default = None)]
    pub name: Option<String>,
    /// The member's role at work.
    #[uniffi(default = None)]
    pub job_role: Option<String>,
    /// When the member was last seen.
    #[uniffi(default = None)]
    pub last_active_at: Option<Timestamp>,
    /// Which landscapes the member may see, if that is limited.
    #[uniffi(default = None)]
    pub landscape_permissions: Option<LandscapePermissions>,
}

/// The organization's paid seats. `write` and `admin` take one, both for a member and for an active invite; the service
/// assigns no more once `taken` and `promised` reach `paid`.
// Signed: an unsigned number has no good name in Java.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
#[serde(rename_all = "camelCase")]
pub struct Seats {
    /// Seats paid for.
    pub paid: i64,
    /// Members with `write` or `admin`.
    pub taken: i64,
    /// Active invites with `write` or `admin`.
    pub promised: i64,
    /// Free seats: `paid` minus the other two, and never below zero.
    pub free: i64,
}

impl From<icepanel_invites::Seats> for Seats {
    fn from(seats: icepanel_invites::Seats) -> Self {
        let icepanel_invites::Seats {
            paid,
            taken,
            promised,
            free,
        } = seats;
        Self {
            paid: signed(paid),
            taken: signed(taken),
            promised: signed(promised),
            free: signed(free),
        }
    }
}
