//! The meaning of a response that is not a 2xx.

use reqwest::StatusCode;
use serde::Deserialize;

use crate::error::{Effect, ErrorKind};
use crate::event::Operation;

/// The error body of the API: `{"message", "code"?, "errors"?}`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct ErrorBody {
    #[serde(deserialize_with = "lenient")]
    pub(crate) message: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) code: Option<String>,
    #[serde(deserialize_with = "lenient_list")]
    pub(crate) errors: Vec<String>,
}

/// A string, or nothing for another type: an unexpected error body must not hide the error.
fn lenient<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(text(serde_json::Value::deserialize(deserializer)?))
}

fn lenient_list<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<String>, D::Error> {
    Ok(match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::Array(values) => values.into_iter().filter_map(text).collect(),
        value => text(value).into_iter().collect(),
    })
}

fn text(value: serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// The meaning of a response that is not a 2xx, and whether the service may have acted nevertheless.
pub(crate) fn classify(
    operation: Operation,
    status: StatusCode,
    said: Option<&str>,
) -> (ErrorKind, Effect) {
    let seats = said.is_some_and(|said| said.to_lowercase().contains("seats have been assigned"));
    match status.as_u16() {
        401 => (ErrorKind::Unauthorized, Effect::None),
        403 => (ErrorKind::Forbidden, Effect::None),
        // The member may be gone, or something in front of the service does not know the path.
        404 if operation == Operation::RemoveMember => (ErrorKind::NotFound, Effect::Unclear),
        404 => (ErrorKind::NotFound, Effect::None),
        // From a server in front of the service that stopped waiting for it.
        408 => (ErrorKind::Timeout, Effect::StillPossible),
        409 if seats && matches!(operation, Operation::CreateInvite | Operation::UpdateMember) => {
            (ErrorKind::SeatsExhausted, Effect::None)
        }
        409 => (ErrorKind::Conflict, Effect::None),
        429 => (ErrorKind::RateLimited, Effect::None),
        400..=499 => (ErrorKind::Rejected, Effect::None),
        // A proxy stopped waiting: 504, and the codes of Cloudflare and others for it.
        504 | 522 | 524 | 598 | 599 => (ErrorKind::Server, Effect::StillPossible),
        500..=599 => (ErrorKind::Server, Effect::Unclear),
        _ => (ErrorKind::UnexpectedAnswer, Effect::Unclear),
    }
}
