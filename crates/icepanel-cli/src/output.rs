//! How results are written.

use std::io::{self, BufWriter, IsTerminal, Write};

use serde::Serialize;

use crate::csv;
use crate::errors::Failure;
use crate::format::{ColorChoice, Format, styled};
use crate::table::{self, Row};

/// Where results and words go, and in which form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    pub(crate) format: Format,
    /// Whether the output takes colour.
    pub(crate) color: bool,
    /// Whether the error output does.
    stderr_color: bool,
}

impl Output {
    pub(crate) fn new(format: Format, color: ColorChoice) -> Self {
        Self {
            format,
            color: color.on(io::stdout().is_terminal()),
            stderr_color: color.on(io::stderr().is_terminal()),
        }
    }

    /// Writes to the output, all of it or an error.
    pub(crate) fn write(
        &self,
        text: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let mut out = BufWriter::new(io::stdout().lock());
        text(&mut out)
            .and_then(|()| out.flush())
            .map_err(|error| Failure::output(&error))
    }

    /// Writes rows; as JSON what `json` is. `none` is said on the error output where a person would see an empty
    /// screen.
    pub(crate) fn rows<R: Row>(
        &self,
        json: &impl Serialize,
        rows: &[R],
        none: &str,
    ) -> Result<(), Failure> {
        match self.format {
            Format::Json => self.json(json),
            Format::Csv => self.write(|out| csv::write(out, R::FIELDS, rows)),
            Format::Table if rows.is_empty() => {
                self.say(none);
                Ok(())
            }
            Format::Table => {
                let table = table::lines(rows, self.color);
                self.write(|out| writeln!(out, "{table}"))
            }
        }
    }

    /// Writes a value as JSON.
    pub(crate) fn json(&self, value: &impl Serialize) -> Result<(), Failure> {
        self.write(|out| {
            serde_json::to_writer_pretty(&mut *out, value)?;
            writeln!(out)
        })
    }

    /// A word to a person, on the error output.
    pub(crate) fn say(&self, words: &str) {
        // The result does not depend on it.
        let _ = writeln!(io::stderr().lock(), "{words}");
    }

    /// Text in a style, if the output takes colour.
    pub(crate) fn style(&self, codes: &str, text: &str) -> String {
        styled(self.color, codes, text)
    }

    /// Tells of a failure on the error output, and returns the exit code.
    pub(crate) fn report(&self, failure: &Failure) -> u8 {
        failure.report(self.format, self.stderr_color)
    }
}
