//! CSV as RFC 4180 has it, but with the line ends of this system's other tools.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

/// Writes a header and a line for each row: the named fields of its JSON. A field that is not there is empty, an
/// object is JSON again. Data is never altered, so a cell may begin with `=`.
pub(crate) fn write<T: Serialize>(
    out: &mut dyn Write,
    fields: &[&str],
    rows: &[T],
) -> io::Result<()> {
    line(out, fields.iter().copied())?;
    for row in rows {
        let row = serde_json::to_value(row)?;
        let cells: Vec<String> = fields.iter().map(|field| cell(&row[*field])).collect();
        line(out, cells.iter().map(String::as_str))?;
    }
    Ok(())
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn line<'a>(out: &mut dyn Write, cells: impl Iterator<Item = &'a str>) -> io::Result<()> {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        let plain = !cell.contains(['"', ',', '\r', '\n'])
            && !cell.starts_with(char::is_whitespace)
            && !cell.ends_with(char::is_whitespace);
        if plain {
            out.write_all(cell.as_bytes())?;
        } else {
            write!(out, "\"{}\"", cell.replace('"', "\"\""))?;
        }
    }
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn text(fields: &[&str], rows: &[Value]) -> String {
        let mut out = Vec::new();
        write(&mut out, fields, rows).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_field_is_quoted_where_it_must_be_and_never_altered() {
        let row = json!({"a": "x,y", "b": "say \"hi\"", "c": "=1+1", "d": "two\nlines", "e": " x", "f": null, "g": {"k": true}, "h": 3});
        assert_eq!(
            text(&["a", "b", "c", "d", "e", "f", "g", "h", "missing"], &[row]),
            "a,b,c,d,e,f,g,h,missing\n\"x,y\",\"say \"\"hi\"\"\",=1+1,\"two\nlines\",\" x\",,\"{\"\"k\"\":true}\",3,\n"
        );
    }

    #[test]
    fn no_rows_are_a_header() {
        assert_eq!(text(&["a", "b"], &[]), "a,b\n");
    }

    /// A reader by the book.
    fn read(text: &str) -> Vec<Vec<String>> {
        let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
        let mut quoted = false;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' if quoted && chars.peek() == Some(&'"') => {
                    cell.push('"');
                    chars.next();
                }
                '"' => quoted = !quoted,
                ',' if !quoted => row.push(std::mem::take(&mut cell)),
                '\n' if !quoted => {
                    row.push(std::mem::take(&mut cell));
                    rows.push(std::mem::take(&mut row));
                }
                c => cell.push(c),
            }
        }
        rows
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(a in "(?s).*", b in "[\",\r\n a=]*") {
            let rows = read(&text(&["a", "b"], &[json!({"a": a, "b": b})]));
            prop_assert_eq!(&rows[1], &vec![a, b]);
        }
    }
}
