//! For how long a list may lag behind, and how far clocks may be apart.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Timelike, Utc};

/// After how long, counted from the reading before, the list is read again. The list may lag
/// behind; together they are the time for which it must show nothing before the client believes it.
pub(crate) const READ_SCHEDULE: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_millis(1000),
    Duration::from_millis(1250),
];

/// How far the clock that writes `Date` and the one that stamps invites may be apart: often they are
/// two machines'.
pub(crate) const CLOCK_TOLERANCE: TimeDelta = TimeDelta::seconds(30);

/// For how long after a list has first shown an invite others may still show up that were made
/// before it, or at the same instant: a service may stamp an invite before it keeps it, and keep
/// whole seconds.
pub(crate) const SETTLE_DELAY: Duration = Duration::from_secs(1);

/// Two ends that lie so close together are as good as the same: they were counted from the beginnings
/// of two calls of which the second repeats the first.
pub(crate) const EQUAL_EXPIRY: TimeDelta = TimeDelta::minutes(5);

/// Whether no invite can show up any more before one of this age, which is counted by two clocks: a
/// list has had the time that it is given to catch up, and whoever made another one the time to judge.
pub(crate) fn is_settled(age: TimeDelta) -> bool {
    let settled: Duration = READ_SCHEDULE.iter().sum::<Duration>() + SETTLE_DELAY;
    age > TimeDelta::from_std(settled).unwrap_or_default() + CLOCK_TOLERANCE
}

/// The precision with which the service can have kept a time: the largest unit of which it is a
/// whole number.
pub(crate) fn kept_precision(time: DateTime<Utc>) -> TimeDelta {
    let nanos = time.nanosecond();
    if nanos != 0 {
        let zeros = (1..9).take_while(|digits| nanos.is_multiple_of(10_u32.pow(*digits)));
        TimeDelta::nanoseconds(10_i64.pow(zeros.last().unwrap_or(0)))
    } else if time.second() != 0 {
        TimeDelta::seconds(1)
    } else if time.minute() != 0 {
        TimeDelta::minutes(1)
    } else if time.hour() != 0 {
        TimeDelta::hours(1)
    } else {
        TimeDelta::days(1)
    }
}

/// Whether a service that was asked for one time and keeps another may have cut or rounded it.
pub(crate) fn same_at_kept_precision(asked: DateTime<Utc>, kept: DateTime<Utc>) -> bool {
    (asked - kept).abs() < kept_precision(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invite_is_settled_after_the_readings_and_the_judging_whichever_clock_is_ahead() {
        let settled = TimeDelta::seconds(4) + CLOCK_TOLERANCE;
        assert!(!is_settled(settled));
        assert!(is_settled(settled + TimeDelta::nanoseconds(1)));
        assert!(
            !is_settled(TimeDelta::seconds(-9)),
            "made ahead of its time"
        );
    }
}
