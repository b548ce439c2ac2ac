//! A request, and the head of its response.

use chrono::{DateTime, Utc};
use reqwest::Method;

use crate::clock::Moment;
use crate::event::Operation;
use crate::http::pagination::MorePages;

/// The head of a response.
#[derive(Clone, Debug)]
pub(crate) struct ResponseHead {
    pub(crate) status: u16,
    pub(crate) request_id: Option<String>,
    /// The service's time when it responded, or the best estimate.
    pub(crate) now: DateTime<Utc>,
    /// Whether the response had the time.
    pub(crate) dated: bool,
    /// When the head arrived, by this machine's monotonic clock.
    pub(crate) received: Moment,
    /// The signs of further pages in the headers.
    pub(crate) more: MorePages,
}

/// What is sent.
pub(crate) struct ApiRequest {
    pub(crate) operation: Operation,
    pub(crate) method: Method,
    pub(crate) url: reqwest::Url,
    pub(crate) body: Option<Vec<u8>>,
}
