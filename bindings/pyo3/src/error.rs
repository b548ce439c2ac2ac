//! The core's error as Python's exception. Data crosses; the class is made in Python.

use std::error::Error;
use std::io;

use icepanel_invites::InviteError;
use pyo3::exceptions::{PyException, PyOSError, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::json;

/// The exception for an error of the core.
pub(crate) fn to_python(py: Python<'_>, error: &InviteError) -> PyErr {
    static MAKE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let made = MAKE
        .import(py, "icepanel_invites._errors", "error_from")
        .and_then(|make| make.call1((json::to_python(py, error)?,)));
    let made = made.map_or_else(|why| why, PyErr::from_value);
    explain(py, &made, error);
    made
}

/// Sets what caused an error as the `__cause__` of its exception, and what caused that.
fn explain(py: Python<'_>, made: &PyErr, error: &dyn Error) {
    let Some(source) = error.source() else {
        return;
    };
    let text = source.to_string();
    if source
        .source()
        .is_some_and(|deeper| deeper.to_string() == text)
    {
        return explain(py, made, source);
    }
    let system = source.downcast_ref::<io::Error>();
    let cause = match system.and_then(io::Error::raw_os_error) {
        // Python maps it to `ConnectionRefusedError` and similar types.
        Some(number) => {
            let text = text.split(" (os error").next().unwrap_or_default();
            PyOSError::new_err((number, text.to_owned()))
        }
        None => PyException::new_err(text),
    };
    explain(py, &cause, source);
    made.set_cause(py, Some(cause));
}

/// The exception for an invalid argument, which Python raises.
#[pyfunction]
pub(crate) fn invalid_input(py: Python<'_>, message: String) -> Py<PyAny> {
    invalid(py, message).into_value(py).into_any()
}

/// The exception for a call that its caller has stopped, which Python raises.
#[pyfunction]
pub(crate) fn cancelled(py: Python<'_>, operation: &str) -> Py<PyAny> {
    let error = to_python(py, &InviteError::cancelled(operation));
    error.into_value(py).into_any()
}

/// A call that the system gives no thread or file descriptor for.
pub(crate) fn no_thread(py: Python<'_>, why: &io::Error) -> PyErr {
    to_python(py, &InviteError::no_thread(why))
}

/// An argument that cannot be passed to the core.
pub(crate) fn invalid(py: Python<'_>, message: impl Into<String>) -> PyErr {
    to_python(py, &InviteError::invalid_input(message))
}

/// The error of a task that ended without an outcome, which its panic has written to stderr.
pub(crate) fn lost() -> PyErr {
    PyRuntimeError::new_err("the call broke off inside the client, which is a bug in it")
}
