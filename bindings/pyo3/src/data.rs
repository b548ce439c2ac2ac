//! Options as data: Python's values in the form that they have as JSON, for the core to read.

use icepanel_invites::{InviteError, Spelling};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDelta, PyDict, PyList, PyMapping, PyString, PyTuple};
use serde_json::{Map, Number, Value};

use crate::error;

/// Reads options with the core's function for them.
pub(crate) fn read<T>(
    options: &Bound<'_, PyDict>,
    read: impl FnOnce(&str, Spelling) -> Result<T, InviteError>,
) -> PyResult<T> {
    let text = value(options)?.to_string();
    read(&text, Spelling::Python).map_err(|why| error::to_python(options.py(), &why))
}

/// A value as JSON: a `timedelta` is its seconds. A value without a form in JSON becomes an empty list, which is not
/// valid for any option, so that the core rejects it with the option's name.
fn value(of: &Bound<'_, PyAny>) -> PyResult<Value> {
    if of.is_none() {
        return Ok(Value::Null);
    }
    if let Ok(flag) = of.cast::<PyBool>() {
        return Ok(Value::Bool(flag.is_true()));
    }
    if of.is_instance_of::<PyString>() {
        return Ok(of.extract::<String>().map_or(none(), Value::String));
    }
    if let Ok(bytes) = of.cast::<PyBytes>() {
        let text = String::from_utf8(bytes.as_bytes().to_vec());
        return Ok(text.map_or(none(), Value::String));
    }
    if of.is_instance_of::<PyDelta>() {
        return Ok(number(of.call_method0("total_seconds")?.extract()?));
    }
    if let Ok(whole) = of.extract::<i64>() {
        return Ok(whole.into());
    }
    if let Ok(float) = of.extract::<f64>() {
        return Ok(number(float));
    }
    if of.is_instance_of::<PyTuple>() || of.is_instance_of::<PyList>() {
        let values = of.try_iter()?.map(|each| value(&each?));
        return values.collect::<PyResult<Vec<_>>>().map(Value::Array);
    }
    let Ok(mapping) = of.cast::<PyMapping>() else {
        return Ok(none());
    };
    let mut object = Map::new();
    for entry in mapping.items()?.iter() {
        let (name, each): (Bound<'_, PyAny>, Bound<'_, PyAny>) = entry.extract()?;
        let Ok(name) = name.extract() else {
            return Ok(none());
        };
        object.insert(name, value(&each)?);
    }
    Ok(Value::Object(object))
}

fn number(number: f64) -> Value {
    Number::from_f64(number).map_or(none(), Value::Number)
}

fn none() -> Value {
    Value::Array(Vec::new())
}
