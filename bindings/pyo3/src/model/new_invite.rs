//! A new invite: a person, a permission, an expiry.

use chrono::{DateTime, Utc};
use icepanel_invites::{Expiry, LandscapePermissions};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::{open_enum, represent};
use crate::{from_json, time};

/// A new invite: for lists of people to invite. Immutable.
///
/// `expires` is an aware `datetime`, or a `timedelta` from when it is sent.
#[pyclass(frozen, module = "icepanel_invites", eq, hash)]
#[derive(Clone, PartialEq, Hash)]
pub(crate) struct NewInvite(pub(crate) icepanel_invites::NewInvite);

#[pymethods]
impl NewInvite {
    #[classattr]
    fn __match_args__() -> (&'static str, &'static str, &'static str) {
        ("email", "permission", "expires")
    }

    #[new]
    #[pyo3(signature = (email, permission, expires, *, landscape_permissions = None, until = None))]
    fn new(
        email: String,
        permission: &str,
        expires: &Bound<'_, PyAny>,
        landscape_permissions: Option<LandscapePermissions>,
        until: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let mut new = icepanel_invites::NewInvite::new(email, permission, time::expiry(expires)?);
        new.landscape_permissions = landscape_permissions;
        new.until = until.map(time::until).transpose()?;
        Ok(Self(new))
    }

    /// The person's address. Sent as given, compared without letter case.
    #[getter]
    fn email(&self) -> &str {
        &self.0.email
    }

    /// The person's permission as a member.
    #[getter]
    fn permission(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        open_enum::permission(py, &self.0.permission)
    }

    /// When the invite expires: a `datetime`, or a `timedelta` from when it is sent.
    #[getter]
    fn expires(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        match self.0.expiry {
            Expiry::At(time) => time.into_py_any(py),
            Expiry::In(span) => span.into_py_any(py),
        }
    }

    /// Which landscapes the person may see. None: the request does not mention landscapes.
    #[getter]
    fn landscape_permissions(&self) -> Option<LandscapePermissions> {
        self.0.landscape_permissions.clone()
    }

    /// When the person's access ends, or None.
    ///
    /// An invite never ends later. On a roster, the person is invited, and stays, until then; afterwards the invites are
    /// revoked, and with `prune_members` the member is removed.
    #[getter]
    fn until(&self) -> Option<DateTime<Utc>> {
        self.0.until
    }

    /// `{"email", "permission", "expiresAt" or "expiresInMs", "landscapePermissions", "until"}`, ready for
    /// `json`.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("email", self.email())?;
        dict.set_item("permission", self.0.permission.as_str())?;
        match self.0.expiry {
            Expiry::At(time) => dict.set_item("expiresAt", super::text(&time))?,
            Expiry::In(span) => dict.set_item("expiresInMs", span.num_milliseconds())?,
        }
        if let Some(landscapes) = self.landscape_permissions() {
            dict.set_item("landscapePermissions", landscapes)?;
        }
        if let Some(until) = &self.0.until {
            dict.set_item("until", super::text(until))?;
        }
        Ok(dict)
    }

    /// The invite from a dict that `to_dict` made. Only its form is checked.
    #[staticmethod]
    fn from_dict(fields: &Bound<'_, PyDict>) -> PyResult<Self> {
        from_json::from_python("the new invite", fields).map(Self)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let mut fields = vec![
            ("email", self.email().into_py_any(py)?),
            ("permission", self.0.permission.as_str().into_py_any(py)?),
            ("expires", self.expires(py)?),
        ];
        if let Some(landscapes) = self.landscape_permissions() {
            fields.push(("landscape_permissions", landscapes.into_py_any(py)?));
        }
        if let Some(until) = self.0.until {
            fields.push(("until", until.into_py_any(py)?));
        }
        represent(py, "NewInvite", fields)
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<(Py<PyAny>, Bound<'py, PyDict>)> {
        let keywords = PyDict::new(py);
        keywords.set_item("landscape_permissions", self.landscape_permissions())?;
        keywords.set_item("until", self.0.until)?;
        let arguments = (self.email(), self.0.permission.as_str(), self.expires(py)?);
        Ok((arguments.into_py_any(py)?, keywords))
    }
}
