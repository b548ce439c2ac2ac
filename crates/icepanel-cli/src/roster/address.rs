//! The advice for an invalid address.

use chrono::TimeDelta;
use icepanel_invites::{NewInvite, Permission, Roster};

use crate::text::is_invisible;

/// An invisible character, which would make it another address; or the replacement for a character that a program could
/// not read.
fn unseen(address: &str) -> Option<String> {
    let c = address
        .chars()
        .find(|c| is_invisible(*c) || matches!(c, '\u{ad}' | '\u{fffd}'))?;
    let what = match c {
        '\u{fffd}' => "a character that was lost when the file was written",
        _ => "an invisible character",
    };
    Some(format!(
        "the address {address:?} has {what} (U+{:04X}) in it; type the address again",
        u32::from(c)
    ))
}

/// The advice for an invalid address, if its text shows the mistake: `Ada L <ada@example.com>`.
pub(crate) fn advice(address: &str) -> Option<String> {
    // The mistake is not in the address.
    if is_address(address) {
        return None;
    }
    if let Some(text) = unseen(address) {
        return Some(text);
    }
    let mut found: Vec<&str> = address
        .split(|c: char| c.is_whitespace() || "<>()[]\",;=".contains(c))
        .map(|part| {
            let part = part.trim_matches(['\'', ':']);
            part.strip_prefix("mailto:").unwrap_or(part)
        })
        .filter(|part| is_address(part))
        .collect();
    found.dedup();
    match found[..] {
        [] => None,
        [one] => Some(format!("{address:?} is not only an address; write {one}")),
        [..] => Some(format!(
            "{address:?} has {} addresses; list each one separately",
            found.len()
        )),
    }
}

fn is_address(text: &str) -> bool {
    let person = NewInvite::new(text, Permission::Read, TimeDelta::days(1));
    Roster::problems(&[person]).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_valid_address_gets_no_advice() {
        assert_eq!(advice("ada@example.com"), None);
    }

    #[test]
    fn no_address_has_a_character_that_nobody_sees() {
        for c in ('\0'..='\u{ffff}').filter(|c| c.is_control() || is_invisible(*c)) {
            assert!(!is_address(&format!("a{c}da@example.com")), "{c:?}");
            assert!(!is_address(&format!("ada@exam{c}ple.com")), "{c:?}");
        }
        assert!(!is_address("j\u{fffd}rg@example.com"));
        assert!(!is_address("a\u{ad}da@example.com"));
    }

    #[test]
    fn the_advice_is_the_address_alone() {
        for (text, wanted) in [
            ("Ada L <ada@example.com>", Some("write ada@example.com")),
            (
                "Ada <o'neil@example.com> (work)",
                Some("write o'neil@example.com"),
            ),
            ("=\"ada@example.com\"", Some("write ada@example.com")),
            (
                "<ada@example.com> mailto:ada@example.com",
                Some("write ada@example.com"),
            ),
            ("ada@example.com, bob@example.com", Some("2 addresses")),
            ("ada@example.com/bob@example.com", None),
            ("nobody", None),
        ] {
            let advice = advice(text);
            assert_eq!(advice.is_some(), wanted.is_some(), "{text}: {advice:?}");
            assert!(
                advice
                    .unwrap_or_default()
                    .contains(wanted.unwrap_or_default()),
                "{text}"
            );
        }
    }
}
