//! The one error of the client: what happened, whether an invite may exist, what to do next.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use serde::ser::{Serialize, SerializeMap, Serializer};

const MAY_EXIST: &str = "An invite may exist. Before you send another one, look for an active invite for this address, or call ensure, which does so.";

/// The kind of an error. Every language has its own class for each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument or an option is invalid. Nothing was sent.
    InvalidInput,
    /// 401: the service does not know the key.
    Unauthorized,
    /// 403: the key is not allowed to do this.
    Forbidden,
    /// 404: no such organization, invite or member, or none that the key may see. Or the list of members does not
    /// have the member to be updated.
    NotFound,
    /// 409 to a create, or to an update of a member: all paid seats are assigned.
    SeatsExhausted,
    /// Any other 409, whose causes are not documented: the service's words are in the message. Or, from the
    /// client, before anything was sent: a renewal of an address whose active invites differ, a create
    /// after one that was dropped and has made another invite, a change of a member whose address other members
    /// have too, and a change that would leave the organization without an admin. The message names the
    /// invites or the members.
    Conflict,
    /// 400, 422 or another rejection: the service read the request and did not accept it.
    Rejected,
    /// 429, and the requested wait is longer than the time left for the call.
    RateLimited,
    /// 5xx: the service, or a server in front of it, failed.
    Server,
    /// A time limit was reached: connecting, the first byte, a read of the body, or the whole call.
    Timeout,
    /// No connection could be made, or it broke.
    Connection,
    /// The response does not match the API documentation: HTML, a redirect, missing fields, too large, another
    /// invite than the requested one, a list with further pages.
    UnexpectedAnswer,
    /// A create was sent, no response came, and the list of invites could not show in time whether
    /// the invite was made.
    OutcomeUnknown,
    /// The caller stopped the call.
    Cancelled,
    /// The client was closed, before the call or during it.
    Closed,
}

