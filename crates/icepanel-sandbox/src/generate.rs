//! Generated invites, for large lists.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::{Generate, Invite, When};

/// The invite with this number.
pub(crate) fn invite(
    wanted: &Generate,
    number: u32,
    landscape: String,
    now: DateTime<Utc>,
) -> Invite {
    let day = |days| Some(When::At(now + TimeDelta::days(days)));
    let invite = Invite {
        // One right, so that an invite has the size of a real one.
        landscape_permissions: Some(BTreeMap::from([(landscape, true)])),
        ..Invite::new(format!("user-{number}@example.com"), "read")
    };
    if number >= wanted.invites - wanted.active {
        return invite;
    }
    match number % 3 {
        0 => Invite {
            created_at: day(-2),
            used_at: day(-1),
            ..invite
        },
        1 => Invite {
            created_at: day(-2),
            revoked_at: day(-1),
            ..invite
        },
        _ => Invite {
            created_at: day(-8),
            expires_at: day(-1),
            ..invite
        },
    }
}
