//! How long a list may lag behind, and how much clocks may differ.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Timelike, Utc};

/// The pauses before each further reading of the list. The list may lag behind: only if it shows
/// nothing for the sum of these pauses does the client conclude that there is no invite.
pub(crate) const READ_SCHEDULE: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_millis(1000),
    Duration::from_millis(1250),
];

/// How much the clock that writes `Date` and the one that writes the times of invites may differ: they are often on two
/// machines.
pub(crate) const CLOCK_TOLERANCE: TimeDelta = TimeDelta::seconds(30);

/// How long after a list has first shown an invite older ones may still appear: a service may set
/// the time of an invite before it stores it.
pub(crate) const SETTLE_DELAY: Duration = Duration::from_secs(1);

/// How long after `created_at` another invite may get the same time and rank before this one by its
/// id: the unit in which the service stores times, at most a second. After that, it may take
/// [`SETTLE_DELAY`] to appear, like any other.
pub(crate) fn equal_times(created_at: DateTime<Utc>) -> Duration {
    let unit = stored_precision(created_at).min(TimeDelta::seconds(1));
    unit.to_std().unwrap_or_default()
}

/// Two expiries with a difference up to this are treated as equal: they were counted from the beginnings of two calls,
/// the second of which repeats the first.
pub(crate) const EQUAL_EXPIRY: TimeDelta = TimeDelta::minutes(5);

/// Whether no older invite can appear any more before one of this age, which is measured by two clocks: the list had
/// its time to catch up, and other workers had the time to choose.
pub(crate) fn is_settled(age: TimeDelta) -> bool {
    let settled: Duration = READ_SCHEDULE.iter().sum::<Duration>() + SETTLE_DELAY;
    age > TimeDelta::from_std(settled).unwrap_or_default() + CLOCK_TOLERANCE
}

/// The precision with which the service may have stored a time: the largest unit of which it is a
/// multiple.
pub(crate) fn stored_precision(time: DateTime<Utc>) -> TimeDelta {
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

/// Whether a service that received one time and stores another may have truncated or rounded it.
pub(crate) fn same_at_stored_precision(asked: DateTime<Utc>, kept: DateTime<Utc>) -> bool {
    (asked - kept).abs() < stored_precision(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_may_get_the_same_time_for_one_unit_and_at_most_a_second() {
        for (created_at, unit) in [
            ("2026-03-04T05:06:07Z", Duration::from_secs(1)),
            ("2026-03-04T05:06:00Z", Duration::from_secs(1)),
            ("2026-03-04T05:06:07.120Z", Duration::from_millis(10)),
            ("2026-03-04T05:06:07.123456Z", Duration::from_micros(1)),
        ] {
            let time = created_at.parse().expect("a time");
            assert_eq!(equal_times(time), unit, "{created_at}");
        }
    }

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
