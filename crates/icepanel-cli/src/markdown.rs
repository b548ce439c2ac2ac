//! Tables in Markdown, for the comment of a pull request.

use crate::table::Row;

/// The rows under their headings, without a line break at the end.
pub(crate) fn table<R: Row>(rows: &[R]) -> String {
    let mut text = line(R::HEADINGS.iter().map(|heading| (*heading).to_owned()));
    text.push_str(&line(R::HEADINGS.iter().map(|_| "---".to_owned())));
    for row in rows {
        text.push_str(&line(row.cells().iter().map(|cell| escaped(cell.text()))));
    }
    text.truncate(text.trim_end().len());
    text
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.collect();
    format!("| {} |\n", cells.join(" | "))
}

/// Text that is shown as it is: it forms no link, no mention, no image, no heading and no other cell. Special text is
/// in a code span, or an entity if it would end the code span.
pub(crate) fn escaped(text: &str) -> String {
    let harmless = |c: char| c.is_alphanumeric() || " ,;'()%".contains(c);
    let mut chars = text.chars().peekable();
    let mut plain = true;
    while let (true, Some(c)) = (plain, chars.next()) {
        plain = harmless(c)
            // Within a word they could be a host name or a list.
            || (matches!(c, '.' | ':') && chars.peek().is_none_or(|next| *next == ' '));
    }
    match text {
        "" => String::new(),
        "+" | "~" | "-" | "=" => format!("`{text}`"),
        text if plain => text.to_owned(),
        text if !text.contains(['`', '|', '\\']) => format!("`{text}`"),
        text => {
            let mut code = String::from("<code>");
            for c in text.chars() {
                match c.is_ascii_punctuation() {
                    true => code.push_str(&format!("&#{};", u32::from(c))),
                    false => code.push(c),
                }
            }
            code + "</code>"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Cell;
    use serde::Serialize;

    #[derive(Serialize)]
    struct Line(&'static str);

    impl Row for Line {
        const HEADINGS: &'static [&'static str] = &["", "name"];
        const FIELDS: &'static [&'static str] = &[];
        fn cells(&self) -> Vec<Cell> {
            vec![Cell::plain("+"), Cell::plain(self.0)]
        }
    }

    #[test]
    fn a_table_has_a_line_a_row() {
        assert_eq!(
            table(&[Line("not on the roster"), Line("ada@example.com")]),
            "|  | name |\n| --- | --- |\n| `+` | not on the roster |\n| `+` | `ada@example.com` |"
        );
    }

    #[test]
    fn foreign_text_is_shown_as_it_is() {
        for (text, shown) in [
            ("Ada, Countess (of Lovelace)", "Ada, Countess (of Lovelace)"),
            ("@everyone", "`@everyone`"),
            ("<img src=x>", "`<img src=x>`"),
            ("![x](https://example.com)", "`![x](https://example.com)`"),
            ("www.example.com", "`www.example.com`"),
            ("a: b. c.", "a: b. c."),
            ("*x*", "`*x*`"),
            ("a|b", "<code>a&#124;b</code>"),
            ("`a`", "<code>&#96;a&#96;</code>"),
            ("\\", "<code>&#92;</code>"),
            // Made visible by the cell.
            ("a\nb", "<code>a&#92;u&#123;a&#125;b</code>"),
        ] {
            assert_eq!(escaped(Cell::plain(text).text()), shown, "{text:?}");
        }
    }
}
