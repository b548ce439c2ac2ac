//! Times: in a state, in requests, in headers.

use std::{fmt, str::FromStr};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::Refusal;

/// A time in a [`State`](crate::State): an instant, or a duration from now by this machine's clock.
///
/// In JSON it is a string: RFC 3339, or a sign, a number and one of `ms`, `s`, `m`, `h`, `d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum When {
    /// This instant.
    At(DateTime<Utc>),
    /// This duration after the state is set, or before, if negative.
    FromNow(TimeDelta),
}

impl When {
    pub(crate) fn resolve(self, now: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
        match self {
            Self::At(instant) => Ok(instant),
            Self::FromNow(delta) => now
                .checked_add_signed(delta)
                .filter(writable)
                .ok_or_else(|| Refusal::new(format!("the time `{self}` is out of range"))),
        }
    }
}

/// RFC 3339 has four digits for the year.
fn writable(instant: &DateTime<Utc>) -> bool {
    (0..=253_402_300_799).contains(&instant.timestamp())
}

impl From<DateTime<Utc>> for When {
    fn from(instant: DateTime<Utc>) -> Self {
        Self::At(instant)
    }
}

impl FromStr for When {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let parsed = if text.starts_with(['+', '-']) {
            parse_relative(text).map(Self::FromNow)
        } else {
            parse_rfc3339(text).map(Self::At)
        };
        parsed.ok_or_else(|| {
            Refusal::new(format!(
                "`{text}` is neither an RFC 3339 time nor relative to now as in +7d, -90s, +500ms"
            ))
        })
    }
}

impl TryFrom<String> for When {
    type Error = Refusal;

    fn try_from(text: String) -> Result<Self, Refusal> {
        text.parse()
    }
}

impl From<When> for String {
    fn from(when: When) -> Self {
        when.to_string()
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(instant) => {
                f.write_str(&instant.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
            }
            Self::FromNow(delta) => write!(f, "{:+}ms", delta.num_milliseconds()),
        }
    }
}

fn parse_relative(text: &str) -> Option<TimeDelta> {
    let digits_end = text[1..].find(|c: char| !c.is_ascii_digit())? + 1;
    let amount: i64 = text[..digits_end].parse().ok()?;
    match &text[digits_end..] {
        "ms" => TimeDelta::try_milliseconds(amount),
        "s" => TimeDelta::try_seconds(amount),
        "m" => TimeDelta::try_minutes(amount),
        "h" => TimeDelta::try_hours(amount),
        "d" => TimeDelta::try_days(amount),
        _ => None,
    }
}

/// The instant of an RFC 3339 time, strictly: chrono alone would also take a space for the `T`.
pub(crate) fn parse_rfc3339(text: &str) -> Option<DateTime<Utc>> {
    if !matches!(text.as_bytes().get(10), Some(b'T' | b't')) {
        return None;
    }
    let parsed = DateTime::parse_from_rfc3339(text).ok()?;
    // A leap second comes out of chrono as 59 seconds and more than 10^9 nanoseconds.
    DateTime::from_timestamp(
        parsed.timestamp(),
        parsed.timestamp_subsec_nanos() % 1_000_000_000,
    )
}

/// The value of a `Date` header.
pub(crate) fn http_date(instant: DateTime<Utc>) -> String {
    instant.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn relative_times_take_five_units_and_a_sign() {
        for (text, millis) in [
            ("+7d", 604_800_000),
            ("-90s", -90_000),
            ("+500ms", 500),
            ("-1h", -3_600_000),
            ("+30m", 1_800_000),
        ] {
            assert_eq!(
                text.parse(),
                Ok(When::FromNow(TimeDelta::milliseconds(millis))),
                "{text}"
            );
        }
        for text in [
            "",
            "+",
            "7d",
            "+7",
            "+d",
            "+7w",
            "+ 7d",
            "+7.5d",
            "+99999999999999999999d",
            "tomorrow",
            "+é",
        ] {
            assert!(text.parse::<When>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_relative_time_out_of_range_is_refused_when_it_is_resolved() {
        let now = Utc::now();
        assert!(
            When::FromNow(TimeDelta::days(365 * 9000))
                .resolve(now)
                .is_err()
        );
        assert!(
            When::FromNow(TimeDelta::days(-365 * 900))
                .resolve(now)
                .is_err()
        );
    }

    #[test]
    fn rfc_3339_is_read_strictly() {
        assert!(parse_rfc3339("2024-01-15T09:30:00Z").is_some());
        assert!(parse_rfc3339("2024-01-15t09:30:00.123456789+02:00").is_some());
        for text in [
            "2024-01-15 09:30:00Z",
            "2024-01-15",
            "2024-01-15T09:30:00",
            "2024-02-30T00:00:00Z",
            "0",
        ] {
            assert!(parse_rfc3339(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_date_header_is_in_gmt() {
        let instant = parse_rfc3339("1994-11-06T08:49:37.5Z").unwrap();
        assert_eq!(http_date(instant), "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
