//! What the API says, as types.

mod invite;
mod member;
mod new_invite;
mod open;
mod time;

pub use invite::Invite;
pub(crate) use invite::WireInvite;
pub(crate) use member::WireMember;
pub use member::{Member, Seats};
pub(crate) use new_invite::CreateRequest;
pub use new_invite::{Expiry, NewInvite};
pub use open::{Actor, InviteStatus, Permission};

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serializer;

/// Which landscapes a person may see: landscape id to yes or no.
pub type LandscapePermissions = BTreeMap<String, bool>;

/// Writes a time as the API does: RFC 3339 in UTC, with as many digits as it has.
pub(crate) fn time_text(time: &DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

pub(crate) fn serialize_time<S: Serializer>(
    time: &DateTime<Utc>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time_text(time))
}

#[expect(
    clippy::ref_option,
    reason = "the shape that serde's serialize_with calls"
)]
pub(crate) fn serialize_optional_time<S: Serializer>(
    time: &Option<DateTime<Utc>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serialize_time(time, serializer),
        None => serializer.serialize_none(),
    }
}
