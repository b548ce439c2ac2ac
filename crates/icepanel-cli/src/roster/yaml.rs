//! YAML: a list of mappings with the fields of a person. Aliases are rejected: a list of people needs none, and a few
//! of them can expand to more than fits in memory.

use std::collections::HashSet;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::{Entries, Entry, Problem, Value};

pub(super) fn entries(text: &str) -> Entries {
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        problems: Vec::new(),
    };
    let mut entries = Vec::new();
    if let Err(problem) = reader.document(&mut entries) {
        reader.problems.push(problem);
    }
    // What is missing at the end is missing one line further down, for the parser.
    let last = last_line(text);
    for problem in &mut reader.problems {
        problem.line = problem.line.min(last);
    }
    (entries, reader.problems)
}

/// The number of the last line that has something in it, as YAML breaks lines.
fn last_line(text: &str) -> usize {
    let text = text.trim_end();
    let breaks = text.match_indices(['\n', '\r']);
    1 + breaks
        .filter(|(at, found)| *found == "\n" || !text[at + 1..].starts_with('\n'))
        .count()
}

/// Also for a file with only comments, which was moved or never written.
const NO_LIST: &str = "not a list of people; a roster of nobody is written []";

struct Reader<'a> {
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
    problems: Vec<Problem>,
}

type Read<T> = Result<T, Problem>;

impl<'a> Reader<'a> {
    fn next(&mut self) -> Read<(Event<'a>, Span)> {
        match self.parser.next() {
            Some(Ok((Event::Alias(_), span))) => Err(at(&span, "an alias; write the person out")),
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(Problem::new(error.marker().line().max(1), error.info())),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn document(&mut self, entries: &mut Vec<Entry>) -> Read<()> {
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamStart | Event::DocumentStart(_) | Event::Nothing => {}
                Event::StreamEnd => return Err(Problem::new(1, NO_LIST)),
                Event::SequenceStart(..) => break,
                _ => return Err(at(&span, NO_LIST)),
            }
        }
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::SequenceEnd => break,
                Event::MappingStart(..) => {
                    let entry = self.person(&span)?;
                    entries.push(entry);
                }
                other => {
                    self.problems
                        .push(at(&span, "not a person: write email: and permission:"));
                    self.skip(&other)?;
                }
            }
        }
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(()),
                Event::DocumentEnd => {}
                _ => return Err(at(&span, "more than one document")),
            }
        }
    }

    fn person(&mut self, start: &Span) -> Read<Entry> {
        let mut fields = Vec::new();
        let mut names = HashSet::new();
        loop {
            let (event, span) = self.next()?;
            let field = match event {
                Event::MappingEnd => break,
                Event::Scalar(text, ..) => text.into_owned(),
                _ => return Err(at(&span, "not the name of a field")),
            };
            if !names.insert(field.clone()) {
                self.problems
                    .push(at(&span, format!("{field} occurs twice")));
            }
            let (event, _) = self.next()?;
            match event {
                Event::Scalar(text, style, ..) => {
                    if !is_null(&text, style) {
                        fields.push((field.into(), Value::Text(text.into_owned())));
                    }
                }
                Event::MappingStart(..) => {
                    let pairs = self.pairs()?;
                    fields.push((field.into(), Value::Map(pairs)));
                }
                other => {
                    fields.push((field.into(), Value::List));
                    self.skip(&other)?;
                }
            }
        }
        Ok(Entry {
            line: start.start.line().max(1),
            fields,
        })
    }

    fn pairs(&mut self) -> Read<Vec<(String, String)>> {
        let mut pairs = Vec::new();
        loop {
            let (event, span) = self.next()?;
            let id = match event {
                Event::MappingEnd => return Ok(pairs),
                Event::Scalar(text, ..) => text.into_owned(),
                _ => return Err(at(&span, "not the id of a landscape")),
            };
            let (event, span) = self.next()?;
            let Event::Scalar(allowed, ..) = event else {
                return Err(at(
                    &span,
                    format!("the landscape {id} is neither true nor false"),
                ));
            };
            pairs.push((id, allowed.to_lowercase()));
        }
    }

    /// Goes to the end of what has begun with this event.
    fn skip(&mut self, begun: &Event<'_>) -> Read<()> {
        let mut depth = usize::from(opens(begun));
        while depth > 0 {
            let (event, _) = self.next()?;
            match event {
                Event::SequenceEnd | Event::MappingEnd => depth -= 1,
                Event::StreamEnd => return Ok(()),
                other => depth += usize::from(opens(&other)),
            }
        }
        Ok(())
    }
}

fn opens(event: &Event<'_>) -> bool {
    matches!(event, Event::SequenceStart(..) | Event::MappingStart(..))
}

fn is_null(text: &str, style: ScalarStyle) -> bool {
    style == ScalarStyle::Plain && matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

fn at(span: &Span, text: impl Into<String>) -> Problem {
    Problem::new(span.start.line().max(1), text)
}
