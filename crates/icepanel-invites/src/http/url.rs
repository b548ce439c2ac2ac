//! The URL of the service, and of the resources below it.

use std::net::IpAddr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;

use crate::error::InviteError;

/// The base URL: https, or http on loopback, where nobody else can read the key.
pub(crate) fn base_url(text: &str) -> Result<Url, InviteError> {
    let refused = |why: &str| Err(InviteError::invalid_input(format!("the base URL {why}")));
    let url = match text.parse::<Url>() {
        Ok(url) => url,
        Err(why) => return refused(&format!("cannot be read: {why}")),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return refused(
            "has a user or a password in it; leave them out, because the client sends the API key in a header",
        );
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refused("has a query or a fragment; end it after the path");
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => refused("is plain http, where others could read the key; use https"),
        other => refused(&format!("has the scheme {other:?}; use https")),
    }
}

/// Whether a URL leads to this machine alone.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// All that a path segment may have unescaped.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The URL of a resource below another one. Each segment is escaped: `Url::path_segments_mut` would drop a line break
/// in it.
pub(crate) fn below(url: &Url, segments: &[&str]) -> Url {
    let mut path = url.path().trim_end_matches('/').to_owned();
    for segment in segments {
        path.push('/');
        path.extend(utf8_percent_encode(segment, SEGMENT));
    }
    let mut below = url.clone();
    below.set_path(&path);
    below
}

/// An id that can be one segment of a path. Dot segments cannot: a URL drops them, escaped or not.
pub(crate) fn check_id(what: &str, id: &str) -> Result<(), InviteError> {
    match id {
        "" => Err(InviteError::invalid_input(format!(
            "the {what} id is empty"
        ))),
        "." | ".." => Err(InviteError::invalid_input(format!(
            "the {what} id {id:?} is not an id"
        ))),
        _ => Ok(()),
    }
}
