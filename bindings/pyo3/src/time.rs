//! Instants and spans of time.

use chrono::{DateTime, Utc};
use icepanel_invites::Expiry;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyDelta, PyTzInfo, PyTzInfoAccess};

use crate::error;

/// An aware `datetime`, or a `timedelta` from now.
pub(crate) fn expiry(value: &Bound<'_, PyAny>) -> PyResult<Expiry> {
    if value.is_instance_of::<PyDelta>() {
        return Ok(Expiry::In(value.extract()?));
    }
    let Ok(time) = value.cast::<PyDateTime>() else {
        let kind = value.get_type();
        return Err(PyTypeError::new_err(format!(
            "expires must be an aware datetime or a timedelta from now, not {kind}"
        )));
    };
    instant("the expiry", time).map(Expiry::At)
}

/// The end of somebody's access: an aware `datetime`.
pub(crate) fn until(value: &Bound<'_, PyAny>) -> PyResult<DateTime<Utc>> {
    let Ok(time) = value.cast::<PyDateTime>() else {
        let kind = value.get_type();
        return Err(PyTypeError::new_err(format!(
            "until must be an aware datetime, not {kind}"
        )));
    };
    instant("the end of the access", time)
}

/// An aware `datetime`. `what` names it in the error.
pub(crate) fn instant(what: &str, time: &Bound<'_, PyDateTime>) -> PyResult<DateTime<Utc>> {
    let py = time.py();
    if time.call_method0("utcoffset")?.is_none() {
        return Err(error::invalid(
            py,
            format!(
                "{what} {} has no time zone, so it could be any of many instants; write \
                 datetime.now(timezone.utc) + timedelta(days=14), add tzinfo=timezone.utc, or pass \
                 timedelta(days=14) alone",
                time.str()?
            ),
        ));
    }
    let utc = PyTzInfo::utc(py)?;
    if time.get_tzinfo().is_some_and(|zone| zone.is(&*utc)) {
        return time.extract();
    }
    let moved = time.call_method1("astimezone", (utc,));
    moved
        .map_err(|_| {
            error::invalid(
                py,
                format!("{what} is too far off: in UTC the year must be 1 to 9999"),
            )
        })?
        .extract()
}
