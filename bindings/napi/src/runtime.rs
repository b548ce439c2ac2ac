//! The threads on which calls run.

use std::sync::OnceLock;

use tokio::runtime::{Builder, Handle, Runtime};

static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();

/// The runtime of this process, shared by all its worker threads. It is never shut down: its threads
/// wait without work, and do not keep the process alive.
///
/// None if the system gives no thread or no file descriptor for it.
pub(crate) fn handle() -> Option<&'static Handle> {
    let runtime = RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            // One can decode a long list while the other serves the short calls.
            .worker_threads(2)
            .thread_name("icepanel-invites")
            .enable_all()
            .build()
            .ok()
    });
    runtime.as_ref().map(Runtime::handle)
}
