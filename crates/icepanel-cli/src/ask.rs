//! A question to the person at the terminal.

use std::io::{self, BufRead, Write};

use icepanel_invites::ErrorKind;

use crate::errors::Failure;
use crate::exit;
use crate::interrupt::Interrupt;
use crate::output::Output;

/// Asks, and fails unless the answer is yes. Ctrl-C and the end of the input count as no.
pub(crate) async fn confirm(question: &str, output: &Output) -> Result<(), Failure> {
    let text = output.stderr_style("1", question);
    let asked = move || -> io::Result<Option<bool>> {
        let mut answer = String::new();
        // Locked only here, so that other output is possible while the question waits.
        write!(io::stderr(), "{text}")?;
        if io::stdin().lock().read_line(&mut answer)? == 0 {
            return Ok(None);
        }
        let answer = answer.trim().to_lowercase();
        Ok(Some(matches!(answer.as_str(), "y" | "yes")))
    };
    let mut interrupt = Interrupt::new()?;
    let answer: io::Result<Option<bool>> = tokio::select! {
        biased;
        () = interrupt.heard() => Ok(None),
        // On its own thread, so that Ctrl-C is noticed.
        answer = tokio::task::spawn_blocking(asked) => answer.unwrap_or_else(|error| Err(error.into())),
    };
    match answer {
        Ok(Some(true)) => Ok(()),
        Ok(Some(false)) => {
            output.say("Nothing was changed.");
            Err(Failure::Incomplete(exit::DECLINED))
        }
        Ok(None) => {
            output.say("\nNothing was changed.");
            Err(Failure::Incomplete(exit::code(ErrorKind::Cancelled)))
        }
        Err(error) => Err(Failure::other(
            format!("the answer cannot be read: {error}"),
            "Pass --yes to skip the question.",
        )),
    }
}
