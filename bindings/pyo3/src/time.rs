//! Instants and spans of time.

use std::time::Duration;

use chrono::{DateTime, Utc};
use icepanel_invites::Expiry;
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyDelta, PyTzInfo, PyTzInfoAccess};

use crate::error;

/// Seconds as a number, or a `timedelta`.
pub(crate) fn duration(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Duration> {
    let seconds: f64 = if value.is_instance_of::<PyDelta>() {
        value.call_method0("total_seconds")?.extract()?
    } else {
        match value.extract() {
            Ok(seconds) => seconds,
            Err(why) if why.is_instance_of::<PyOverflowError>(value.py()) => f64::INFINITY,
            Err(_) => {
                let kind = value.get_type();
                return Err(PyTypeError::new_err(format!(
                    "{name} must be seconds, as a number or a timedelta, not {kind}"
                )));
            }
        }
    };
    if seconds.is_finite() && seconds >= 1e15 {
        return Ok(Duration::MAX);
    }
    Duration::try_from_secs_f64(seconds).map_err(|_| {
        error::invalid(
            value.py(),
            format!("{name} is {seconds} seconds; give a number that is finite and not negative"),
        )
    })
}

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
    instant(time).map(Expiry::At)
}

fn instant(time: &Bound<'_, PyDateTime>) -> PyResult<DateTime<Utc>> {
    let py = time.py();
    if time.call_method0("utcoffset")?.is_none() {
        return Err(error::invalid(
            py,
            format!(
                "the expiry {} has no time zone, so it could be any of many instants; write \
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
                "the expiry is too far off: in UTC the year must be 1 to 9999",
            )
        })?
        .extract()
}
