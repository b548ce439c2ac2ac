//! An invite, as the service tells it.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use icepanel_invites::{InviteStatus, LandscapePermissions};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use serde_json::Value;

use super::{open, represent};
use crate::json;

/// An invite of a person to the organization. Immutable.
///
/// `status` is where it stood when the service told of it, by the service's clock. Times are aware
/// and in UTC, to the microsecond; `to_dict` has them as the service wrote them.
///
/// A list of a hundred thousand costs little: an object is a place in a page of [`PAGE`] invites, and
/// a field becomes a Python object when it is read. An invite that is kept keeps its page.
#[pyclass(frozen, module = "icepanel_invites", eq, hash)]
#[derive(Clone)]
pub(crate) struct Invite {
    page: Arc<Vec<icepanel_invites::Invite>>,
    at: u32,
}

/// How many invites share one allocation.
const PAGE: usize = 32;

/// How many pages are taken off a list before its memory is given back.
const PAGES_AT_A_TIME: usize = 128;

/// Python's list of these invites. They are moved page by page from the end, and what they leave is
/// given back, so that the most memory in use is not twice the list's.
pub(crate) fn list(
    py: Python<'_>,
    mut invites: Vec<icepanel_invites::Invite>,
) -> PyResult<Bound<'_, PyList>> {
    let mut objects = Vec::with_capacity(invites.len());
    for taken in 1.. {
        let from = invites.len().saturating_sub(1) / PAGE * PAGE;
        let page = Arc::new(invites.split_off(from));
        for at in (0..u32::try_from(page.len()).unwrap_or(0)).rev() {
            let invite = Invite {
                page: Arc::clone(&page),
                at,
            };
            objects.push(Bound::new(py, invite)?);
        }
        if invites.is_empty() {
            break;
        }
        if taken % PAGES_AT_A_TIME == 0 {
            invites.shrink_to_fit();
        }
    }
    PyList::new(py, objects.into_iter().rev())
}

impl Invite {
    /// An invite with a page of its own.
    pub(crate) fn alone(invite: icepanel_invites::Invite) -> Self {
        Self {
            page: Arc::new(vec![invite]),
            at: 0,
        }
    }

    fn core(&self) -> &icepanel_invites::Invite {
        &self.page[self.at as usize]
    }
}

impl PartialEq for Invite {
    fn eq(&self, other: &Self) -> bool {
        self.core() == other.core()
    }
}

impl Hash for Invite {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.core().hash(state);
    }
}

#[pymethods]
impl Invite {
    #[classattr]
    fn __match_args__() -> (&'static str, &'static str, &'static str) {
        ("email", "permission", "status")
    }

    /// The invite's id.
    #[getter]
    fn id(&self) -> &str {
        &self.core().id
    }

    /// The organization's id.
    #[getter]
    fn organization_id(&self) -> &str {
        &self.core().organization_id
    }

    /// The address that was invited, in the letter case in which the service keeps it.
    #[getter]
    fn email(&self) -> &str {
        &self.core().email
    }

    /// What the person may do once in.
    #[getter]
    fn permission(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        open::permission(py, &self.core().permission)
    }

    /// Which landscapes the person may see, if that was limited.
    #[getter]
    fn landscape_permissions(&self) -> Option<LandscapePermissions> {
        self.core().landscape_permissions.clone()
    }

    /// Where the invite stood when the service told of it.
    #[getter]
    fn status(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        open::status(py, &self.core().status)
    }

    /// When it ends.
    #[getter]
    fn expires_at(&self) -> DateTime<Utc> {
        self.core().expires_at
    }

    /// When it was made, by the service's clock.
    #[getter]
    fn created_at(&self) -> DateTime<Utc> {
        self.core().created_at
    }

    /// Who made it.
    #[getter]
    fn created_by(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        open::actor(py, &self.core().created_by)
    }

    /// The id of who made it.
    #[getter]
    fn created_by_id(&self) -> &str {
        &self.core().created_by_id
    }

    /// When it was revoked.
    #[getter]
    fn revoked_at(&self) -> Option<DateTime<Utc>> {
        self.core().revoked_at
    }

    /// Who revoked it.
    #[getter]
    fn revoked_by(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let actor = self.core().revoked_by.as_ref();
        actor.map(|actor| open::actor(py, actor)).transpose()
    }

    /// The id of who revoked it.
    #[getter]
    fn revoked_by_id(&self) -> Option<&str> {
        self.core().revoked_by_id.as_deref()
    }

    /// When it was accepted.
    #[getter]
    fn used_at(&self) -> Option<DateTime<Utc>> {
        self.core().used_at
    }

    /// The id of the user who accepted it.
    #[getter]
    fn used_by_user_id(&self) -> Option<&str> {
        self.core().used_by_user_id.as_deref()
    }

    /// Whether it was active when the service told of it.
    #[getter]
    fn is_active(&self) -> bool {
        self.core().is_active()
    }

    /// As the API says it, with `status` beside: camelCase names, times as text, ready for `json`.
    pub(crate) fn to_dict(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        json::to_python(py, self.core())
    }

    /// The invite in a dict that `to_dict` made, or in the API's own. Without a `status` in it, that
    /// is judged by this machine's clock.
    #[staticmethod]
    fn from_dict(fields: &Bound<'_, PyDict>) -> PyResult<Self> {
        let value: Value = json::from_python("the invite", fields)?;
        let status = value.get("status").and_then(Value::as_str);
        let status = status.map(InviteStatus::from);
        let mut invite: icepanel_invites::Invite = json::read(fields.py(), "the invite", value)?;
        if let Some(status) = status {
            invite.status = status;
        }
        Ok(Self::alone(invite))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let fields = vec![
            ("id", self.id().into_py_any(py)?),
            ("email", self.email().into_py_any(py)?),
            (
                "permission",
                self.core().permission.as_str().into_py_any(py)?,
            ),
            ("status", self.core().status.as_str().into_py_any(py)?),
            (
                "expires_at",
                super::text(&self.core().expires_at).into_py_any(py)?,
            ),
        ];
        represent(py, "Invite", fields)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (Py<PyAny>,))> {
        let from = slf.get_type().getattr("from_dict")?;
        Ok((from, (slf.get().to_dict(slf.py())?,)))
    }
}
