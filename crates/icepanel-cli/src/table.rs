//! Tables for people.

use std::collections::HashSet;

use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};
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

    /// In an ANSI colour, if the output supports it.
    pub(crate) fn coloured(text: impl AsRef<str>, color: &'static str) -> Self {
        Self {
            color: Some(color),
            ..Self::plain(text)
        }
    }

    /// What is shown.
    pub(crate) fn text(&self) -> &str {
        &self.text
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

/// What the output supports.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Look {
    /// Whether it supports colour.
    pub(crate) color: bool,
    /// Its width; none if lines are not cut.
    pub(crate) width: Option<u16>,
}

/// The rows under their headings, without a line break at the end.
pub(crate) fn lines<R: Row>(rows: &[R], look: Look) -> String {
    groups(&[rows], look)
}

/// Groups of rows under the same headings, with an empty line between two.
pub(crate) fn groups<R: Row>(groups: &[impl AsRef<[R]>], look: Look) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(R::HEADINGS);
    if let Some(width) = look.width {
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(width);
    }
    let mut colors = Vec::new();
    let mut coloured = HashSet::new();
    for (index, group) in groups.iter().enumerate() {
        if index > 0 {
            table.add_row([""]);
        }
        for row in group.as_ref() {
            let cells = row.cells().into_iter().enumerate();
            table.add_row(cells.map(|(column, cell)| match cell.color {
                Some(code) => {
                    coloured.insert(column);
                    colors.push(code);
                    format!("{BEGIN}{}{END}", cell.text)
                }
                _ => cell.text,
            }));
        }
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        // A coloured word is short. Broken into two lines, it would colour the text between them.
        if coloured.contains(&index) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    paint(&table.trim_fmt(), &colors, look.color)
}

/// Puts each colour in the place that was marked for it, or none.
fn paint(text: &str, colors: &[&str], color: bool) -> String {
    let mut colors = colors.iter();
    let mut painted = String::with_capacity(text.len() + colors.len() * 8);
    for c in text.chars() {
        match c {
            BEGIN | END if !color => {}
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

    const COLOUR: Look = Look {
        color: true,
        width: None,
    };

    const ROWS: &[Line] = &[
        Line("李@example.com", "active"),
        Line("b\u{1b}[31m\u{2061}", "no"),
    ];

    #[test]
    fn columns_are_straight_and_nothing_in_a_cell_is_a_command() {
        assert_eq!(
            lines(ROWS, Look::default()),
            "name                 state   last\n\
             李@example.com       active  x\n\
             b\\u{1b}[31m\\u{2061}  no      x"
        );
    }

    #[test]
    fn colour_changes_no_column() {
        let coloured = lines(ROWS, COLOUR);
        assert!(
            coloured.contains("\u{1b}[32mactive\u{1b}[0m  x"),
            "{coloured}"
        );
        let bare = coloured.replace("\u{1b}[32m", "").replace("\u{1b}[0m", "");
        assert_eq!(bare, lines(ROWS, Look::default()));
    }

    #[test]
    fn a_table_fits_the_terminal_and_groups_are_separate() {
        let look = Look {
            color: false,
            width: Some(24),
        };
        let text = groups(&[ROWS, ROWS], look);
        assert!(
            text.lines().all(|line| line.chars().count() <= 24),
            "{text}"
        );
        assert_eq!(text.matches("\n\n").count(), 1, "{text}");
        assert!(text.contains("active"), "{text}");
    }
}
