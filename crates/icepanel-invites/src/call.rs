//! One call of the client: its time, its attempts, and when it sends again.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::Method;
use tracing::Instrument;

use crate::body::{Decode, Read, Reading};
use crate::builder::LONGEST;
use crate::client::Shared;
use crate::error::{ErrorKind, InviteError};
use crate::event::{Event, Hook, Next};
use crate::rate_limiter::{Lane, Permit, TooLate};
use crate::retry::RetryPolicy;
use crate::transport::{Head, Outgoing};

/// The shortest wait where the service asked for one.
const SHORTEST_HOLD: Duration = Duration::from_millis(100);

/// A call under way. Its time runs from its making.
pub(crate) struct Call<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) policy: RetryPolicy,
    /// The end of the call's time, by the client's clock.
    pub(crate) deadline: Instant,
    /// The limit for making a connection: less than that of the options where the call has less time.
    pub(crate) connect: Duration,
    hook: Option<&'a Hook>,
    /// A turn to write that was waited for before the call's time began.
    turn: Mutex<Option<Permit<'a>>>,
}

/// How often a request was sent, and what that came to.
#[derive(Debug, Default)]
pub(crate) struct Tries {
    /// How often it was sent.
    pub(crate) sent: u32,
    /// How many of those failed in a way that counts against the policy.
    failed: u32,
    /// 429s in a row, for the wait when the service names none.
    limited: u32,
    /// How long the last answer asked to wait, if it did.
    told_to_wait: Duration,
}

/// How much of a call's time making a connection may take. A connection that is not made must be told from an
/// answer that does not come, so its limit passes first: before the half that a create has of what is left of
/// a call once a quarter was spent on asking for the time.
pub(crate) fn share_for_connecting(timeout: Duration) -> Duration {
    timeout.min(LONGEST).mul_f64(0.3)
}

impl<'a> Call<'a> {
    pub(crate) fn new(
        shared: &'a Shared,
        policy: RetryPolicy,
        timeout: Duration,
        hook: Option<&'a Hook>,
    ) -> Self {
        Self {
            shared,
            policy,
            deadline: shared.waits.now() + timeout.min(LONGEST),
            connect: shared
                .transport
                .limits
                .connect
                .min(share_for_connecting(timeout)),
            hook,
            turn: Mutex::default(),
        }
    }

    /// Gives the call the turn for its first write: of a bulk run's call, whose time does not run
    /// while it waits for its turn.
    pub(crate) fn with_turn(self, permit: Permit<'a>) -> Self {
        Self {
            turn: Mutex::new(Some(permit)),
            ..self
        }
    }

    /// How much of the call's time is left.
    pub(crate) fn remaining(&self) -> Duration {
        self.deadline
            .saturating_duration_since(self.shared.waits.now())
    }

    /// Sends a request that may be sent twice without harm, until it is answered or the policy,
    /// the budget or the time is used up.
    pub(crate) async fn idempotent<D: Decode<Output: Send> + Send>(
        &self,
        outgoing: &Outgoing,
        decoder: impl Fn(&Head) -> D + Send,
    ) -> Result<(Head, D::Output), InviteError> {
        let mut body = Reading::new(decoder);
        let head = self.until_answered(outgoing, &mut body).await?;
        Ok((head, body.output()?))
    }

    async fn until_answered(
        &self,
        outgoing: &Outgoing,
        body: &mut dyn Read,
    ) -> Result<Head, InviteError> {
        let mut tries = Tries::default();
        let mut last: Option<InviteError> = None;
        loop {
            let permit = match (self.turn(outgoing).await, last) {
                (Ok(permit), _) => permit,
                // Why it was to be sent again says more than that there is no time for it.
                (Err(error), Some(last)) if error.kind() == ErrorKind::Timeout => {
                    return Err(last.with_note(error.message()));
                }
                (Err(error), _) => return Err(error.with_attempts(tries.sent)),
            };
            let time = self.remaining();
            let (result, event) = self.attempt(outgoing, permit, &mut tries, time, body).await;
            let error = match result {
                Ok(head) => {
                    self.tell(event, Next::Done);
                    return Ok(head);
                }
                Err(error) => error,
            };
            match self.wait_before_retry(&mut tries, &error) {
                Ok(wait) => {
                    self.tell(event, Next::Retry(wait));
                    self.sleep(wait).await;
                    last = Some(error);
                }
                Err(note) => {
                    self.tell(event, Next::Fail);
                    return Err(error.noted(note));
                }
            }
        }
    }

