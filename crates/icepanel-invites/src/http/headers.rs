//! The headers of a response: its time, the requested wait, the id.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use reqwest::header::{DATE, HeaderMap, HeaderName, HeaderValue, LINK, RETRY_AFTER};

use crate::event::EventHeader;
use crate::http::pagination::MorePages;

/// The headers in which services and proxies write a request's id. The API documents none.
const REQUEST_ID: [HeaderName; 3] = [
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("x-correlation-id"),
    HeaderName::from_static("cf-ray"),
];

/// The response headers whose values an event has. Others, such as cookies, may have secrets.
const SHOWN: &[&str] = &[
    "cf-ray",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "retry-after",
    "server",
    "transfer-encoding",
    "via",
    "x-correlation-id",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-request-id",
];

/// A longer wait is ignored: a mistake in a header must not stop a client for years.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(86_400);

/// The time of the response by the service's clock, in whole seconds.
pub(crate) fn date(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    http_date(headers.get(DATE)?.to_str().ok()?)
}

/// The wait that the service requests: seconds, rounded up, or a date that is counted from `now`, the service's own
/// time. An unreadable value is ignored.
pub(crate) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    parse_retry_after(headers.get(RETRY_AFTER)?.to_str().ok()?, now)
}

pub(crate) fn parse_retry_after(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let text = text.trim();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let wait = if is_number(whole) && is_number(part) {
        // More digits than fit are a long wait, not an invalid one.
        let seconds: u64 = whole.parse().unwrap_or(u64::MAX);
        let more = part.bytes().any(|digit| digit != b'0');
        Duration::from_secs(seconds.saturating_add(more.into()))
    } else {
        (http_date(text)? - now).to_std().unwrap_or(Duration::ZERO)
    };
    Some(wait.min(LONGEST_WAIT))
}

/// The signs in the headers of entries beyond those in the body: a `Link` to a next page, or a total.
pub(crate) fn more(headers: &HeaderMap) -> MorePages {
    let mut more = MorePages::default();
    let text = |value: &reqwest::header::HeaderValue| value.to_str().ok().map(str::to_owned);
    if headers
        .get_all(LINK)
        .iter()
        .filter_map(text)
        .any(|link| leads_on(&link))
    {
        more.says("the Link header");
    }
    for name in ["x-next-page", "x-next-cursor", "x-total-count", "x-total"] {
        if let Some(value) = headers.get(name).and_then(text) {
            more.look_at_header(name, &value);
        }
    }
    more
}

/// Whether a `Link` header has one to a next page: `<…>; rel="next"`.
fn leads_on(link: &str) -> bool {
    let links = link
        .split('<')
        .skip(1)
        .filter_map(|link| link.split_once('>'));
    links.into_iter().any(|(target, parameters)| {
        let relations = parameters.split([';', ',']).filter_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            let value = value.trim().trim_matches('"');
            name.trim().eq_ignore_ascii_case("rel").then_some(value)
        });
        let mut words = relations.flat_map(str::split_whitespace);
        !target.trim().is_empty() && words.any(|word| word.eq_ignore_ascii_case("next"))
    })
}

/// The request's id, if it is short plain text.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    REQUEST_ID
        .iter()
        .filter_map(|name| headers.get(name)?.to_str().ok())
        .find(|id| !id.is_empty() && id.len() <= 200)
        .map(str::to_owned)
}

/// The headers for an event: the values of a fixed list, the names of the others.
pub(crate) fn shown(headers: &HeaderMap, clean: impl Fn(&str) -> String) -> Vec<EventHeader> {
    let shown = |(name, value): (&HeaderName, &HeaderValue)| {
        let value = SHOWN
            .contains(&name.as_str())
            .then(|| clean(&String::from_utf8_lossy(value.as_bytes())));
        EventHeader {
            name: clean(name.as_str()),
            value,
        }
    };
    headers.iter().map(shown).collect()
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
        assert_eq!(wait("99999999999999999999999999"), Some(LONGEST_WAIT));
        assert_eq!(wait("86401"), Some(LONGEST_WAIT));
        assert_eq!(wait("2.5"), Some(Duration::from_secs(3)));
        assert_eq!(wait("2.000"), Some(Duration::from_secs(2)));
        assert_eq!(wait("0.001"), Some(Duration::from_secs(1)));
        for broken in [
            "",
            " ",
            "-1",
            "+3",
            "1.5.2",
            ".5",
            "1.",
            "-1.5",
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

    #[test]
    fn an_event_has_the_values_of_a_fixed_list_and_the_names_of_the_others() {
        let mut map = HeaderMap::new();
        for (name, value) in [
            ("set-cookie", "session=key"),
            ("x-request-id", "key"),
            ("x-key", "v"),
        ] {
            map.insert(name, value.parse().expect("a value"));
        }
        let found = shown(&map, |text| text.replace("key", "…"));
        let mut found: Vec<_> = found
            .iter()
            .map(|header| (&*header.name, header.value.as_deref()))
            .collect();
        found.sort_unstable();
        let wanted = [
            ("set-cookie", None),
            ("x-request-id", Some("…")),
            ("x-…", None),
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_link_to_a_next_page_and_a_higher_total_say_that_there_is_more() {
        let sign = |name: &'static str, value: &str| {
            let mut map = HeaderMap::new();
            map.insert(name, value.parse().expect("a value"));
            more(&map).than(2).map(str::to_owned)
        };
        for next in [
            "<https://x.test/?page=2>; rel=\"next\"",
            "</a,b>; rel=prev, </c>; title=\"x\"; REL=\"last NEXT\"",
            "</c>;rel=next",
        ] {
            assert!(sign("link", next).is_some(), "{next}");
        }
        for none in [
            "</a>; rel=\"prev\"",
            "<>; rel=next",
            "</next>",
            "next",
            "</a>; title=next",
        ] {
            assert_eq!(sign("link", none), None, "{none}");
        }
        assert!(sign("x-next-page", "2").is_some() && sign("x-total-count", "3").is_some());
        assert!(sign("x-next-page", "").is_none() && sign("x-total", "2").is_none());
    }

    proptest! {
        #[test]
        fn no_text_panics_or_asks_for_more_than_the_longest_wait(text in ".*") {
            if let Some(wait) = parse_retry_after(&text, noon()) {
                prop_assert!(wait <= LONGEST_WAIT);
            }
        }

        #[test]
        fn every_number_of_seconds_is_read(seconds in 0u64..1_000_000) {
            prop_assert_eq!(
                parse_retry_after(&seconds.to_string(), noon()),
                Some(Duration::from_secs(seconds).min(LONGEST_WAIT))
            );
        }

        #[test]
        fn every_date_is_counted_from_the_services_time(ahead in -1_000_000i64..80_000) {
            let until = noon() + chrono::TimeDelta::seconds(ahead);
            let text = httpdate::fmt_http_date(until.into());
            let expected = Duration::from_secs(u64::try_from(ahead).unwrap_or(0));
            prop_assert_eq!(parse_retry_after(&text, noon()), Some(expected));
        }
    }
}
