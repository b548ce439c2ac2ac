//! One exchange with the service: a request out, an answer in, every wait bounded.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use hyper::body::Bytes;
use reqwest::{Method, Request, Response, StatusCode};
use serde::Deserialize;
use tokio::time::timeout_at;

use crate::body::Read;
use crate::builder::Limits;
use crate::clock::{Moment, ServiceClock};
use crate::connect_probe;
use crate::error::{Effect, ErrorKind, InviteError};
use crate::event::Operation;
use crate::exchange_error::{
    Tunnel, certificate_required, innermost, no_connection, refused, unauthorized,
};
use crate::headers;
use crate::http::Http;
use crate::more::More;
use crate::proxy::Choice;
use crate::refusal::Refusal;
use crate::unpack::Unpack;

/// An error body longer than this is not read to its end.
const ERROR_BODY_LIMIT: usize = 64 * 1024;

/// And no longer than this is waited for it.
const ERROR_BODY_TIME: Duration = Duration::from_secs(5);

/// The service's words are cut after so many characters.
const LONGEST_WORDS: usize = 1000;

/// What sends requests: the HTTP client, the addresses and the key's hiding place.
pub(crate) struct Transport {
    pub(crate) http: Http,
    /// What to do where the service's authority is not trusted.
    pub(crate) trust: String,
    pub(crate) refusal: Refusal,
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
    /// Sends a request once and reads its answer into `body`. `time` is the limit for all of it,
    /// `connect` that of making a connection.
    pub(crate) async fn exchange(
        &self,
        outgoing: &Outgoing,
        time: Duration,
        connect: Duration,
        body: &mut dyn Read,
    ) -> Result<Head, InviteError> {
        let deadline = Instant::now() + time;
        let response = self.send(outgoing, deadline, connect).await?;
        let head = self.head(&response);
        if !response.body.status().is_success() {
            return Err(self
                .refusal(outgoing.operation, response, &head, deadline)
                .await);
        }
        if !is_whole(response.body.status()) {
            let what = format!(
                "the service answered {}, which is no whole response",
                response.body.status()
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

    async fn send(
        &self,
        outgoing: &Outgoing,
        deadline: Instant,
        connect: Duration,
    ) -> Result<Answer, InviteError> {
        if let Some(refusal) = self.refusal.recent() {
            return Err(refusal);
        }
        let mut request = Request::new(outgoing.method.clone(), outgoing.url.clone());
        if let Some(body) = &outgoing.body {
            *request.body_mut() = Some(body.clone().into());
            request.headers_mut().insert(
                reqwest::header::CONTENT_TYPE,
                reqwest::header::HeaderValue::from_static("application/json"),
            );
        }
        let first_byte = deadline.min(Instant::now() + self.limits.read);
        let sent = self.http.within(connect).execute(request);
        match timeout_at(first_byte.into(), sent).await {
            Ok(Ok(response)) => Answer::new(response),
            Ok(Err(error)) if error.is_connect() => {
                let failed = self.unconnected(outgoing, error, connect, deadline).await;
                self.refusal.note(&failed);
                Err(failed)
            }
            Ok(Err(error)) => Err(self.broken(error)),
            Err(_) => Err(self.too_late(
                deadline,
                "no answer came from the service",
                Effect::StillPossible,
            )),
        }
    }

    /// The error of a connection that was not made: the service got no request.
    async fn unconnected(
        &self,
        outgoing: &Outgoing,
        error: reqwest::Error,
        connect: Duration,
        deadline: Instant,
    ) -> InviteError {
        let error = error.without_url();
        if error.is_timeout() {
            let what = format!("no connection was made within {connect:?}");
            return InviteError::new(ErrorKind::Timeout, what).with_source(error);
        }
        let named = match self.http.proxy() {
            Choice::By(proxy) => &proxy.named,
            _ => "the system's settings",
        };
        let failed = match (Tunnel::of(&error), self.http.proxy()) {
            (Some(Tunnel::Unauthorized(status)), _) => unauthorized(named, status),
            (Some(Tunnel::Refused), Choice::By(proxy)) => {
                let host = outgoing.url.host_str().unwrap_or_default();
                let port = outgoing.url.port_or_known_default().unwrap_or(443);
                let target = format!("{host}:{port}");
                let asked = connect_probe::status(&proxy.to, &target, self.http.tls());
                let until = deadline.min(Instant::now() + connect);
                match timeout_at(until.into(), asked).await {
                    Ok(Some(status)) if !status.is_success() => refused(named, host, status),
                    _ => no_connection(&error, &self.trust),
                }
            }
            _ => no_connection(&error, &self.trust),
        };
        failed.with_source(error)
    }

    fn head(&self, response: &Answer) -> Head {
        let received = Moment::now();
        let date = headers::date(response.body.headers());
        if let Some(date) = date {
            self.clock.learn(date, received);
        }
        Head {
            status: response.body.status().as_u16(),
            request_id: headers::request_id(response.body.headers()).map(|id| self.clean(&id)),
            now: date.unwrap_or_else(|| self.clock.now()),
            dated: date.is_some(),
            received,
            more: headers::more(response.body.headers()),
        }
    }

    async fn read(
        &self,
        mut response: Answer,
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
        response: &mut Answer,
        deadline: Instant,
    ) -> Result<Option<Bytes>, InviteError> {
        let packed_wrong = |error: std::io::Error| {
            InviteError::new(
                ErrorKind::UnexpectedAnswer,
                format!("the answer cannot be unpacked: {error}"),
            )
            .with_effect(Effect::Unclear)
            .with_source(error)
        };
        loop {
            if let Some(piece) = response.unpack.next().map_err(packed_wrong)? {
                return Ok(Some(piece));
            }
            if response.ended {
                return Ok(None);
            }
            let until = (Instant::now() + self.limits.read).min(deadline);
            match timeout_at(until.into(), response.body.chunk()).await {
                Ok(Ok(Some(bytes))) => {
                    if let Some(bytes) = response.unpack.take(bytes) {
                        return Ok(Some(bytes));
                    }
                }
                Ok(Ok(None)) => {
                    response.ended = true;
                    return response.unpack.end().map_err(packed_wrong);
                }
                Ok(Err(error)) => return Err(self.broken(error)),
                Err(_) => {
                    let what = "the answer stopped half way: nothing more came";
                    return Err(self.too_late(deadline, what, Effect::Unclear));
                }
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
        mut response: Answer,
        head: &Head,
        deadline: Instant,
    ) -> InviteError {
        let status = response.body.status();
        let wait = headers::retry_after(response.body.headers(), head.now);
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

    /// The error of an exchange that broke on the way, after some of the request may have gone out.
    fn broken(&self, error: reqwest::Error) -> InviteError {
        let error = error.without_url();
        if let Some(refused) = certificate_required(&error) {
            self.refusal.note(&refused);
            return refused.with_source(error);
        }
        if error.is_builder() {
            return InviteError::invalid_input("the request cannot be made").with_source(error);
        }
        let what = "the connection broke before the answer was complete";
        let message = match self.clean(&innermost(&error)) {
            cause if cause.is_empty() => what.to_owned(),
            cause => format!("{what}: {cause}"),
        };
        InviteError::new(ErrorKind::Connection, message)
            .with_effect(Effect::Unclear)
            .with_source(error)
    }
}

/// A response, of which the head has come.
struct Answer {
    body: Response,
    unpack: Unpack,
    /// Whether it was read to its end.
    ended: bool,
}

impl Answer {
    fn new(response: Response) -> Result<Self, InviteError> {
        let unpack = match Unpack::of(response.headers()) {
            Ok(unpack) => unpack,
            // The status alone says enough.
            Err(_) if !response.status().is_success() => Unpack::Plain,
            Err(packed) => {
                let what = format!("the answer is packed as {packed:?}, which nobody asked for");
                return Err(InviteError::new(ErrorKind::UnexpectedAnswer, what)
                    .with_effect(Effect::Unclear)
                    .with_answer(response.status().as_u16(), None));
            }
        };
        Ok(Self {
            body: response,
            unpack,
            ended: false,
        })
    }
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

fn content_type(response: &Answer) -> Option<String> {
    let kind = response
        .body
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
