//! The sandbox inside the process, for users' tests of their own code.

use std::io;
use std::sync::Arc;

use icepanel_sandbox::{API_KEY, Fault, State};
use pyo3::exceptions::{PyOSError, PyRuntimeError};
use pyo3::prelude::*;

use crate::error;
use crate::runtime::PerProcess;
use crate::{from_json, json};

/// A local server that responds as the documented API does.
#[pyclass(subclass, frozen, weakref, module = "icepanel_invites._native")]
pub(crate) struct Sandbox {
    /// A forked process has none: its threads exist only in the parent.
    live: PerProcess<Arc<icepanel_sandbox::Sandbox>>,
    base_url: String,
}

impl Sandbox {
    fn live(&self) -> PyResult<Arc<icepanel_sandbox::Sandbox>> {
        self.live
            .get(|| Err(PyRuntimeError::new_err("the sandbox is closed")))
    }
}

#[pymethods]
impl Sandbox {
    /// The key that a sandbox takes, unless its state says otherwise.
    #[classattr]
    const API_KEY: &'static str = API_KEY;

    #[new]
    #[pyo3(signature = (state = None))]
    fn new(py: Python<'_>, state: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let state = state.map(|state| from_json::from_python("the state", state));
        let state: State = state.transpose()?.unwrap_or_default();
        let started = py.detach(|| icepanel_sandbox::Sandbox::start(state));
        let sandbox = started.map_err(|why| match why.kind() {
            io::ErrorKind::InvalidInput => error::invalid(py, format!("the state: {why}")),
            _ => PyOSError::new_err(format!("the sandbox cannot be started: {why}")),
        })?;
        let base_url = sandbox.base_url();
        let live = PerProcess::new();
        live.get(|| Ok::<_, PyErr>(Arc::new(sandbox)))?;
        Ok(Self { live, base_url })
    }

    /// Where the API is, as in `http://127.0.0.1:8080/v1`.
    #[getter]
    fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Deletes its data and starts from this state.
    #[pyo3(signature = (state = None))]
    fn set_state(&self, py: Python<'_>, state: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
        let state = state.map(|state| from_json::from_python("the state", state));
        let state: State = state.transpose()?.unwrap_or_default();
        let sandbox = self.live()?;
        py.detach(|| sandbox.set_state(state))
            .map_err(|why| error::invalid(py, format!("the state: {why}")))
    }

    /// Adds faults for the next requests, after the existing ones.
    #[pyo3(signature = (*faults))]
    fn add_faults(&self, py: Python<'_>, faults: &Bound<'_, PyAny>) -> PyResult<()> {
        let faults: Vec<Fault> = from_json::from_python("a fault", faults)?;
        let added = self.live()?.add_faults(faults);
        added.map_err(|why| error::invalid(py, format!("a fault: {why}")))
    }

    /// Marks the newest active invite with this address or id as used, and makes the person a member.
    fn mark_used(&self, py: Python<'_>, email_or_id: &str) -> PyResult<()> {
        let marked = self.live()?.mark_used(email_or_id);
        marked.map_err(|why| error::invalid(py, why.to_string()))
    }

    /// What happened since the state was set.
    fn report(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let sandbox = self.live()?;
        json::to_python(py, &py.detach(|| sandbox.report()))
    }

    /// Ends the server and closes its connections.
    fn close(&self, py: Python<'_>) {
        let live = self.live.take();
        py.detach(|| drop(live));
    }
}
