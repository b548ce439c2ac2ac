//! The API key, and how it is kept out of texts.

/// The API key. Nothing prints it.
#[derive(Clone)]
pub(crate) struct Secret(pub(crate) String);

impl Secret {
    /// A text of the service's without the key, and without the half of it that is secret.
    pub(crate) fn hide(&self, text: &str) -> String {
        let secret = self.0.rsplit(':').next().unwrap_or_default();
        let text = text.replace(&self.0, "…");
        // Something so short would stand in innocent words.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_and_its_secret_half_are_hidden_and_innocent_words_are_not() {
        let hide = |key: &str, text| Secret(key.to_owned()).hide(text);
        assert_eq!(hide("id:12345678", "id:12345678 12345678"), "… …");
        assert_eq!(hide("id:1234567", "id:1234567 1234567"), "… 1234567");
        assert_eq!(hide("id:as", "as id:as"), "as …");
        assert_eq!(format!("{:?}", Secret("id:12345678".to_owned())), "…");
    }
}
