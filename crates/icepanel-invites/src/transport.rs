//! One exchange with the service: a request out, an answer in, every wait bounded.

use std::error::Error as StdError;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use reqwest::{Method, Request, Response, StatusCode};
use serde::Deserialize;
use tokio::time::timeout_at;

use crate::body::Read;
use crate::builder::Limits;
use crate::clock::{Moment, ServiceClock};
use crate::error::{Effect, ErrorKind, InviteError};
use crate::event::Operation;
use crate::headers;
use crate::more::More;

/// An error body longer than this is not read to its end.
const ERROR_BODY_LIMIT: usize = 64 * 1024;

/// And no longer than this is waited for it.
const ERROR_BODY_TIME: Duration = Duration::from_secs(5);

/// The service's words are cut after so many characters.
const LONGEST_WORDS: usize = 1000;

/// What sends requests: the HTTP client, the addresses and the key's hiding place.
#[derive(Debug)]
pub(crate) struct Transport {
    pub(crate) http: reqwest::Client,
    pub(crate) limits: Limits,
    pub(crate) clock: ServiceClock,
    /// The key, to be taken out of the service's words should it stand in them.
    pub(crate) secret: Secret,
}

/// The API key. Nothing prints it.
#[derive(Clone)]
pub(crate) struct Secret(pub(crate) String);

impl Secret {
    /// A text of the service's without the key, and without the half of it that is secret.
    fn hide(&self, text: &str) -> String {
        let secret = self.0.rsplit(':').next().unwrap_or_default();
        let text = text.replace(&self.0, "…");
        // Something so short would stand in innocent words.
        if secret.len() < 8 {
            return text;
        }
        text.replace(secret, "…")
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// The beginning of an answer.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) status: u16,
    pub(crate) request_id: Option<String>,
    /// The service's time when it answered, or the best guess at it.
    pub(crate) now: DateTime<Utc>,
    /// Whether the answer told the time itself.
    pub(crate) dated: bool,
    /// When the head came, by this machine's monotonic clock.
    pub(crate) received: Moment,
    /// What the headers say of a list that goes on elsewhere.
    pub(crate) more: More,
}

/// What is sent.
pub(crate) struct Outgoing {
    pub(crate) operation: Operation,
    pub(crate) method: Method,
    pub(crate) url: reqwest::Url,
    pub(crate) body: Option<Vec<u8>>,
}

impl Transport {
    /// Sends a request once and reads its answer into `body`. `time` is the limit for all of it.
    pub(crate) async fn exchange(
        &self,
        outgoing: &Outgoing,
        time: Duration,
        body: &mut dyn Read,
    ) -> Result<Head, InviteError> {
        let deadline = Instant::now() + time;
        let response = self.send(outgoing, deadline).await?;
        let head = self.head(&response);
        if !response.status().is_success() {
            return Err(self
                .refusal(outgoing.operation, response, &head, deadline)
                .await);
        }
        if !is_whole(response.status()) {
            let what = format!(
                "the service answered {}, which is no whole response",
                response.status()
            );
            return Err(InviteError::new(ErrorKind::UnexpectedAnswer, what)
                .with_effect(Effect::Unclear)
                .with_answer(head.status, head.request_id));
        }
        body.begin(&head);
        match self.read(response, body, deadline).await {
            Ok(()) => Ok(head),
            Err(error) => Err(error.with_answer(head.status, head.request_id)),
        }
    }

    async fn send(&self, outgoing: &Outgoing, deadline: Instant) -> Result<Response, InviteError> {
        let mut request = Request::new(outgoing.method.clone(), outgoing.url.clone());
        if let Some(body) = &outgoing.body {
            *request.body_mut() = Some(body.clone().into());
            request.headers_mut().insert(
                reqwest::header::CONTENT_TYPE,
                reqwest::header::HeaderValue::from_static("application/json"),
            );
        }
        let first_byte = Instant::now() + self.limits.read;
        match timeout_at(first_byte.min(deadline).into(), self.http.execute(request)).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(self.broken(error)),
            Err(_) => Err(self.too_late(
                deadline,
                "no answer came from the service",
                Effect::StillPossible,
            )),
        }
    }

