//! Stopping a call from outside, where the language does not drop its future.

use std::sync::Arc;

use tokio::sync::watch;

/// Stops the calls that have it, once [`cancel`](Self::cancel) is called; also calls that get it
/// afterwards. Several calls may share one.
#[derive(Debug, uniffi::Object)]
pub struct CancelHandle {
    cancelled: watch::Sender<bool>,
}

#[uniffi::export]
impl CancelHandle {
    /// A handle that has not been used yet.
    #[uniffi::constructor]
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            cancelled: watch::Sender::new(false),
        })
    }

    /// Ends the calls: each drops its request and fails as cancelled. A second time has no effect.
    pub fn cancel(&self) {
        self.cancelled.send_replace(true);
    }

    /// Whether it has been used.
    pub fn is_cancelled(&self) -> bool {
        *self.cancelled.borrow()
    }
}

/// Waits until the handle is used; forever if there is none.
pub(crate) async fn until_cancelled(handle: Option<Arc<CancelHandle>>) {
    let Some(handle) = handle else {
        return std::future::pending().await;
    };
    // An error means that the sender is gone, and this holds it.
    let _ = handle
        .cancelled
        .subscribe()
        .wait_for(|cancelled| *cancelled)
        .await;
}
