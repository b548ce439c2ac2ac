//! The threads that send requests, and what a fork does to them.
//!
//! `fork` copies memory and file descriptors, but of all threads only the one that called it. A
//! runtime carried into the child has queues that nobody serves: the first call would wait for ever.
//! Its connections are the parent's too; to close them in the child would unregister them from an
//! epoll instance that both processes share, and the parent would wait for ever. So whatever holds
//! threads or connections is kept [`PerProcess`]: made anew when the process is another one, and the
//! parent's copy is forgotten, neither used nor dropped.
//!
//! The locks here are held for moments, by threads that are attached to Python all the while. `fork`
//! is called by such a thread (and stops all others first, where there is no GIL), so that no child
//! is born with a lock taken.

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

    /// This process' value, made if there is none.
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

    /// This process' value, if there is one.
    pub(crate) fn found(&self) -> Option<T>
    where
        T: Clone,
    {
        match lock(&self.0).as_ref() {
            Some((pid, value)) if *pid == process::id() => Some(value.clone()),
            _ => None,
        }
    }

    /// Takes this process' value out.
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

/// Locks, whatever became of the thread that had the lock before.
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
            // The work is to wait for a network: more threads would but pass it around.
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
