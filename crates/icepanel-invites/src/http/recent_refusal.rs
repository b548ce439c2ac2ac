//! A recent rejection that would repeat until somebody changes something. If every request of a call sent a wrong
//! password to a proxy, the account could be locked.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::InviteError;

/// How long it applies to all requests.
const RECENT: Duration = Duration::from_secs(1);

/// The last one.
#[derive(Default)]
pub(crate) struct RecentRefusal(Mutex<Option<(InviteError, Instant)>>);

impl RecentRefusal {
    /// Stores an error that another connection would get again.
    pub(crate) fn note(&self, error: &InviteError) {
        if !error.retryable() {
            let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            *last = Some((error.again(), Instant::now()));
        }
    }

    /// A recent error of this kind.
    pub(crate) fn recent(&self) -> Option<InviteError> {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (error, since) = last.as_ref()?;
        (since.elapsed() < RECENT).then(|| error.again())
    }
}
