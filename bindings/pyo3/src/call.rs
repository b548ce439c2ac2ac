//! One call of a client: the core's future, run for a blocking caller or for an event loop.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use tokio::task::AbortHandle;

use crate::answer::Outcome;
use crate::asyncio::Post;
use crate::blocking::{Came, Waiting};
use crate::event::{Listener, Message, Sink, Teller};
use crate::model::invite::Pages;
use crate::runtime::{lock, spawn};

/// The future of a call. It does nothing until it is spawned.
pub(crate) type Work = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// Creates the work, which reports to this teller.
pub(crate) type Begin = Box<dyn FnOnce(Arc<Teller>) -> Work + Send>;

/// A call that has not begun. It is run once: by `wait`, or by `future`.
#[pyclass(frozen, module = "icepanel_invites._native")]
pub(crate) struct Call {
    work: Mutex<Option<Begin>>,
    listener: Arc<Listener>,
    /// The call's place at an event loop, once it is run there.
    post: Mutex<Option<(AbortHandle, Post)>>,
}

impl Call {
    pub(crate) fn new(work: Begin, listener: Listener) -> Self {
        Self {
            work: Mutex::new(Some(work)),
            listener: Arc::new(listener),
            post: Mutex::new(None),
        }
    }

    /// Begins the work on the runtime's threads. Its messages go to `sink`, the last one is its
    /// outcome.
    fn begin(&self, sink: Sink) -> PyResult<AbortHandle> {
        let work = lock(&self.work).take();
        let work = work.ok_or_else(|| PyRuntimeError::new_err("a call can be run once"))?;
        let work = work(Arc::new(self.listener.teller(Arc::clone(&sink))));
        let mut end = End { sink, lost: true };
        let task = spawn(async move {
            let outcome = work.await;
            end.lost = false;
            (end.sink)(Message::Done(outcome));
        })?;
        Ok(task.abort_handle())
    }
}

/// Makes sure that the caller is notified of the end, even if the task panicked.
struct End {
    sink: Sink,
    lost: bool,
}

impl Drop for End {
    fn drop(&mut self) {
        if self.lost {
            (self.sink)(Message::Lost);
        }
    }
}

#[pymethods]
impl Call {
    /// Runs the call and waits for its result. Ctrl-C stops it.
    fn wait(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let mut waiting = Waiting::begin(py, |sink| self.begin(sink))?;
        loop {
            match waiting.next(py, &self.listener)? {
                Came::Invites(invites) => self.listener.tell_invites(py, invites)?,
                Came::Answer(answer) => return answer.into_python(py),
            }
        }
    }

    /// Begins the call, whose result is returned in pieces, as they arrive.
    fn stream(&self, py: Python<'_>) -> PyResult<Stream> {
        let waiting = Waiting::begin(py, |sink| self.begin(sink))?;
        Ok(Stream {
            waiting: Mutex::new(Some(waiting)),
            listener: Arc::clone(&self.listener),
        })
    }

    /// Begins the call, and returns a future of the running event loop for its result.
    fn future(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let (future, post) = Post::open(py, Arc::clone(&self.listener))?;
        let begun = self.begin(post.sink());
        let task = begun.inspect_err(|_| post.close())?;
        *lock(&self.post) = Some((task, post));
        Ok(future)
    }

    /// Stops what `future` began. The request is cancelled, and its result is ignored.
    fn stop(&self) {
        let post = lock(&self.post).take();
        if let Some((task, post)) = post {
            task.abort();
            post.close();
        }
    }
}

/// An iterator of the pieces of a call: lists of invites. Closing it ends the request.
#[pyclass(frozen, module = "icepanel_invites._native")]
pub(crate) struct Stream {
    waiting: Mutex<Option<Waiting>>,
    listener: Arc<Listener>,
}

#[pymethods]
impl Stream {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        // Taken out, because a listener that is called meanwhile may call this again.
        let Some(mut waiting) = lock(&self.waiting).take() else {
            return Ok(None);
        };
        match waiting.next(py, &self.listener)? {
            Came::Invites(invites) => {
                *lock(&self.waiting) = Some(waiting);
                Pages::from(invites)
                    .into_list(py)?
                    .into_py_any(py)
                    .map(Some)
            }
            Came::Answer(_) => Ok(None),
        }
    }

    /// Cancels the request, if it has not ended.
    fn close(&self) {
        let waiting = lock(&self.waiting).take();
        drop(waiting);
    }
}
