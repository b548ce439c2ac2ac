//! The operations on invites and members.

pub(crate) mod answer;
pub(crate) mod create;
pub(crate) mod deduplicate;
pub(crate) mod difference;
pub(crate) mod ensure;
pub(crate) mod expiry;
pub(crate) mod find_active;
pub(crate) mod id_positions;
pub(crate) mod list;
pub(crate) mod list_decoder;
pub(crate) mod matching;
pub(crate) mod member_changes;
pub(crate) mod member_name;
pub(crate) mod members;
pub(crate) mod planned_change;
pub(crate) mod reconcile;
pub(crate) mod renew;
pub(crate) mod revoke;
pub(crate) mod timing;
pub(crate) mod unfinished;
