//! Quotes in CSV, as in RFC 4180. The csv crate reads anything, and makes `bob@example.comx` of `"bob@example.com"x`;
//! such text is rejected here before.

use super::Problem;
use super::lines::Lines;

enum Place {
    /// Before the first character of a cell, and whether there were blanks.
    Start { blanks: bool },
    /// In a cell without quotes, where a quote is a character as any other.
    Plain,
    /// In quotes that were opened in this line.
    Quoted(usize),
    /// Behind what may be the closing quote of those.
    Closed(usize),
    /// Behind the closing quote of those, and blanks.
    Behind(usize),
}

/// The problems with the quotes. After quotes that are open over several lines no line is reliable, so the first such
/// problem is the last.
pub(super) fn problems(text: &str, separator: u8) -> Vec<Problem> {
    let (mut lines, mut problems) = (Lines::new(text), Vec::new());
    let mut place = Place::Start { blanks: false };
    for (at, byte) in text.bytes().enumerate() {
        let is_blank = byte == b' ' || byte == b'\t';
        let ends = byte == separator || byte == b'\r' || byte == b'\n';
        place = match place {
            Place::Quoted(open) if byte == b'"' => Place::Closed(open),
            Place::Quoted(open) => Place::Quoted(open),
            Place::Closed(open) if byte == b'"' => Place::Quoted(open),
            _ if ends => Place::Start { blanks: false },
            Place::Start { .. } if is_blank => Place::Start { blanks: true },
            Place::Start { blanks: false } if byte == b'"' => Place::Quoted(lines.of(at)),
            Place::Start { .. } if byte == b'"' => {
                problems.push(Problem::new(
                    lines.of(at),
                    "a blank before the opening quote of a cell; remove it",
                ));
                Place::Plain
            }
            Place::Closed(open) | Place::Behind(open) if is_blank => Place::Behind(open),
            Place::Closed(open) | Place::Behind(open) => {
                let line = lines.of(at);
                if open == line {
                    problems.push(Problem::new(
                        line,
                        "text behind the closing quote of a cell; write a quote that belongs to the text twice",
                    ));
                } else {
                    problems.push(Problem::new(line, format!(
                        "text behind the closing quote of a cell that begins in line {open}; see whether that cell has its closing quote"
                    )));
                    return problems;
                }
                Place::Plain
            }
            Place::Start { .. } | Place::Plain => Place::Plain,
        };
    }
    if let Place::Quoted(open) = place {
        problems.push(Problem::new(
            open,
            "the quote that opens here is never closed",
        ));
    }
    problems
}
