//! One call of the client: its time, its attempts, and its retries.

use std::time::{Duration, Instant};

use reqwest::Method;
use tracing::Instrument;

use crate::engine::rate_limiter::{Permit, RateLimiter, TooLate};
use crate::engine::retry_policy::RetryPolicy;
use crate::engine::state::State;
use crate::error::{Effect, ErrorKind, InviteError};
use crate::event::{Event, EventRequest, Hook, Next};
use crate::http::body::Decode;
use crate::http::exchange::{ApiRequest, ResponseHead};
use crate::http::limits::{LONGEST, share_for_connecting};

/// The shortest wait where the service asked for one.
const SHORTEST_HOLD: Duration = Duration::from_millis(100);

/// A running call. Its time starts when it is made.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a State,
    pub(crate) policy: RetryPolicy,
    /// The end of the call's time, by the client's clock.
    pub(crate) deadline: Instant,
    /// The limit for making a connection: shorter than in the options if the call has less time.
    pub(crate) connect: Duration,
    hook: Option<&'a Hook>,
}

/// How often a request was sent, and the results.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    /// How often it was sent.
    pub(crate) sent: u32,
    /// How many of those failed in a way that the retry policy counts.
    failed: u32,
    /// The number of 429s in a row, for the wait if the service requests none.
    limited: u32,
    /// The wait that the last response requested, if it did.
    requested_wait: Duration,
}

impl<'a> Call<'a> {
    pub(crate) fn new(
        state: &'a State,
        policy: RetryPolicy,
        timeout: Duration,
        hook: Option<&'a Hook>,
    ) -> Self {
        Self {
            state,
            policy,
            deadline: state.waits.now() + timeout.min(LONGEST),
            connect: state
                .transport
                .limits
                .connect
                .min(share_for_connecting(timeout)),
            hook,
        }
    }

    /// How much of the call's time is left.
    pub(crate) fn remaining(&self) -> Duration {
        self.deadline
            .saturating_duration_since(self.state.waits.now())
    }

    /// Sends an idempotent request until it succeeds, or until the retry policy, the retry budget
    /// or the time is used up.
    pub(crate) async fn idempotent<D: Decode + Send>(
        &self,
        request: &ApiRequest,
        decoder: impl Fn(&ResponseHead) -> D,
    ) -> Result<(ResponseHead, D::Output), InviteError> {
        self.idempotent_with(None, request, decoder).await
    }

    /// The same with a permit for the first attempt that was obtained before the call's time began.
    pub(crate) async fn idempotent_with<D: Decode + Send>(
        &self,
        permit: Option<Permit<'a>>,
        request: &ApiRequest,
        decoder: impl Fn(&ResponseHead) -> D,
    ) -> Result<(ResponseHead, D::Output), InviteError> {
        self.send(permit, request, decoder, Next::Fail).await
    }

    /// The same for a change that a list can show. If the service may have made the change, the last event
    /// says that the caller reads that list.
    pub(crate) async fn change<D: Decode + Send>(
        &self,
        permit: Option<Permit<'a>>,
        request: &ApiRequest,
        decoder: impl Fn(&ResponseHead) -> D,
    ) -> Result<(ResponseHead, D::Output), InviteError> {
        self.send(permit, request, decoder, Next::LookUp).await
    }

    /// Sends a request until it is answered. An error has the effect of all attempts together.
    async fn send<D: Decode + Send>(
        &self,
        mut permit: Option<Permit<'a>>,
        request: &ApiRequest,
        decoder: impl Fn(&ResponseHead) -> D,
        if_unclear: Next,
    ) -> Result<(ResponseHead, D::Output), InviteError> {
        let mut tries = Attempts::default();
        let mut effect = Effect::None;
        let mut last: Option<InviteError> = None;
        loop {
            let permit = self
                .next_permit(request, &mut permit, &tries, last)
                .await
                .map_err(|error| error.with_effect(effect))?;
            let time = match if_unclear {
                // The other half is for reading the list.
                Next::LookUp => self.remaining() / 2,
                _ => self.remaining(),
            };
            let (result, event) = self
                .attempt(request, permit, &mut tries, time, &decoder)
                .await;
            let error = match result {
                Ok(answered) => {
                    self.tell(event, Next::Done);
                    return Ok(answered);
                }
                Err(error) => error,
            };
            effect = effect.max(error.effect());
            match self.wait_before_retry(&mut tries, &error) {
                Ok(wait) => {
                    self.tell(event, Next::Retry(wait));
                    self.sleep(wait).await;
                    last = Some(error);
                }
                Err(note) => {
                    let next = match effect {
                        Effect::None => Next::Fail,
                        Effect::Unclear | Effect::StillPossible => if_unclear,
                    };
                    self.tell(event, next);
                    return Err(error.noted(note).with_effect(effect));
                }
            }
        }
    }

