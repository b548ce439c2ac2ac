//! Which invites a list keeps.

use chrono::TimeDelta;
use icepanel_invites::{Actor, InviteFilter as Core, InviteStatus, Permission};

/// Which invites a list returns. What is not set lets all through.
#[derive(Clone, Debug, Default, uniffi::Record)]
pub struct InviteFilter {
    /// Only invites that stand here, by the service's clock.
    #[uniffi(default = None)]
    pub status: Option<InviteStatus>,
    /// Only invites of this address; letter case does not count.
    #[uniffi(default = None)]
    pub email: Option<String>,
    /// Only invites with this permission.
    #[uniffi(default = None)]
    pub permission: Option<Permission>,
    /// Only invites made by this kind of actor.
    #[uniffi(default = None)]
    pub created_by: Option<Actor>,
    /// Only active invites that end within so long from now, by the service's clock; in milliseconds.
    #[uniffi(default = None)]
    pub expiring_within_ms: Option<i64>,
}

impl InviteFilter {
    pub(crate) fn into_core(self) -> Core {
        let mut filter = Core::default();
        if let Some(status) = self.status {
            filter = filter.status(status);
        }
        if let Some(email) = self.email {
            filter = filter.email(email);
        }
        if let Some(permission) = self.permission {
            filter = filter.permission(permission);
        }
        if let Some(actor) = self.created_by {
            filter = filter.created_by(actor);
        }
        if let Some(ms) = self.expiring_within_ms {
            // The least number of all is the only one out of bounds.
            let span = TimeDelta::try_milliseconds(ms).unwrap_or(TimeDelta::MIN);
            filter = filter.expiring_within(span);
        }
        filter
    }
}
