//! The advice for an error of the library, in the terms of the command: with the option, the variable or the line of
//! the profile to change, the wait and the URL.

use icepanel_invites::{ErrorKind, InviteError};

use crate::text::printable;
use crate::time;

/// The settings in an error, each with the place to change it.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    /// `the organization "acme" (--organization)`
    pub(crate) organization: String,
    /// `the base URL https://… (ICEPANEL_BASE_URL)`
    pub(crate) base_url: String,
    /// The base URL alone.
    pub(crate) url: String,
    /// `the key in ICEPANEL_API_KEY`
    pub(crate) key: String,
    /// `the proxy (--proxy)`
    pub(crate) proxy: String,
    /// `--timeout (now 120 s)`
    pub(crate) timeout: String,
}

/// What is between the scheme and the host could be a password.
pub(crate) fn without_password(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://{host}"),
        _ => url.to_owned(),
    }
}

/// What to do next.
pub(crate) fn advice(error: &InviteError, context: Option<&Context>) -> String {
    let message = error.message();
    let plain = || flags(error.advice());
    let Some(context) = context else {
        return plain();
    };
    let wait = error.retry_after().map(time::rounded);
    match error.kind() {
        _ if error.invite_may_exist() => "An invite may exist. Run icepanel-invites ensure for the same person. It looks for an active invite before it sends one.".to_owned(),
        ErrorKind::InvalidInput if !error.advice().starts_with("Nothing was sent.") => plain(),
        ErrorKind::InvalidInput => {
            let correct = |what: &str| format!("Nothing was sent. Correct {what}.");
            let subject = [
                ("the base URL", context.base_url.as_str()),
                ("the API key", context.key.as_str()),
                ("the organization id", context.organization.as_str()),
                ("the proxy", context.proxy.as_str()),
                ("the time-out", context.timeout.as_str()),
                ("the CA certificate", "--ca-certificate"),
                ("the client certificate", "--client-certificate"),
                ("the expiry", "--expires"),
                ("the address", "the address"),
                ("a landscape id", "--landscape"),
            ];
            // A message that names the option is enough.
            let named = message.contains(" (--");
            let found = subject.into_iter().find(|(start, _)| !named && message.starts_with(start));
            match found {
                Some((_, what)) => correct(what),
                None => "Nothing was changed. Correct what the error names, then run the command again.".to_owned(),
            }
        }
        ErrorKind::Unauthorized => format!(
            "{} does not work. An admin of the organization can create a new key; it is shown only once. icepanel-invites status shows where each setting comes from.",
            capital(&context.key)
        ),
        ErrorKind::Forbidden => format!(
            "{} is not allowed to do this. Use a key that an admin of {} created. To change something, the key needs write access.",
            capital(&context.key),
            context.organization
        ),
        // From the client itself, not from a 404 of the service.
        ErrorKind::NotFound if error.status().is_none() => plain(),
        ErrorKind::NotFound if message.contains("the invite id was") => format!(
            "Check the invite id, {} and {}. icepanel-invites list shows the invites with their ids.",
            context.organization,
            context.base_url
        ),
        ErrorKind::NotFound => format!(
            "Check {}, {}, and that the key belongs to this organization.",
            context.organization,
            context.base_url
        ),
        ErrorKind::SeatsExhausted if message.contains("--partial") => {
            "Nothing was changed. Buy seats, revoke unused write or admin invites, or pass --partial.".to_owned()
        }
        ErrorKind::SeatsExhausted if error.advice().starts_with("Nothing was changed.") => "Nothing was changed. Revoke an unused write or admin invite, buy a seat, or pass --permission read, which is free.".to_owned(),
        ErrorKind::SeatsExhausted => "No invite was made. Revoke an unused write or admin invite, buy a seat, or pass --permission read, which is free.".to_owned(),
        ErrorKind::RateLimited => match wait {
            Some(wait) => format!(
                "Run the command again in {wait}, or pass a longer {}.",
                context.timeout
            ),
            None => format!("Run the command again in a minute, or pass a longer {}.", context.timeout),
        },
        ErrorKind::Server => match wait {
            Some(wait) => format!("Run the command again in {wait}, as the service asks."),
            None => "Run the command again later.".to_owned(),
        },
        ErrorKind::Timeout => format!("Run the command again, or pass a longer {}.", context.timeout),
        // About a certificate or a proxy the library knows more.
        ErrorKind::Connection if !error.advice().starts_with("Check the network") => plain(),
        ErrorKind::Connection => format!(
            "Check the network, {} and {}, then run the command again.",
            context.base_url,
            context.proxy
        ),
        ErrorKind::UnexpectedAnswer => format!(
            "Check that {} is the URL of the API, and that no proxy responds in its place. With -v the command shows each request.",
            context.base_url
        ),
        ErrorKind::Cancelled => "Nothing is under way any more. Run the command again to go on.".to_owned(),
        // About members, the library knows more.
        ErrorKind::Conflict if !error.advice().starts_with("Check the person's") => plain(),
        ErrorKind::Conflict => "Check the invites and the membership of the person before you run the command again.".to_owned(),
        ErrorKind::Rejected => "Correct the request; the same one will be refused again.".to_owned(),
        _ => plain(),
    }
}

/// A text of the library, in which an option is called `name (--flag)`, with the flag alone.
pub(crate) fn flags(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(" (--") {
        let Some((flag, behind)) = after.split_once(')') else {
            break;
        };
        let name = before.rfind(|c: char| !(c.is_ascii_lowercase() || c == '_'));
        let before = name.map_or("", |at| &before[..=at]);
        let before = before.strip_suffix("the option ").unwrap_or(before);
        let before = match before.strip_suffix("set ") {
            Some(before) => format!("{before}pass "),
            None => before.to_owned(),
        };
        output.push_str(&format!("{before}--{flag}"));
        rest = behind;
    }
    output.push_str(rest);
    output
}

/// With a capital letter at the beginning.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// The URL, if an error is about the connection.
pub(crate) fn whereto(error: &InviteError, context: Option<&Context>) -> Option<String> {
    let kinds = [
        ErrorKind::Timeout,
        ErrorKind::Server,
        ErrorKind::RateLimited,
    ];
    let url = &context?.url;
    kinds.contains(&error.kind()).then(|| printable(url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_flag_remains() {
        for (text, output) in [
            (
                "check the roster, or set allow_empty (--allow-empty) if you want that",
                "check the roster, or pass --allow-empty if you want that",
            ),
            ("max_invites (--max-invites) is 0", "--max-invites is 0"),
            (
                "by the variable X or the option ca_certificate_pem (--ca-certificate).",
                "by the variable X or --ca-certificate.",
            ),
            (
                "a (--b) and set prune_at_most (--prune-at-most 12)",
                "--b and pass --prune-at-most 12",
            ),
            ("an address (--no end", "an address (--no end"),
            ("nothing", "nothing"),
        ] {
            assert_eq!(flags(text), output);
        }
    }

    #[test]
    fn a_password_in_a_url_is_not_shown() {
        assert_eq!(
            without_password("https://a:b@c.example/v1"),
            "https://c.example/v1"
        );
        assert_eq!(
            without_password("https://c.example/v1"),
            "https://c.example/v1"
        );
    }
}
