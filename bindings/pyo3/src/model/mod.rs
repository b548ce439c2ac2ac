//! What the API says, as immutable objects.

mod difference;
mod difference_names;
mod event;
pub(crate) mod invite;
mod member;
mod new_invite;
mod open_enum;

pub(crate) use difference::ensured_differs_from;
pub(crate) use event::Event;
pub(crate) use invite::Invite;
pub(crate) use member::{Member, Seats};
pub(crate) use new_invite::NewInvite;
pub(crate) use open_enum::{is_paid, known};

use chrono::{DateTime, SecondsFormat, Utc};
use pyo3::prelude::*;

/// `Name(field=value, …)`, as Python writes an object.
pub(crate) fn represent(
    py: Python<'_>,
    name: &str,
    fields: Vec<(&str, Py<PyAny>)>,
) -> PyResult<String> {
    let fields = fields.into_iter().map(|(field, value)| {
        let value = value.bind(py).repr()?;
        Ok(format!("{field}={}", value.to_str()?))
    });
    let fields = fields.collect::<PyResult<Vec<_>>>()?;
    Ok(format!("{name}({})", fields.join(", ")))
}

/// A time as the API writes it.
fn text(time: &DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
