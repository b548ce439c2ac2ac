//! One function a command: arguments in, a call, rows out.

mod completions;
mod invite;
mod list;
mod revoke;
mod sandbox;
mod seats;

pub(crate) use completions::completions;
pub(crate) use invite::{create, ensure};
pub(crate) use list::list;
pub(crate) use revoke::revoke;
pub(crate) use sandbox::sandbox;
pub(crate) use seats::{members, seats};
