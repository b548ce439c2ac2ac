//! How far a run is: a bar with the time left on a terminal, lines elsewhere.

use std::io::{self, IsTerminal, Write};

use icepanel_invites::{Outcome, Progress};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use crate::format::Format;
use crate::output::Output;
use crate::text::printable;
use crate::time;

/// Where progress is shown: on the error output.
pub(crate) struct Shown {
    format: Format,
    bar: Option<ProgressBar>,
}

impl Shown {
    pub(crate) fn new(steps: usize, output: &Output) -> Self {
        let bar = (output.format != Format::Json && io::stderr().is_terminal()).then(|| {
            let bar =
                ProgressBar::with_draw_target(Some(steps as u64), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Self {
            format: output.format,
            bar,
        }
    }

    /// A step has ended.
    pub(crate) fn tell(&self, progress: &Progress<'_>) {
        let line = progress.line;
        let told = format!(
            "{}: {}, {}",
            printable(&line.email),
            line.outcome,
            printable(&line.note)
        );
        if let Some(bar) = &self.bar {
            bar.set_position(progress.done as u64);
            bar.set_message(format!("{} left", time::about(progress.left)));
            if !matches!(line.outcome, Outcome::Done | Outcome::Kept) {
                bar.println(told);
            }
            return;
        }
        if self.format != Format::Json && line.outcome == Outcome::Kept {
            // The report has them.
            return;
        }
        let text = match self.format {
            Format::Json => json!({ "progress": progress }).to_string(),
            _ => format!(
                "{}/{} {told}; {} left",
                progress.done,
                progress.total,
                time::about(progress.left)
            ),
        };
        // The run does not depend on it.
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// A word to a person.
    pub(crate) fn say(&self, words: &str) {
        match (&self.bar, self.format) {
            (Some(bar), _) => bar.println(words),
            (None, Format::Json) => {}
            (None, _) => {
                let _ = writeln!(io::stderr().lock(), "{words}");
            }
        }
    }

    /// The run has ended.
    pub(crate) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
