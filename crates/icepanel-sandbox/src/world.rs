//! One state and everything that has happened since it was set.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use hyper::{
    StatusCode,
    body::Bytes,
    header::{self, HeaderMap, HeaderValue},
    http::request::Parts,
};

use crate::{
    Fault, FaultName, Refusal, Report, Requests, State,
    faults::Faults,
    handlers,
    limits::Limits,
    pace::Pace,
    reply::{JSON, Problem, Reply},
    report::{Log, RawEntry, note_unexpected_headers},
    route::Route,
    state::Settings,
    store::Store,
    transform,
};

pub(crate) struct World {
    /// The number of this state of the sandbox.
    pub(crate) serial: u64,
    pub(crate) in_flight: AtomicU64,
    pub(crate) abandoned: AtomicU64,
    pub(crate) connections: AtomicU64,
    pub(crate) settings: Arc<Settings>,
    /// The `Date` header of this second.
    pub(crate) date: Mutex<(i64, HeaderValue)>,
    started: Instant,
    inner: Mutex<Inner>,
}

struct Inner {
    store: Store,
    limits: Limits,
    faults: Faults,
    requests: Requests,
    answers: BTreeMap<u16, u64>,
    rate_limited: u64,
    key_sent_elsewhere: bool,
    unexpected_headers: BTreeSet<String>,
    log: Log,
}

/// A request with the whole of its body.
pub(crate) struct Request<'a> {
    pub(crate) parts: &'a Parts,
    pub(crate) route: Route,
    pub(crate) body: Bytes,
    pub(crate) arrived: Instant,
}

/// The fate of a request.
pub(crate) enum Fate {
    Answer {
        reply: Reply,
        after: Duration,
        pace: Pace,
    },
    Cut,
    Hang,
    LateAct {
        after: Duration,
    },
}

