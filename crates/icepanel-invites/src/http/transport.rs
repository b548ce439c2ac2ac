//! One exchange with the service: a request and its response, with a limit for every wait.

use std::time::{Duration, Instant};

use hyper::body::Bytes;
use reqwest::{Request, Response, StatusCode};
use tokio::time::timeout_at;

use crate::clock::{Moment, ServiceClock};
use crate::error::{Effect, ErrorKind, InviteError, innermost};
use crate::event::{EventHeader, Operation};
use crate::http::body::{Decode, DecodeError};
use crate::http::connect_error::{
    Tunnel, client_certificate_rejected, no_connection, refused, unauthorized,
};
use crate::http::connect_probe;
use crate::http::connections::Connections;
use crate::http::error_response::{ErrorBody, classify};
use crate::http::exchange::{ApiRequest, ResponseHead};
use crate::http::gzip::Decompress;
use crate::http::headers;
use crate::http::limits::Limits;
use crate::http::proxy::Choice;
use crate::http::recent_refusal::RecentRefusal;
use crate::http::secret::Secret;

/// An error body longer than this is not read to its end.
const ERROR_BODY_LIMIT: usize = 64 * 1024;

/// The limit for reading it.
const ERROR_BODY_TIME: Duration = Duration::from_secs(5);

/// The service's text is cut after this number of characters.
const LONGEST_WORDS: usize = 1000;

/// The sender of requests: the HTTP client, the addresses and the key.
pub(crate) struct Transport {
    pub(crate) http: Connections,
    /// The advice if the service's authority is not trusted.
    pub(crate) trust: String,
    pub(crate) refusal: RecentRefusal,
    pub(crate) limits: Limits,
    pub(crate) clock: ServiceClock,
    /// The key, to remove it from the service's text if the text has it.
    pub(crate) secret: Secret,
}

impl Transport {
    /// Sends a request once and reads the response with the decoder that `decoder` makes. `time` is the limit for all
    /// of it, `connect` that of making a connection. The response headers are written into `seen`, if there is one.
    pub(crate) async fn exchange<D: Decode + Send>(
        &self,
        outgoing: &ApiRequest,
        time: Duration,
        connect: Duration,
        seen: Option<&mut Vec<EventHeader>>,
        decoder: impl FnOnce(&ResponseHead) -> D,
    ) -> Result<(ResponseHead, D::Output), InviteError> {
        let deadline = Instant::now() + time;
        let response = self.send(outgoing, deadline, connect).await?;
        if let Some(seen) = seen {
            *seen = headers::shown(response.body.headers(), |text| self.clean(text));
        }
        let head = self.head(&response);
        if !response.body.status().is_success() {
            return Err(self
                .refusal(outgoing.operation, response, &head, deadline)
                .await);
        }
        if !is_whole(response.body.status()) {
            let what = format!(
                "the service responded with {}, which is not a complete response",
                response.body.status()
            );
            return Err(InviteError::new(ErrorKind::UnexpectedAnswer, what)
                .with_effect(Effect::Unclear)
                .with_answer(head.status, head.request_id));
        }
        match self.read_body(response, decoder(&head), deadline).await {
            Ok(output) => Ok((head, output)),
            Err(error) => Err(error.with_answer(head.status, head.request_id)),
        }
    }