    /// Sends a request once, with the leave of [`turn`](Self::turn), and reads its answer into `body`.
    /// The event is for [`tell`](Self::tell), once it is known what happens next.
    pub(crate) async fn attempt(
        &self,
        outgoing: &Outgoing,
        mut permit: Permit<'_>,
        tries: &mut Tries,
        time: Duration,
        body: &mut dyn Read,
    ) -> (Result<Head, InviteError>, Event) {
        tries.sent += 1;
        permit.begin();
        let operation = outgoing.operation;
        let started = Instant::now();
        let span = tracing::debug_span!("attempt", %operation, attempt = tries.sent);
        let result = self
            .shared
            .transport
            .exchange(outgoing, time, self.connect, body)
            .instrument(span)
            .await;
        let result = result.map_err(|error| error.with_attempts(tries.sent));
        if let Err(error) = &result {
            // Before the permit is given back, or the next call would go out in between.
            self.hold_lane(outgoing, tries, error);
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
        };
        match &result {
            Ok(head) => {
                self.shared.budget.give_back(tries.failed > 0);
                event.status = Some(head.status);
                event.request_id.clone_from(&head.request_id);
            }
            Err(error) => {
                event.status = error.status();
                event.error = Some(error.kind());
                event.request_id = error.request_id().map(str::to_owned);
            }
        }
        (result, event)
    }

    /// Makes all calls of the client wait where the service asked this one to, whether or not this
    /// one is made again.
    fn hold_lane(&self, outgoing: &Outgoing, tries: &mut Tries, error: &InviteError) {
        if error.kind() != ErrorKind::RateLimited {
            tries.limited = 0;
        }
        tries.told_to_wait = match error.retry_after() {
            // Zero, or a date that has passed, must not make a storm.
            Some(wait) => wait.max(SHORTEST_HOLD),
            None if error.kind() == ErrorKind::RateLimited => {
                tries.limited += 1;
                self.policy
                    .hold(tries.limited, fastrand::f64())
                    .max(SHORTEST_HOLD)
            }
            None => Duration::ZERO,
        };
        if !tries.told_to_wait.is_zero() {
            self.lane(outgoing)
                .hold(self.shared.waits.now(), tries.told_to_wait);
        }
    }

    /// Whether a request whose attempt failed so is sent again, and after what wait; if not, what
    /// the error should say of that.
    pub(crate) fn wait_before_retry(
        &self,
        tries: &mut Tries,
        error: &InviteError,
    ) -> Result<Duration, Option<&'static str>> {
        if !error.retryable() {
            return Err(None);
        }
        let limited = error.kind() == ErrorKind::RateLimited;
        let wait = if limited {
            tries.told_to_wait
        } else {
            tries.failed += 1;
            let backoff = self.policy.backoff(tries.failed, fastrand::f64());
            backoff.max(tries.told_to_wait)
        };
        if self.policy.max_attempts <= 1 || (!limited && tries.failed >= self.policy.max_attempts) {
            return Err(None);
        }
        if wait >= self.remaining() {
            return Err(Some(
                "the wait before another try is longer than the call's time",
            ));
        }
        if !limited && !self.shared.budget.take() {
            return Err(Some(
                "not tried again, for too many calls of this client fail",
            ));
        }
        Ok(wait)
    }

    /// Waits for the turn of a request: while all calls of the client wait, and while the window is
    /// full.
    pub(crate) async fn turn(&self, outgoing: &Outgoing) -> Result<Permit<'a>, InviteError> {
        if self.remaining().is_zero() {
            return Err(InviteError::new(
                ErrorKind::Timeout,
                "the time of the call is over",
            ));
        }
        if outgoing.method != Method::GET
            && let Some(permit) = self
                .turn
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take()
        {
            return Ok(permit);
        }
        let lane = self.lane(outgoing);
        match lane.enter(&self.shared.waits, self.deadline).await {
            Ok(permit) => Ok(permit),
            Err(TooLate(opens)) => {
                let wait =
                    opens.map(|opens| opens.saturating_duration_since(self.shared.waits.now()));
                let what = match wait {
                    Some(wait) => format!(
                        "this request may be sent in {wait:.1?}, which is longer than the call's time"
                    ),
                    None => "the requests before this one took all of the call's time".to_owned(),
                };
                let message = format!("the service's rate limit: {what}");
                Err(InviteError::new(ErrorKind::RateLimited, message).with_retry_after(wait))
            }
        }
    }

    /// Which limit of the service a request counts towards.
    fn lane(&self, outgoing: &Outgoing) -> &'a Lane {
        match outgoing.method == Method::GET {
            true => &self.shared.reads,
            false => &self.shared.writes,
        }
    }

    pub(crate) async fn sleep(&self, wait: Duration) {
        self.shared
            .waits
            .sleep_until(self.shared.waits.now() + wait)
            .await;
    }

    /// Tells the caller's hook and the log of an attempt.
    pub(crate) fn tell(&self, mut event: Event, next: Next) {
        event.next = next;
        let Event {
            operation,
            attempt,
            latency,
            ..
        } = event;
        let status = event.status;
        let error = event.error.map(ErrorKind::as_str);
        match next {
            Next::Retry(wait) => tracing::warn!(
                %operation, attempt, status, ?latency, error, ?wait, "sent again"
            ),
            Next::LookUp => tracing::warn!(
                %operation, attempt, status, ?latency, error, "no clear answer; reading the list"
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
