//! Numbers that Python has and the core has not.

use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::PyFloat;

use crate::error;

/// A whole number that is not negative.
pub(crate) fn count<T>(name: &str, value: &Bound<'_, PyAny>) -> PyResult<T>
where
    T: for<'a, 'py> FromPyObject<'a, 'py, Error = PyErr>,
{
    if value.is_instance_of::<PyFloat>() {
        finite(name, value)?;
    }
    match value.extract() {
        Ok(number) => Ok(number),
        Err(why) if why.is_instance_of::<PyOverflowError>(value.py()) => Err(error::invalid(
            value.py(),
            format!("{name} is {value}, which is no number of them"),
        )),
        Err(why) => Err(named(name, &why, value)),
    }
}

/// A number that JSON has too.
pub(crate) fn finite(name: &str, value: &Bound<'_, PyAny>) -> PyResult<f64> {
    let number: f64 = value.extract().map_err(|why| named(name, &why, value))?;
    match number.is_finite() {
        true => Ok(number),
        false => Err(error::invalid(
            value.py(),
            format!("{name} is {number}; give a finite number"),
        )),
    }
}

/// What is no number at all.
fn named(name: &str, why: &PyErr, value: &Bound<'_, PyAny>) -> PyErr {
    PyTypeError::new_err(format!("{name}: {}", why.value(value.py())))
}
