//! Times as users write and read them.

use std::time::Duration;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, SecondsFormat, TimeDelta, Utc};
use icepanel_invites::Expiry;

/// A longer limit is a typing mistake, and a much longer one would overflow.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

/// The last second of a day: the expiry for a date without a time.
const END_OF_DAY: NaiveTime = match NaiveTime::from_hms_opt(23, 59, 59) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

/// Reads when an invite ends: `7d`, `12h`, `90m`, `2w` from now, an RFC 3339 time, or a date, which means the last
/// second of that day in UTC.
pub(crate) fn expiry(text: &str) -> Result<Expiry, String> {
    let text = text.trim();
    if let Some((count, unit)) = span(text) {
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 60 * 60,
            "d" => 24 * 60 * 60,
            "w" => 7 * 24 * 60 * 60,
            _ => return Err(NOT_AN_EXPIRY.to_owned()),
        };
        return count
            .parse::<i64>()
            .ok()
            .and_then(|count| count.checked_mul(seconds))
            .and_then(TimeDelta::try_seconds)
            .map(Expiry::In)
            .ok_or_else(|| format!("{text} is further off than can be written down"));
    }
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        let time = time.with_timezone(&Utc);
        // The first and the last hours of what RFC 3339 writes may be in another year in UTC.
        return match time.year() {
            0..=9999 => Ok(Expiry::At(time)),
            year => Err(format!("in UTC its year is {year}; it must be 0 to 9999")),
        };
    }
    if let Some(date) = date(text) {
        return Ok(Expiry::At(date.and_time(END_OF_DAY).and_utc()));
    }
    if DateTime::parse_from_rfc3339(&format!("{text}Z")).is_ok()
        || DateTime::parse_from_rfc3339(&format!("{text}:00Z")).is_ok()
    {
        return Err(format!(
            "it does not say in which time zone; write {text}Z for UTC, with seconds"
        ));
    }
    Err(NOT_AN_EXPIRY.to_owned())
}

/// As [`expiry`], and in milliseconds, as the library writes a duration in JSON: in a file, where nobody types it.
pub(crate) fn expiry_in_file(text: &str) -> Result<Expiry, String> {
    match span(text.trim()) {
        Some((count, "ms")) => count
            .parse::<i64>()
            .ok()
            .and_then(TimeDelta::try_milliseconds)
            .map(Expiry::In)
            .ok_or_else(|| format!("{text} is further off than can be written down")),
        _ => expiry(text),
    }
}

/// When an access ends: a time or a date, as for an expiry. A length of time would begin anew with each reading.
pub(crate) fn until(text: &str) -> Result<DateTime<Utc>, String> {
    match expiry(text) {
        Ok(Expiry::At(time)) => Ok(time),
        _ => Err(
            "write a date (2026-12-31), or a time with its zone (2026-12-31T18:00:00Z)".to_owned(),
        ),
    }
}

const NOT_AN_EXPIRY: &str = "write how long from now (90m, 12h, 7d, 2w), a time with its zone \
     (2026-12-31T18:00:00Z), or a date (2026-12-31)";

/// Reads a limit on time: `500ms`, `30s`, `2m`, `1h`.
pub(crate) fn timeout(text: &str) -> Result<Duration, String> {
    let wrong = || "write a number and its unit: 500ms, 30s, 2m".to_owned();
    let (count, unit) = span(text.trim()).ok_or_else(wrong)?;
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60 * 1000,
        "h" => 60 * 60 * 1000,
        _ => return Err(wrong()),
    };
    count
        .parse::<u64>()
        .ok()
        .and_then(|count| count.checked_mul(milliseconds))
        .map(Duration::from_millis)
        .filter(|limit| *limit <= LONGEST_TIMEOUT)
        .ok_or_else(|| "24h is the longest".to_owned())
}

