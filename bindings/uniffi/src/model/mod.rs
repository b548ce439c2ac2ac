//! What the API says, as types that cross.

mod filter;
mod invite;
mod member;
mod new_invite;
mod open_enum;

pub use filter::InviteFilter;
pub use invite::Invite;
pub use member::{Member, Seats};
pub use new_invite::{Expiry, NewInvite};
pub use open_enum::{Actor, InviteStatus, Permission};

use std::collections::HashMap;

/// Which landscapes a person may see: landscape id to yes or no.
pub(crate) type LandscapePermissions = HashMap<String, bool>;
