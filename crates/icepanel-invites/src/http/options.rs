//! Checks before anything is sent.

use std::time::Duration;

use crate::error::InviteError;

/// A value without surrounding white space, line ends and a byte order mark. Quotes are an error: a shell removes them,
/// but a file that no shell reads still has them.
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

/// A PEM text: a byte order mark, indented lines, and line breaks written as `\n` in a variable are
/// accepted; other surrounding text is an error.
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

/// Checks that a key fits in a header. The message never shows it.
pub(crate) fn api_key(key: &str) -> Result<(), InviteError> {
    if key.is_empty() {
        return Err(InviteError::invalid_input("the API key is empty"));
    }
    if let Some(at) = key.bytes().position(|byte| !byte.is_ascii_graphic()) {
        return Err(InviteError::invalid_input(format!(
            "the API key has a character at position {} that is not allowed in a key: a space, a line break, or a character that is not ASCII",
            at + 1
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pem_text_in_utf_16_is_named_and_a_single_quote_is_no_pair() {
        for text in [&b"\xff\xfe-\0"[..], b"\xfe\xff\0-"] {
            let error = pem("the certificate", text).expect_err("UTF-16");
            assert!(
                error
                    .message()
                    .contains("the certificate is written in UTF-16"),
                "{error}"
            );
        }
        assert_eq!((bare(" ' "), bare("it's'")), (Ok("'"), Ok("it's'")));
        assert!(bare(" '' ").is_err());
    }
}
