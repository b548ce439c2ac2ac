//! A call as a task of its own: while nobody polls the caller's future, it goes on, and gives back what all
//! calls of the client share.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::task::Poll;

use tokio::task::JoinHandle;
use tracing::Instrument;
use tracing::instrument::WithSubscriber;

use crate::error::InviteError;

/// A future that a task polls, and that can be dropped from outside.
type Slot<F> = Arc<Mutex<Option<Pin<Box<F>>>>>;

/// A task whose future is dropped together with this.
pub(crate) struct Task<F: Future> {
    handle: JoinHandle<F::Output>,
    work: Slot<F>,
}

impl<F: Future<Output: Send> + Send + 'static> Task<F> {
    pub(crate) fn new(work: Pin<Box<F>>) -> Self {
        let work: Slot<F> = Arc::new(Mutex::new(Some(work)));
        let polled = work.clone();
        let handle = tokio::spawn(poll_fn(move |context| {
            let mut work = polled.lock().unwrap_or_else(PoisonError::into_inner);
            match work.as_mut() {
                Some(work) => work.as_mut().poll(context),
                None => Poll::Pending,
            }
        }));
        Self { handle, work }
    }
}

impl<F: Future> Drop for Task<F> {
    fn drop(&mut self) {
        // Here and not by the runtime later: what the call notes when it is given up must be known to the call
        // that is made next. A future that is polled at this moment is left to the runtime.
        let work = match self.work.try_lock() {
            Ok(mut work) => work.take(),
            Err(TryLockError::Poisoned(work)) => work.into_inner().take(),
            Err(TryLockError::WouldBlock) => None,
        };
        drop(work);
        self.handle.abort();
    }
}

/// Makes a call of this name as a task, and ends it when the future that is returned is dropped.
///
/// Calls wait for each other: for a place in the window, for the list of somebody else's turn. A future that
/// has such a place and is not polled (as in a buffered stream, while the body of its loop runs) would hold up
/// all others until their time is over.
///
/// The call is put on the heap at once, so that the future that is returned is small.
pub(crate) fn spawned<T: Send + 'static>(
    operation: &str,
    call: impl Future<Output = Result<T, InviteError>> + Send + 'static,
) -> impl Future<Output = Result<T, InviteError>> {
    let call = Box::pin(call.in_current_span().with_current_subscriber());
    async move {
        let mut task = Task::new(call);
        match (&mut task.handle).await {
            Ok(ended) => ended,
            Err(ended) => match ended.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // Nobody else has the task's handle: its runtime ends.
                Err(_) => Err(InviteError::cancelled(operation)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    struct Notes(Arc<AtomicBool>);

    impl Drop for Notes {
        fn drop(&mut self) {
            self.0.store(true, Ordering::SeqCst);
        }
    }

    #[tokio::test]
    async fn a_call_that_is_dropped_has_ended_when_the_drop_is_over() {
        let ended = Arc::new(AtomicBool::new(false));
        let (began, begun) = tokio::sync::oneshot::channel();
        let notes = Notes(ended.clone());
        let mut call = Box::pin(spawned("create", async move {
            let _notes = notes;
            let _ = began.send(());
            std::future::pending::<Result<(), InviteError>>().await
        }));
        tokio::select! {
            _ = &mut call => panic!("it never ends"),
            begun = begun => begun.expect("it begins"),
        }
        assert!(!ended.load(Ordering::SeqCst));
        drop(call);
        assert!(ended.load(Ordering::SeqCst));
    }
}