    /// Sends a request once, with a [`permit`](Self::permit), and reads the response with the decoder that `decoder`
    /// makes. The event is for [`tell`](Self::tell), once it is known what happens next.
    pub(crate) async fn attempt<D: Decode + Send>(
        &self,
        request: &ApiRequest,
        mut permit: Permit<'_>,
        tries: &mut Attempts,
        time: Duration,
        decoder: impl FnOnce(&ResponseHead) -> D,
    ) -> (Result<(ResponseHead, D::Output), InviteError>, Event) {
        tries.sent += 1;
        permit.begin();
        let operation = request.operation;
        let started = Instant::now();
        let span = tracing::debug_span!(
            "attempt",
            %operation,
            http.request.method = %request.method,
            server.address = request.url.host_str(),
            http.request.resend_count = tries.sent - 1,
            http.response.status_code = tracing::field::Empty,
            error.type = tracing::field::Empty,
        );
        let mut headers = Vec::new();
        // Nothing else reads them.
        let seen = self.hook.map(|_| &mut headers);
        let result = self
            .state
            .transport
            .exchange(request, time, self.connect, seen, decoder)
            .instrument(span.clone())
            .await;
        let result = result.map_err(|error| error.with_attempts(tries.sent));
        if let Err(error) = &result {
            // Before the permit is given back, so that no other call is sent in between.
            self.pause_limiter(request, tries, error);
        }
        match &result {
            Err(error) if !error.was_counted() => permit.not_counted(),
            _ => drop(permit),
        }
        let mut event = Event {
            operation,
            attempt: tries.sent,
            status: None,
            latency: started.elapsed(),
            error: None,
            request_id: None,
            next: Next::Done,
            request: EventRequest::default(),
        };
        if self.hook.is_some() {
            event.request = EventRequest {
                method: request.method.to_string(),
                url: self.state.transport.secret.hide(request.url.as_str()),
                headers,
            };
        }
        match &result {
            Ok((head, _)) => {
                span.record("http.response.status_code", head.status);
                self.state.budget.give_back(tries.failed > 0);
                event.status = Some(head.status);
                event.request_id.clone_from(&head.request_id);
            }
            Err(error) => {
                span.record("http.response.status_code", error.status());
                span.record("error.type", error.kind().as_str());
                event.status = error.status();
                event.error = Some(error.kind());
                event.request_id = error.request_id().map(str::to_owned);
            }
        }
        (result, event)
    }

    /// If the service asked this call to wait, all calls of the client wait, whether or not this
    /// one is retried.
    fn pause_limiter(&self, request: &ApiRequest, tries: &mut Attempts, error: &InviteError) {
        if error.kind() != ErrorKind::RateLimited {
            tries.limited = 0;
        }
        tries.requested_wait = match error.retry_after() {
            // Zero, or a date in the past, must not cause a burst of requests.
            Some(wait) => wait.max(SHORTEST_HOLD),
            None if error.kind() == ErrorKind::RateLimited => {
                tries.limited += 1;
                self.policy
                    .hold(tries.limited, fastrand::f64())
                    .max(SHORTEST_HOLD)
            }
            None => Duration::ZERO,
        };
        if !tries.requested_wait.is_zero() {
            self.limiter(request)
                .pause(self.state.waits.now(), tries.requested_wait);
        }
    }

