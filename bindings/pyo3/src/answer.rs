//! The result of a call, on its way from the runtime's threads to Python.

use icepanel_invites::{Ensured, Invite, InviteError, Member, Seats};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyList;
use serde_json::Value;

use crate::json;
use crate::model;
use crate::model::invite::Pages;

/// A result of any of the client's calls.
pub(crate) enum Answer {
    Invite(Invite),
    Found(Option<Invite>),
    Invites(Pages),
    Ensured(Ensured),
    Member(Member),
    FoundMember(Option<Member>),
    Members(Vec<Member>),
    Seats(Seats),
    /// A value of a roster, in the form that it has as JSON.
    Json(Value),
    /// The result was delivered before, in pieces.
    Nothing(()),
}

/// How a call ended.
pub(crate) type Outcome = Result<Answer, InviteError>;

impl Answer {
    /// The objects that Python sees.
    pub(crate) fn into_python(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        match self {
            Self::Invite(invite) => model::Invite::alone(invite).into_py_any(py),
            Self::Found(invite) => invite.map(model::Invite::alone).into_py_any(py),
            Self::Invites(pages) => pages.into_list(py)?.into_py_any(py),
            Self::Ensured(ensured) => into_ensured(py, ensured),
            Self::Member(member) => model::Member::from(member).into_py_any(py),
            Self::FoundMember(member) => member.map(model::Member::from).into_py_any(py),
            Self::Members(members) => {
                let members = members.into_iter().map(model::Member::from);
                let members = members.map(|member| member.into_py_any(py));
                let members = members.collect::<PyResult<Vec<_>>>()?;
                PyList::new(py, members)?.into_py_any(py)
            }
            Self::Seats(seats) => model::Seats::from(seats).into_py_any(py),
            Self::Json(value) => json::convert(py, value),
            Self::Nothing(()) => Ok(py.None()),
        }
    }
}

/// The result of `ensure`, as one of its Python classes.
fn into_ensured(py: Python<'_>, ensured: Ensured) -> PyResult<Py<PyAny>> {
    static MAKE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let make = MAKE.import(py, "icepanel_invites._ensured", "ensured_from")?;
    let outcome = ensured.outcome();
    let of = match ensured {
        Ensured::Created(invite) | Ensured::Existing(invite) => {
            model::Invite::alone(invite).into_py_any(py)?
        }
        Ensured::Member(member) => model::Member::from(member).into_py_any(py)?,
    };
    make.call1((outcome, of)).map(Bound::unbind)
}

macro_rules! from {
    ($($variant:ident($type:ty)),+) => {$(
        impl From<$type> for Answer {
            fn from(value: $type) -> Self {
                Self::$variant(value)
            }
        }
    )+};
}

from!(
    Invite(Invite),
    Found(Option<Invite>),
    Invites(Pages),
    Ensured(Ensured),
    Member(Member),
    FoundMember(Option<Member>),
    Members(Vec<Member>),
    Seats(Seats),
    Json(Value),
    Nothing(())
);
