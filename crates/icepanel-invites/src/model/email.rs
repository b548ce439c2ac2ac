//! E-mail addresses: what is refused, and which two are one person's.

use email_address::{EmailAddress, Options};

use crate::error::InviteError;

/// An address that a person can be reached at: a local part, one `@`, a domain with a dot.
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
        Err(why) => refused(&format!("is not an e-mail address: {why}")),
    }
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
