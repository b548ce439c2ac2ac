//! Python values read as the client's types, in their JSON form.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error;

/// Reads what JSON can say. `what` names it in the error.
pub(crate) fn from_python<T: DeserializeOwned>(
    what: &str,
    value: &Bound<'_, PyAny>,
) -> PyResult<T> {
    static DUMPS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let py = value.py();
    let dumps = DUMPS.import(py, "icepanel_invites._json", "dumps")?;
    let text: String = dumps.call1((what, value))?.extract()?;
    serde_json::from_str(&text).map_err(|why| error::invalid(py, format!("{what}: {why}")))
}

/// Reads a value. `what` names it in the error.
pub(crate) fn read<T: DeserializeOwned>(py: Python<'_>, what: &str, value: Value) -> PyResult<T> {
    serde_json::from_value(value).map_err(|why| error::invalid(py, format!("{what}: {why}")))
}
