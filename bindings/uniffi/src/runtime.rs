//! The threads on which calls run.

use std::future::Future;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use icepanel_invites::InviteError;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

use crate::cancel::{CancelHandle, until_cancelled};
use crate::error::Failure;
use crate::outbox::Outbox;

/// One can decode a long list, or ask the system about a certificate, while the other serves the short calls and the
/// timers.
const WORKERS: usize = 2;

/// The runtime of this process, shared by all clients. It is never shut down: its threads wait without work, and do not
/// keep the process alive. No code of the user runs on them: listeners have a thread of their own (see `outbox`), and
/// the languages continue a call on their own threads.
///
/// If the system has no thread or file descriptor left for it, the next call tries again.
fn runtime() -> Result<&'static Runtime, InviteError> {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    static STARTING: Mutex<()> = Mutex::new(());
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let _alone = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let started = start().map_err(|why| InviteError::no_thread(&why))?;
    Ok(RUNTIME.get_or_init(|| started))
}

fn start() -> io::Result<Runtime> {
    let build = || {
        Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .thread_name("icepanel-invites")
            .enable_all()
            .build()
    };
    // Without a file descriptor tokio returns an error; without a thread it panics.
    catch_unwind(AssertUnwindSafe(build))
        .unwrap_or_else(|_| Err(io::Error::other("no thread can be started")))
}

/// The future outcome of any call: the code that waits for it is compiled once for each type of outcome.
pub type Outcome<T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send>>;

/// A running call that stores its result elsewhere: the code that runs it is compiled once.
type Call = Pin<Box<dyn Future<Output = Result<(), InviteError>> + Send>>;

/// Runs a call as a task of its own: to its end, until it is cancelled, or until this future is
/// dropped.
///
/// # Errors
/// Those of the call, and one if the system has no thread left for it.
///
/// # Panics
/// If the call panics: UniFFI makes that an error of the language.
pub fn run<T: Send + 'static>(
    operation: &'static str,
    cancel: Option<Arc<CancelHandle>>,
    call: impl Future<Output = Result<T, InviteError>> + Send + 'static,
) -> Outcome<T> {
    run_telling(operation, cancel, None, call)
}

/// The same for a call whose client has a listener: its result follows its last event.
pub(crate) fn run_telling<T: Send + 'static>(
    operation: &'static str,
    cancel: Option<Arc<CancelHandle>>,
    outbox: Option<Arc<Outbox>>,
    call: impl Future<Output = Result<T, InviteError>> + Send + 'static,
) -> Outcome<T> {
    let kept = Arc::new(Mutex::new(None));
    let keep = kept.clone();
    let call: Call = Box::pin(async move {
        let outcome = call.await?;
        *keep.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        Ok(())
    });
    let ended = end(operation, cancel, outbox, call);
    Box::pin(async move {
        ended.await?;
        let outcome = kept.lock().unwrap_or_else(PoisonError::into_inner).take();
        outcome.ok_or_else(|| InviteError::cancelled(operation).into())
    })
}

/// The part of [`run`] that is the same for every outcome.
async fn end(
    operation: &'static str,
    cancel: Option<Arc<CancelHandle>>,
    outbox: Option<Arc<Outbox>>,
    call: Call,
) -> Result<(), Failure> {
    if cancel.as_ref().is_some_and(|handle| handle.is_cancelled()) {
        // Nothing was sent, which the error of a begun call would not say.
        let operation = format!("{operation}, not yet begun,");
        return Err(InviteError::cancelled(&operation).into());
    }
    let runtime = runtime()?;
    if let Some(outbox) = &outbox {
        outbox.start()?;
    }
    let call = async move {
        let ended = call.await;
        if let Some(outbox) = outbox {
            outbox.delivered().await;
        }
        ended
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
        // Nothing else has the handle of the task, and the runtime does not end.
        Err(_) => Err(InviteError::cancelled(operation).into()),
    }
}

/// A task that ends when nothing waits for it any more.
struct Task(JoinHandle<Result<(), InviteError>>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
