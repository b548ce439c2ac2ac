//! CSV with a row of column names, as spreadsheets, HR systems and identity providers write it.

use ::csv::{Reader, ReaderBuilder, StringRecord};

use super::columns::{self, Columns};
use super::encoding::Text;
use super::lines::{Lines, line_at};
use super::options::Reading;
use super::{Entries, Entry, LANDSCAPES, Problem, Value, quotes};
use crate::csv::unguarded;

/// The separators of cells, the most likely first.
const SEPARATORS: &[u8] = b",;\t|";
/// How many rows of a title may be before the one with the names of the columns.
const LONGEST_TITLE: usize = 20;

pub(super) fn entries(file: &Text, reading: &Reading) -> Entries {
    read(file, reading).unwrap_or_else(|problems| (Vec::new(), problems))
}

fn read(file: &Text, reading: &Reading) -> Result<Entries, Vec<Problem>> {
    let (declared, start) = declared(&file.text);
    let body = &file.text[start..];
    let before = line_at(&file.text, start) - 1;
    table(body, declared, file.is_certain, reading).map_or_else(
        |mut problems| {
            move_down(&mut problems, before);
            Err(problems)
        },
        |(mut entries, mut problems)| {
            entries.iter_mut().for_each(|entry| entry.line += before);
            move_down(&mut problems, before);
            Ok((entries, problems))
        },
    )
}

fn move_down(problems: &mut [Problem], by: usize) {
    problems.iter_mut().for_each(|problem| problem.line += by);
}

/// Excel's own first line, `sep=;`: the separator, and where the table begins.
fn declared(text: &str) -> (Option<u8>, usize) {
    let end = text.find(['\r', '\n']).unwrap_or(text.len());
    let line = text[..end].trim_matches('"');
    let is_it = line
        .get(..4)
        .is_some_and(|key| key.eq_ignore_ascii_case("sep="));
    match line.as_bytes() {
        [_, _, _, _, separator] if is_it && SEPARATORS.contains(separator) => {
            (Some(*separator), end)
        }
        _ => (None, 0),
    }
}

fn table(
    text: &str,
    declared: Option<u8>,
    is_certain: bool,
    reading: &Reading,
) -> Result<Entries, Vec<Problem>> {
    let separator = declared.unwrap_or_else(|| separator(text, reading));
    let mut problems = quotes::problems(text, separator);
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut rows = Rows::new(text, separator);
    let Some(first) = rows.next() else {
        return Err(vec![Problem::new(1, "the file has no rows")]);
    };
    let first = first.map_err(|problem| vec![problem])?;
    if !columns::names_columns(&first.cells, reading)
        && let Some(line) = line_of_names(rows.by_ref(), reading)
    {
        let text =
            format!("the names of the columns are in line {line} only; delete the lines before it");
        return Err(vec![Problem::new(first.line, text)]);
    }
    let header = Header {
        line: first.line,
        columns: columns::find(&first.cells, reading).map_err(|wrong| {
            let wrong = wrong.into_iter();
            wrong
                .map(|text| Problem::new(first.line, text))
                .collect::<Vec<_>>()
        })?,
        names: first.cells,
        is_certain,
        ignores_others: reading.ignore_other_columns,
    };
    let mut entries = Vec::new();
    for row in rows {
        match row.and_then(|row| header.entry(row)) {
            Ok(entry) => entries.push(entry),
            Err(problem) => problems.push(problem),
        }
    }
    Ok((entries, problems))
}

/// The separator with which a column of addresses is found first; otherwise the one with the most cells.
fn separator(text: &str, reading: &Reading) -> u8 {
    let rank = |separator: u8| {
        let rows = Rows::new(text, separator).take(1 + LONGEST_TITLE).flatten();
        let rows: Vec<Row> = rows.collect();
        let names = rows
            .iter()
            .position(|row| columns::names_columns(&row.cells, reading));
        let cells = rows
            .get(names.unwrap_or(0))
            .map_or(0, |row| row.cells.len());
        (names.unwrap_or(usize::MAX), std::cmp::Reverse(cells))
    };
    let best = SEPARATORS
        .iter()
        .copied()
        .min_by_key(|separator| rank(*separator));
    best.unwrap_or(b',')
}

