//! A call as its own task: it continues while the caller's future is not polled, and releases what all calls of the
//! client share.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::task::Poll;

use tokio::task::JoinHandle;
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;
use tracing::{Dispatch, Instrument, dispatcher};

use crate::error::InviteError;

/// A future that a task polls, and that can be dropped from outside.
type Slot<F> = Arc<Mutex<Option<Pin<Box<F>>>>>;

/// A call that ends with a value or an error.
type Call<T> = dyn Future<Output = Result<T, InviteError>> + Send;

/// A task whose future is dropped together with this.
pub(crate) struct Task<F: Future + ?Sized> {
    handle: JoinHandle<F::Output>,
    work: Slot<F>,
}

impl<F: Future<Output: Send> + Send + ?Sized + 'static> Task<F> {
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

impl<F: Future + ?Sized> Drop for Task<F> {
    fn drop(&mut self) {
        // Dropped here and not later by the runtime, because the next call must know what a cancelled call has stored.
        // A future that is polled at this moment is left to the runtime.
        let work = match self.work.try_lock() {
            Ok(mut work) => work.take(),
            Err(TryLockError::Poisoned(work)) => work.into_inner().take(),
            Err(TryLockError::WouldBlock) => None,
        };
        drop(work);
        self.handle.abort();
    }
}

/// Runs a call with this name as a task, and ends it when the returned future is dropped.
///
/// Calls wait for each other: for a permit of the rate limiter, for the lock of an address. A future that has a permit
/// and is not polled (as in a buffered stream, while the body of its loop runs) would block all others until their
/// time-outs.
///
/// The call is put on the heap immediately, so that the returned future is small.
pub(crate) fn spawned<T: Send + 'static>(
    operation: &str,
    call: impl Future<Output = Result<T, InviteError>> + Send + 'static,
) -> impl Future<Output = Result<T, InviteError>> {
    let call = call.in_current_span();
    let subscriber = dispatcher::get_default(Dispatch::clone);
    // A program may set its log up during the call. With "no subscriber" attached, the call would not write to it, and
    // tracing would remember of each place in the code that it reaches first that nobody listens.
    let call: Pin<Box<Call<T>>> = match subscriber.is::<NoSubscriber>() {
        true => Box::pin(call),
        false => Box::pin(call.with_subscriber(subscriber)),
    };
    async move {
        let mut task = Task::new(call);
        match (&mut task.handle).await {
            Ok(ended) => ended,
            Err(ended) => match ended.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // Nothing else has the task's handle, so its runtime ends.
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
