//! The service's clock: this machine's clock, plus the time by which it was moved.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::{Behaviour, Refusal, When};

/// By how much it is ahead, in milliseconds.
#[derive(Debug, Default)]
pub(crate) struct Clock(AtomicI64);

impl Clock {
    /// The limit: a hundred years ahead.
    const MOST: i64 = 100 * 366 * 86_400_000;

    /// The time, by which invites expire.
    pub(crate) fn now(&self, behaviour: &Behaviour) -> DateTime<Utc> {
        behaviour.now() + self.ahead()
    }

    /// The time in the header `Date`.
    pub(crate) fn date(&self, behaviour: &Behaviour) -> DateTime<Utc> {
        behaviour.date() + self.ahead()
    }

    /// An instant of this machine's clock on this one, for the ends of windows and lags.
    pub(crate) fn on(&self, instant: Instant) -> Instant {
        instant + self.ahead().to_std().unwrap_or(Duration::ZERO)
    }

    fn ahead(&self) -> TimeDelta {
        TimeDelta::milliseconds(self.0.load(Ordering::SeqCst))
    }

    /// Moves it ahead.
    pub(crate) fn advance(&self, by: TimeDelta) -> Result<(), Refusal> {
        let refused = |why: &str| Refusal::new(format!("the clock {why}"));
        let by = by.num_milliseconds();
        if by < 0 {
            return Err(refused("cannot be moved back"));
        }
        let moved = |ahead: i64| ahead.checked_add(by).filter(|ahead| *ahead <= Self::MOST);
        self.0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, moved)
            .map(drop)
            .map_err(|_| refused("cannot be moved further than a hundred years"))
    }
}

/// `{"advance": "7d"}`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Advance {
    advance: String,
}

impl Advance {
    pub(crate) fn by(self) -> Result<TimeDelta, Refusal> {
        let text = self.advance;
        let signed = match text.starts_with(|c: char| c.is_ascii_digit()) {
            true => format!("+{text}"),
            false => text.clone(),
        };
        match signed.parse() {
            Ok(When::FromNow(by)) => Ok(by),
            _ => Err(Refusal::new(format!(
                "`{text}` is not a time by which the clock can be moved, as in 7d, 12h, 30m, 90s, 500ms"
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn it_is_ahead_by_all_that_it_was_moved_and_never_goes_back() {
        let (clock, behaviour) = (Clock::default(), Behaviour::default());
        clock.advance(TimeDelta::days(7)).unwrap();
        clock.advance(TimeDelta::hours(1)).unwrap();
        let ahead = TimeDelta::days(7) + TimeDelta::hours(1);
        let before = Utc::now();
        for time in [clock.now(&behaviour), clock.date(&behaviour)] {
            assert!(time >= before + ahead && time <= Utc::now() + ahead);
        }
        let instant = Instant::now();
        assert_eq!(clock.on(instant) - instant, ahead.to_std().unwrap());
        for by in [
            TimeDelta::milliseconds(-1),
            TimeDelta::days(100 * 366),
            TimeDelta::MAX,
        ] {
            assert!(clock.advance(by).is_err(), "{by}");
        }
        assert_eq!(clock.on(instant) - instant, ahead.to_std().unwrap());
    }

    #[test]
    fn how_far_is_a_number_with_a_unit() {
        let by = |text: &str| {
            Advance {
                advance: text.to_owned(),
            }
            .by()
        };
        assert_eq!(by("7d"), Ok(TimeDelta::days(7)));
        assert_eq!(by("+90s"), Ok(TimeDelta::seconds(90)));
        for text in ["", "7", "d", "2030-01-01T00:00:00Z", "7w"] {
            assert!(by(text).is_err(), "{text}");
        }
    }
}
