//! The thread on which calls run.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use icepanel_invites::InviteError;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

use crate::cancel::{CancelHandle, until_cancelled};
use crate::error::Failure;

static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();

/// The runtime of this process: one thread, which waits where there is no work, and is never shut down. A long list
/// is decoded piece by piece as it comes in, so that short calls have their turn between.
fn runtime() -> Option<&'static Runtime> {
    let runtime = RUNTIME.get_or_init(|| {
        let runtime = Builder::new_current_thread().enable_all().build().ok()?;
        let thread = std::thread::Builder::new().name("icepanel-invites".to_owned());
        thread.spawn(serve).ok()?;
        Some(runtime)
    });
    runtime.as_ref()
}

fn serve() {
    if let Some(runtime) = RUNTIME.wait() {
        runtime.block_on(std::future::pending::<()>());
    }
}

/// The outcome of a call to come, whatever the call: what waits for it is compiled once an outcome.
pub type Outcome<T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send>>;

/// A call under way that leaves what it comes to elsewhere: what runs it is compiled once.
type Call = Pin<Box<dyn Future<Output = Result<(), InviteError>> + Send>>;

/// Runs a call as a task of its own: to its end, until it is cancelled, or until this future is
/// dropped.
///
/// # Errors
/// Those of the call, and one if the system gives no thread for it.
///
/// # Panics
/// If the call panics: UniFFI makes that an error of the language.
pub fn run<T: Send + 'static>(
    operation: &'static str,
    cancel: Option<Arc<CancelHandle>>,
    call: impl Future<Output = Result<T, InviteError>> + Send + 'static,
) -> Outcome<T> {
    let kept = Arc::new(Mutex::new(None));
    let keep = kept.clone();
    let call: Call = Box::pin(async move {
        let outcome = call.await?;
        *keep.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        Ok(())
    });
    let ended = end(operation, cancel, call);
    Box::pin(async move {
        ended.await?;
        let outcome = kept.lock().unwrap_or_else(PoisonError::into_inner).take();
        outcome.ok_or_else(|| InviteError::cancelled(operation).into())
    })
}

/// What of [`run`] is the same for every outcome.
async fn end(
    operation: &'static str,
    cancel: Option<Arc<CancelHandle>>,
    call: Call,
) -> Result<(), Failure> {
    if cancel.as_ref().is_some_and(|handle| handle.is_cancelled()) {
        // Nothing was sent, which the words of a call that had begun would not say.
        let operation = format!("{operation}, not yet begun,");
        return Err(InviteError::cancelled(&operation).into());
    }
    let Some(runtime) = runtime() else {
        return Err(InviteError::invalid_input(
            "the system gives no thread or no file descriptor for the client",
        )
        .into());
    };
    let mut task = Task(runtime.spawn(async move {
        tokio::select! {
            ended = call => ended,
            () = until_cancelled(cancel) => Err(InviteError::cancelled(operation)),
        }
    }));
    match (&mut task.0).await {
        Ok(ended) => Ok(ended?),
        Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
        // Nobody else has the handle of the task, and the runtime does not end.
        Err(_) => Err(InviteError::cancelled(operation).into()),
    }
}

/// A task that ends when nobody waits for it any more.
struct Task(JoinHandle<Result<(), InviteError>>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