impl ErrorKind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::InvalidInput,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::SeatsExhausted,
        Self::Conflict,
        Self::Rejected,
        Self::RateLimited,
        Self::Server,
        Self::Timeout,
        Self::Connection,
        Self::UnexpectedAnswer,
        Self::OutcomeUnknown,
        Self::Cancelled,
        Self::Closed,
    ];

    /// The kind's name in JSON, the same in every language: `seats_exhausted`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid_input",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::SeatsExhausted => "seats_exhausted",
            Self::Conflict => "conflict",
            Self::Rejected => "rejected",
            Self::RateLimited => "rate_limited",
            Self::Server => "server",
            Self::Timeout => "timeout",
            Self::Connection => "connection",
            Self::UnexpectedAnswer => "unexpected_answer",
            Self::OutcomeUnknown => "outcome_unknown",
            Self::Cancelled => "cancelled",
            Self::Closed => "closed",
        }
    }

    /// One sentence on what to do next.
    fn advice(self) -> &'static str {
        match self {
            Self::InvalidInput => "Nothing was sent. Correct the value and call again.",
            Self::Unauthorized => {
                "Check the API key. An admin of the organization can create a new one; it is shown only once."
            }
            Self::Forbidden => {
                "Use an API key with write access that an admin of this organization created."
            }
            Self::NotFound => "Check the organization id and the invite id.",
            Self::SeatsExhausted => {
                "No invite was made. Revoke an unused write or admin invite, buy a seat, or invite with read, which is free."
            }
            Self::Conflict => "Check the person's invites and membership before you call again.",
            Self::Rejected => {
                "Correct the request. The service would reject the same request again."
            }
            Self::RateLimited => "Call again after the wait, or give the call a longer time-out.",
            Self::Server => "Call again later.",
            Self::Timeout => "Call again, or allow a longer time-out.",
            Self::Connection => "Check the network, the proxy and the base URL, then call again.",
            Self::UnexpectedAnswer => {
                "Check that the base URL is that of the API, and that no proxy responds in its place."
            }
            // For every kind, this is the advice if an invite may exist.
            Self::OutcomeUnknown => MAY_EXIST,
            Self::Cancelled => "Make the same call again to continue.",
            Self::Closed => "Create a new client and call again.",
        }
    }

    fn retryable(self) -> bool {
        matches!(
            self,
            Self::RateLimited | Self::Server | Self::Timeout | Self::Connection
        )
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the service may have done with a request that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Effect {
    /// The request did not reach the service, or the service responded that it did not act.
    None,
    /// No clear response came, and none will come: the connection is closed or the response is
    /// unreadable.
    Unclear,
    /// No response came, and the service may still be working on the request.
    StillPossible,
}

/// Why a call failed.
///
/// Opaque, so that fields can be added: match on [`kind`](Self::kind), and read the rest through methods.
/// [`Display`](fmt::Display) is the [`message`](Self::message) without the cause that [`source`](StdError::source)
/// returns; [`full`](Self::full) is the whole message and what to do next. No part of it contains the API key.
pub struct InviteError(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    status: Option<u16>,
    code: Option<String>,
    errors: Vec<String>,
    request_id: Option<String>,
    attempts: u32,
    retry_after: Option<Duration>,
    may_exist: bool,
    effect: Effect,
    retryable: bool,
    /// Replaces the advice of the kind.
    advice: Option<Cow<'static, str>>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl InviteError {
    /// What kind of error this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What happened, without the advice and without a full stop at its end.
    pub fn message(&self) -> &str {
        self.0.message.trim_end_matches(['.', ' '])
    }

    /// What to do next.
    pub fn advice(&self) -> &str {
        if self.0.may_exist {
            MAY_EXIST
        } else {
            self.0
                .advice
                .as_deref()
                .unwrap_or_else(|| self.0.kind.advice())
        }
    }

    /// The [`message`](Self::message) and the [`advice`](Self::advice), as whole sentences: the text for a program to
    /// print.
    pub fn full(&self) -> String {
        let message = self.message();
        let end = if message.ends_with(['!', '?']) {
            ""
        } else {
            "."
        };
        format!("{message}{end} {}", self.advice())
    }

    /// The HTTP status of the last response, if there was one: from the service, or from a proxy that rejected the
    /// connection.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// `code` of the service's error body.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// `errors` of the service's error body: what it did not accept.
    pub fn errors(&self) -> &[String] {
        &self.0.errors
    }

    /// The service's id of the last request (`x-request-id` or similar), for its support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How often the request was sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the service asked to wait, if it did.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether the same call may succeed later and is safe to repeat: the client knows that no
    /// invite was made.
    pub fn retryable(&self) -> bool {
        self.0.retryable
    }

    /// Whether an invite may have been made although the call returned none. True for
    /// [`OutcomeUnknown`](ErrorKind::OutcomeUnknown), and for a create that was cancelled or whose client was closed.
    pub fn invite_may_exist(&self) -> bool {
        self.0.may_exist
    }

    /// The caller stopped `operation` before its end. For a call that creates, the error says that
    /// an invite may exist. The bindings and the command create it; in Rust a call is cancelled by
    /// dropping its future.
    pub fn cancelled(operation: &str) -> Self {
        let mut error = Self::new(ErrorKind::Cancelled, format!("{operation} was cancelled"));
        error.0.may_exist = creates(operation);
        error
    }

    /// The client was closed during `operation`, or before a call if there is none. For a running call that creates,
    /// the error says that an invite may exist. The client creates it, and a binding for a client that it has closed
    /// itself.
    pub fn closed(operation: Option<&str>) -> Self {
        let Some(operation) = operation else {
            return Self::new(ErrorKind::Closed, "the client is closed; nothing was sent");
        };
        let message = format!("the client was closed during {operation}");
        let mut error = Self::new(ErrorKind::Closed, message);
        error.0.may_exist = creates(operation);
        error
    }

    /// An invalid argument, found before anything was sent: for a language's binding or the command,
    /// if a value cannot even be passed to the client.
    pub fn invalid_input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput, message)
    }

    /// The system has no thread or file descriptor left for the call. For a binding, which starts the threads. Nothing
    /// was sent, and the same call may succeed later.
    pub fn no_thread(why: &std::io::Error) -> Self {
        let message =
            format!("the system has no thread or file descriptor left for the call: {why}");
        Self::new(ErrorKind::Connection, message).with_advice(
            "Nothing was sent. Close files and connections that are not needed, or raise the limits of the process (ulimit -n, ulimit -u), and call again.",
        )
    }
}

/// Whether a call of this name may make an invite.
fn creates(operation: &str) -> bool {
    matches!(operation, "create" | "ensure" | "apply" | "renew")
}

