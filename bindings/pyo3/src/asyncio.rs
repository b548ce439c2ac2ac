//! Delivers the results of calls to an event loop of asyncio.
//!
//! Each loop has one [`Mailbox`]. The runtime's threads put letters into it, and a byte into a socket if it was empty.
//! The loop watches that socket like any other, empties the mailbox and sets the futures: one iteration for all
//! messages that have arrived. No thread of the runtime waits for the GIL, and a closed loop is never called.

use std::collections::HashMap;
#[cfg(unix)]
use std::io::Read;
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

#[cfg(unix)]
use pyo3::exceptions::PyNotImplementedError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyWeakrefReference;

use crate::error;
use crate::event::{Listener, Message, Sink};
use crate::outbox::{Bell, Caller, Outbox};
use crate::runtime::lock;

/// A loop's mailbox: its side of it.
#[pyclass(frozen, weakref, module = "icepanel_invites._native")]
struct Mailbox {
    outbox: Arc<Outbox>,
    #[cfg(unix)]
    socket: Option<std::os::unix::net::UnixStream>,
    waiting: Mutex<HashMap<u64, Waiting>>,
    next: AtomicU64,
}

/// A call whose end is awaited.
struct Waiting {
    future: Py<PyAny>,
    listener: Arc<Listener>,
}

impl Mailbox {
    /// The mailbox of the running loop.
    fn of<'py>(event_loop: &Bound<'py, PyAny>) -> PyResult<Bound<'py, Self>> {
        static MAILBOXES: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let py = event_loop.py();
        let mailboxes = MAILBOXES.get_or_try_init(py, || {
            let class = py.import("weakref")?.getattr("WeakKeyDictionary")?;
            class.call0().map(Bound::unbind)
        });
        let mailboxes = mailboxes?.bind(py);
        let found = mailboxes.call_method1(intern!(py, "get"), (event_loop,))?;
        if let Ok(mailbox) = found.cast_into::<Self>() {
            return Ok(mailbox);
        }
        forget_closed(mailboxes)?;
        let mailbox = Self::make(event_loop)?;
        mailboxes.set_item(event_loop, &mailbox)?;
        Ok(mailbox)
    }

    fn make<'py>(event_loop: &Bound<'py, PyAny>) -> PyResult<Bound<'py, Self>> {
        #[cfg(unix)]
        match Self::watched(event_loop) {
            Err(why) if why.is_instance_of::<PyNotImplementedError>(event_loop.py()) => {}
            made => return made,
        }
        let caller = Arc::new(Caller {
            event_loop: PyWeakrefReference::new(event_loop)?.unbind(),
            mailbox: Mutex::new(None),
        });
        let mailbox = Self::new(Bell::Caller(Arc::clone(&caller)));
        let mailbox = Bound::new(event_loop.py(), mailbox)?;
        *lock(&caller.mailbox) = Some(PyWeakrefReference::new(mailbox.as_any())?.unbind());
        Ok(mailbox)
    }

    /// A mailbox whose socket the loop watches.
    #[cfg(unix)]
    fn watched<'py>(event_loop: &Bound<'py, PyAny>) -> PyResult<Bound<'py, Self>> {
        use std::os::fd::AsRawFd;
        let pair = std::os::unix::net::UnixStream::pair().and_then(|(ours, theirs)| {
            ours.set_nonblocking(true)?;
            theirs.set_nonblocking(true)?;
            Ok((ours, theirs))
        });
        let (ours, theirs) = pair.map_err(|why| error::no_thread(event_loop.py(), &why))?;
        let watched = theirs.as_raw_fd();
        let mailbox = Self {
            socket: Some(theirs),
            ..Self::new(Bell::Socket(ours))
        };
        let mailbox = Bound::new(event_loop.py(), mailbox)?;
        let empty = mailbox.getattr("empty")?;
        event_loop.call_method1("add_reader", (watched, empty))?;
        Ok(mailbox)
    }

    fn new(bell: Bell) -> Self {
        Self {
            outbox: Arc::new(Outbox {
                letters: Mutex::default(),
                bell,
            }),
            #[cfg(unix)]
            socket: None,
            waiting: Mutex::default(),
            next: AtomicU64::new(0),
        }
    }

    /// Delivers a message. An error is one with which a listener stops the loop.
    fn deliver(&self, py: Python<'_>, call: u64, message: Message) -> PyResult<()> {
        let listener = || {
            let waiting = lock(&self.waiting);
            waiting.get(&call).map(|it| Arc::clone(&it.listener))
        };
        let outcome = match message {
            Message::Event(event) => {
                return listener().map_or(Ok(()), |listener| listener.tell(py, *event));
            }
            Message::Progress(progress) => {
                return listener().map_or(Ok(()), |it| it.tell_progress(py, progress));
            }
            Message::Invites(invites) => {
                return listener().map_or(Ok(()), |it| it.tell_invites(py, invites));
            }
            Message::Done(outcome) => Some(outcome),
            Message::Lost => None,
        };
        let Some(waiting) = lock(&self.waiting).remove(&call) else {
            return Ok(());
        };
        let result = match outcome {
            Some(Ok(answer)) => answer.into_python(py),
            Some(Err(why)) => Err(error::to_python(py, &why)),
            None => Err(error::lost()),
        };
        let future = waiting.future.bind(py);
        // A future that was cancelled meanwhile accepts no result, and nothing waits for it.
        drop(match result {
            Ok(result) => future.call_method1(intern!(py, "set_result"), (result,)),
            Err(why) => future.call_method1(intern!(py, "set_exception"), (why.into_value(py),)),
        });
        Ok(())
    }
}

