//! The client's clock, and its knowledge of the service's clock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};

/// The clock by which a client waits between attempts and measures the time-out of its calls.
///
/// `Clock::skipping`, of the feature `test-util`, is for tests: a wait between attempts takes no time, the clock jumps
/// instead. Limits on the network (connect, first byte, reads) are in real time in both.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Microseconds that were skipped, if this clock skips.
    skipped: Option<Arc<AtomicU64>>,
}

impl Clock {
    /// The clock of this machine.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that jumps over waits instead of sleeping through them.
    #[cfg(any(test, feature = "test-util"))]
    pub fn skipping() -> Self {
        Self {
            skipped: Some(Arc::default()),
        }
    }

    pub(crate) fn now(&self) -> Instant {
        let skipped = self
            .skipped
            .as_ref()
            .map_or(0, |skipped| skipped.load(Ordering::Relaxed));
        Instant::now() + Duration::from_micros(skipped)
    }

    /// Waits until `until`. Calls that wait for the same instant on one skipping clock skip once.
    pub(crate) async fn sleep_until(&self, until: Instant) {
        match &self.skipped {
            None => tokio::time::sleep_until(until.into()).await,
            Some(skipped) => {
                let ahead = until.saturating_duration_since(Instant::now());
                // Rounded up, or the clock would end a fraction before `until`.
                let micros = u64::try_from(ahead.as_micros()).unwrap_or(u64::MAX);
                skipped.fetch_max(micros.saturating_add(1), Ordering::Relaxed);
                tokio::task::yield_now().await;
            }
        }
    }
}

/// An instant by both clocks of this machine. The monotonic clock stops while the machine sleeps;
/// the other one may be set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) steady: Instant,
    wall: SystemTime,
}

impl Moment {
    pub(crate) fn now() -> Self {
        Self {
            steady: Instant::now(),
            wall: SystemTime::now(),
        }
    }

    /// How long this is after `earlier`, at the most.
    pub(crate) fn since(self, earlier: Self) -> Duration {
        let wall = self.wall.duration_since(earlier.wall).unwrap_or_default();
        wall.max(self.steady.saturating_duration_since(earlier.steady))
    }

    /// Whether the machine has slept since `earlier`, or its clock was set.
    fn is_torn_from(self, earlier: Self) -> bool {
        let steady = self.steady.saturating_duration_since(earlier.steady);
        match self.wall.duration_since(earlier.wall) {
            Ok(wall) => wall.abs_diff(steady) > Duration::from_secs(2),
            Err(_) => true,
        }
    }
}

/// The service's clock, as known from its responses. Until the first response it is this machine's clock.
#[derive(Debug, Default)]
pub(crate) struct ServiceClock {
    /// The `Date` of a response, and when that response arrived.
    known: Mutex<Option<(DateTime<Utc>, Moment)>>,
    /// Whether the service was asked for its time and did not return it.
    pub(crate) asked: tokio::sync::Mutex<bool>,
}

impl ServiceClock {
    /// Stores the time of a response.
    pub(crate) fn learn(&self, date: DateTime<Utc>, received: Moment) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((date, received));
    }

    /// The service's time, if a response had it since this machine last slept or had its clock set.
    /// `Date` has whole seconds, so this may be up to a second behind.
    pub(crate) fn service_time(&self) -> Option<DateTime<Utc>> {
        let known = *self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (date, received) = known?;
        let now = Moment::now();
        (!now.is_torn_from(received)).then(|| later(date, now.since(received)))
    }

    /// The best known time of the service.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.service_time().unwrap_or_else(Utc::now)
    }
}

/// `time` plus a duration, or the last possible time.
pub(crate) fn later(time: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(by)
        .ok()
        .and_then(|by| time.checked_add_signed(by))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// `time` minus a duration, or the first possible time.
pub(crate) fn earlier(time: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(by)
        .ok()
        .and_then(|by| time.checked_sub_signed(by))
        .unwrap_or(DateTime::<Utc>::MIN_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_that_slept_forgets_the_services_time() {
        let clock = ServiceClock::default();
        let date = Utc::now() - TimeDelta::days(400);
        clock.learn(date, Moment::now());
        let now = clock.service_time().expect("the service has sent its time");
        assert!((now - date).num_seconds() < 5);
        // As if the monotonic clock had stopped for an hour.
        let mut before = Moment::now();
        before.wall -= Duration::from_secs(3600);
        clock.learn(date, before);
        assert_eq!(clock.service_time(), None);
        assert!(Moment::now().since(before) >= Duration::from_secs(3600));
    }

    #[test]
    fn a_clock_that_was_set_by_more_than_two_seconds_is_torn() {
        let now = Moment::now();
        let set_back = |span| Moment {
            wall: now.wall - span,
            ..now
        };
        let two = Duration::from_secs(2);
        assert!(!now.is_torn_from(set_back(two)));
        assert!(now.is_torn_from(set_back(two + Duration::from_millis(1))));
        assert!(
            set_back(Duration::from_millis(1)).is_torn_from(now),
            "set back"
        );
    }

    #[tokio::test]
    async fn a_skipping_clock_reaches_the_instant_and_calls_skip_together() {
        let clock = Clock::skipping();
        let until = clock.now() + Duration::from_secs(3600);
        tokio::join!(clock.sleep_until(until), clock.sleep_until(until));
        let over = clock.now().duration_since(until);
        assert!(over < Duration::from_secs(5), "skipped too far: {over:?}");
    }
}
