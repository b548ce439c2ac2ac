//! The members of the organization, and the seats they take.

use chrono::{DateTime, Utc};
use icepanel_invites::{LandscapePermissions, Permission};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde::{Deserialize, Serialize};

use super::{open_enum, represent};
use crate::{from_json, json};

/// A member of the organization. Immutable.
#[pyclass(frozen, module = "icepanel_invites", eq, hash)]
#[derive(Clone, PartialEq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Member {
    /// The user's id.
    #[pyo3(get)]
    user_id: String,
    /// The member's address.
    #[pyo3(get)]
    email: String,
    permission: Permission,
    /// The member's name.
    #[pyo3(get)]
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The member's role at work.
    #[pyo3(get)]
    #[serde(skip_serializing_if = "Option::is_none")]
    job_role: Option<String>,
    /// When the member was last seen.
    #[pyo3(get)]
    #[serde(skip_serializing_if = "Option::is_none")]
    last_active_at: Option<DateTime<Utc>>,
    /// Which landscapes the member may see, if that is limited.
    #[pyo3(get)]
    #[serde(skip_serializing_if = "Option::is_none")]
    landscape_permissions: Option<LandscapePermissions>,
}

impl From<icepanel_invites::Member> for Member {
    fn from(member: icepanel_invites::Member) -> Self {
        Self {
            user_id: member.user_id,
            email: member.email,
            permission: member.permission,
            name: member.name,
            job_role: member.job_role,
            last_active_at: member.last_active_at,
            landscape_permissions: member.landscape_permissions,
        }
    }
}

impl From<&Member> for icepanel_invites::Member {
    fn from(member: &Member) -> Self {
        let member = member.clone();
        Self {
            user_id: member.user_id,
            email: member.email,
            permission: member.permission,
            name: member.name,
            job_role: member.job_role,
            last_active_at: member.last_active_at,
            landscape_permissions: member.landscape_permissions,
        }
    }
}

#[pymethods]
impl Member {
    #[classattr]
    fn __match_args__() -> (&'static str, &'static str, &'static str) {
        ("email", "permission", "name")
    }

    /// What the member may do.
    #[getter]
    fn permission(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        open_enum::permission(py, &self.permission)
    }

    /// As every language writes it: camelCase names, times as text, ready for `json`.
    pub(crate) fn to_dict(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        json::to_python(py, self)
    }

    /// The member from a dict that `to_dict` made.
    #[staticmethod]
    fn from_dict(fields: &Bound<'_, PyDict>) -> PyResult<Self> {
        from_json::from_python("the member", fields)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let fields = vec![
            ("user_id", (&self.user_id).into_py_any(py)?),
            ("email", (&self.email).into_py_any(py)?),
            ("permission", self.permission.as_str().into_py_any(py)?),
            ("name", self.name.as_ref().into_py_any(py)?),
        ];
        represent(py, "Member", fields)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (Py<PyAny>,))> {
        let from = slf.get_type().getattr("from_dict")?;
        Ok((from, (slf.get().to_dict(slf.py())?,)))
    }
}

/// The organization's paid seats. Immutable.
///
/// `write` and `admin` take one, both for a member and for an active invite; the service assigns no more once `taken`
/// and `promised` reach `paid`.
#[pyclass(frozen, module = "icepanel_invites", eq, hash, get_all)]
#[derive(PartialEq, Hash, Serialize, Deserialize)]
pub(crate) struct Seats {
    /// Seats paid for.
    paid: u64,
    /// Members with `write` or `admin`.
    taken: u64,
    /// Active invites with `write` or `admin`.
    promised: u64,
    /// Free seats: `paid` minus the other two, and never below zero.
    free: u64,
}

impl From<icepanel_invites::Seats> for Seats {
    fn from(seats: icepanel_invites::Seats) -> Self {
        Self {
            paid: seats.paid,
            taken: seats.taken,
            promised: seats.promised,
            free: seats.free,
        }
    }
}

#[pymethods]
impl Seats {
    #[classattr]
    fn __match_args__() -> (&'static str, &'static str, &'static str, &'static str) {
        ("paid", "taken", "promised", "free")
    }

    /// `{"paid", "taken", "promised", "free"}`.
    fn to_dict(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        json::to_python(py, self)
    }

    /// The seats from a dict that `to_dict` made.
    #[staticmethod]
    fn from_dict(fields: &Bound<'_, PyDict>) -> PyResult<Self> {
        from_json::from_python("the seats", fields)
    }

    fn __repr__(&self) -> String {
        let Self {
            paid,
            taken,
            promised,
            free,
        } = self;
        format!("Seats(paid={paid}, taken={taken}, promised={promised}, free={free})")
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (Py<PyAny>,))> {
        let from = slf.get_type().getattr("from_dict")?;
        Ok((from, (slf.get().to_dict(slf.py())?,)))
    }
}
