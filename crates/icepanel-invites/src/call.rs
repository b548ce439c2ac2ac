//! One call of the client: its time, its attempts, and when it sends again.

use std::time::{Duration, Instant};

use reqwest::Method;
use tracing::Instrument;

use crate::body::Decode;
use crate::builder::LONGEST;
use crate::client::Shared;
use crate::error::{ErrorKind, InviteError};
use crate::event::{Event, Next};
use crate::pacing::Class;
use crate::retry::RetryPolicy;
use crate::transport::{Head, Outgoing};

/// A call under way. Its time runs from its making.
pub(crate) struct Call<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) policy: RetryPolicy,
    /// The end of the call's time, by the client's clock.
    pub(crate) deadline: Instant,
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
}

impl<'a> Call<'a> {
    pub(crate) fn new(shared: &'a Shared, policy: RetryPolicy, timeout: Duration) -> Self {
        Self {
            shared,
            policy,
            deadline: shared.waits.now() + timeout.min(LONGEST),
        }
    }

    /// How much of the call's time is left.
    pub(crate) fn remaining(&self) -> Duration {
        self.deadline
            .saturating_duration_since(self.shared.waits.now())
    }

    /// Sends a request that may be sent twice without harm, until it is answered or the policy,
    /// the budget or the time is used up.
    pub(crate) async fn idempotent<D: Decode>(
        &self,
        outgoing: &Outgoing,
        decoder: impl Fn(&Head) -> D,
    ) -> Result<(Head, D::Output), InviteError> {
        let mut tries = Tries::default();
        loop {
            self.pass_gate(outgoing)
                .await
                .map_err(|error| error.with_attempts(tries.sent))?;
            let time = self.remaining();
            let (result, event) = self.attempt(outgoing, &mut tries, time, &decoder).await;
            let error = match result {
                Ok(answer) => {
                    self.tell(event, Next::Done);
                    return Ok(answer);
                }
                Err(error) => error,
            };
            match self.wait_before_retry(outgoing, &mut tries, &error) {
                Ok(wait) => {
                    self.tell(event, Next::Retry(wait));
                    self.sleep(wait).await;
                }
                Err(note) => {
                    self.tell(event, Next::Fail);
                    return Err(match note {
                        Some(note) => error.with_note(note),
                        None => error,
                    });
                }
            }
        }
    }

    /// Sends a request once. The event is for [`tell`](Self::tell), once it is known what happens
    /// next.
    pub(crate) async fn attempt<D: Decode>(
        &self,
        outgoing: &Outgoing,
        tries: &mut Tries,
        time: Duration,
        decoder: impl FnOnce(&Head) -> D,
    ) -> (Result<(Head, D::Output), InviteError>, Event) {
        tries.sent += 1;
        let operation = outgoing.operation;
        let started = Instant::now();
        let span = tracing::debug_span!("attempt", %operation, attempt = tries.sent);
        let result = match time {
            Duration::ZERO => Err(InviteError::new(
                ErrorKind::Timeout,
                "the time of the call is over",
            )),
            time => {
                self.shared
                    .transport
                    .exchange(outgoing, time, decoder)
                    .instrument(span)
                    .await
            }
        };
        let result = result.map_err(|error| error.with_attempts(tries.sent));
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
            Ok((head, _)) => {
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

    /// Whether a request whose attempt failed so is sent again, and after what wait; if not, what
    /// the error should say of that.
    pub(crate) fn wait_before_retry(
        &self,
        outgoing: &Outgoing,
        tries: &mut Tries,
        error: &InviteError,
    ) -> Result<Duration, Option<&'static str>> {
        let limited = error.kind() == ErrorKind::RateLimited;
        if !error.retryable() {
            return Err(None);
        }
        let class = class(outgoing);
        let backoff = if limited {
            tries.limited += 1;
            self.policy
                .backoff(tries.limited, 0.5 + fastrand::f64() / 2.0)
        } else {
            tries.failed += 1;
            self.policy.backoff(tries.failed, fastrand::f64())
        };
        if limited || error.retry_after().is_some() {
            // All calls of this client wait, whether or not this one is made again.
            let wait = error.retry_after().unwrap_or(backoff);
            self.shared.gate.hold(class, self.shared.waits.now(), wait);
        }
        if self.policy.max_attempts <= 1 || (!limited && tries.failed >= self.policy.max_attempts) {
            return Err(None);
        }
        let wait = backoff.max(error.retry_after().unwrap_or_default());
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

    /// Waits while all calls of the client wait.
    pub(crate) async fn pass_gate(&self, outgoing: &Outgoing) -> Result<(), InviteError> {
        while let Some(opens) = self
            .shared
            .gate
            .opens(class(outgoing), self.shared.waits.now())
        {
            if opens >= self.deadline {
                let wait = opens.saturating_duration_since(self.shared.waits.now());
                return Err(InviteError::new(
                    ErrorKind::RateLimited,
                    format!("the service asked this client to wait, {wait:.1?} from now, which is longer than the call's time"),
                )
                .with_retry_after(Some(wait)));
            }
            self.shared.waits.sleep_until(opens).await;
        }
        Ok(())
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
        let latency_ms = latency.as_secs_f64() * 1e3;
        let status = event.status;
        let error = event.error.map(ErrorKind::as_str);
        match next {
            Next::Retry(wait) => tracing::warn!(
                %operation, attempt, status, latency_ms, error, wait_ms = wait.as_secs_f64() * 1e3, "sent again"
            ),
            Next::LookUp => tracing::warn!(
                %operation, attempt, status, latency_ms, error, "no clear answer; reading the list"
            ),
            Next::Done | Next::Fail => tracing::debug!(
                %operation, attempt, status, latency_ms, error, "attempt"
            ),
        }
        if let Some(hook) = &self.shared.hook {
            (hook.0)(&event);
        }
    }
}

/// Which limit of the service a request counts towards.
fn class(outgoing: &Outgoing) -> Class {
    if outgoing.method == Method::GET {
        Class::Read
    } else {
        Class::Write
    }
}
