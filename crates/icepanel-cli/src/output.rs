//! How results are written.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::sync::{Arc, OnceLock};

use serde::Serialize;
use terminal_size::Width;

use crate::advice::Context;
use crate::errors::Failure;
use crate::format::{ColorChoice, Format, is_dumb, styled};
use crate::screen::Screen;
use crate::table::{self, Look, Row};
use crate::text::printable;
use crate::{csv, markdown};

/// The outputs for results and messages, and their form.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    pub(crate) format: Format,
    /// What the output supports.
    pub(crate) look: Look,
    /// The error output.
    pub(crate) screen: Screen,
    /// Whether the error output supports colour.
    stderr_color: bool,
    /// Whether nothing but results and errors is written.
    quiet: bool,
    /// The settings for errors, once they are known.
    context: Arc<OnceLock<Context>>,
}

impl Output {
    pub(crate) fn new(format: Format, color: ColorChoice, quiet: bool) -> Self {
        Self {
            format,
            look: Look {
                color: color.on(io::stdout().is_terminal()),
                width: terminal_size::terminal_size_of(io::stdout())
                    .map(|(Width(columns), _)| columns),
            },
            screen: Screen::default(),
            quiet,
            stderr_color: color.on(io::stderr().is_terminal()),
            context: Arc::default(),
        }
    }

    /// From now on errors can name these settings.
    pub(crate) fn knows(&self, context: Context) {
        let _ = self.context.set(context);
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

    /// Writes rows, or `json` as JSON. `none` is printed on the error output if the table would be empty.
    pub(crate) fn rows<R: Row>(
        &self,
        json: &impl Serialize,
        rows: &[R],
        none: &str,
    ) -> Result<(), Failure> {
        match self.format {
            Format::Json => self.json(json),
            Format::Csv => self.write(|out| csv::write(out, R::FIELDS, rows)),
            _ if rows.is_empty() => {
                self.say(none);
                Ok(())
            }
            Format::Table => {
                let table = table::lines(rows, self.look);
                self.write(|out| writeln!(out, "{table}"))
            }
            Format::Markdown => {
                let table = markdown::table(rows);
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

    /// A message to the user, on the error output.
    pub(crate) fn say(&self, words: &str) {
        if !self.quiet {
            self.screen.line(words);
        }
    }

    /// Whether a progress bar can be drawn on the error output.
    pub(crate) fn takes_bar(&self) -> bool {
        let people = matches!(self.format, Format::Table | Format::Markdown);
        people && !self.quiet && io::stderr().is_terminal() && !is_dumb()
    }

    /// A warning to the user, on the error output.
    pub(crate) fn warn(&self, words: &str) {
        let name = styled(self.stderr_color, "33;1", "warning:");
        self.say(&format!("{name} {}", printable(words)));
    }

    /// Text in a style, if the output supports colour.
    pub(crate) fn style(&self, codes: &str, text: &str) -> String {
        styled(self.look.color, codes, text)
    }

    /// Prints a failure on the error output, and returns the exit code.
    pub(crate) fn report(&self, failure: &Failure) -> u8 {
        failure.report(self.format, self.stderr_color, self.context.get())
    }

    /// Text in a style, if the error output supports colour.
    pub(crate) fn stderr_style(&self, codes: &str, text: &str) -> String {
        styled(self.stderr_color, codes, text)
    }
}
