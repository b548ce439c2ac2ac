//! What the API says, as types that cross: those of the core. See `CONTRIBUTING.md`, "Add a field".

mod filter;
mod invite;
mod member;
mod new_invite;
mod open_enum;

pub use invite::invite_status_at;
pub use member::Seats;
pub use new_invite::{ExpiryParts, NewInviteParts};
pub use open_enum::{actor_spelling, permission_is_paid, permission_spelling, status_spelling};

use std::collections::HashMap;

use chrono::{DateTime, Datelike, Utc};
use icepanel_invites::{InviteError, LandscapePermissions};

use crate::error::Failure;

/// An instant.
pub(crate) type Timestamp = DateTime<Utc>;

/// An instant in whole numbers, which every language converts into its own type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct TimestampParts {
    /// Whole seconds since 1970.
    pub seconds: i64,
    /// The additional nanoseconds: 0 to 999,999,999.
    pub nanoseconds: i32,
}

uniffi::custom_type!(Timestamp, TimestampParts, {
    remote,
    lower: |time| TimestampParts {
        seconds: time.timestamp(),
        // Chrono's leap seconds have more; the API has none.
        nanoseconds: i32::try_from(time.timestamp_subsec_nanos().min(999_999_999)).unwrap_or_default(),
    },
    try_lift: |parts| {
        let nanoseconds = u32::try_from(parts.nanoseconds).ok();
        let time = nanoseconds.and_then(|nanoseconds| DateTime::from_timestamp(parts.seconds, nanoseconds));
        // What RFC 3339 can write.
        let time = time.filter(|time| (0..=9999).contains(&time.year()));
        Ok(time.ok_or_else(|| Failure::from(InviteError::invalid_input("an instant is too far off")))?)
    },
});

uniffi::custom_type!(LandscapePermissions, HashMap<String, bool>, {
    remote,
    lower: |landscapes| landscapes.into_iter().collect(),
    try_lift: |landscapes| Ok(landscapes.into_iter().collect()),
});
