//! A signal that is given once and cannot be reset.

use tokio::sync::watch;

/// Given once, for everybody who waits for it now or later.
#[derive(Debug)]
pub(crate) struct Signal(watch::Sender<bool>);

impl Default for Signal {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl Signal {
    /// Gives the signal. A second time has no effect.
    pub(crate) fn give(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was given.
    pub(crate) fn is_given(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once it is given.
    pub(crate) async fn given(&self) {
        let mut seen = self.0.subscribe();
        // The sender lives as long as `self`.
        let _ = seen.wait_for(|given| *given).await;
    }
}
