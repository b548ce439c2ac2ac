//! The types of the API.

pub(crate) mod email;
mod filter;
mod invite;
mod landscapes;
mod member;
pub(crate) mod milliseconds;
mod new_invite;
mod open_enum;
pub(crate) mod timestamp;

pub use filter::InviteFilter;
pub use invite::Invite;
pub(crate) use invite::WireInvite;
pub use landscapes::LandscapePermissions;
pub(crate) use landscapes::check_access;
pub(crate) use member::WireMember;
pub use member::{Member, Seats};
pub(crate) use new_invite::CreateRequest;
pub use new_invite::{Expiry, NewInvite};
pub use open_enum::{Actor, InviteStatus, Permission, UnknownValue};
