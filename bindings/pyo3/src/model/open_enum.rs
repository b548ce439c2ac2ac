//! `Permission`, `Actor` and `InviteStatus`: strings with their own class, which Python declares.

use icepanel_invites::{
    Action, Actor, Difference, ErrorKind, InviteStatus, Outcome, Permission, StepReason,
};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

const VALUES: &str = "icepanel_invites._values";

/// Makes a function from an open enum to its Python class. The objects of the documented values are
/// made once.
macro_rules! open {
    ($function:ident, $type:ident) => {
        pub(super) fn $function(py: Python<'_>, value: &$type) -> PyResult<Py<PyAny>> {
            static KNOWN: PyOnceLock<Vec<Py<PyAny>>> = PyOnceLock::new();
            static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
            let class = CLASS.import(py, VALUES, stringify!($type))?;
            let known = KNOWN.get_or_try_init(py, || {
                let objects = $type::KNOWN.iter();
                let objects = objects.map(|value| Ok(class.call1((value.as_str(),))?.unbind()));
                objects.collect::<PyResult<Vec<_>>>()
            })?;
            match $type::KNOWN.iter().position(|one| one == value) {
                Some(at) => Ok(known[at].clone_ref(py)),
                None => Ok(class.call1((value.as_str(),))?.unbind()),
            }
        }
    };
}

open!(permission, Permission);
open!(actor, Actor);
open!(status, InviteStatus);

/// The values that this version knows of a type: `known("Permission")`.
#[pyfunction]
pub(crate) fn known(of: &str) -> Vec<&'static str> {
    match of {
        "Permission" => Permission::KNOWN.iter().map(Permission::as_str).collect(),
        "InviteStatus" => InviteStatus::KNOWN
            .iter()
            .map(InviteStatus::as_str)
            .collect(),
        "Actor" => Actor::KNOWN.iter().map(Actor::as_str).collect(),
        "Action" => Action::ALL.iter().map(|action| action.as_str()).collect(),
        "Outcome" => Outcome::ALL
            .iter()
            .map(|outcome| outcome.as_str())
            .collect(),
        "StepReason" => StepReason::ALL
            .iter()
            .map(|reason| reason.as_str())
            .collect(),
        "Difference" => Difference::ALL.iter().map(|one| one.as_str()).collect(),
        "ErrorKind" => ErrorKind::ALL.iter().map(|kind| kind.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// Whether a permission costs a paid seat.
#[pyfunction]
pub(crate) fn is_paid(permission: &str) -> bool {
    Permission::from(permission).is_paid()
}
