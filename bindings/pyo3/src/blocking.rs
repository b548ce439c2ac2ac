//! Waits for a call on the caller's thread, without the GIL.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use icepanel_invites::Invite;
use pyo3::prelude::*;
use tokio::task::AbortHandle;

use crate::answer::Answer;
use crate::error;
use crate::event::{Listener, Message, Sink};
#[cfg(unix)]
use crate::greenlets::Bell;

/// The longest delay until Ctrl-C is noticed. Python's own handler only sets a flag.
const SLICE: Duration = Duration::from_millis(25);

/// A call that was begun, and its messages. However the wait ends, the request ends with it.
pub(crate) struct Waiting {
    task: AbortHandle,
    messages: Receiver<Message>,
    #[cfg(unix)]
    bell: Option<Bell>,
}

/// The messages of a call to its waiting caller.
pub(crate) enum Came {
    /// Some of the invites of a list that comes in.
    Invites(Vec<Invite>),
    /// The result.
    Answer(Box<Answer>),
}

impl Waiting {
    pub(crate) fn begin(
        py: Python<'_>,
        begin: impl FnOnce(Sink) -> PyResult<AbortHandle>,
    ) -> PyResult<Self> {
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
            return Ok(Self {
                task: begin(sink)?,
                messages,
                bell: Some(bell),
            });
        }
        Ok(Self {
            task: begin(Arc::new(send))?,
            messages,
            #[cfg(unix)]
            bell: None,
        })
    }

    /// Passes events to the listener until another message comes. A signal whose handler raises ends the wait.
    pub(crate) fn next(&mut self, py: Python<'_>, listener: &Listener) -> PyResult<Came> {
        loop {
            match self.message(py)? {
                Some(Message::Event(event)) => listener.tell(py, *event)?,
                Some(Message::Progress(progress)) => listener.tell_progress(py, progress)?,
                Some(Message::Invites(invites)) => return Ok(Came::Invites(invites)),
                Some(Message::Done(Ok(answer))) => return Ok(Came::Answer(Box::new(answer))),
                Some(Message::Done(Err(why))) => return Err(error::to_python(py, &why)),
                Some(Message::Lost) | None => return Err(error::lost()),
            }
            // A run may send messages more often than the length of a slice.
            py.check_signals()?;
        }
    }

    /// The next message; none if the task has ended without one.
    fn message(&mut self, py: Python<'_>) -> PyResult<Option<Message>> {
        #[cfg(unix)]
        if let Some(bell) = &self.bell {
            return bell.next(py, &self.messages);
        }
        loop {
            let waiting = &mut self.messages;
            match py.detach(move || waiting.recv_timeout(SLICE)) {
                Ok(message) => return Ok(Some(message)),
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
                Err(RecvTimeoutError::Timeout) => py.check_signals()?,
            }
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.task.abort();
        #[cfg(unix)]
        if let Some(bell) = &self.bell {
            Python::attach(|py| bell.close(py));
        }
    }
}
