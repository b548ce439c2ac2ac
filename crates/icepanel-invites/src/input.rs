//! What is refused before anything is sent.

use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Datelike, Utc};
use email_address::{EmailAddress, Options};

use crate::error::InviteError;
use crate::model::{Expiry, time_text};

/// An address that a person can be reached at: a local part, one `@`, a domain with a dot.
pub(crate) fn email(address: &str) -> Result<(), InviteError> {
    let refused = |why: &str| {
        Err(InviteError::invalid_input(format!(
            "the address {address:?} {why}"
        )))
    };
    if address.is_empty() {
        return Err(InviteError::invalid_input("the address is empty"));
    }
    if address.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return refused("has a space or a control character in it; leave it out");
    }
    let options = Options::default()
        .with_required_tld()
        .without_domain_literal()
        .without_display_text();
    match EmailAddress::parse_with_options(address, options) {
        Ok(_) => Ok(()),
        Err(why) => refused(&format!("is not an e-mail address: {why}")),
    }
}

/// The instant at which an invite shall end: in the future by `now`, and in a year that RFC 3339
/// can write.
pub(crate) fn expiry(expiry: Expiry, now: DateTime<Utc>) -> Result<DateTime<Utc>, InviteError> {
    let Some(time) = expiry.instant(now).filter(|time| time.year() <= 9999) else {
        return Err(InviteError::invalid_input(
            "the expiry is too far off: the year must be 9999 at most",
        ));
    };
    if time <= now {
        return Err(InviteError::invalid_input(format!(
            "the expiry {} is not in the future (it is {} now)",
            time_text(&time),
            time_text(&now),
        )));
    }
    Ok(time)
}

/// A value without what surrounds it in real life: white space, line ends, a byte order mark. Quotes are named:
/// a shell would have taken them away, and a file that no shell reads keeps them.
pub(crate) fn bare(text: &str) -> Result<&str, String> {
    let bare = text.trim_matches(|sign: char| sign.is_whitespace() || sign == '\u{feff}');
    let quoted = ['"', '\'', '`']
        .iter()
        .any(|quote| bare.len() > 1 && bare.starts_with(*quote) && bare.ends_with(*quote));
    match quoted {
        true => Err("it has quotes around it; leave them out".to_owned()),
        false => Ok(bare),
    }
}

/// The same for a value of this name.
pub(crate) fn bare_value(what: &str, text: &str) -> Result<String, InviteError> {
    match bare(text) {
        Ok(bare) => Ok(bare.to_owned()),
        Err(why) => Err(InviteError::invalid_input(format!(
            "{what} cannot be used: {why}"
        ))),
    }
}

/// A PEM text as it is in real life: a byte order mark, indented lines, and line breaks written as
/// `\n` in a variable are tolerated; what else surrounds it is named.
pub(crate) fn pem(what: &str, text: &[u8]) -> Result<Vec<u8>, InviteError> {
    let refused = |why: &str| Err(InviteError::invalid_input(format!("{what} {why}")));
    if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") {
        return refused("is written in UTF-16; save it as UTF-8 or ASCII");
    }
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let text = text.trim_ascii();
    if text.starts_with(b"\"") || text.starts_with(b"'") {
        return refused("has quotes around it; leave them out");
    }
    let broken = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let unescaped;
    let text = match std::str::from_utf8(text) {
        Ok(line) if !text.iter().any(broken) && line.contains("\\n") => {
            unescaped = line.replace("\\r", "").replace("\\n", "\n");
            unescaped.as_bytes()
        }
        _ => text,
    };
    let mut lines = Vec::with_capacity(text.len());
    for line in text.split(broken) {
        lines.extend_from_slice(line.trim_ascii());
        lines.push(b'\n');
    }
    Ok(lines)
}

/// A limit on time, which is not zero.
pub(crate) fn time_limit(name: &str, limit: Duration) -> Result<(), InviteError> {
    if limit.is_zero() {
        return Err(InviteError::invalid_input(format!("the {name} is zero")));
    }
    Ok(())
}

/// A key that fits in a header. The message never shows it.
pub(crate) fn api_key(key: &str) -> Result<(), InviteError> {
    if key.is_empty() {
        return Err(InviteError::invalid_input("the API key is empty"));
    }
    if let Some(at) = key.bytes().position(|byte| !byte.is_ascii_graphic()) {
        return Err(InviteError::invalid_input(format!(
            "the API key has a character at position {at} that cannot be in one: a space, a line break, or not ASCII"
        )));
    }
    Ok(())
}

/// An id that can be one segment of a path. Dot segments cannot: a URL drops them, escaped or not.
pub(crate) fn id(what: &str, id: &str) -> Result<(), InviteError> {
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

/// The base URL: https, or http on loopback, where no key can be overheard.
pub(crate) fn base_url(text: &str) -> Result<reqwest::Url, InviteError> {
    let refused = |why: &str| Err(InviteError::invalid_input(format!("the base URL {why}")));
    let url = match reqwest::Url::from_str(text) {
        Ok(url) => url,
        Err(why) => return refused(&format!("cannot be read: {why}")),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return refused("has a user or a password in it; the key goes into a header");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refused("has a query or a fragment; end it after the path");
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => refused("is plain http, where the key could be overheard; use https"),
        other => refused(&format!("has the scheme {other:?}; use https")),
    }
}

/// Whether a URL leads to this machine alone.
pub(crate) fn is_loopback(url: &reqwest::Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}

/// One path segment: everything but letters, digits and `-._~` is escaped.
pub(crate) fn escape(id: &str) -> String {
    let mut escaped = String::with_capacity(id.len());
    for byte in id.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte));
            }
            _ => {
                escaped.push('%');
                for digit in [byte >> 4, byte & 15] {
                    escaped.push(
                        char::from_digit(digit.into(), 16)
                            .unwrap_or('0')
                            .to_ascii_uppercase(),
                    );
                }
            }
        }
    }
    escaped
}

/// What an address is looked up by: equal for two addresses exactly where [`same_address`] says so.
pub(crate) fn address_key(address: &str) -> String {
    let mut key = address.to_lowercase();
    // A few letters beyond ASCII have a small form within it.
    if key.is_ascii() && !address.is_ascii() {
        key.push('\0');
    }
    key
}

/// Whether two addresses are one person's: letter case does not count.
pub(crate) fn same_address(one: &str, other: &str) -> bool {
    match (one.is_ascii(), other.is_ascii()) {
        (true, true) => one.eq_ignore_ascii_case(other),
        (false, false) => one.to_lowercase() == other.to_lowercase(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_addresses_have_one_key_exactly_where_they_are_one_persons() {
        // The sign for kelvin becomes a k in small letters, and is none.
        let addresses = ["k@x.org", "K@X.org", "\u{212a}@x.org", "é@x.org", "É@X.org"];
        for one in addresses {
            for other in addresses {
                let one_key = address_key(one) == address_key(other);
                assert_eq!(one_key, same_address(one, other), "{one} {other}");
            }
        }
    }
}
