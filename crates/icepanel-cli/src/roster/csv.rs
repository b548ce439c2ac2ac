//! CSV with a header row: `email,permission,expires,landscapes`.

use super::{Entries, Entry, FIELDS, Problem, Value};

pub(super) fn entries(text: &str) -> Entries {
    let (mut entries, mut problems) = (Vec::new(), Vec::new());
    let mut reader = ::csv::ReaderBuilder::new()
        .trim(::csv::Trim::All)
        .from_reader(text.as_bytes());
    let columns: Vec<String> = match reader.headers() {
        Ok(headers) => headers.iter().map(str::to_lowercase).collect(),
        Err(error) => return (entries, vec![problem(&error)]),
    };
    for (at, column) in columns.iter().enumerate() {
        if !FIELDS.contains(&column.as_str()) {
            let text = format!(
                "there is no column {column:?}; the columns are {}",
                FIELDS.join(", ")
            );
            problems.push(Problem::new(1, text));
        } else if columns[..at].contains(column) {
            problems.push(Problem::new(
                1,
                format!("the column {column} is there twice"),
            ));
        }
    }
    for needed in &FIELDS[..2] {
        if !columns.iter().any(|column| column == needed) {
            problems.push(Problem::new(1, format!("the column {needed} is missing")));
        }
    }
    if !problems.is_empty() {
        return (entries, problems);
    }
    for record in reader.records() {
        match record {
            Ok(record) => entries.push(Entry {
                line: record.position().map_or(0, line),
                // An empty cell says nothing.
                fields: columns
                    .iter()
                    .zip(&record)
                    .filter(|(_, cell)| !cell.is_empty())
                    .map(|(column, cell)| (column.clone(), value(column, cell)))
                    .collect(),
            }),
            Err(error) => problems.push(problem(&error)),
        }
    }
    (entries, problems)
}

/// Landscapes may be JSON, as other commands write them.
fn value(column: &str, cell: &str) -> Value {
    if column == "landscapes"
        && let Ok(map) = serde_json::from_str::<serde_json::Map<_, _>>(cell)
    {
        return Value::Map(
            map.into_iter()
                .map(|(id, allowed): (String, serde_json::Value)| (id, allowed.to_string()))
                .collect(),
        );
    }
    Value::Text(cell.to_owned())
}

fn line(position: &::csv::Position) -> usize {
    usize::try_from(position.line()).unwrap_or(usize::MAX)
}

fn problem(error: &::csv::Error) -> Problem {
    let at = error.position().map_or(1, line);
    let text = match error.kind() {
        ::csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!("{len} fields, where the header has {expected_len}"),
        _ => error.to_string(),
    };
    Problem::new(at, text)
}
