//! CSV as RFC 4180 has it, but with the line ends of this system's other tools.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

/// Writes a header and a line for each row: the named fields of its JSON. A missing field is empty, an object is JSON
/// again. A cell that a spreadsheet would treat as a formula is [`guarded`].
pub(crate) fn write<T: Serialize>(
    out: &mut dyn Write,
    fields: &[&str],
    rows: &[T],
) -> io::Result<()> {
    let mut writer = ::csv::Writer::from_writer(out);
    writer.write_record(fields).map_err(io_error)?;
    for row in rows {
        let row = serde_json::to_value(row)?;
        let cells = fields.iter().map(|field| guarded(cell(&row[*field])));
        writer.write_record(cells).map_err(io_error)?;
    }
    writer.flush()
}

/// The character before a text that is not a formula.
const GUARD: char = '\'';

/// Whether a spreadsheet would compute the cell if it had no apostrophes before it.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches(GUARD)
        .starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A cell with an apostrophe before text that a spreadsheet would compute: an address may begin with `=` or `+`, and a
/// note comes from somebody else.
fn guarded(cell: String) -> String {
    match is_formula(&cell) {
        true => format!("{GUARD}{cell}"),
        false => cell,
    }
}

/// The cell without the apostrophe that [`guarded`] or a spreadsheet has written before it.
pub(crate) fn unguarded(cell: &str) -> &str {
    cell.strip_prefix(GUARD)
        .filter(|rest| is_formula(rest))
        .unwrap_or(cell)
}

/// The error of the output itself: its kind shows whether the reader has closed the pipe.
fn io_error(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
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
    fn a_field_is_quoted_where_it_must_be_and_a_formula_is_guarded() {
        let row = json!({"a": "x,y", "b": "say \"hi\"", "c": "=1+1", "i": "-2", "j": "'@x", "k": "'x", "d": "two\nlines", "e": " x", "f": null, "g": {"k": true}, "h": 3});
        assert_eq!(
            text(
                &[
                    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "missing"
                ],
                &[row]
            ),
            "a,b,c,d,e,f,g,h,i,j,k,missing\n\"x,y\",\"say \"\"hi\"\"\",'=1+1,\"two\nlines\", x,,\"{\"\"k\"\":true}\",3,'-2,''@x,'x,\n"
        );
    }

    #[test]
    fn no_rows_are_a_header() {
        assert_eq!(text(&["a", "b"], &[]), "a,b\n");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(a in "(?s).*", b in "[\",\r\n a='@+-]*") {
            let text = text(&["a", "b"], &[json!({"a": a, "b": b})]);
            let mut reader = ::csv::Reader::from_reader(text.as_bytes());
            let rows: Vec<Vec<String>> = reader.deserialize().map(Result::unwrap).collect();
            for cell in &rows[0] {
                prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{}", cell);
            }
            let read: Vec<&str> = rows[0].iter().map(|cell| unguarded(cell)).collect();
            prop_assert_eq!(read, [a, b]);
        }
    }
}