/// Digits, and the letters behind them.
fn span(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let (count, unit) = text.split_at(end);
    let letters = unit.bytes().all(|byte| byte.is_ascii_alphabetic());
    (!count.is_empty() && letters).then_some((count, unit))
}

/// Exactly `2026-12-31`.
fn date(text: &str) -> Option<NaiveDate> {
    let looks_right = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !looks_right {
        return None;
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

/// Reads how long from now: `7d`, `12h`, `90m`, `2w`.
pub(crate) fn from_now(text: &str) -> Result<TimeDelta, String> {
    match expiry(text) {
        Ok(Expiry::In(span)) => Ok(span),
        _ => Err("write how long: 90m, 12h, 7d, 2w".to_owned()),
    }
}

/// As [`from_now`], for a duration.
pub(crate) fn margin(text: &str) -> Result<Duration, String> {
    from_now(text)?
        .to_std()
        .map_err(|_| "write how long: 90m, 12h, 7d, 2w".to_owned())
}

/// An expiry as [`expiry_in_file`] reads it.
pub(crate) fn written(expiry: Expiry) -> String {
    let span = match expiry {
        Expiry::At(time) => return time.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        Expiry::In(span) if span.num_milliseconds() % 1000 != 0 => {
            return format!("{}ms", span.num_milliseconds());
        }
        Expiry::In(span) => span.num_seconds(),
    };
    for (unit, seconds) in [("d", 86_400), ("h", 3600), ("m", 60)] {
        if span % seconds == 0 {
            return format!("{}{unit}", span / seconds);
        }
    }
    format!("{span}s")
}

/// An approximate duration: `about 9 min`.
pub(crate) fn about(span: Duration) -> String {
    format!("about {}", rounded(span))
}

/// A duration in a unit that suits it: `57 s`, `9 min`, `1.5 h`.
pub(crate) fn rounded(span: Duration) -> String {
    let seconds = span.as_millis().div_ceil(1000);
    match seconds {
        0..=90 => format!("{seconds} s"),
        91..=5400 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{:.1} h", span.as_secs_f64() / 3600.0),
    }
}

/// How far off a time is: `in 13 days`, `2 h ago`.
pub(crate) fn relative(time: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let span = time - now;
    // To the nearest: what was given 14 days a second ago has 14 days.
    let minutes = (span.num_seconds().unsigned_abs() + 30) / 60;
    let far = match minutes {
        0 => return "now".to_owned(),
        1..=119 => format!("{minutes} min"),
        120..=2879 => format!("{} h", (minutes + 30) / 60),
        _ => format!("{} days", (minutes + 720) / 1440),
    };
    match span < TimeDelta::zero() {
        true => format!("{far} ago"),
        false => format!("in {far}"),
    }
}

/// A time for a table: `2026-12-01 14:00Z`.
pub(crate) fn short(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%MZ").to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Expiry {
        Expiry::At(text.parse().unwrap())
    }

    #[test]
    fn a_span_is_written_as_it_is_read() {
        for (span, text) in [
            (TimeDelta::milliseconds(1500), "1500ms"),
            (TimeDelta::seconds(90), "90s"),
            (TimeDelta::minutes(90), "90m"),
            (TimeDelta::days(14), "14d"),
        ] {
            assert_eq!(written(Expiry::In(span)), text);
            assert_eq!(expiry_in_file(text), Ok(Expiry::In(span)), "{text}");
        }
    }

    #[test]
    fn how_far_off_is_to_the_nearest() {
        let now = Utc::now();
        let second = TimeDelta::seconds(1);
        for (span, text) in [
            (TimeDelta::days(14) - second, "in 14 days"),
            (-(TimeDelta::hours(3) + second), "3 h ago"),
            (TimeDelta::minutes(5) - second, "in 5 min"),
            (second, "now"),
        ] {
            assert_eq!(relative(now + span, now), text);
        }
    }

    #[test]
    fn a_span_counts_from_now() {
        assert_eq!(expiry("7d"), Ok(Expiry::In(TimeDelta::days(7))));
        assert_eq!(expiry("12h"), Ok(Expiry::In(TimeDelta::hours(12))));
        assert_eq!(expiry("90m"), Ok(Expiry::In(TimeDelta::minutes(90))));
        assert_eq!(expiry("2w"), Ok(Expiry::In(TimeDelta::weeks(2))));
        assert_eq!(expiry("30s"), Ok(Expiry::In(TimeDelta::seconds(30))));
        assert_eq!(expiry(" 7d "), Ok(Expiry::In(TimeDelta::days(7))));
    }

    #[test]
    fn a_time_is_taken_as_it_is() {
        assert_eq!(
            expiry("2026-12-31T18:00:00Z"),
            Ok(at("2026-12-31T18:00:00Z"))
        );
        assert_eq!(
            expiry("2026-12-31T18:00:00+02:00"),
            Ok(at("2026-12-31T16:00:00Z"))
        );
    }

    #[test]
    fn a_date_means_the_end_of_that_day_in_utc() {
        assert_eq!(expiry("2026-12-31"), Ok(at("2026-12-31T23:59:59Z")));
        assert_eq!(expiry("2028-02-29"), Ok(at("2028-02-29T23:59:59Z")));
    }

    #[test]
    fn a_time_without_its_zone_is_an_error_that_says_so() {
        for text in ["2026-12-31T18:00:00", "2026-12-31T18:00"] {
            assert!(expiry(text).unwrap_err().contains("time zone"), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            " ",
            "7",
            "d",
            "7x",
            "-7d",
            "+7d",
            "7 d",
            "1.5d",
            "7d12h",
            "7ms",
            "٧d",
            "tomorrow",
            "2026-02-30",
            "2026-13-01",
            "26-12-31",
            "2026/12/31",
            "2026-1-1",
            "+2026-12-1",
            "9223372036854775807w",
            "99999999999999999999999d",
            "9223372036854775807s",
            "0000-01-01T18:00:00+23:00",
            "9999-12-31T18:00:00-23:00",
        ] {
            assert!(expiry(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_timeout_has_a_unit_and_a_limit() {
        assert_eq!(timeout("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(timeout("120s"), Ok(Duration::from_secs(120)));
        assert_eq!(timeout("2m"), Ok(Duration::from_secs(120)));
        assert_eq!(timeout("24h"), Ok(LONGEST_TIMEOUT));
        for text in [
            "",
            "120",
            "s",
            "1d",
            "25h",
            "18446744073709551615h",
            "-1s",
            "1.5s",
        ] {
            assert!(timeout(text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".*") {
            let _ = expiry(&text);
            let _ = timeout(&text);
        }

        #[test]
        fn no_text_that_looks_like_one_panics(text in "[-+0-9]{0,25}[a-zA-Z:. é-]{0,4}[0-9T:Z-]{0,20}") {
            let _ = expiry(&text);
            let _ = timeout(&text);
        }

        #[test]
        fn every_span_is_its_number_of_units(count in 0i64..1_000_000, unit in "[smhdw]") {
            let seconds = count * match unit.as_str() {
                "s" => 1, "m" => 60, "h" => 3600, "d" => 86400, _ => 604_800,
            };
            prop_assert_eq!(
                expiry(&format!("{count}{unit}")),
                Ok(Expiry::In(TimeDelta::seconds(seconds)))
            );
        }

        #[test]
        fn every_time_that_can_be_written_is_read(seconds in 0i64..250_000_000_000) {
            let time = DateTime::from_timestamp(seconds, 0).unwrap();
            prop_assert_eq!(expiry(&time.to_rfc3339()), Ok(Expiry::At(time)));
            let end = time.date_naive().and_time(END_OF_DAY).and_utc();
            prop_assert_eq!(expiry(&time.date_naive().to_string()), Ok(Expiry::At(end)));
        }
    }
}
