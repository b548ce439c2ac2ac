//! Waits for a call under gevent, so that the other greenlets of the thread continue.
//!
//! gevent replaces the class of Python's sockets by one that switches to another greenlet instead of blocking. A call
//! is not a socket, so a pair of sockets represents it: the call's task writes a byte for each message, and the
//! greenlet reads.

use std::io::Write;
use std::os::fd::IntoRawFd;
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Receiver, TryRecvError};

use pyo3::intern;
use pyo3::prelude::*;

use crate::error;
use crate::event::Message;

/// The end that a call's task rings, and the one that a greenlet reads.
pub(crate) struct Bell {
    socket: Py<PyAny>,
    ringer: UnixStream,
}

impl Bell {
    /// A bell, if the program has had its sockets replaced.
    pub(crate) fn wanted(py: Python<'_>) -> PyResult<Option<Self>> {
        let modules = py
            .import(intern!(py, "sys"))?
            .getattr(intern!(py, "modules"))?;
        if !modules.contains(intern!(py, "gevent"))? {
            return Ok(None);
        }
        let sockets = py.import(intern!(py, "socket"))?;
        let class = sockets.getattr(intern!(py, "socket"))?;
        let module: String = class.getattr(intern!(py, "__module__"))?.extract()?;
        if !module.starts_with("gevent.") {
            return Ok(None);
        }
        let pair = UnixStream::pair().and_then(|(ringer, read)| {
            ringer.set_nonblocking(true)?;
            Ok((ringer, read))
        });
        let (ringer, read) = pair.map_err(|why| error::no_thread(py, &why))?;
        let family = sockets.getattr(intern!(py, "AF_UNIX"))?;
        let kind = sockets.getattr(intern!(py, "SOCK_STREAM"))?;
        let socket = class.call1((family, kind, 0, read.into_raw_fd()))?.unbind();
        Ok(Some(Self { socket, ringer }))
    }

    /// The function that the call's task calls for each message it has sent.
    pub(crate) fn ringer(&self, py: Python<'_>) -> PyResult<impl Fn() + Send + Sync + use<>> {
        let ringer = self.ringer.try_clone();
        let ringer = ringer.map_err(|why| error::no_thread(py, &why))?;
        // If the socket is full, there is enough to read.
        Ok(move || drop((&ringer).write(&[1])))
    }

    /// The next message; none if the task has ended without one. Other greenlets run meanwhile.
    pub(crate) fn next(
        &self,
        py: Python<'_>,
        messages: &Receiver<Message>,
    ) -> PyResult<Option<Message>> {
        loop {
            match messages.try_recv() {
                Ok(message) => return Ok(Some(message)),
                Err(TryRecvError::Disconnected) => return Ok(None),
                Err(TryRecvError::Empty) => {
                    self.socket.call_method1(py, intern!(py, "recv"), (64,))?;
                }
            }
        }
    }

    /// Returns the socket, no matter how the wait has ended.
    pub(crate) fn close(&self, py: Python<'_>) {
        drop(self.socket.call_method0(py, intern!(py, "close")));
    }
}
