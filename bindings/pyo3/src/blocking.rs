//! Waits for a call on the caller's thread, without the GIL.

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use pyo3::prelude::*;
use tokio::task::AbortHandle;

use crate::call::lost;
use crate::error;
use crate::event::{Listener, Message, Sink};

/// How long Ctrl-C may go unseen. Python's own handler only sets a flag.
const SLICE: Duration = Duration::from_millis(25);

/// Begins a call and waits for its result. A signal whose handler raises stops the call.
pub(crate) fn wait(
    py: Python<'_>,
    listener: &Listener,
    begin: impl FnOnce(Sink) -> PyResult<AbortHandle>,
) -> PyResult<Py<PyAny>> {
    let (sender, mut messages) = channel();
    let task = begin(Arc::new(move |message| {
        // Nobody waits any more: the call was stopped.
        let _ = sender.send(message);
    }))?;
    let _stop = StopOnDrop(task);
    loop {
        let waiting = &mut messages;
        match py.detach(move || waiting.recv_timeout(SLICE)) {
            Ok(Message::Told(event)) => listener.tell(py, *event)?,
            Ok(Message::Progress(progress)) => listener.tell_progress(py, progress)?,
            Ok(Message::Done(Ok(answer))) => return answer.into_python(py),
            Ok(Message::Done(Err(why))) => return Err(error::to_python(py, &why)),
            Ok(Message::Lost) | Err(RecvTimeoutError::Disconnected) => return Err(lost()),
            Err(RecvTimeoutError::Timeout) => {}
        }
        // After each message too: a run may tell of something more often than a slice is long.
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