    fn head(&self, response: &Response) -> Head {
        let received = Moment::now();
        let date = headers::date(response.headers());
        if let Some(date) = date {
            self.clock.learn(date, received);
        }
        Head {
            status: response.status().as_u16(),
            request_id: headers::request_id(response.headers()).map(|id| self.clean(&id)),
            now: date.unwrap_or_else(|| self.clock.now()),
            dated: date.is_some(),
            received,
            more: headers::more(response.headers()),
        }
    }

    async fn read(
        &self,
        mut response: Response,
        body: &mut dyn Read,
        deadline: Instant,
    ) -> Result<(), InviteError> {
        let limit = self.limits.body;
        let mut size: u64 = 0;
        let unexpected = |what: String| {
            InviteError::new(ErrorKind::UnexpectedAnswer, what).with_effect(Effect::Unclear)
        };
        let kind = content_type(&response);
        while let Some(bytes) = self.chunk(&mut response, deadline).await? {
            size += bytes.len() as u64;
            if size > limit {
                return Err(unexpected(format!(
                    "the answer is longer than the {limit} bytes that this client reads"
                )));
            }
            body.piece(&bytes)
                .map_err(|error| unexpected(self.clean(&unreadable(&kind, &error))))?;
        }
        body.end()
            .map_err(|error| unexpected(self.clean(&unreadable(&kind, &error))))
    }

    /// The next piece of a body, within the time for one read and for the whole.
    async fn chunk(
        &self,
        response: &mut Response,
        deadline: Instant,
    ) -> Result<Option<impl std::ops::Deref<Target = [u8]> + use<>>, InviteError> {
        let until = (Instant::now() + self.limits.read).min(deadline);
        match timeout_at(until.into(), response.chunk()).await {
            Ok(Ok(bytes)) => Ok(bytes),
            Ok(Err(error)) => Err(self.broken(error)),
            Err(_) => {
                let what = "the answer stopped half way: nothing more came";
                Err(self.too_late(deadline, what, Effect::Unclear))
            }
        }
    }

    /// The error of a limit that passed: that of one read, or that of the call.
    fn too_late(&self, deadline: Instant, what: &str, effect: Effect) -> InviteError {
        let limit = if Instant::now() >= deadline {
            "the time of the call".to_owned()
        } else {
            format!("{:?}", self.limits.read)
        };
        InviteError::new(ErrorKind::Timeout, format!("{what} within {limit}")).with_effect(effect)
    }

    /// The error of an answer that is not a 2xx.
    async fn refusal(
        &self,
        operation: Operation,
        mut response: Response,
        head: &Head,
        deadline: Instant,
    ) -> InviteError {
        let status = response.status();
        let wait = headers::retry_after(response.headers(), head.now);
        let mut body = Vec::new();
        let deadline = deadline.min(Instant::now() + ERROR_BODY_TIME);
        // What the body says is welcome; the status alone is enough.
        while let Ok(Some(bytes)) = self.chunk(&mut response, deadline).await {
            body.extend_from_slice(&bytes);
            if body.len() > ERROR_BODY_LIMIT {
                break;
            }
        }
        let words: Words = serde_json::from_slice(&body).unwrap_or_default();
        let said = words
            .message
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty());
        let (kind, effect) = classify(operation, status, said);
        let mut message = format!("the service answered {status}");
        if status.is_redirection() {
            message.push_str(", a redirect, which is never followed with the key");
        } else if let Some(said) = said {
            message = format!("{} (HTTP {})", self.clean(said), status.as_u16());
        }
        if !words.errors.is_empty() && matches!(kind, ErrorKind::Rejected) {
            message = format!("{message}: {}", self.clean(&words.errors.join("; ")));
        }
        InviteError::new(kind, message)
            .with_answer(head.status, head.request_id.clone())
            .with_service_words(
                words.code.map(|code| self.clean(&code)),
                words.errors.iter().map(|text| self.clean(text)).collect(),
            )
            .with_retry_after(wait)
            .with_effect(effect)
    }

    /// The service's words, without the key, and not without end.
    fn clean(&self, text: &str) -> String {
        let text = self.secret.hide(text);
        match text.char_indices().nth(LONGEST_WORDS) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    }

    /// The error of an exchange that broke on the way.
    fn broken(&self, error: reqwest::Error) -> InviteError {
        let error = error.without_url();
        let (kind, what, effect) = if error.is_connect() && error.is_timeout() {
            let what = format!("no connection was made within {:?}", self.limits.connect);
            (ErrorKind::Timeout, what, Effect::None)
        } else if error.is_connect() {
            (
                ErrorKind::Connection,
                "no connection could be made".to_owned(),
                Effect::None,
            )
        } else if error.is_builder() {
            (
                ErrorKind::InvalidInput,
                "the request cannot be made".to_owned(),
                Effect::None,
            )
        } else if error.is_decode() && !is_io(&error) {
            (
                ErrorKind::UnexpectedAnswer,
                "the answer cannot be unpacked".to_owned(),
                Effect::Unclear,
            )
        } else {
            (
                ErrorKind::Connection,
                "the connection broke before the answer was complete".to_owned(),
                Effect::Unclear,
            )
        };
        let message = match self.clean(&innermost(&error)) {
            cause if cause.is_empty() => what,
            cause => format!("{what}: {cause}"),
        };
        InviteError::new(kind, message)
            .with_effect(effect)
            .with_source(error)
    }
}

