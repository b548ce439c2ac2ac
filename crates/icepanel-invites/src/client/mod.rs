pub(crate) mod builder;
pub(crate) mod handle;
pub(crate) mod roster;
