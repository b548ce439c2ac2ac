//! Times as the API writes them. A list has hundreds of thousands of them, nearly all in one form, which is read here.
//! With chrono's parser alone, decoding 100,000 entries with 260,000 times took 1.6 times as long (115 ms instead of
//! 70; the best of 40 runs each, alternating in one process on a busy machine).

use std::fmt;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::Serializer;
use serde::de::{Deserializer, Error, Visitor};

/// Writes a time as the API does: RFC 3339 in UTC, with as many digits as it has.
pub(crate) fn time_text(time: &DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

pub(crate) fn serialize_time<S: Serializer>(
    time: &DateTime<Utc>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time_text(time))
}

#[expect(
    clippy::ref_option,
    reason = "the shape that serde's serialize_with calls"
)]
pub(crate) fn serialize_optional_time<S: Serializer>(
    time: &Option<DateTime<Utc>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serialize_time(time, serializer),
        None => serializer.serialize_none(),
    }
}

/// A time, or none for null: for `deserialize_with`, together with `default`.
pub(crate) fn optional<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DateTime<Utc>>, D::Error> {
    deserializer.deserialize_option(Optional)
}

struct Optional;

impl<'de> Visitor<'de> for Optional {
    type Value = Option<DateTime<Utc>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an RFC 3339 time")
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        match common(text.as_bytes()) {
            Some(time) => Ok(Some(time)),
            None => text.parse().map(Some).map_err(E::custom),
        }
    }
}

/// `2024-01-15T09:30:00Z`, with up to nine digits of a second. Other forms are parsed by chrono,
/// which takes four to eight times as long.
fn common(text: &[u8]) -> Option<DateTime<Utc>> {
    let (date, rest) = text.split_at_checked(19)?;
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if separators.iter().any(|(at, byte)| date[*at] != *byte) {
        return None;
    }
    let digits = match rest {
        [b'Z'] => &[][..],
        [b'.', digits @ .., b'Z'] if (1..=9).contains(&digits.len()) => digits,
        _ => return None,
    };
    let part = |from: usize, to: usize| number(&date[from..to]);
    let nanos = number(digits)? * 10_u32.pow(9 - u32::try_from(digits.len()).ok()?);
    NaiveDate::from_ymd_opt(i32::try_from(part(0, 4)?).ok()?, part(5, 7)?, part(8, 10)?)?
        .and_hms_nano_opt(part(11, 13)?, part(14, 16)?, part(17, 19)?, nanos)
        .map(|time| time.and_utc())
}

/// The number that these digits write, at most nine of them; of none, zero.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| match digit {
        b'0'..=b'9' => Some(number * 10 + u32::from(digit - b'0')),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_read_the_short_way_is_what_chrono_reads(
            text in r"[0-9]{4}-(0[0-9]|1[0-3])-[0-3][0-9][Tt ]([01][0-9]|2[0-4]):[0-6][0-9]:[0-6][0-9](\.[0-9]{0,10})?(Z|z|\+00:00|)",
        ) {
            if let Some(time) = common(text.as_bytes()) {
                let whole = text.parse::<DateTime<Utc>>();
                prop_assert_eq!(whole.ok(), Some(time), "{}", text);
            }
        }

        #[test]
        fn every_time_in_the_common_form_is_read_the_short_way(
            seconds in 0i64..253_402_300_800,
            nanos in 0u32..1_000_000_000,
        ) {
            let time = DateTime::from_timestamp(seconds, nanos).expect("in range");
            prop_assert_eq!(common(time_text(&time).as_bytes()), Some(time));
        }

        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = common(text.as_bytes());
        }
    }
}
