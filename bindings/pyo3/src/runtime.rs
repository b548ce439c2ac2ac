//! The threads that send requests, and their state after a fork.
//!
//! `fork` copies memory and file descriptors, but only the thread that called it. A runtime in the child would have
//! queues without threads: the first call would wait forever. Its connections belong to the parent too; closing them in
//! the child would unregister them from an epoll instance that both processes share, and the parent would wait forever.
//! So everything with threads or connections is stored [`PerProcess`]: created again in another process, where the
//! parent's copy is neither used nor dropped.
//!
//! The locks here are held only briefly, by threads that are attached to Python. `fork` is called by such a thread (and
//! stops all others first, if there is no GIL), so that no child starts with a locked lock.

use std::future::Future;
use std::mem;
use std::process;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

use crate::error;

/// A value of this process, never that of its parent.
pub(crate) struct PerProcess<T>(Mutex<Option<(u32, T)>>);

impl<T> PerProcess<T> {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// The value of this process, created if there is none.
    pub(crate) fn get<E>(&self, make: impl FnOnce() -> Result<T, E>) -> Result<T, E>
    where
        T: Clone,
    {
        let mut slot = lock(&self.0);
        match slot.as_ref() {
            Some((pid, value)) if *pid == process::id() => Ok(value.clone()),
            _ => {
                let value = make()?;
                mem::forget(slot.replace((process::id(), value.clone())));
                Ok(value)
            }
        }
    }

    /// The value of this process, if there is one.
    pub(crate) fn found(&self) -> Option<T>
    where
        T: Clone,
    {
        match lock(&self.0).as_ref() {
            Some((pid, value)) if *pid == process::id() => Some(value.clone()),
            _ => None,
        }
    }

    /// Takes the value of this process out.
    pub(crate) fn take(&self) -> Option<T> {
        match lock(&self.0).take() {
            Some((pid, value)) if pid == process::id() => Some(value),
            parents => {
                mem::forget(parents);
                None
            }
        }
    }
}

impl<T> Drop for PerProcess<T> {
    fn drop(&mut self) {
        drop(self.take());
    }
}

/// Locks, even if the thread that had the lock before has panicked.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a future on this process' runtime, which lives until the process ends.
pub(crate) fn spawn<F>(future: F) -> PyResult<JoinHandle<F::Output>>
where
    F: Future + Send + 'static,
    F::Output: Send,
{
    static RUNTIME: PerProcess<&Runtime> = PerProcess::new();
    let runtime = RUNTIME.get(|| {
        let runtime = Builder::new_multi_thread()
            // The work is mostly waiting for the network, so more threads would not help.
            .worker_threads(WORKERS)
            .thread_name("icepanel-invites")
            .enable_all()
            .build()
            .map_err(|why| Python::attach(|py| error::no_thread(py, &why)))?;
        Ok::<_, PyErr>(&*Box::leak(Box::new(runtime)))
    })?;
    Ok(runtime.spawn(future))
}

const WORKERS: usize = 2;
