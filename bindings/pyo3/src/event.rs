//! The events of attempts, and their way to the caller.
//!
//! The core calls a [`Teller`] on the runtime's thread. It puts the event into the queue of its call, and returns. The
//! caller takes it out: the thread in a blocking call, the event loop in an asyncio one. So events arrive in order,
//! before the result, on a thread that the caller knows.

use std::sync::Arc;

use icepanel_invites::{InviteClient, Next};
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use serde_json::Value;

use crate::answer::Outcome;
use crate::json;
use crate::model::Event;
use crate::model::invite::Pages;

/// The messages of a call's task to its caller.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every message is the large one"
)]
pub(crate) enum Message {
    /// An attempt has ended.
    Event(Box<icepanel_invites::Event>),
    /// A step of a run has ended.
    Progress(Value),
    /// Some of the invites of a list that comes in.
    Invites(Vec<icepanel_invites::Invite>),
    /// The call has ended.
    Done(Outcome),
    /// The task has ended without an outcome: it was stopped, or it panicked.
    Lost,
}

/// Where a call's task sends its messages.
pub(crate) type Sink = Arc<dyn Fn(Message) + Send + Sync>;

/// Which events are wanted.
#[derive(Clone, Copy, PartialEq)]
enum Wanted {
    Nothing,
    Retries,
    All,
}

/// What the core reports of a call, and to whom.
pub(crate) struct Teller {
    wanted: Wanted,
    /// Whether a run's steps are wanted.
    progress: bool,
    sink: Sink,
}

impl Teller {
    /// The client for this call alone, which reports its attempts.
    pub(crate) fn hear(self: &Arc<Self>, client: InviteClient) -> InviteClient {
        let teller = Arc::clone(self);
        match self.wanted {
            Wanted::Nothing => client,
            _ => client.with_on_event(move |event| teller.tell(event)),
        }
    }

    /// It is fast: a check, and an entry in a queue.
    fn tell(&self, event: &icepanel_invites::Event) {
        let retried = matches!(event.next, Next::Retry(_) | Next::LookUp);
        if self.wanted == Wanted::All || retried {
            (self.sink)(Message::Event(Box::new(event.clone())));
        }
    }

    /// What a run reports of each of its steps.
    pub(crate) fn progress(&self, progress: &icepanel_invites::Progress<'_>) {
        if self.progress
            && let Ok(result) = serde_json::to_value(progress)
        {
            (self.sink)(Message::Progress(result));
        }
    }
}

impl Teller {
    /// Delivers some of the invites of a list.
    pub(crate) fn invites(&self, invites: Vec<icepanel_invites::Invite>) {
        (self.sink)(Message::Invites(invites));
    }
}

/// The listeners of a call: functions of the caller, and Python's log.
pub(crate) struct Listener {
    on_event: Option<Py<PyAny>>,
    on_progress: Option<Py<PyAny>>,
    logged: Wanted,
}

impl Listener {
    /// Asks the log for its level, and stores the caller's function.
    pub(crate) fn new(py: Python<'_>, on_event: Option<Py<PyAny>>) -> PyResult<Self> {
        static WANTED: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let wanted = WANTED.import(py, "icepanel_invites._log", "wanted")?;
        let logged = match wanted.call0()?.extract()? {
            0 => Wanted::Nothing,
            1 => Wanted::Retries,
            _ => Wanted::All,
        };
        Ok(Self {
            on_event,
            on_progress: None,
            logged,
        })
    }

    /// The same listener, also for a run's steps.
    pub(crate) fn with_progress(self, on_progress: Option<Py<PyAny>>) -> Self {
        Self {
            on_progress,
            ..self
        }
    }

    pub(crate) fn teller(&self, sink: Sink) -> Teller {
        let wanted = match self.on_event {
            Some(_) => Wanted::All,
            None => self.logged,
        };
        Teller {
            wanted,
            progress: self.on_progress.is_some(),
            sink,
        }
    }

    /// Reports one step of a run.
    pub(crate) fn tell_progress(&self, py: Python<'_>, progress: Value) -> PyResult<()> {
        let Some(on_progress) = &self.on_progress else {
            return Ok(());
        };
        let result =
            json::convert(py, progress).and_then(|result| on_progress.call1(py, (result,)));
        survive(py, result.map(drop), Some(on_progress))
    }

    /// Delivers some of the invites of a list.
    pub(crate) fn tell_invites(
        &self,
        py: Python<'_>,
        invites: Vec<icepanel_invites::Invite>,
    ) -> PyResult<()> {
        let Some(on_invites) = &self.on_progress else {
            return Ok(());
        };
        let list = Pages::from(invites).into_list(py)?;
        on_invites.call1(py, (list,)).map(drop)
    }

    /// Reports one attempt.
    pub(crate) fn tell(&self, py: Python<'_>, event: icepanel_invites::Event) -> PyResult<()> {
        static WRITE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let result = Bound::new(py, Event::from_core(event)).and_then(|event| {
            if self.logged != Wanted::Nothing {
                WRITE
                    .import(py, "icepanel_invites._log", "write")?
                    .call1((&event,))?;
            }
            match &self.on_event {
                Some(on_event) => on_event.call1(py, (event,)).map(drop),
                None => Ok(()),
            }
        });
        survive(py, result, self.on_event.as_ref())
    }
}

/// Passes an exception of a listener to `sys.unraisablehook`: a call must not fail because of it. A `BaseException`
/// that is no `Exception`, such as that of Ctrl-C, stops the caller, and so the call.
fn survive(py: Python<'_>, result: PyResult<()>, listener: Option<&Py<PyAny>>) -> PyResult<()> {
    match result {
        Err(why) if why.is_instance_of::<PyException>(py) => {
            why.write_unraisable(py, listener.map(|it| it.bind(py)));
            Ok(())
        }
        result => result,
    }
}
