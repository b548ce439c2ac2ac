//! What the headers of an answer say: its time, its wait, its id.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

/// Where services and the proxies in front of them write a request's id. The API documents none.
const REQUEST_ID: [HeaderName; 3] = [
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("x-correlation-id"),
    HeaderName::from_static("cf-ray"),
];

/// More than any call can wait, and small enough to be added to any instant.
const FOREVER: Duration = Duration::from_secs(100 * 365 * 86_400);

/// The time of the answer by the service's clock, in whole seconds.
pub(crate) fn date(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    http_date(headers.get(DATE)?.to_str().ok()?)
}

/// How long the service asks to wait: whole seconds, or a date that is counted from `now`, the
/// service's own time. What cannot be read is as if it were not there.
pub(crate) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    parse_retry_after(headers.get(RETRY_AFTER)?.to_str().ok()?, now)
}

pub(crate) fn parse_retry_after(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are a long wait, not a broken one.
        let seconds = text.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds).min(FOREVER));
    }
    let until = http_date(text)?;
    Some(
        (until - now)
            .to_std()
            .unwrap_or(Duration::ZERO)
            .min(FOREVER),
    )
}

/// The request's id, if it is short and plain text.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    REQUEST_ID
        .iter()
        .filter_map(|name| headers.get(name)?.to_str().ok())
        .find(|id| !id.is_empty() && id.len() <= 200)
        .map(str::to_owned)
}

fn http_date(text: &str) -> Option<DateTime<Utc>> {
    let time: SystemTime = httpdate::parse_http_date(text.trim()).ok()?;
    Some(time.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn noon() -> DateTime<Utc> {
        "2026-01-15T12:00:00Z".parse().expect("a time")
    }

    #[test]
    fn seconds_dates_and_nonsense() {
        let wait = |text| parse_retry_after(text, noon());
        assert_eq!(wait("7"), Some(Duration::from_secs(7)));
        assert_eq!(wait(" 0 "), Some(Duration::ZERO));
        assert_eq!(
            wait("Thu, 15 Jan 2026 12:00:30 GMT"),
            Some(Duration::from_secs(30))
        );
        assert_eq!(
            wait("Thu, 15 Jan 2026 11:59:00 GMT"),
            Some(Duration::ZERO),
            "a date that has passed asks for no wait"
        );
        assert_eq!(wait("99999999999999999999999999"), Some(FOREVER));
        for broken in [
            "",
            " ",
            "-1",
            "+3",
            "1.5",
            "soon",
            "0x10",
            "12 s",
            "Thu, 15 Jan",
        ] {
            assert_eq!(wait(broken), None, "{broken:?}");
        }
    }

    #[test]
    fn the_requests_id_is_the_first_that_is_short_text() {
        let id = |headers: &[(HeaderName, Vec<u8>)]| {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(name, value.as_slice().try_into().expect("a value"));
            }
            request_id(&map)
        };
        let [first, second, third] = REQUEST_ID;
        let (longest, longer) = (vec![b'a'; 200], vec![b'a'; 201]);
        assert_eq!(id(&[]), None);
        assert_eq!(
            id(&[
                (third.clone(), b"c".to_vec()),
                (second.clone(), b"b".to_vec())
            ])
            .as_deref(),
            Some("b")
        );
        assert_eq!(
            id(&[(first.clone(), Vec::new()), (third.clone(), b"c".to_vec())]).as_deref(),
            Some("c")
        );
        assert_eq!(
            id(&[(first.clone(), vec![0xff]), (third, b"c".to_vec())]).as_deref(),
            Some("c")
        );
        assert_eq!(
            id(&[(first.clone(), longest)]).map(|id| id.len()),
            Some(200)
        );
        assert_eq!(id(&[(first, longer)]), None);
        assert_eq!(id(&[(second, Vec::new())]), None);
    }

    proptest! {
        #[test]
        fn no_text_panics_or_asks_for_more_than_forever(text in ".*") {
            if let Some(wait) = parse_retry_after(&text, noon()) {
                prop_assert!(wait <= FOREVER);
            }
        }

        #[test]
        fn every_number_of_seconds_is_read(seconds in 0u64..1_000_000_000) {
            prop_assert_eq!(
                parse_retry_after(&seconds.to_string(), noon()),
                Some(Duration::from_secs(seconds))
            );
        }

        #[test]
        fn every_date_is_counted_from_the_services_time(ahead in -1_000_000i64..1_000_000) {
            let until = noon() + chrono::TimeDelta::seconds(ahead);
            let text = httpdate::fmt_http_date(until.into());
            let expected = Duration::from_secs(u64::try_from(ahead).unwrap_or(0));
            prop_assert_eq!(parse_retry_after(&text, noon()), Some(expected));
        }
    }
}
