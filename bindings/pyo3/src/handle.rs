//! The state that the Python objects of one client share: its options, and the core's client in each process.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use icepanel_invites::{ClientChanges, InviteClient, InviteError, Spelling};
use pyo3::prelude::*;

use crate::builder::{Account, Options};
use crate::error;
use crate::runtime::PerProcess;

/// A client's state, passed from one Python object to the next.
#[pyclass(frozen, module = "icepanel_invites._native")]
#[derive(Clone)]
pub(crate) struct Handle {
    pub(crate) shared: Arc<Shared>,
    /// What differs from the shared client.
    pub(crate) changes: ClientChanges,
}

/// What all handles on one client share.
pub(crate) struct Shared {
    account: Account,
    options: Options,
    pub(crate) organization_id: String,
    live: PerProcess<InviteClient>,
    /// The client remains closed after a fork, and without a core client in this process.
    closed: AtomicBool,
}

impl Shared {
    /// The client of this process. A forked process creates a new one, with its own connections.
    fn live(&self, py: Python<'_>) -> PyResult<InviteClient> {
        if self.is_closed() {
            return Err(error::to_python(py, &InviteError::closed(None)));
        }
        if let Some(client) = self.live.found() {
            return Ok(client);
        }
        // Not under the lock, because it takes a while, and other threads may run and fork meanwhile.
        let made = py.detach(|| self.options.build(&self.account));
        let made = made.map_err(|why| error::to_python(py, &why))?;
        self.live.get(|| Ok(made))
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// Ends the running calls, and prevents new ones.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
        if let Some(client) = self.live.take() {
            client.close();
        }
    }
}

impl Handle {
    pub(crate) fn make(py: Python<'_>, account: Account, options: Options) -> PyResult<Self> {
        let mut shared = Shared {
            account,
            options,
            organization_id: String::new(),
            live: PerProcess::new(),
            closed: AtomicBool::new(false),
        };
        // Invalid options are rejected here, not at the first call.
        shared.organization_id = shared.live(py)?.organization_id().to_owned();
        Ok(Self {
            shared: Arc::new(shared),
            changes: ClientChanges::default(),
        })
    }

    pub(crate) fn client(&self, py: Python<'_>) -> PyResult<InviteClient> {
        let client = self
            .shared
            .live(py)?
            .with_options(&self.changes, Spelling::Python);
        client.map_err(|why| error::to_python(py, &why))
    }
}
