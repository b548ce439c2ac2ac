//! How the service writes its data.

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::Refusal;

/// How the service writes its data. Details that the public documents leave open are set here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Behaviour {
    /// The precision of stored times.
    pub time_precision: TimePrecision,
    /// What happens to the rest of `expiresAt`.
    pub time_rounding: TimeRounding,
    /// The longest expiry from now; a later one is stored as this one. It applies to requests, not to the invites of
    /// the state.
    pub longest_expiry_seconds: Option<u32>,
    /// The letter case of returned addresses.
    pub email_case: EmailCase,
    /// How far the service's clock is ahead of this machine's.
    pub clock_skew_seconds: i64,
    /// How far the clock behind `Date` is ahead of the service's.
    pub date_skew_seconds: i64,
    /// The form of the `Date` header.
    pub date_header: DateHeader,
    /// How long a new invite, or a revocation, is missing from the list.
    pub list_lag_ms: u64,
    /// From how many lists a new invite is missing.
    pub list_lag_reads: u32,
    /// For how long a change or a removal of a member is missing from the list of members.
    pub member_lag_ms: u64,
    /// Whether each answer has an `x-request-id`.
    pub request_id: bool,
    /// Whether each object in each response also has unknown fields.
    pub extra_fields: bool,
    /// Whether responses are compressed if the request accepts it.
    pub gzip: bool,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            time_precision: TimePrecision::default(),
            time_rounding: TimeRounding::default(),
            longest_expiry_seconds: None,
            email_case: EmailCase::default(),
            clock_skew_seconds: 0,
            date_skew_seconds: 0,
            date_header: DateHeader::default(),
            list_lag_ms: 0,
            list_lag_reads: 0,
            member_lag_ms: 0,
            request_id: true,
            extra_fields: false,
            gzip: false,
        }
    }
}

/// The precision of stored times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TimePrecision {
    /// No fraction.
    Seconds,
    /// Three digits.
    #[default]
    Milliseconds,
    /// Six digits.
    Microseconds,
    /// Nine digits.
    Nanoseconds,
}

/// What happens to the part of `expiresAt` that is not stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TimeRounding {
    /// It is cut off.
    #[default]
    Down,
    /// It is rounded, half up.
    Nearest,
    /// It is rounded up.
    Up,
}

/// The letter case of returned addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EmailCase {
    /// As they came.
    #[default]
    Kept,
    /// In lower case.
    Lower,
    /// In upper case.
    Upper,
}

/// The form of the `Date` header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DateHeader {
    /// The service's time.
    #[default]
    Present,
    /// Not there.
    Absent,
    /// Present, but not a time.
    Garbled,
}

impl Behaviour {
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        const TEN_YEARS: i64 = 315_360_000;
        for (name, seconds) in [
            ("clockSkewSeconds", self.clock_skew_seconds),
            ("dateSkewSeconds", self.date_skew_seconds),
        ] {
            if !(-TEN_YEARS..=TEN_YEARS).contains(&seconds) {
                return Err(Refusal::new(format!("`{name}` must be ten years at most")));
            }
        }
        for (name, lag) in [
            ("listLagMs", self.list_lag_ms),
            ("memberLagMs", self.member_lag_ms),
        ] {
            if lag > 3_600_000 {
                return Err(Refusal::new(format!("`{name}` must be an hour at most")));
            }
        }
        Ok(())
    }

    /// The time on the service's clock.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        Utc::now() + TimeDelta::seconds(self.clock_skew_seconds)
    }

    /// The time on the clock behind `Date`.
    pub(crate) fn date(&self) -> DateTime<Utc> {
        self.now() + TimeDelta::seconds(self.date_skew_seconds)
    }

    /// A time of the service itself, with the stored precision.
    pub(crate) fn keep(&self, instant: DateTime<Utc>) -> DateTime<Utc> {
        self.round(instant, TimeRounding::Down)
    }

    /// A time of a request, with the stored precision.
    pub(crate) fn keep_expiry(&self, instant: DateTime<Utc>) -> DateTime<Utc> {
        self.round(instant, self.time_rounding)
    }

    /// The latest expiry that an invite made at `now` can have.
    pub(crate) fn latest_expiry(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        match self.longest_expiry_seconds {
            Some(seconds) => now + TimeDelta::seconds(seconds.into()),
            None => DateTime::<Utc>::MAX_UTC,
        }
    }

    fn round(&self, instant: DateTime<Utc>, rounding: TimeRounding) -> DateTime<Utc> {
        let unit: i64 = match self.time_precision {
            TimePrecision::Seconds => 1_000_000_000,
            TimePrecision::Milliseconds => 1_000_000,
            TimePrecision::Microseconds => 1_000,
            TimePrecision::Nanoseconds => 1,
        };
        let rest = i64::from(instant.timestamp_subsec_nanos()) % unit;
        let up = match rounding {
            TimeRounding::Down => false,
            TimeRounding::Nearest => rest * 2 >= unit,
            TimeRounding::Up => rest > 0,
        };
        instant + TimeDelta::nanoseconds(if up { unit - rest } else { -rest })
    }

    pub(crate) fn write_time(&self, instant: DateTime<Utc>) -> String {
        let format = match self.time_precision {
            TimePrecision::Seconds => SecondsFormat::Secs,
            TimePrecision::Milliseconds => SecondsFormat::Millis,
            TimePrecision::Microseconds => SecondsFormat::Micros,
            TimePrecision::Nanoseconds => SecondsFormat::Nanos,
        };
        instant.to_rfc3339_opts(format, true)
    }

    pub(crate) fn write_email<'a>(&self, email: &'a str) -> Cow<'a, str> {
        match self.email_case {
            EmailCase::Kept => Cow::Borrowed(email),
            EmailCase::Lower => Cow::Owned(email.to_lowercase()),
            EmailCase::Upper => Cow::Owned(email.to_uppercase()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn kept(precision: TimePrecision, rounding: TimeRounding, text: &str) -> String {
        let behaviour = Behaviour {
            time_precision: precision,
            time_rounding: rounding,
            ..Behaviour::default()
        };
        behaviour.write_time(behaviour.keep_expiry(text.parse().unwrap()))
    }

    #[test]
    fn times_are_stored_with_the_precision_and_rounded_as_set() {
        use {TimePrecision::*, TimeRounding::*};
        let time = "2030-12-31T23:59:59.999500001Z";
        for (precision, rounding, written) in [
            (Seconds, Down, "2030-12-31T23:59:59Z"),
            (Seconds, Up, "2031-01-01T00:00:00Z"),
            (Seconds, Nearest, "2031-01-01T00:00:00Z"),
            (Milliseconds, Down, "2030-12-31T23:59:59.999Z"),
            (Milliseconds, Nearest, "2031-01-01T00:00:00.000Z"),
            (Microseconds, Down, "2030-12-31T23:59:59.999500Z"),
            (Microseconds, Nearest, "2030-12-31T23:59:59.999500Z"),
            (Microseconds, Up, "2030-12-31T23:59:59.999501Z"),
            (Nanoseconds, Up, "2030-12-31T23:59:59.999500001Z"),
        ] {
            assert_eq!(
                kept(precision, rounding, time),
                written,
                "{precision:?} {rounding:?}"
            );
        }
        assert_eq!(
            kept(Seconds, Up, "2030-01-01T00:00:00Z"),
            "2030-01-01T00:00:00Z"
        );
    }
}
