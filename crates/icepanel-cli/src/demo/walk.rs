//! The output of the demo.

use std::cell::Cell;

use icepanel_invites::{InviteClient, InviteError};
use icepanel_sandbox::Sandbox;

use super::trace;
use crate::errors::Failure;
use crate::output::Output;
use crate::table::Look;
use crate::text::printable;

/// A running demo.
pub(super) struct Walk<'a> {
    pub(super) client: &'a InviteClient,
    pub(super) sandbox: &'a Sandbox,
    output: &'a Output,
    step: u32,
    /// How many requests have been shown.
    shown: Cell<usize>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(client: &'a InviteClient, sandbox: &'a Sandbox, output: &'a Output) -> Self {
        Self {
            client,
            sandbox,
            output,
            step: 0,
            shown: Cell::new(0),
        }
    }

    /// Begins the next step.
    pub(super) fn step(&mut self, heading: &str) -> Result<(), Failure> {
        self.step += 1;
        let heading = format!("{}. {heading}", self.step);
        self.say(&format!("\n{}", self.output.style("1", &heading)))
    }

    /// Shows the requests since the last time, and the client's conclusion.
    pub(super) fn conclude(&self, conclusion: &str) -> Result<(), Failure> {
        let log = self.sandbox.report().log;
        for entry in log.get(self.shown.get()..).unwrap_or_default() {
            self.say(&trace::exchange(entry, self.output))?;
        }
        self.shown.set(log.len());
        for line in conclusion.lines() {
            self.say(format!("   {line}").trim_end())?;
        }
        Ok(())
    }

    /// What the output supports. The demo is text, which is not fitted to the terminal.
    pub(super) fn look(&self) -> Look {
        Look {
            width: None,
            ..self.output.look
        }
    }

    /// Text on the output.
    pub(super) fn say(&self, text: &str) -> Result<(), Failure> {
        self.output.write(|out| writeln!(out, "{text}"))
    }

    /// An error as the command would print it.
    pub(super) fn error(&self, error: &InviteError) -> String {
        format!(
            "{} {}\n{} {}",
            self.output.style("31;1", "error:"),
            printable(error.message()),
            self.output.style("1", "next:"),
            error.advice()
        )
    }

    /// Continues only if this is true.
    pub(super) fn hold(&self, so: bool, otherwise: &str) -> Result<(), Failure> {
        if so {
            Ok(())
        } else {
            Err(self.astray(otherwise))
        }
    }

    /// Continues only with the expected result of a call.
    pub(super) fn well<T>(&self, result: Result<T, InviteError>) -> Result<T, Failure> {
        result.map_err(|error| self.astray(&error.to_string()))
    }

    fn astray(&self, why: &str) -> Failure {
        Failure::other(
            format!(
                "step {} of the demo had an unexpected result: {why}",
                self.step
            ),
            "This is a mistake in icepanel-invites; please report it with the output above.",
        )
    }
}
