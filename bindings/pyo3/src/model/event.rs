//! One attempt, as Python sees it.

use chrono::TimeDelta;
use icepanel_invites::{ErrorKind, Next};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::represent;

/// One attempt at a request, reported when it has ended. Immutable. No part of it contains the API key.
#[pyclass(frozen, module = "icepanel_invites", eq, hash, get_all)]
#[derive(PartialEq, Hash)]
pub(crate) struct Event {
    /// The request: `list_invites`, `create_invite`, `revoke_invite`, `list_members`,
    /// `update_member`, `remove_member` or `read_organization`.
    operation: String,
    /// The number of the attempt at this request, from 1.
    attempt: u32,
    /// The HTTP status, if there was a response.
    status: Option<u16>,
    /// The time from before the request was sent until its response was read or it failed.
    latency: TimeDelta,
    /// The kind of error, if there was one: `server`.
    error: Option<String>,
    /// The service's id of the request.
    request_id: Option<String>,
    /// What happens next: `done`, `retry`, `look_up` (a list is read to find out whether a create or
    /// a change of a member was carried out) or `fail`.
    next: String,
    /// How long the client waits before it sends the request again.
    wait: Option<TimeDelta>,
}

impl Event {
    pub(crate) fn from_core(event: icepanel_invites::Event) -> Self {
        // To the microsecond, as Python has it: so that a copy is equal.
        let span = |span: std::time::Duration| {
            i64::try_from(span.as_micros()).map_or(TimeDelta::MAX, TimeDelta::microseconds)
        };
        Self {
            operation: event.operation.as_str().to_owned(),
            attempt: event.attempt,
            status: event.status,
            latency: span(event.latency),
            error: event.error.map(|kind: ErrorKind| kind.as_str().to_owned()),
            request_id: event.request_id,
            next: event.next.as_str().to_owned(),
            wait: match event.next {
                Next::Retry(wait) => Some(span(wait)),
                _ => None,
            },
        }
    }
}

#[pymethods]
impl Event {
    #[classattr]
    fn __match_args__() -> (&'static str, &'static str, &'static str) {
        ("operation", "attempt", "status")
    }

    #[new]
    #[pyo3(signature = (
        operation, attempt = 1, status = None, latency = TimeDelta::zero(), error = None,
        request_id = None, next = "done", wait = None
    ))]
    #[expect(clippy::too_many_arguments, reason = "it has this number of fields")]
    fn new(
        operation: String,
        attempt: u32,
        status: Option<u16>,
        latency: TimeDelta,
        error: Option<String>,
        request_id: Option<String>,
        next: &str,
        wait: Option<TimeDelta>,
    ) -> Self {
        Self {
            operation,
            attempt,
            status,
            latency,
            error,
            request_id,
            next: next.to_owned(),
            wait,
        }
    }

    /// As every language writes it: camelCase names, spans in milliseconds, ready for `json`.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("operation", &self.operation)?;
        dict.set_item("attempt", self.attempt)?;
        dict.set_item("status", self.status)?;
        dict.set_item("latencyMs", self.latency.as_seconds_f64() * 1e3)?;
        dict.set_item("error", &self.error)?;
        dict.set_item("requestId", &self.request_id)?;
        dict.set_item("next", &self.next)?;
        dict.set_item("waitMs", self.wait.map(|wait| wait.as_seconds_f64() * 1e3))?;
        Ok(dict)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let fields = vec![
            ("operation", (&self.operation).into_py_any(py)?),
            ("attempt", self.attempt.into_py_any(py)?),
            ("status", self.status.into_py_any(py)?),
            ("error", self.error.as_ref().into_py_any(py)?),
            ("next", (&self.next).into_py_any(py)?),
        ];
        represent(py, "Event", fields)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Py<PyAny>)> {
        let this = slf.get();
        let fields = (
            &this.operation,
            this.attempt,
            this.status,
            this.latency,
            &this.error,
            &this.request_id,
            &this.next,
            this.wait,
        );
        Ok((slf.get_type().into_any(), fields.into_py_any(slf.py())?))
    }
}
