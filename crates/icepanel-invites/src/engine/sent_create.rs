//! A create that was sent: what was requested, and when.

use chrono::{DateTime, Utc};

use crate::clock::Moment;
use crate::model::Permission;

/// What one create requested. The list is searched for an invite like it.
#[derive(Clone, Debug)]
pub(crate) struct SentCreate {
    pub(crate) email: String,
    pub(crate) permission: Permission,
    pub(crate) expires_at: DateTime<Utc>,
    /// When the first request without a clear response was sent.
    pub(crate) sent: Moment,
}