/// The line of the row with the names of the columns, if it follows soon.
fn line_of_names<'a>(
    rows: impl Iterator<Item = Result<Row, Problem>> + 'a,
    reading: &Reading,
) -> Option<usize> {
    rows.take(LONGEST_TITLE)
        .flatten()
        .find(|row| columns::names_columns(&row.cells, reading))
        .map(|row| row.line)
}

/// A row that is not empty, and the line in which it begins.
struct Row {
    line: usize,
    /// Without the blanks around them.
    cells: Vec<String>,
}

struct Rows<'a> {
    reader: Reader<&'a [u8]>,
    text: &'a str,
    lines: Lines<'a>,
    record: StringRecord,
}

impl<'a> Rows<'a> {
    fn new(text: &'a str, separator: u8) -> Self {
        let reader = ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        Self {
            reader,
            text,
            lines: Lines::new(text),
            record: StringRecord::new(),
        }
    }

    /// Where the record begins. The csv crate says where the one before ended.
    fn line(&mut self) -> usize {
        let position = self.record.position().map_or(0, ::csv::Position::byte);
        let at = usize::try_from(position).unwrap_or(usize::MAX);
        let breaks = self.text.get(at..).unwrap_or_default().bytes();
        let breaks = breaks.take_while(|byte| matches!(byte, b'\r' | b'\n'));
        self.lines.of(at + breaks.count())
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.reader.read_record(&mut self.record) {
                Ok(false) => return None,
                Ok(true) if self.record.iter().all(|cell| cell.trim().is_empty()) => {}
                Ok(true) => {
                    return Some(Ok(Row {
                        line: self.line(),
                        cells: self
                            .record
                            .iter()
                            .map(|cell| cell.trim().to_owned())
                            .collect(),
                    }));
                }
                Err(error) => return Some(Err(Problem::new(self.line(), error.to_string()))),
            }
        }
    }
}

struct Header {
    line: usize,
    names: Vec<String>,
    columns: Columns,
    is_certain: bool,
    ignores_others: bool,
}

impl Header {
    fn entry(&self, row: Row) -> Result<Entry, Problem> {
        let Row { line, cells } = row;
        let wrong = |text| Err(Problem::new(line, text));
        let named = self.names.iter().rposition(|name| !name.is_empty());
        let named = named.map_or(0, |last| last + 1);
        let beyond = cells.get(self.names.len()..).unwrap_or_default();
        if cells.len() < named || beyond.iter().any(|cell| !cell.is_empty()) {
            return wrong(format!(
                "{} cells, where line {} names {named} columns; a text with the separator in it needs quotes",
                cells.len(),
                self.line
            ));
        }
        let nameless = self
            .names
            .iter()
            .zip(&cells)
            .find(|(name, cell)| name.is_empty() && !cell.is_empty());
        if let (Some((_, cell)), false) = (nameless, self.ignores_others) {
            return wrong(format!(
                "{cell:?} is in a column without a name; name it in line {}, or pass --ignore-other-columns",
                self.line
            ));
        }
        let mut fields = Vec::with_capacity(self.columns.0.len());
        for (at, field) in &self.columns.0 {
            // An empty cell says nothing.
            let Some(cell) = cells.get(*at).filter(|cell| !cell.is_empty()) else {
                continue;
            };
            if !self.is_certain && !cell.is_ascii() {
                return wrong(format!(
                    "{cell:?} cannot be read, because the file is not UTF-8; save it as CSV UTF-8"
                ));
            }
            let cell = unguarded(cell).to_owned();
            fields.push(((*field).into(), value(field, cell)));
        }
        Ok(Entry { line, fields })
    }
}

/// Landscapes may be JSON, as other commands write them.
fn value(field: &str, cell: String) -> Value {
    match super::json::pairs(&cell) {
        Some(pairs) if field == LANDSCAPES => Value::Map(pairs),
        _ => Value::Text(cell),
    }
}
