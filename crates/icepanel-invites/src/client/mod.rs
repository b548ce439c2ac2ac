//! The public handle and its builder.

pub(crate) mod builder;
mod construct;
pub(crate) mod handle;
mod list_into;
mod roster;
