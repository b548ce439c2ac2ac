//! What the Python objects of one client share: its options, and the core's client in each process.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use icepanel_invites::{InviteClient, InviteError, RetryPolicy};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use tokio::sync::watch;

use crate::builder::{Account, Options};
use crate::error;
use crate::runtime::PerProcess;

/// A client's state, handed from one Python object to the next.
#[pyclass(frozen, module = "icepanel_invites._native")]
#[derive(Clone)]
pub(crate) struct Handle {
    pub(crate) shared: Arc<Shared>,
    /// Others than those that the shared client was made with, for a handle that differs.
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: RetryPolicy,
}

/// What all handles on one client share.
pub(crate) struct Shared {
    account: Account,
    pub(crate) options: Options,
    pub(crate) organization_id: String,
    live: PerProcess<Live>,
    closed: AtomicBool,
}

/// The core's client in this process, and the word that it is closed, which stops its calls.
#[derive(Clone)]
pub(crate) struct Live {
    client: InviteClient,
    pub(crate) closing: Arc<watch::Sender<bool>>,
}

impl Shared {
    /// The client of this process. In a forked one it is made anew, with connections of its own.
    pub(crate) fn live(&self, py: Python<'_>) -> PyResult<Live> {
        if self.closed.load(Ordering::Relaxed) {
            return Err(PyRuntimeError::new_err("the client is closed"));
        }
        let made = self.live.get(|| {
            let client = self.options.build(&self.account)?;
            Ok(Live {
                client,
                closing: Arc::new(watch::Sender::new(false)),
            })
        });
        made.map_err(|why: InviteError| error::to_python(py, &why))
    }

    /// Ends the calls under way, and lets none begin.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
        if let Some(live) = self.live.take() {
            live.closing.send_replace(true);
        }
    }
}

impl Handle {
    pub(crate) fn make(py: Python<'_>, account: Account, options: Options) -> PyResult<Self> {
        let (timeout, retry) = (options.timeout, options.retry);
        let mut shared = Shared {
            account,
            options,
            organization_id: String::new(),
            live: PerProcess::new(),
            closed: AtomicBool::new(false),
        };
        // What cannot be right is refused here, not at the first call.
        shared.organization_id = shared.live(py)?.client.organization_id().to_owned();
        Ok(Self {
            shared: Arc::new(shared),
            timeout,
            retry,
        })
    }

    pub(crate) fn client(&self, live: &Live) -> Result<InviteClient, InviteError> {
        let client = live.client.with_retry(self.retry)?;
        match self.timeout {
            Some(timeout) => client.with_timeout(timeout),
            None => Ok(client),
        }
    }
}