#[pymethods]
impl Mailbox {
    /// Sets the futures of all calls that have ended. Called by the loop.
    fn empty(&self, py: Python<'_>) -> PyResult<()> {
        #[cfg(unix)]
        if let Some(socket) = &self.socket {
            // First the bell, then the letters: one that comes in between rings again.
            let _ = (&*socket).read(&mut [0; 64]);
        }
        let mut letters = mem::take(&mut *lock(&self.outbox.letters)).into_iter();
        while let Some((call, message)) = letters.next() {
            if let Err(why) = self.deliver(py, call, message) {
                // The loop may run once more, to end its tasks.
                self.outbox.put_back(letters.collect());
                return Err(why);
            }
        }
        Ok(())
    }
}

/// Forgets the calls of loops that were closed before the calls had ended: their futures reference
/// the loop.
fn forget_closed(mailboxes: &Bound<'_, PyAny>) -> PyResult<()> {
    for entry in mailboxes.call_method0("items")?.try_iter()? {
        let (event_loop, mailbox): (Bound<'_, PyAny>, Bound<'_, PyAny>) = entry?.extract()?;
        if event_loop.call_method0("is_closed")?.is_truthy()? {
            drop(mem::take(&mut *lock(
                &mailbox.cast::<Mailbox>()?.get().waiting,
            )));
        }
    }
    Ok(())
}

/// A call's place in the mailbox of a loop.
pub(crate) struct Post {
    mailbox: Py<Mailbox>,
    call: u64,
}

impl Post {
    /// A place at the running loop, and the future that its result will be set in.
    pub(crate) fn open(py: Python<'_>, listener: Arc<Listener>) -> PyResult<(Py<PyAny>, Self)> {
        static RUNNING: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let event_loop = RUNNING.import(py, "asyncio", "get_running_loop")?.call0()?;
        let mailbox = Mailbox::of(&event_loop)?;
        let future = event_loop
            .call_method0(intern!(py, "create_future"))?
            .unbind();
        let call = mailbox.get().next.fetch_add(1, Ordering::Relaxed);
        let waiting = Waiting {
            future: future.clone_ref(py),
            listener,
        };
        lock(&mailbox.get().waiting).insert(call, waiting);
        Ok((
            future,
            Self {
                mailbox: mailbox.unbind(),
                call,
            },
        ))
    }

    /// Where the call's task sends its messages.
    pub(crate) fn sink(&self) -> Sink {
        let (outbox, call) = (Arc::clone(&self.mailbox.get().outbox), self.call);
        Arc::new(move |message| outbox.put(call, message))
    }

    /// Gives the place up.
    pub(crate) fn close(&self) {
        let waiting = lock(&self.mailbox.get().waiting).remove(&self.call);
        drop(waiting);
    }
}
