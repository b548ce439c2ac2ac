//! What all calls of a client share, and how one call is made.

pub(crate) mod call;
pub(crate) mod keyed_lock;
pub(crate) mod rate_limit;
pub(crate) mod rate_limiter;
pub(crate) mod recent_invites;
pub(crate) mod recent_members;
pub(crate) mod retry_policy;
pub(crate) mod sent_create;
pub(crate) mod session;
pub(crate) mod signal;
pub(crate) mod state;
pub(crate) mod unfinished_creates;
