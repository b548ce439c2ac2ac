//! One function a command: arguments in, a call, rows out.

mod apply;
mod completions;
mod create;
mod dump;
mod ensure;
mod list;
mod man;
mod members;
mod people;
mod plan;
mod renew;
mod revoke;
mod sandbox;
mod seats;
mod status;

pub(crate) use apply::apply;
pub(crate) use completions::completions;
pub(crate) use create::create;
pub(crate) use dump::dump;
pub(crate) use ensure::ensure;
pub(crate) use list::list;
pub(crate) use man::man;
pub(crate) use members::{members, remove_member, update_member};
pub(crate) use plan::plan;
pub(crate) use renew::renew;
pub(crate) use revoke::revoke;
pub(crate) use sandbox::sandbox;
pub(crate) use seats::seats;
pub(crate) use status::status;
