//! How results are written.

use std::io::{self, BufWriter, IsTerminal, Write};

use clap::ValueEnum;
use serde::Serialize;

use crate::args::Global;
use crate::errors::Failure;
use crate::rows::Row;
use crate::{csv, table};

/// How results are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table for people
    #[default]
    Table,
    /// JSON, in the API's own words
    Json,
    /// CSV with a header row, in the API's own words
    Csv,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl ColorChoice {
    fn on(self, is_terminal: bool) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
                let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
                is_terminal && !set("NO_COLOR") && !dumb
            }
        }
    }
}

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
    pub(crate) fn new(global: &Global) -> Self {
        Self {
            format: global.output,
            color: global.color.on(io::stdout().is_terminal()),
            stderr_color: global.color.on(io::stderr().is_terminal()),
        }
    }

    /// In this form, without colour.
    pub(crate) fn plain(format: Format) -> Self {
        Self {
            format,
            color: false,
            stderr_color: false,
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

    /// Text in a style, if the error output takes colour.
    pub(crate) fn stderr_style(&self, codes: &str, text: &str) -> String {
        styled(self.stderr_color, codes, text)
    }
}

fn styled(color: bool, codes: &str, text: &str) -> String {
    if color {
        format!("\u{1b}[{codes}m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_needs_a_terminal_or_a_word() {
        assert!(ColorChoice::Always.on(false));
        assert!(!ColorChoice::Never.on(true));
        assert!(!ColorChoice::Auto.on(false));
    }
}
