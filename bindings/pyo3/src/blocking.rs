//! Waits for a call on the caller's thread, without the GIL.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use pyo3::prelude::*;
use tokio::task::AbortHandle;

use crate::error;
use crate::event::{Listener, Message, Sink};
#[cfg(unix)]
use crate::greenlets::Bell;

/// How long Ctrl-C may go unseen. Python's own handler only sets a flag.
const SLICE: Duration = Duration::from_millis(25);

/// Begins a call and waits for its result. A signal whose handler raises stops the call.
pub(crate) fn wait(
    py: Python<'_>,
    listener: &Listener,
    begin: impl FnOnce(Sink) -> PyResult<AbortHandle>,
) -> PyResult<Py<PyAny>> {
    let (sender, messages) = channel();
    let send = move |message| {
        // Nobody waits any more: the call was stopped.
        let _ = sender.send(message);
    };
    #[cfg(unix)]
    if let Some(bell) = Bell::wanted(py)? {
        let ring = bell.ringer(py)?;
        let sink: Sink = Arc::new(move |message| {
            send(message);
            ring();
        });
        let outcome = attend(py, listener, begin(sink)?, || bell.next(py, &messages));
        bell.close(py);
        return outcome;
    }
    let mut messages = messages;
    let task = begin(Arc::new(send))?;
    attend(py, listener, task, || next(py, &mut messages))
}

/// The next message; none if the task has ended without one.
fn next(py: Python<'_>, messages: &mut Receiver<Message>) -> PyResult<Option<Message>> {
    loop {
        let waiting = &mut *messages;
        match py.detach(move || waiting.recv_timeout(SLICE)) {
            Ok(message) => return Ok(Some(message)),
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
            Err(RecvTimeoutError::Timeout) => py.check_signals()?,
        }
    }
}

/// Hands the messages of a call over until it has ended.
fn attend(
    py: Python<'_>,
    listener: &Listener,
    task: AbortHandle,
    mut next: impl FnMut() -> PyResult<Option<Message>>,
) -> PyResult<Py<PyAny>> {
    let _stop = StopOnDrop(task);
    loop {
        match next()? {
            Some(Message::Told(event)) => listener.tell(py, *event)?,
            Some(Message::Progress(progress)) => listener.tell_progress(py, progress)?,
            Some(Message::Done(Ok(answer))) => return answer.into_python(py),
            Some(Message::Done(Err(why))) => return Err(error::to_python(py, &why)),
            Some(Message::Lost) | None => return Err(error::lost()),
        }
        // A run may tell of something more often than a slice is long.
        py.check_signals()?;
    }
}

/// However the wait ends, the request ends with it.
struct StopOnDrop(AbortHandle);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
