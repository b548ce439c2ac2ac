//! The threads on which calls run.

use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;

use icepanel_invites::InviteError;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::error::Failure;

static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();

/// The runtime of this process. It is never shut down: its threads wait without work.
fn runtime() -> Option<&'static Runtime> {
    let runtime = RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            // One can decode a long list while the other serves the short calls.
            .worker_threads(2)
            .thread_name("icepanel-invites")
            .enable_all()
            .build()
            .ok()
    });
    runtime.as_ref()
}

/// Runs a call as a task of its own, to its end or until this future is dropped.
///
/// # Errors
/// Those of the call, and one if the system gives no thread for it.
///
/// # Panics
/// If the call panics: UniFFI makes that an error of the language.
pub async fn run<T: Send + 'static>(
    call: impl Future<Output = Result<T, Failure>> + Send + 'static,
) -> Result<T, Failure> {
    let Some(runtime) = runtime() else {
        return Err(InviteError::invalid_input(
            "the system gives no thread or no file descriptor for the client",
        )
        .into());
    };
    let (tell, told) = oneshot::channel();
    // One type of task for all calls: a type each would take much of a small library.
    let call: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(async move {
        // An error means that nobody waits any more.
        let _ = tell.send(call.await);
    });
    let mut task = Task(runtime.spawn(call));
    if let Ok(outcome) = told.await {
        return outcome;
    }
    match (&mut task.0).await {
        Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
        // Nobody else has the handle of the task, and the runtime does not end.
        _ => Err(InviteError::cancelled("the call").into()),
    }
}

/// A task that ends when nobody waits for it any more.
struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
