//! An invite, as the service returns it.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use icepanel_invites::{InviteSink, InviteStatus, LandscapePermissions};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyDict, PyList};
use serde_json::Value;

use super::difference_names::{names, now_or};
use super::{NewInvite, open_enum, represent};
use crate::{from_json, json};

/// An invite of a person to the organization. Immutable.
///
/// `status` is its status when the service returned it, by the service's clock. Times are aware
/// and in UTC, to the microsecond; `to_dict` has them as the service wrote them.
///
/// A list of a hundred thousand costs little: an object is a position in a page of [`PAGE`] invites, and a field
/// becomes a Python object when it is read. A referenced invite keeps its page in memory.
#[pyclass(frozen, module = "icepanel_invites", eq, hash)]
#[derive(Clone)]
pub(crate) struct Invite {
    page: Arc<Vec<icepanel_invites::Invite>>,
    at: u32,
}

/// How many invites share one allocation.
pub(crate) const PAGE: usize = 32;

/// The pages of a list that comes in.
#[derive(Default)]
pub(crate) struct Pages {
    full: Vec<Arc<Vec<icepanel_invites::Invite>>>,
    filling: Vec<icepanel_invites::Invite>,
}

impl InviteSink for Pages {
    fn push(&mut self, invite: icepanel_invites::Invite) {
        if self.filling.capacity() == 0 {
            self.filling.reserve_exact(PAGE);
        }
        self.filling.push(invite);
        if self.filling.len() == PAGE {
            self.full.push(Arc::new(std::mem::take(&mut self.filling)));
        }
    }

    fn replace(&mut self, place: usize, invite: icepanel_invites::Invite) {
        match self.full.get_mut(place / PAGE) {
            Some(page) => Arc::make_mut(page)[place % PAGE] = invite,
            None => self.filling[place % PAGE] = invite,
        }
    }
}

impl From<Vec<icepanel_invites::Invite>> for Pages {
    fn from(invites: Vec<icepanel_invites::Invite>) -> Self {
        let mut pages = Self::default();
        for invite in invites {
            pages.push(invite);
        }
        pages
    }
}

impl Pages {
    /// Python's list of these invites.
    pub(crate) fn into_list(mut self, py: Python<'_>) -> PyResult<Bound<'_, PyList>> {
        self.filling.shrink_to_fit();
        self.full.push(Arc::new(self.filling));
        let length = self.full.iter().map(|page| page.len()).sum();
        let mut objects = Vec::with_capacity(length);
        for page in &self.full {
            for at in 0..u32::try_from(page.len()).unwrap_or(0) {
                let page = Arc::clone(page);
                objects.push(Bound::new(py, Invite { page, at })?);
            }
        }
        PyList::new(py, objects)
    }
}

impl Invite {
    /// An invite with its own page.
    pub(crate) fn alone(invite: icepanel_invites::Invite) -> Self {
        Self {
            page: Arc::new(vec![invite]),
            at: 0,
        }
    }

    pub(super) fn core(&self) -> &icepanel_invites::Invite {
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

    /// The address that was invited, in the letter case in which the service stores it.
    #[getter]
    fn email(&self) -> &str {
        &self.core().email
    }

    /// The person's permission as a member.
    #[getter]
    fn permission(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        open_enum::permission(py, &self.core().permission)
    }

    /// Which landscapes the person may see, if that is limited.
    #[getter]
    fn landscape_permissions(&self) -> Option<LandscapePermissions> {
        self.core().landscape_permissions.clone()
    }

    /// The status of the invite when the service returned it.
    #[getter]
    fn status(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        open_enum::status(py, &self.core().status)
    }

    /// When it expires.
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
        open_enum::actor(py, &self.core().created_by)
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
        actor.map(|actor| open_enum::actor(py, actor)).transpose()
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

    /// Whether it was active when the service returned it.
    #[getter]
    fn is_active(&self) -> bool {
        self.core().is_active()
    }

    /// How the invite differs from what is asked for at an instant, the present one by default: fields of `to_dict`.
    ///
    /// By the rule by which a plan replaces it: another permission; other landscapes, if any are asked for; an earlier
    /// expiry. An expiry in some time from now may be half of that time earlier.
    #[pyo3(signature = (asked, now = None))]
    fn differs_from(
        &self,
        asked: &Bound<'_, NewInvite>,
        now: Option<&Bound<'_, PyDateTime>>,
    ) -> PyResult<Vec<&'static str>> {
        let now = now_or(now)?;
        Ok(names(&self.core().differs_from(&asked.get().0, now)))
    }

    /// The fields of the API, and `status`: camelCase names, times as text, ready for `json`.
    pub(crate) fn to_dict(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        json::to_python(py, self.core())
    }

    /// The invite from a dict that `to_dict` made, or from one of the API. Without a `status`, it follows from this
    /// machine's clock.
    #[staticmethod]
    fn from_dict(fields: &Bound<'_, PyDict>) -> PyResult<Self> {
        let value: Value = from_json::from_python("the invite", fields)?;
        let status = value.get("status").and_then(Value::as_str);
        let status = status.map(InviteStatus::from);
        let mut invite: icepanel_invites::Invite =
            from_json::read(fields.py(), "the invite", value)?;
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
