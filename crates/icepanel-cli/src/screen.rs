//! The error output, which a progress bar and lines of text share.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use indicatif::ProgressBar;

/// The error output. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Screen(Arc<Mutex<Option<ProgressBar>>>);

impl Screen {
    /// Writes a line; above the bar, if there is one.
    pub(crate) fn line(&self, text: &str) {
        match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(bar) => bar.suspend(|| write(text)),
            None => write(text),
        }
    }

    /// From now on there is this bar at the end of the screen, or none.
    pub(crate) fn set_bar(&self, bar: Option<ProgressBar>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = bar;
    }
}

fn write(text: &str) {
    // The result does not depend on it.
    let _ = writeln!(io::stderr().lock(), "{text}");
}