impl Fate {
    fn now(reply: Reply) -> Self {
        Self::Answer {
            reply,
            after: Duration::ZERO,
            pace: Pace::Whole,
        }
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl World {
    pub(crate) fn new(state: &State, serial: u64) -> Result<Self, Refusal> {
        state.check()?;
        let settings = Arc::new(Settings::of(state));
        let mut faults = Faults::default();
        faults.add(state.faults.iter().cloned());
        Ok(Self {
            serial,
            in_flight: AtomicU64::new(0),
            abandoned: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            started: Instant::now(),
            date: Mutex::new((i64::MIN, HeaderValue::from_static(""))),
            inner: Mutex::new(Inner {
                store: Store::new(state, Arc::clone(&settings))?,
                limits: Limits::new(state.rate_limit.as_ref()),
                faults,
                requests: Requests::default(),
                answers: BTreeMap::new(),
                rate_limited: 0,
                key_sent_elsewhere: false,
                unexpected_headers: BTreeSet::new(),
                log: Log::new(),
            }),
            settings,
        })
    }

    pub(crate) fn add_faults(&self, faults: Vec<Fault>) -> Result<(), Refusal> {
        faults.iter().try_for_each(Fault::check)?;
        lock(&self.inner).faults.add(faults);
        Ok(())
    }

    pub(crate) fn clear_faults(&self) {
        lock(&self.inner).faults = Faults::default();
    }

    pub(crate) fn mark_used(&self, email_or_id: &str) -> Result<(), Refusal> {
        lock(&self.inner).store.mark_used(email_or_id)
    }

    /// Counts a request and decides its fate: its number for [`World::sent`], and its fault.
    pub(crate) fn judge(&self, request: &Request<'_>) -> (u64, Option<FaultName>, Fate) {
        let operation = request.route.operation();
        let mut inner = lock(&self.inner);
        inner.requests.count(operation);
        note_unexpected_headers(&request.parts.headers, &mut inner.unexpected_headers);
        let uri = &request.parts.uri;
        let number = inner.log.push(RawEntry {
            operation,
            method: request.parts.method.clone(),
            path: uri
                .path_and_query()
                .map_or(uri.path(), |path| path.as_str())
                .into(),
            status: None,
            fault: None,
            // In whole microseconds, so that JSON does not change the value.
            at_ms: request.arrived.duration_since(self.started).as_micros() as f64 / 1000.0,
            body: Log::keep(&request.body),
            answer: Bytes::new(),
        });
        let mut met = None;
        let fate = match self.admit(&mut inner, request) {
            Err(refusal) => Fate::now(refusal),
            Ok(()) => match inner.faults.next(operation, &request.body) {
                None => Fate::now(self.act_in(&mut inner, &request.route, &request.body)),
                Some(fault) => {
                    met = Some(fault.fault);
                    if let Some(entry) = inner.log.entry(number) {
                        entry.fault = Some(fault.fault);
                    }
                    self.under(&fault, &mut inner, request)
                }
            },
        };
        (number, met, fate)
    }

    /// The checks before any fault: the path, the key, the limits, the organization, the invite.
    fn admit(&self, inner: &mut Inner, request: &Request<'_>) -> Result<(), Reply> {
        let refuse =
            |status| Err(Problem::plain(status).reply(self.settings.behaviour.extra_fields));
        let Some(organization) = request.route.organization() else {
            let path = request.parts.uri.path();
            if path != "/v1" && !path.starts_with("/v1/") && self.carries_key(request.parts) {
                inner.key_sent_elsewhere = true;
            }
            return Err(request.route.refusal(self.settings.behaviour.extra_fields));
        };
        if !self.is_authorized(&request.parts.headers) {
            return refuse(StatusCode::UNAUTHORIZED);
        }
        let arrived = self.settings.clock.on(request.arrived);
        let is_write = request.route.operation().is_write();
        if let Err(seconds) = inner.limits.admit(is_write, arrived) {
            inner.rate_limited += 1;
            return refuse(StatusCode::TOO_MANY_REQUESTS)
                .map_err(|reply| reply.with(header::RETRY_AFTER, HeaderValue::from(seconds)));
        }
        let unknown_invite =
            matches!(&request.route, Route::Revoke { invite, .. } if !inner.store.has(invite));
        if organization != self.settings.organization_id || unknown_invite {
            return refuse(StatusCode::NOT_FOUND);
        }
        Ok(())
    }

    fn is_authorized(&self, headers: &HeaderMap) -> bool {
        let key = self.settings.api_key.as_bytes();
        if let Some(given) = headers.get("x-api-key") {
            return given.as_bytes() == key;
        }
        let Some((scheme, given)) = headers
            .get(header::AUTHORIZATION)
            .and_then(|v| v.to_str().ok())
            .and_then(|v| v.split_once(' '))
        else {
            return false;
        };
        ["apikey", "bearer"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known))
            && given.trim().as_bytes() == key
    }

    /// Whether the key is anywhere in the head of the request.
    fn carries_key(&self, parts: &Parts) -> bool {
        let key = self.settings.api_key.as_bytes();
        let has_key = |text: &[u8]| text.windows(key.len()).any(|part| part == key);
        has_key(parts.uri.to_string().as_bytes())
            || parts
                .headers
                .values()
                .any(|value| has_key(value.as_bytes()))
    }

    /// Carries out a request, possibly later.
    pub(crate) fn act(&self, route: &Route, body: &[u8]) {
        let _ = self.act_in(&mut lock(&self.inner), route, body);
    }

    fn act_in(&self, inner: &mut Inner, route: &Route, body: &[u8]) -> Reply {
        let behaviour = &self.settings.behaviour;
        handlers::act(&mut inner.store, self.settings.now(), route, body)
            .unwrap_or_else(|problem| problem.reply(behaviour.extra_fields))
    }

    fn under(&self, fault: &Fault, inner: &mut Inner, request: &Request<'_>) -> Fate {
        use FaultName::*;
        let mut act = || self.act_in(inner, &request.route, &request.body);
        let paced = |reply, pace| Fate::Answer {
            reply,
            after: Duration::ZERO,
            pace,
        };
        match fault.fault {
            Status => Fate::now(self.status_reply(fault, StatusCode::SERVICE_UNAVAILABLE)),
            ActThenStatus => {
                act();
                Fate::now(self.status_reply(fault, StatusCode::BAD_GATEWAY))
            }
            Cut => Fate::Cut,
            ActThenCut => {
                act();
                Fate::Cut
            }
            Hang => Fate::Hang,
            ActThenHang => {
                act();
                Fate::Hang
            }
            SlowHeaders => Fate::Answer {
                reply: act(),
                after: fault.delay(1000),
                pace: Pace::Whole,
            },
            LateAct => Fate::LateAct {
                after: fault.delay(1000),
            },
            StallBody => paced(act(), Pace::Stall),
            ShortBody => paced(act(), Pace::Short),
            Drip => paced(act(), Pace::Drip(fault.delay(100))),
            Html => {
                act();
                Fate::now(Reply::new(
                    StatusCode::OK,
                    Some("text/html; charset=utf-8"),
                    HTML,
                ))
            }
            TruncatedJson => {
                let body = transform::spoil(&act().body.plain, fault);
                Fate::now(Reply::json(body))
            }
            MissingFields | NullFields | UnknownValues | DuplicateEntries | NextPage => {
                let reply = act();
                let body = transform::spoil(&reply.body.plain, fault);
                Fate::now(Reply::new(reply.status, reply.content_type, body))
            }
            Redirect => {
                let location = fault.location.as_deref().unwrap_or("/elsewhere");
                let location = HeaderValue::from_str(location)
                    .unwrap_or(HeaderValue::from_static("/elsewhere"));
                let reply = Reply::new(StatusCode::TEMPORARY_REDIRECT, None, Bytes::new());
                Fate::now(reply.with(header::LOCATION, location))
            }
        }
    }

    /// The response that a `status` fault describes.
    fn status_reply(&self, fault: &Fault, default: StatusCode) -> Reply {
        let status = fault
            .status
            .and_then(|status| StatusCode::from_u16(status).ok())
            .unwrap_or(default);
        let mut reply = match &fault.body {
            None => Problem::plain(status).reply(self.settings.behaviour.extra_fields),
            Some(serde_json::Value::Null) => Reply::new(status, None, Bytes::new()),
            Some(serde_json::Value::String(text)) => {
                let html = text.trim_start().starts_with('<');
                let kind = if html {
                    "text/html; charset=utf-8"
                } else {
                    "text/plain; charset=utf-8"
                };
                Reply::new(status, Some(kind), text.clone())
            }
            Some(json) => Reply::new(status, Some(JSON), json.to_string()),
        };
        reply.headers = fault.parsed_headers();
        reply
    }

    /// Records the response to a request.
    pub(crate) fn sent(&self, number: u64, reply: &Reply) {
        let answer = Log::keep_answer(&reply.body.plain);
        let mut inner = lock(&self.inner);
        let status = reply.status.as_u16();
        *inner.answers.entry(status).or_default() += 1;
        if let Some(entry) = inner.log.entry(number) {
            entry.status = Some(status);
            entry.answer = answer;
        }
    }

    pub(crate) fn report(&self) -> Report {
        let (mut report, log) = {
            let inner = lock(&self.inner);
            let mut report = Report {
                requests: inner.requests.clone(),
                answers: inner.answers.clone(),
                rate_limited: inner.rate_limited,
                key_sent_elsewhere: inner.key_sent_elsewhere,
                unexpected_headers: inner.unexpected_headers.iter().cloned().collect(),
                ..Report::default()
            };
            inner.store.count(&mut report);
            (report, inner.log.entries())
        };
        report.abandoned = self.abandoned.load(Ordering::SeqCst);
        report.in_flight = self.in_flight.load(Ordering::SeqCst);
        report.connections = self.connections.load(Ordering::SeqCst);
        report.log = log.into_iter().map(Into::into).collect();
        report
    }
}

const HTML: &str = "<!DOCTYPE html>\n<html><head><title>Just a moment</title></head>\
    <body><h1>Checking your browser</h1></body></html>\n";
