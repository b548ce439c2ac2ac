//! Secrets, and how they are removed from texts.

use std::borrow::Cow;

use crate::error::InviteError;

/// An API key, a proxy URL with a password or a PEM text with a private key. Nothing prints it, and nothing but the
/// client reads it: `Debug` is `…`, and it has no `Display` and no form in JSON.
///
/// ```
/// use icepanel_invites::Secret;
///
/// let key = Secret::from("id:0123456789abcdef");
/// assert_eq!(format!("{key:?}"), "…");
/// ```
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// The secret as text. `what` names it in the error.
    pub(crate) fn text(&self, what: &str) -> Result<&str, InviteError> {
        std::str::from_utf8(&self.0)
            .map_err(|_| InviteError::invalid_input(format!("{what} is not UTF-8")))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// A text of the service without the key, and without its secret half.
    pub(crate) fn hide(&self, text: &str) -> String {
        let key: Cow<'_, str> = String::from_utf8_lossy(&self.0);
        let secret = key.rsplit(':').next().unwrap_or_default();
        let text = text.replace(&*key, "…");
        // A text so short would also occur in harmless words.
        if secret.len() < 8 {
            return text;
        }
        text.replace(secret, "…")
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

macro_rules! from {
    ($($text:ty),+) => {$(
        impl From<$text> for Secret {
            fn from(secret: $text) -> Self {
                Self(secret.into())
            }
        }
    )+};
}

from!(String, &str, Vec<u8>, &[u8]);

impl From<&String> for Secret {
    fn from(secret: &String) -> Self {
        secret.as_str().into()
    }
}

impl<const N: usize> From<&[u8; N]> for Secret {
    fn from(secret: &[u8; N]) -> Self {
        secret.as_slice().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_and_its_secret_half_are_hidden_and_innocent_words_are_not() {
        let hide = |key: &str, text| Secret::from(key).hide(text);
        assert_eq!(hide("id:12345678", "id:12345678 12345678"), "… …");
        assert_eq!(hide("id:1234567", "id:1234567 1234567"), "… 1234567");
        assert_eq!(hide("id:as", "as id:as"), "as …");
        assert_eq!(format!("{:?}", Secret::from("id:12345678")), "…");
    }
}
