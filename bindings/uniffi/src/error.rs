//! The one error that crosses, flat: each language makes its own types of it.

use std::error::Error;
use std::time::Duration;

use icepanel_invites::{ErrorKind as CoreKind, InviteError};
use serde::Serialize;

/// The kind of an error, as in the core.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum ErrorKind {
    /// An argument or an option is invalid. Nothing was sent.
    InvalidInput,
    /// 401: the service does not know the key.
    Unauthorized,
    /// 403: the key is not allowed to do this.
    Forbidden,
    /// 404: no such organization or invite, or the key is not allowed to see it.
    NotFound,
    /// 409 to a create: all paid seats are assigned.
    SeatsExhausted,
    /// Any other 409.
    Conflict,
    /// 400, 422 or another rejection.
    Rejected,
    /// 429, and the requested wait is longer than the time left for the call.
    RateLimited,
    /// 5xx: the service, or a server in front of it, failed.
    Server,
    /// A time limit was reached.
    Timeout,
    /// No connection could be made, or it broke.
    Connection,
    /// The response does not match the API documentation.
    UnexpectedAnswer,
    /// A create was sent, and it is unknown whether it was carried out.
    OutcomeUnknown,
    /// The caller stopped the call.
    Cancelled,
    /// The client was closed, before the call or during it.
    Closed,
}

impl From<CoreKind> for ErrorKind {
    fn from(kind: CoreKind) -> Self {
        match kind {
            CoreKind::InvalidInput => Self::InvalidInput,
            CoreKind::Unauthorized => Self::Unauthorized,
            CoreKind::Forbidden => Self::Forbidden,
            CoreKind::NotFound => Self::NotFound,
            CoreKind::SeatsExhausted => Self::SeatsExhausted,
            CoreKind::Conflict => Self::Conflict,
            CoreKind::Rejected => Self::Rejected,
            CoreKind::RateLimited => Self::RateLimited,
            CoreKind::Server => Self::Server,
            CoreKind::Timeout => Self::Timeout,
            CoreKind::Connection => Self::Connection,
            CoreKind::OutcomeUnknown => Self::OutcomeUnknown,
            CoreKind::Cancelled => Self::Cancelled,
            CoreKind::Closed => Self::Closed,
            // The core may get a new kind; a test here fails until it has its own line.
            _ => Self::UnexpectedAnswer,
        }
    }
}

/// What an error says. As JSON it is the core's `InviteError`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, uniffi::Record)]
#[serde(rename_all = "camelCase")]
pub struct ErrorParts {
    /// The kind's name in JSON, the same in every language: `seats_exhausted`.
    pub kind: String,
    /// What happened, without the advice.
    pub message: String,
    /// What to do next.
    pub advice: String,
    /// The message and the advice as whole sentences: the text to print.
    pub full: String,
    /// The HTTP status of the last answer.
    pub status: Option<i64>,
    /// `code` of the service's error body.
    pub code: Option<String>,
    /// `errors` of the service's error body.
    pub errors: Vec<String>,
    /// The service's id of the last request.
    pub request_id: Option<String>,
    /// How often the request was sent.
    pub attempts: i64,
    /// Whether the same call may succeed later and is safe to make again.
    pub retryable: bool,
    /// How long the service asked to wait.
    pub retry_after_ms: Option<i64>,
    /// Whether an invite may have been made although the call did not return one.
    pub invite_may_exist: bool,
}

/// An error as it crosses.
#[derive(Clone, Debug, uniffi::Record)]
pub struct ErrorDetails {
    /// What kind of error it is.
    pub kind: ErrorKind,
    /// What it says.
    pub parts: ErrorParts,
    /// What lies under it, the nearest cause first.
    pub causes: Vec<String>,
}

impl From<&InviteError> for ErrorDetails {
    fn from(error: &InviteError) -> Self {
        let causes = std::iter::successors(error.source(), |cause: &&dyn Error| (*cause).source());
        let milliseconds = |wait: Duration| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
        let parts = ErrorParts {
            kind: error.kind().as_str().to_owned(),
            message: error.message().to_owned(),
            advice: error.advice().to_owned(),
            full: error.full(),
            status: error.status().map(i64::from),
            code: error.code().map(str::to_owned),
            errors: error.errors().to_vec(),
            request_id: error.request_id().map(str::to_owned),
            attempts: error.attempts().into(),
            retryable: error.retryable(),
            retry_after_ms: error.retry_after().map(milliseconds),
            invite_may_exist: error.invite_may_exist(),
        };
        Self {
            kind: error.kind().into(),
            parts,
            causes: causes.map(ToString::to_string).collect(),
        }
    }
}

/// Why a call failed.
#[derive(Debug, uniffi::Error)]
pub enum Failure {
    /// An error of the core.
    Core {
        /// With all its parts.
        error: ErrorDetails,
    },
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self::Core { error } = self;
        f.write_str(&error.parts.full)
    }
}

impl Error for Failure {}

impl From<InviteError> for Failure {
    fn from(error: InviteError) -> Self {
        Self::Core {
            error: ErrorDetails::from(&error),
        }
    }
}

/// The error of an argument that cannot be passed to Rust.
#[uniffi::export]
pub fn invalid_input(message: String) -> ErrorDetails {
    ErrorDetails::from(&InviteError::invalid_input(message))
}

/// The error of a call (`create`) that its caller stopped after it had begun.
#[uniffi::export]
pub fn cancelled(operation: &str) -> ErrorDetails {
    ErrorDetails::from(&InviteError::cancelled(operation))
}

/// The error of a call of a client that its language has closed and released.
#[uniffi::export]
pub fn closed() -> ErrorDetails {
    ErrorDetails::from(&InviteError::closed(None))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `SeatsExhausted` as `seats_exhausted`.
    fn snake_case(name: &str) -> String {
        let mut text = String::new();
        for letter in name.chars() {
            if letter.is_uppercase() && !text.is_empty() {
                text.push('_');
            }
            text.push(letter.to_ascii_lowercase());
        }
        text
    }

    #[test]
    fn every_kind_of_the_core_has_its_namesake() {
        for kind in CoreKind::ALL {
            let here = ErrorKind::from(*kind);
            assert_eq!(snake_case(&format!("{here:?}")), kind.as_str());
        }
    }

    #[test]
    fn a_cancelled_create_says_that_an_invite_may_exist_and_a_list_does_not() {
        assert!(cancelled("create").parts.invite_may_exist);
        assert!(!cancelled("list").parts.invite_may_exist);
    }

    #[test]
    fn the_json_of_an_error_is_the_cores() {
        for error in [
            InviteError::invalid_input("no"),
            InviteError::cancelled("create"),
            InviteError::closed(None),
        ] {
            let here = ErrorDetails::from(&error).parts;
            let written = serde_json::to_value(&error).ok();
            assert!(written.is_some());
            assert_eq!(serde_json::to_value(&here).ok(), written);
        }
    }
}