    /// Whether a request is retried after this error, and after what wait; if not, a note for the
    /// error.
    pub(crate) fn wait_before_retry(
        &self,
        tries: &mut Attempts,
        error: &InviteError,
    ) -> Result<Duration, Option<&'static str>> {
        if !error.retryable() {
            return Err(None);
        }
        let limited = error.kind() == ErrorKind::RateLimited;
        let wait = if limited {
            tries.requested_wait
        } else {
            tries.failed += 1;
            let backoff = self.policy.backoff(tries.failed, fastrand::f64());
            backoff.max(tries.requested_wait)
        };
        if self.policy.max_attempts <= 1 || (!limited && tries.failed >= self.policy.max_attempts) {
            return Err(None);
        }
        if wait >= self.remaining() {
            return Err(Some("not enough time was left in the call to try again"));
        }
        if !limited && !self.state.budget.take() {
            return Err(Some(
                "not retried, because too many calls of this client fail",
            ));
        }
        Ok(wait)
    }

    /// A [`permit`](Self::permit) for the next attempt, after the `last` one failed. If the call's time ends first, the
    /// error is the last one: the reason for the retry is more helpful than the lack of time.
    pub(crate) async fn next_permit(
        &self,
        request: &ApiRequest,
        waited_for: &mut Option<Permit<'a>>,
        tries: &Attempts,
        last: Option<InviteError>,
    ) -> Result<Permit<'a>, InviteError> {
        let error = match self.permit(request, waited_for).await {
            Ok(permit) => return Ok(permit),
            Err(error) => error,
        };
        match last {
            Some(last) if error.kind() == ErrorKind::Timeout => {
                Err(last.with_note(error.message()))
            }
            _ => Err(error.with_attempts(tries.sent)),
        }
    }

    /// Takes the permit that was obtained before, if this is a write, or waits for one: while the service asked all
    /// calls to wait, and while the window is full.
    pub(crate) async fn permit(
        &self,
        request: &ApiRequest,
        waited_for: &mut Option<Permit<'a>>,
    ) -> Result<Permit<'a>, InviteError> {
        if self.remaining().is_zero() {
            return Err(InviteError::new(
                ErrorKind::Timeout,
                "the time limit of the call was reached",
            ));
        }
        if let Some(permit) = waited_for.take() {
            return Ok(permit);
        }
        let limiter = self.limiter(request);
        match limiter.enter(&self.state.waits, self.deadline).await {
            Ok(permit) => Ok(permit),
            Err(TooLate(opens)) => {
                let wait =
                    opens.map(|opens| opens.saturating_duration_since(self.state.waits.now()));
                let what = match wait {
                    Some(wait) => format!(
                        "this request can be sent in {wait:.1?}, and the call has less time left"
                    ),
                    None => "earlier requests used all of the call's time".to_owned(),
                };
                let message = format!("the service's rate limit: {what}");
                Err(InviteError::new(ErrorKind::RateLimited, message).with_retry_after(wait))
            }
        }
    }

    /// The rate limit that a request counts towards.
    fn limiter(&self, request: &ApiRequest) -> &'a RateLimiter {
        match request.method == Method::GET {
            true => &self.state.reads,
            false => &self.state.writes,
        }
    }

    pub(crate) async fn sleep(&self, wait: Duration) {
        self.state
            .waits
            .sleep_until(self.state.waits.now() + wait)
            .await;
    }

    /// Reports an attempt to the caller's hook and the log.
    pub(crate) fn tell(&self, mut event: Event, next: Next) {
        event.next = next;
        let (operation, attempt, latency) = (event.operation, event.attempt, event.latency);
        let status = event.status;
        let error = event.error.map(ErrorKind::as_str);
        match next {
            Next::Retry(wait) => tracing::warn!(
                %operation, attempt, status, ?latency, error, ?wait, "retrying"
            ),
            Next::LookUp => tracing::warn!(
                %operation, attempt, status, ?latency, error, "no clear response; reading the list"
            ),
            Next::Done | Next::Fail => tracing::debug!(
                %operation, attempt, status, ?latency, error, "attempt"
            ),
        }
        if let Some(hook) = self.hook {
            (hook.0)(&event);
        }
    }
}
