//! What is sent, and the beginning of what comes back.

use chrono::{DateTime, Utc};
use reqwest::Method;

use crate::clock::Moment;
use crate::event::Operation;
use crate::http::pagination::MorePages;

/// The beginning of an answer.
#[derive(Clone, Debug)]
pub(crate) struct ResponseHead {
    pub(crate) status: u16,
    pub(crate) request_id: Option<String>,
    /// The service's time when it answered, or the best guess at it.
    pub(crate) now: DateTime<Utc>,
    /// Whether the answer told the time itself.
    pub(crate) dated: bool,
    /// When the head came, by this machine's monotonic clock.
    pub(crate) received: Moment,
    /// What the headers say of a list that goes on elsewhere.
    pub(crate) more: MorePages,
}

/// What is sent.
pub(crate) struct ApiRequest {
    pub(crate) operation: Operation,
    pub(crate) method: Method,
    pub(crate) url: reqwest::Url,
    pub(crate) body: Option<Vec<u8>>,
}
