//! The side of a loop's mailbox that the runtime's threads have; `asyncio.rs` is the other.

#[cfg(unix)]
use std::io::Write;
use std::sync::{Arc, Mutex};

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyWeakrefReference;

use crate::event::Message;
use crate::runtime::lock;

/// The messages to deliver, and the bell that wakes the loop.
pub(crate) struct Outbox {
    pub(crate) letters: Mutex<Vec<(u64, Message)>>,
    pub(crate) bell: Bell,
}

impl Outbox {
    pub(crate) fn put(&self, call: u64, message: Message) {
        let first = {
            let mut letters = lock(&self.letters);
            letters.push((call, message));
            letters.len() == 1
        };
        if first {
            self.bell.ring();
        }
    }

    /// Puts letters back, before those that have come since they were taken out.
    pub(crate) fn put_back(&self, mut rest: Vec<(u64, Message)>) {
        if !rest.is_empty() {
            let mut letters = lock(&self.letters);
            rest.append(&mut letters);
            *letters = rest;
            self.bell.ring();
        }
    }
}

/// Wakes the loop when there are messages.
pub(crate) enum Bell {
    /// The loop watches the other end.
    #[cfg(unix)]
    Socket(std::os::unix::net::UnixStream),
    /// For a loop that cannot watch sockets: the thread attaches to Python and calls it.
    Caller(Arc<Caller>),
}

/// A loop without a watched socket. This keeps neither it nor the mailbox alive.
pub(crate) struct Caller {
    pub(crate) event_loop: Py<PyWeakrefReference>,
    pub(crate) mailbox: Mutex<Option<Py<PyWeakrefReference>>>,
}

impl Bell {
    fn ring(&self) {
        match self {
            // If the socket is full, the loop is awake already.
            #[cfg(unix)]
            Self::Socket(socket) => drop((&*socket).write(&[1])),
            // Python may be ending, or the loop may have been closed: then nothing waits.
            Self::Caller(caller) => drop(Python::try_attach(|py| caller.call(py))),
        }
    }
}

impl Caller {
    fn call(&self, py: Python<'_>) -> PyResult<()> {
        let event_loop = self.event_loop.bind(py).upgrade();
        let mailbox = lock(&self.mailbox)
            .as_ref()
            .and_then(|it| it.bind(py).upgrade());
        if let (Some(event_loop), Some(mailbox)) = (event_loop, mailbox) {
            let empty = mailbox.getattr(intern!(py, "empty"))?;
            event_loop.call_method1(intern!(py, "call_soon_threadsafe"), (empty,))?;
        }
        Ok(())
    }
}