impl InviteError {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            status: None,
            code: None,
            errors: Vec::new(),
            request_id: None,
            attempts: 0,
            retry_after: None,
            may_exist: false,
            effect: Effect::None,
            retryable: kind.retryable(),
            advice: None,
            source: None,
        }))
    }

    /// The create failed with `failure`, and `why` is the reason why the list did not show the outcome.
    pub(crate) fn outcome_unknown(failure: &Self, why: &str) -> Self {
        let mut error = Self::new(
            ErrorKind::OutcomeUnknown,
            format!("{}; {why}", failure.message()),
        );
        error.0.status = failure.0.status;
        error.0.code.clone_from(&failure.0.code);
        error.0.errors.clone_from(&failure.0.errors);
        error.0.request_id.clone_from(&failure.0.request_id);
        error.0.attempts = failure.0.attempts;
        error.0.may_exist = true;
        error
    }

    /// An invite was made, and `message` says what is unknown about it.
    pub(crate) fn unsettled(message: String) -> Self {
        let mut error = Self::new(ErrorKind::OutcomeUnknown, message);
        error.0.may_exist = true;
        error
    }

    pub(crate) fn with_answer(mut self, status: u16, request_id: Option<String>) -> Self {
        self.0.status = Some(status);
        self.0.request_id = request_id;
        self
    }

    pub(crate) fn with_service_words(mut self, code: Option<String>, errors: Vec<String>) -> Self {
        self.0.code = code;
        self.0.errors = errors;
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.0.retry_after = wait;
        self
    }

    pub(crate) fn with_effect(mut self, effect: Effect) -> Self {
        self.0.effect = effect;
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.0.source = Some(Box::new(source));
        self
    }

    /// The same error for another request, without its source.
    pub(crate) fn again(&self) -> Self {
        let mut error = Self::new(self.0.kind, self.0.message.clone());
        error.0.status = self.0.status;
        error.0.effect = self.0.effect;
        error.0.retryable = self.0.retryable;
        error.0.advice.clone_from(&self.0.advice);
        error
    }

    /// Marks an error that the same call gets again until somebody changes something.
    pub(crate) fn not_retryable(mut self) -> Self {
        self.0.retryable = false;
        self
    }

    /// Sets the advice, if that of the kind is not enough.
    pub(crate) fn with_advice(mut self, advice: impl Into<Cow<'static, str>>) -> Self {
        self.0.advice = Some(advice.into());
        self
    }

    pub(crate) fn with_note(mut self, note: &str) -> Self {
        self.0.message = format!("{}; {note}", self.message());
        self
    }

    /// Whether the service counted the request towards its limit, or may have done so: not if the
    /// request did not arrive, and not after a 429.
    pub(crate) fn was_counted(&self) -> bool {
        match self.0.status {
            // A proxy's.
            _ if self.0.kind == ErrorKind::Connection && self.0.effect == Effect::None => false,
            Some(status) => status != 429,
            None => self.0.effect != Effect::None,
        }
    }

    /// The same with a note, if there is one.
    pub(crate) fn noted(self, note: Option<&str>) -> Self {
        match note {
            Some(note) => self.with_note(note),
            None => self,
        }
    }

    pub(crate) fn effect(&self) -> Effect {
        self.0.effect
    }
}

/// The [`message`](InviteError::message) without the cause that [`source`](StdError::source) returns: a reporter that
/// prints the whole chain prints it once.
impl fmt::Display for InviteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = self.message();
        let cause = self
            .source()
            .map(|source| format!(": {}", innermost(source)));
        match cause.and_then(|cause| message.split_once(&*cause)) {
            Some((before, after)) => write!(f, "{before}{after}"),
            None => f.write_str(message),
        }
    }
}

impl fmt::Debug for InviteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InviteError")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("status", &self.0.status)
            .field("code", &self.0.code)
            .field("errors", &self.0.errors)
            .field("request_id", &self.0.request_id)
            .field("attempts", &self.0.attempts)
            .field("retry_after", &self.0.retry_after)
            .field("invite_may_exist", &self.0.may_exist)
            .finish_non_exhaustive()
    }
}

/// The deepest cause, which is the most specific one.
pub(crate) fn innermost(error: &dyn StdError) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

impl StdError for InviteError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

/// `{"kind", "message", "advice", "full", "status", "code", "errors", "requestId", "attempts",
/// "retryable", "retryAfterMs", "inviteMayExist"}`; absent values are null.
impl Serialize for InviteError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(12))?;
        map.serialize_entry("kind", self.kind().as_str())?;
        map.serialize_entry("message", self.message())?;
        map.serialize_entry("advice", self.advice())?;
        map.serialize_entry("full", &self.full())?;
        map.serialize_entry("status", &self.status())?;
        map.serialize_entry("code", &self.code())?;
        map.serialize_entry("errors", self.errors())?;
        map.serialize_entry("requestId", &self.request_id())?;
        map.serialize_entry("attempts", &self.attempts())?;
        map.serialize_entry("retryable", &self.retryable())?;
        map.serialize_entry(
            "retryAfterMs",
            &self
                .retry_after()
                .map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
        )?;
        map.serialize_entry("inviteMayExist", &self.invite_may_exist())?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_leaves_out_the_cause_that_source_returns() {
        let cause = std::io::Error::other("connection refused");
        let error = InviteError::new(ErrorKind::Connection, "no connection: connection refused")
            .with_source(cause)
            .with_note("not tried again");
        assert_eq!(error.to_string(), "no connection; not tried again");
        let whole = "no connection: connection refused; not tried again";
        assert_eq!(error.message(), whole);
        let alone = InviteError::new(ErrorKind::Server, whole);
        assert_eq!(alone.to_string(), whole);
    }
}