/// Whether a body that could not be decoded broke on the way rather than being packed wrong: the
/// connection's errors are hyper's, a decompressor's are not.
fn is_io(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.is::<hyper::Error>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// The deepest cause, which is the one that says something.
fn innermost(error: &dyn StdError) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

/// What is in the error body of the API: `{"message", "code"?, "errors"?}`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Words {
    #[serde(deserialize_with = "lenient")]
    message: Option<String>,
    #[serde(deserialize_with = "lenient")]
    code: Option<String>,
    #[serde(deserialize_with = "lenient_list")]
    errors: Vec<String>,
}

/// A string, or nothing where something else stands: a strange error body must not hide the error.
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

/// What an answer that is not a 2xx means, and whether the service may have acted all the same.
fn classify(operation: Operation, status: StatusCode, said: Option<&str>) -> (ErrorKind, Effect) {
    let seats = said.is_some_and(|said| said.to_lowercase().contains("seats have been assigned"));
    match status.as_u16() {
        401 => (ErrorKind::Unauthorized, Effect::None),
        403 => (ErrorKind::Forbidden, Effect::None),
        404 => (ErrorKind::NotFound, Effect::None),
        // Written by something in front of the service that stopped waiting for it.
        408 => (ErrorKind::Timeout, Effect::StillPossible),
        409 if operation == Operation::CreateInvite && seats => {
            (ErrorKind::SeatsExhausted, Effect::None)
        }
        409 => (ErrorKind::Conflict, Effect::None),
        429 => (ErrorKind::RateLimited, Effect::None),
        400..=499 => (ErrorKind::Rejected, Effect::None),
        // A proxy stopped waiting: 504, and what Cloudflare and others write in its place.
        504 | 522 | 524 | 598 | 599 => (ErrorKind::Server, Effect::StillPossible),
        500..=599 => (ErrorKind::Server, Effect::Unclear),
        _ => (ErrorKind::UnexpectedAnswer, Effect::Unclear),
    }
}

/// Whether the body of a 2xx is the whole of what was asked for: that of a 206 is a part of it, and that
/// of a 202 or 204 nothing of the kind.
fn is_whole(status: StatusCode) -> bool {
    matches!(status.as_u16(), 200 | 201 | 203)
}

fn content_type(response: &Response) -> Option<String> {
    let kind = response
        .headers()
        .get(reqwest::header::CONTENT_TYPE)?
        .to_str()
        .ok()?;
    Some(kind.split(';').next().unwrap_or(kind).trim().to_owned())
}

fn unreadable(kind: &Option<String>, error: &dyn std::fmt::Display) -> String {
    match kind.as_deref() {
        None | Some("application/json") => {
            format!("the answer is not what the API documents: {error}")
        }
        Some(kind) => format!("the answer is {kind} and not what the API documents: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_and_its_secret_half_are_hidden_and_innocent_words_are_not() {
        let hide = |key: &str, text| Secret(key.to_owned()).hide(text);
        assert_eq!(hide("id:12345678", "id:12345678 12345678"), "… …");
        assert_eq!(hide("id:1234567", "id:1234567 1234567"), "… 1234567");
        assert_eq!(hide("id:as", "as id:as"), "as …");
        assert_eq!(format!("{:?}", Secret("id:12345678".to_owned())), "…");
    }
}
