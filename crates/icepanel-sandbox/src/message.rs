//! Responses as HTTP messages.

use hyper::{
    Response, StatusCode,
    header::{self, HeaderMap, HeaderName, HeaderValue},
    http::request::Parts,
};

use crate::{
    DateHeader,
    delivery::{Delivery, Ticket},
    pace::Pace,
    reply::Reply,
    times::http_date,
    world::{World, lock},
};

impl World {
    /// Makes an HTTP message of a response.
    pub(crate) fn message(
        &self,
        number: u64,
        reply: Reply,
        pace: Pace,
        request: &Parts,
        ticket: Ticket,
    ) -> Response<Delivery> {
        let behaviour = &self.settings.behaviour;
        let mut headers = HeaderMap::with_capacity(8);
        let mut body = reply.body.plain.clone();
        if behaviour.gzip && !body.is_empty() && accepts_gzip(&request.headers) {
            body = reply.body.gzip();
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        if let Some(kind) = reply.content_type {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        match behaviour.date_header {
            DateHeader::Present => {
                headers.insert(header::DATE, self.date());
            }
            DateHeader::Garbled => {
                headers.insert(
                    header::DATE,
                    HeaderValue::from_static("half past nine, more or less"),
                );
            }
            DateHeader::Absent => {}
        }
        if behaviour.request_id
            && let Ok(id) = HeaderValue::try_from(format!("sandbox-{}-{number}", self.serial))
        {
            headers.insert(HeaderName::from_static("x-request-id"), id);
        }
        for (name, value) in reply.headers {
            headers.insert(name, value);
        }
        let bodiless = request.method == hyper::Method::HEAD
            || matches!(
                reply.status,
                StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED
            );
        let ticket = if bodiless {
            ticket.settle();
            None
        } else {
            Some(ticket)
        };
        let mut response = Response::new(Delivery::new(body, pace, ticket));
        *response.status_mut() = reply.status;
        *response.headers_mut() = headers;
        response
    }

    fn date(&self) -> HeaderValue {
        let now = self.settings.clock.date(&self.settings.behaviour);
        let mut last = lock(&self.date);
        if last.0 != now.timestamp() {
            let value =
                HeaderValue::try_from(http_date(now)).unwrap_or(HeaderValue::from_static(""));
            *last = (now.timestamp(), value);
        }
        last.1.clone()
    }
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let refused = |p: &str| p.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0));
        parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case("gzip"))
            && !parts.any(refused)
    })
}
