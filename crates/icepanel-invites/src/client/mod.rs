//! The public handle and its builder.

pub(crate) mod builder;
pub(crate) mod call_options;
mod construct;
pub(crate) mod handle;
mod list_into;
pub(crate) mod options;
pub(crate) mod read;
mod roster;
