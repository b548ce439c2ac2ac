//! How often, and after how long, a request is retried.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::error::InviteError;
use crate::http::limits::LONGEST;

/// How often a request is retried, and how long the client waits before.
///
/// The wait before attempt *n + 1* is chosen at random from zero to `base_delay · 2ⁿ⁻¹`, at most
/// `max_delay` (exponential with full jitter), or is what the service asks for, if that is longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How often one request may be sent, the first time included. 1: no retry. A 429 does not
    /// count, because it is not a failure: it is limited by the call's time alone.
    pub max_attempts: u32,
    /// The longest wait after the first failure.
    pub base_delay: Duration,
    /// The longest wait after any failure.
    pub max_delay: Duration,
}

impl Default for RetryPolicy {
    /// 4 attempts, 250 ms, 8 s.
    fn default() -> Self {
        Self {
            max_attempts: 4,
            base_delay: Duration::from_millis(250),
            max_delay: Duration::from_secs(8),
        }
    }
}

impl RetryPolicy {
    /// Nothing is sent twice.
    pub fn never() -> Self {
        Self::default().max_attempts(1)
    }

    /// Sets how often one request may be sent, the first time included.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets the longest wait after the first failure.
    #[must_use]
    pub fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// Sets the longest wait after any failure.
    #[must_use]
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Rejects a policy without an attempt.
    pub(crate) fn check(&self) -> Result<(), InviteError> {
        if self.max_attempts == 0 {
            return Err(InviteError::invalid_input(
                "the number of attempts is 0; set it to 1 to send each request once",
            ));
        }
        Ok(())
    }

    /// The wait after `failures` failures, for `random` in 0..1.
    pub(crate) fn backoff(&self, failures: u32, random: f64) -> Duration {
        let doublings = failures.saturating_sub(1).min(30);
        let ceiling = self
            .base_delay
            .saturating_mul(1 << doublings)
            .min(self.max_delay)
            .min(LONGEST);
        ceiling.mul_f64(random.clamp(0.0, 1.0))
    }

    /// The wait after `refusals` responses 429 without a requested wait, for `random` in 0..1: in the upper half of the
    /// backoff, because the limit does not end immediately.
    pub(crate) fn hold(&self, refusals: u32, random: f64) -> Duration {
        self.backoff(refusals, 0.5 + random / 2.0)
    }
}

/// The retry budget of all calls of a client, so that a failing service does not get too many requests.
///
/// A retry costs 5 of at most 500. A retry that succeeds gives its cost back; a first attempt that
/// succeeds gives 1. With a service that only fails, a client stops retrying after 100 retries.
#[derive(Debug)]
pub(crate) struct RetryBudget(Mutex<u32>);

const BUDGET: u32 = 500;
const RETRY_COST: u32 = 5;

impl Default for RetryBudget {
    fn default() -> Self {
        Self(Mutex::new(BUDGET))
    }
}

impl RetryBudget {
    /// Takes the cost of one retry, or returns false if too little is left.
    pub(crate) fn take(&self) -> bool {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match left.checked_sub(RETRY_COST) {
            Some(rest) => {
                *left = rest;
                true
            }
            None => false,
        }
    }

    /// A request succeeded, after a retry or at the first attempt.
    pub(crate) fn give_back(&self, after_retry: bool) {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *left = (*left + if after_retry { RETRY_COST } else { 1 }).min(BUDGET);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ceiling_doubles_up_to_the_limit() {
        let policy = RetryPolicy::default();
        let ceilings: Vec<u128> = (1..=8)
            .map(|n| policy.backoff(n, 1.0).as_millis())
            .collect();
        assert_eq!(ceilings, [250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!(RetryPolicy::never(), policy.max_attempts(1));
    }

    #[test]
    fn the_jitter_is_full() {
        let policy = RetryPolicy::default();
        assert_eq!(policy.backoff(3, 0.0), Duration::ZERO);
        assert_eq!(policy.backoff(3, 0.5), Duration::from_millis(500));
        let holds = [0.0, 0.5, 1.0].map(|random| policy.hold(3, random).as_millis());
        assert_eq!(holds, [500, 750, 1000]);
    }

    #[test]
    fn extremes_do_not_panic() {
        let policy = RetryPolicy::default()
            .base_delay(Duration::MAX)
            .max_delay(Duration::from_secs(1));
        assert_eq!(policy.backoff(u32::MAX, 2.0), Duration::from_secs(1));
        assert_eq!(policy.backoff(0, -1.0), Duration::ZERO);
        let endless = policy.max_delay(Duration::MAX);
        assert_eq!(endless.backoff(9, 1.0), LONGEST);
    }

    #[test]
    fn a_failing_service_gets_100_retries_and_a_success_earns_a_fifth_of_one() {
        let budget = RetryBudget::default();
        assert_eq!((0..1000).filter(|_| budget.take()).count(), 100);
        for _ in 0..4 {
            budget.give_back(false);
        }
        assert!(!budget.take());
        budget.give_back(false);
        assert!(budget.take());
    }

    #[test]
    fn a_retry_that_succeeds_costs_nothing() {
        let budget = RetryBudget::default();
        for _ in 0..1000 {
            assert!(budget.take());
            budget.give_back(true);
        }
    }
}
