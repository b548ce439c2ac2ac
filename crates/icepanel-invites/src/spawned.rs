//! A call as a task of its own: while nobody polls the caller's future, it goes on, and gives back what all
//! calls of the client share.

use tokio::task::JoinHandle;
use tracing::Instrument;
use tracing::instrument::WithSubscriber;

use crate::error::InviteError;

/// A task that ends when this is dropped.
pub(crate) struct Task<T>(JoinHandle<T>);

impl<T: Send + 'static> Task<T> {
    pub(crate) fn new(work: impl Future<Output = T> + Send + 'static) -> Self {
        Self(tokio::spawn(work))
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Makes a call of this name as a task, and ends it when the future that is returned is dropped.
///
/// Calls wait for each other: for a place in the window, for the list of somebody else's turn. A future that
/// has such a place and is not polled (as in a buffered stream, while the body of its loop runs) would hold up
/// all others until their time is over.
pub(crate) async fn spawned<T: Send + 'static>(
    operation: &str,
    call: impl Future<Output = Result<T, InviteError>> + Send + 'static,
) -> Result<T, InviteError> {
    let call = call.in_current_span().with_current_subscriber();
    let mut task = Task::new(call);
    match (&mut task.0).await {
        Ok(ended) => ended,
        Err(ended) => match ended.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // Nobody else has the task's handle: its runtime ends.
            Err(_) => Err(InviteError::cancelled(operation)),
        },
    }
}
