//! Tables for people.

use comfy_table::{Table, presets};
use serde::Serialize;

use crate::text::printable;

/// Where a coloured cell begins and ends. Both have no width, so that the columns stay straight, and neither can
/// be in a cell, where [`printable`] makes such characters visible.
const BEGIN: char = '\u{2061}';
const END: char = '\u{2062}';

/// A cell of a table.
#[derive(Debug)]
pub(crate) struct Cell {
    text: String,
    color: Option<&'static str>,
}

impl Cell {
    /// In the terminal's own colour.
    pub(crate) fn plain(text: impl AsRef<str>) -> Self {
        Self {
            text: printable(text.as_ref()),
            color: None,
        }
    }

    /// In an ANSI colour, if the output takes any.
    pub(crate) fn coloured(text: impl AsRef<str>, color: &'static str) -> Self {
        Self {
            color: Some(color),
            ..Self::plain(text)
        }
    }
}

/// One line of a result. As CSV it is the fields of its JSON.
pub(crate) trait Row: Serialize {
    /// The columns of the table.
    const HEADINGS: &[&str];
    /// The columns of the CSV: fields of the JSON.
    const FIELDS: &[&str];
    /// The line in the table.
    fn cells(&self) -> Vec<Cell>;
}

/// The rows under their headings, without a line break at the end.
pub(crate) fn lines<R: Row>(rows: &[R], color: bool) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(R::HEADINGS);
    let mut colors = Vec::new();
    for row in rows {
        table.add_row(row.cells().into_iter().map(|cell| match cell.color {
            Some(code) if color => {
                colors.push(code);
                format!("{BEGIN}{}{END}", cell.text)
            }
            _ => cell.text,
        }));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let text = table.trim_fmt();
    if colors.is_empty() {
        return text;
    }
    paint(&text, &colors)
}

/// Puts each colour in the place that was marked for it.
fn paint(text: &str, colors: &[&str]) -> String {
    let mut colors = colors.iter();
    let mut painted = String::with_capacity(text.len() + colors.len() * 8);
    for c in text.chars() {
        match c {
            BEGIN => {
                painted.push_str("\u{1b}[");
                painted.push_str(colors.next().unwrap_or(&"0"));
                painted.push('m');
            }
            END => painted.push_str("\u{1b}[0m"),
            c => painted.push(c),
        }
    }
    painted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Line(&'static str, &'static str);

    impl Row for Line {
        const HEADINGS: &[&str] = &["name", "state", "last"];
        const FIELDS: &[&str] = &[];
        fn cells(&self) -> Vec<Cell> {
            vec![
                Cell::plain(self.0),
                Cell::coloured(self.1, "32"),
                Cell::plain("x"),
            ]
        }
    }

    const ROWS: &[Line] = &[
        Line("李@example.com", "active"),
        Line("b\u{1b}[31m\u{2061}", "no"),
    ];

    #[test]
    fn columns_are_straight_and_nothing_in_a_cell_is_a_command() {
        assert_eq!(
            lines(ROWS, false),
            "name                 state   last\n\
             李@example.com       active  x\n\
             b\\u{1b}[31m\\u{2061}  no      x"
        );
    }

    #[test]
    fn colour_changes_no_column() {
        let coloured = lines(ROWS, true);
        assert!(
            coloured.contains("\u{1b}[32mactive\u{1b}[0m  x"),
            "{coloured}"
        );
        let bare = coloured.replace("\u{1b}[32m", "").replace("\u{1b}[0m", "");
        assert_eq!(bare, lines(ROWS, false));
    }
}
