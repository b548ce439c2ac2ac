//! E-mail addresses: which ones are rejected, and which two belong to the same person.

use email_address::{EmailAddress, Error, Options};

use crate::error::InviteError;

/// Checks that a person can have this address: a local part, one `@`, a domain with a dot.
pub(crate) fn check_address(address: &str) -> Result<(), InviteError> {
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
        Err(why) => refused(&format!("is not an e-mail address: {}", text(&why))),
    }
}

/// What is wrong with an address. The crate's own texts name parts of its grammar.
fn text(why: &Error) -> String {
    let text = match why {
        Error::MissingSeparator => "it has no @",
        Error::LocalPartEmpty => "there is nothing before the @",
        Error::LocalPartTooLong => "the part before the @ is longer than 64 characters",
        Error::DomainEmpty => "there is nothing after the @",
        Error::DomainTooLong => "the domain is longer than 254 characters",
        Error::SubDomainEmpty | Error::DomainInvalidSeparator => {
            "the domain begins or ends with a dot, or has two dots in a row"
        }
        Error::SubDomainTooLong => "a part of the domain is longer than 63 characters",
        Error::DomainTooFew => "the domain has no dot; write it with one, as in example.com",
        Error::UnbalancedQuotes => "a quote is not closed",
        Error::InvalidCharacter => "it has a character that is not allowed",
        other => return other.to_string(),
    };
    text.to_owned()
}

/// The key of an address: equal for two addresses exactly if [`same_address`] is true.
pub(crate) fn address_key(address: &str) -> String {
    let mut key = address.to_lowercase();
    // A few letters outside ASCII have a lower-case form in ASCII.
    if key.is_ascii() && !address.is_ascii() {
        key.push('\0');
    }
    key
}

/// Whether two addresses belong to the same person: letter case is ignored.
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
    fn an_error_names_the_address_and_what_is_wrong_with_it() {
        for (address, why) in [
            ("nobody", "it has no @"),
            ("@example.com", "there is nothing before the @"),
            ("ada@", "there is nothing after the @"),
            (
                "ada@example",
                "the domain has no dot; write it with one, as in example.com",
            ),
            ("ada@example..com", "two dots in a row"),
            ("ada@.example.com", "begins or ends with a dot"),
            ("ada@example.com.", "begins or ends with a dot"),
            ("a<da@example.com", "a character that is not allowed"),
        ] {
            let error = check_address(address).expect_err(address);
            let begin = format!("the address {address:?} is not an e-mail address: ");
            assert!(error.message().starts_with(&begin), "{error}");
            assert!(error.message().contains(why), "{error}");
        }
    }

    #[test]
    fn a_space_and_a_control_character_are_named() {
        for address in ["ada @example.com", "ada\u{0}@example.com"] {
            let error = check_address(address).expect_err(address);
            assert!(
                error
                    .message()
                    .contains("has a space or a control character"),
                "{error}"
            );
        }
    }

    #[test]
    fn two_addresses_have_one_key_exactly_where_they_are_one_persons() {
        // The lower-case form of the kelvin sign is k, but the sign is not the letter k.
        let addresses = ["k@x.org", "K@X.org", "\u{212a}@x.org", "é@x.org", "É@X.org"];
        for one in addresses {
            for other in addresses {
                let one_key = address_key(one) == address_key(other);
                assert_eq!(one_key, same_address(one, other), "{one} {other}");
            }
        }
    }
}
