//! The proxy for the service: from the option, from a variable, or none.
//!
//! | base URL | proxy |
//! |---|---|
//! | http on this machine | none, by option or variable: the key would leave the machine in plain text |
//! | https | the option; else `HTTPS_PROXY`, else `ALL_PROXY`, unless `NO_PROXY` names the host; else the system's, on macOS and Windows |
//!
//! A variable that applies and has an invalid value is an error. No error shows a value, because it may have a password
//! in it.

use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use reqwest::Url;

use crate::error::InviteError;
use crate::http::options;

/// The way to the service.
pub(crate) enum Choice {
    /// No proxy.
    None,
    /// The proxy in the system's settings, if there is one.
    System,
    /// This one.
    By(Proxy),
}

/// The proxy, and the option or variable that named it.
pub(crate) struct Proxy {
    /// It may have a password in it.
    pub(crate) url: String,
    /// The same, parsed.
    pub(crate) to: Intercept,
    /// The option or the variable, for errors.
    pub(crate) named: String,
}

/// The valid forms of a proxy.
const FORM: &str =
    "write http://host:port, https://host:port, socks5://host:port or socks5h://host:port";

/// The proxy for this base URL.
pub(crate) fn choose(base_url: &Url, option: Option<&str>) -> Result<Choice, InviteError> {
    if base_url.scheme() == "http" {
        return match option {
            Some(_) => Err(InviteError::invalid_input(
                "the base URL is plain http on this machine, and the client uses no proxy for such a URL; leave out the option proxy (--proxy)",
            )),
            None => Ok(Choice::None),
        };
    }
    if let Some(option) = option {
        return parse("the option proxy", option, base_url).map(Choice::By);
    }
    // In a CGI program, a visitor's header `Proxy` would set the variable.
    if std::env::var_os("REQUEST_METHOD").is_some() {
        return Ok(Choice::None);
    }
    let destination = destination(base_url)?;
    if let Some((_, hosts)) = variable(&["NO_PROXY", "no_proxy"])? {
        let matcher = Matcher::builder().all("http://proxy").no(hosts).build();
        if matcher.intercept(&destination).is_none() {
            return Ok(Choice::None);
        }
    }
    for names in [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]] {
        if let Some((name, value)) = variable(&names)? {
            let value = match value.contains("://") {
                true => value,
                // The usual reading.
                false => format!("http://{}", value.trim()),
            };
            return parse(name, &value, base_url).map(Choice::By);
        }
    }
    Ok(Choice::System)
}

/// The first of these variables that is set and not empty.
fn variable(names: &[&'static str]) -> Result<Option<(&'static str, String)>, InviteError> {
    for name in names {
        let Some(value) = std::env::var_os(name) else {
            continue;
        };
        let Ok(value) = value.into_string() else {
            return Err(InviteError::invalid_input(format!("{name} is not text")));
        };
        return Ok(Some((*name, value)).filter(|(_, value)| !value.trim().is_empty()));
    }
    Ok(None)
}

fn destination(base_url: &Url) -> Result<hyper::Uri, InviteError> {
    base_url.as_str().parse().map_err(|_| {
        InviteError::invalid_input("the base URL cannot be read as the address of a request")
    })
}

/// Reads the value of `named`.
fn parse(named: &str, value: &str, base_url: &Url) -> Result<Proxy, InviteError> {
    let refused = |why: &str| InviteError::invalid_input(format!("{named} cannot be used: {why}"));
    let value = options::bare(value).map_err(|why| refused(&why))?;
    let url: Url = value.parse().map_err(|_| refused(FORM))?;
    if url.host_str().is_none_or(str::is_empty) {
        return Err(refused(FORM));
    }
    if !matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") {
        return Err(refused(&format!("its scheme is not supported; {FORM}")));
    }
    let matcher = Matcher::builder().all(url.as_str()).build();
    let to = matcher.intercept(&destination(base_url)?);
    Ok(Proxy {
        to: to.ok_or_else(|| refused(FORM))?,
        url: url.into(),
        named: named.to_owned(),
    })
}
