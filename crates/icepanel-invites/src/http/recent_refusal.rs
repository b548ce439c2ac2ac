//! A refusal of a moment ago that only a change can end: a wrong password that every request of a call shows to
//! a proxy locks an account.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::InviteError;

/// So long it counts for all requests.
const RECENT: Duration = Duration::from_secs(1);

/// The last one.
#[derive(Default)]
pub(crate) struct RecentRefusal(Mutex<Option<(InviteError, Instant)>>);

impl RecentRefusal {
    /// Notes an error that another connection would meet again.
    pub(crate) fn note(&self, error: &InviteError) {
        if !error.retryable() {
            let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            *last = Some((error.again(), Instant::now()));
        }
    }

    /// Such an error of a moment ago.
    pub(crate) fn recent(&self) -> Option<InviteError> {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (error, since) = last.as_ref()?;
        (since.elapsed() < RECENT).then(|| error.again())
    }
}