    async fn send(
        &self,
        outgoing: &ApiRequest,
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
                "the service did not respond",
                Effect::StillPossible,
            )),
        }
    }

    /// The error of a connection that was not made: the service received no request.
    async fn unconnected(
        &self,
        outgoing: &ApiRequest,
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

    fn head(&self, response: &Answer) -> ResponseHead {
        let received = Moment::now();
        let date = headers::date(response.body.headers());
        if let Some(date) = date {
            self.clock.learn(date, received);
        }
        ResponseHead {
            status: response.body.status().as_u16(),
            request_id: headers::request_id(response.body.headers()).map(|id| self.clean(&id)),
            now: date.unwrap_or_else(|| self.clock.now()),
            dated: date.is_some(),
            received,
            more: headers::more(response.body.headers()),
        }
    }

    async fn read_body<D: Decode>(
        &self,
        mut response: Answer,
        mut decoder: D,
        deadline: Instant,
    ) -> Result<D::Output, InviteError> {
        let limit = self.limits.body;
        let mut size: u64 = 0;
        let unexpected = |what: String| {
            InviteError::new(ErrorKind::UnexpectedAnswer, what).with_effect(Effect::Unclear)
        };
        let kind = content_type(&response);
        let unreadable =
            |error: DecodeError| unexpected(self.clean(&undocumented(kind.as_deref(), &error)));
        while let Some(bytes) = self.chunk(&mut response, deadline).await? {
            size += bytes.len() as u64;
            if size > limit {
                return Err(unexpected(format!(
                    "the response is longer than {limit} bytes, the limit of this client"
                )));
            }
            decoder.piece(&bytes).map_err(unreadable)?;
        }
        decoder.finish().map_err(unreadable)
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
                format!("the response cannot be decompressed: {error}"),
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
                    let what = "the response stopped before its end: nothing more arrived";
                    return Err(self.too_late(deadline, what, Effect::Unclear));
                }
            }
        }
    }

    /// The error of a reached limit: that of one read, or that of the call.
    fn too_late(&self, deadline: Instant, what: &str, effect: Effect) -> InviteError {
        let limit = if Instant::now() >= deadline {
            "the time limit of the call".to_owned()
        } else {
            format!("{:?}", self.limits.read)
        };
        InviteError::new(ErrorKind::Timeout, format!("{what} within {limit}")).with_effect(effect)
    }

    /// The error of a response that is not a 2xx.
    async fn refusal(
        &self,
        operation: Operation,
        mut response: Answer,
        head: &ResponseHead,
        deadline: Instant,
    ) -> InviteError {
        let status = response.body.status();
        let wait = headers::retry_after(response.body.headers(), head.now);
        let mut body = Vec::new();
        let deadline = deadline.min(Instant::now() + ERROR_BODY_TIME);
        // The text in the body is useful; the status alone is enough.
        while let Ok(Some(bytes)) = self.chunk(&mut response, deadline).await {
            body.extend_from_slice(&bytes);
            if body.len() > ERROR_BODY_LIMIT {
                break;
            }
        }
        let words: ErrorBody = serde_json::from_slice(&body).unwrap_or_default();
        let said = words
            .message
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty());
        let (kind, effect) = classify(operation, status, said);
        let mut message = format!("the service responded with {status}");
        if status.is_redirection() {
            message.push_str(", a redirect, which the client does not follow");
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

    /// The service's text, without the key and with a limited length.
    fn clean(&self, text: &str) -> String {
        let text = self.secret.hide(text);
        match text.char_indices().nth(LONGEST_WORDS) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    }

    /// The error of an exchange that broke after a part of the request may have been sent.
    fn broken(&self, error: reqwest::Error) -> InviteError {
        let error = error.without_url();
        if let Some(refused) = client_certificate_rejected(&error) {
            self.refusal.note(&refused);
            return refused.with_source(error);
        }
        if error.is_builder() {
            return InviteError::invalid_input("the request cannot be made").with_source(error);
        }
        let what = "the connection broke before the response was complete";
        let message = match self.clean(&innermost(&error)) {
            cause if cause.is_empty() => what.to_owned(),
            cause => format!("{what}: {cause}"),
        };
        InviteError::new(ErrorKind::Connection, message)
            .with_effect(Effect::Unclear)
            .with_source(error)
    }
}

/// A response whose head has arrived.
struct Answer {
    body: Response,
    unpack: Decompress,
    /// Whether it was read to its end.
    ended: bool,
}

impl Answer {
    fn new(response: Response) -> Result<Self, InviteError> {
        let unpack = match Decompress::of(response.headers()) {
            Ok(unpack) => unpack,
            // The status alone is enough.
            Err(_) if !response.status().is_success() => Decompress::Plain,
            Err(packed) => {
                let what =
                    format!("the response has the encoding {packed:?}, which was not requested");
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

/// Whether the body of a 2xx is the complete result: that of a 206 is a part of it, and a 202 or 204 has none.
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

fn undocumented(kind: Option<&str>, error: &DecodeError) -> String {
    match kind {
        None | Some("application/json") => {
            format!("the response does not match the API documentation: {error}")
        }
        Some(kind) => {
            format!("the response is {kind} and does not match the API documentation: {error}")
        }
    }
}
