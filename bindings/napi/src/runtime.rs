//! The threads on which calls run.

use std::io::Error;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Handle, Runtime};

static RUNTIME: OnceLock<Runtime> = OnceLock::new();

/// The runtime of this process, shared by all its worker threads. It is never shut down: its threads
/// wait without work, and do not keep the process alive.
///
/// # Errors
/// If the system has no thread or file descriptor left for it. The next call tries again.
pub(crate) fn handle() -> Result<&'static Handle, Error> {
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime.handle());
    }
    let runtime = Builder::new_multi_thread()
        // One can decode a long list while the other serves the short calls.
        .worker_threads(2)
        .thread_name("icepanel-invites")
        .enable_all()
        .build()?;
    Ok(RUNTIME.get_or_init(|| runtime).handle())
}
