//! Text for a terminal.

use std::fmt::Write;

/// Makes every character visible: text of the service must not move the cursor, colour the screen or reverse the line.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || is_invisible(c) {
            // Writing to a string cannot fail.
            let _ = write!(shown, "{}", c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Characters without width of their own, and those that change the direction of the line.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

/// The first paragraph of an error of the argument parser, on one line and without its prefix: what is wrong.
pub(crate) fn first_paragraph(text: &str) -> String {
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    line.strip_prefix("error: ").unwrap_or(&line).to_owned()
}

/// A number of things: `1 person`, `2 people`.
pub(crate) fn count(number: u64, one: &str, more: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        number => format!("{number} {more}"),
    }
}

/// A word for a shell, quoted if it has to be.
pub(crate) fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_can_steer_the_terminal() {
        assert_eq!(printable("ada@example.com"), "ada@example.com");
        assert_eq!(printable("Zoë 李"), "Zoë 李");
        assert_eq!(printable("a\u{1b}[2Jb"), "a\\u{1b}[2Jb");
        assert_eq!(
            printable("a\nb\u{202e}c\u{9b}"),
            "a\\u{a}b\\u{202e}c\\u{9b}"
        );
    }

    #[test]
    fn a_shell_reads_a_word_as_it_was() {
        assert_eq!(shell_word("ada@example.com"), "ada@example.com");
        assert_eq!(shell_word("a b"), "'a b'");
        assert_eq!(shell_word("o'neil@example.com"), r"'o'\''neil@example.com'");
        assert_eq!(shell_word("$(x)"), "'$(x)'");
        assert_eq!(shell_word(""), "''");
    }

    #[test]
    fn the_first_paragraph_says_what_is_wrong() {
        assert_eq!(
            first_paragraph("error: the following are missing:\n  <EMAIL>\n\nUsage: x\n"),
            "the following are missing: <EMAIL>"
        );
        assert_eq!(first_paragraph(""), "");
    }
}
