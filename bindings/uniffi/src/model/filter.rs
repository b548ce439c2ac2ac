//! Which invites a list has, as data. The compiler compares this declaration with the core's, which checks the values.

use icepanel_invites::{Actor, InviteFilterData, InviteStatus, Permission};

/// Which invites a list returns. A field that is not set is ignored.
#[uniffi::remote(Record)]
pub struct InviteFilterData {
    /// Only invites with this status, by the service's clock.
    #[uniffi(default = None)]
    pub status: Option<InviteStatus>,
    /// Only invites of this address; letter case is ignored.
    #[uniffi(default = None)]
    pub email: Option<String>,
    /// Only invites with this permission.
    #[uniffi(default = None)]
    pub permission: Option<Permission>,
    /// Only invites made by this kind of actor.
    #[uniffi(default = None)]
    pub created_by: Option<Actor>,
    /// Only active invites that expire within this number of milliseconds from now, by the service's clock.
    #[uniffi(default = None)]
    pub expiring_within_ms: Option<i64>,
}
