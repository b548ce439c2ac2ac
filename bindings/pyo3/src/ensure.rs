//! How `ensure` left things.

use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::model::{Invite, Member, represent};

/// How `ensure` left things.
///
/// `outcome` is `created` (the person had no active invite; `invite` was made), `existing` (`invite`
/// is the person's, made before or by somebody else at the same time; its permission and end may be
/// others than those asked for) or `member` (the person is in already; nothing was sent).
#[pyclass(frozen, module = "icepanel_invites", eq, hash)]
#[derive(PartialEq, Hash)]
pub(crate) struct Ensured {
    /// `created`, `existing` or `member`.
    #[pyo3(get)]
    outcome: String,
    /// The invite, unless the person is a member.
    #[pyo3(get)]
    invite: Option<Invite>,
    /// The member, if the person is one.
    #[pyo3(get)]
    member: Option<Member>,
}

impl Ensured {
    pub(crate) fn from_core(ensured: icepanel_invites::Ensured) -> Self {
        let outcome = ensured.outcome().to_owned();
        let (invite, member) = match ensured {
            icepanel_invites::Ensured::Created(invite)
            | icepanel_invites::Ensured::Existing(invite) => (Some(Invite::alone(invite)), None),
            icepanel_invites::Ensured::Member(member) => (None, Some(member.into())),
        };
        Self {
            outcome,
            invite,
            member,
        }
    }
}

#[pymethods]
impl Ensured {
    #[classattr]
    fn __match_args__() -> (&'static str, &'static str, &'static str) {
        ("outcome", "invite", "member")
    }

    #[new]
    #[pyo3(signature = (outcome, invite = None, member = None))]
    fn new(
        outcome: String,
        invite: Option<PyRef<'_, Invite>>,
        member: Option<PyRef<'_, Member>>,
    ) -> Self {
        Self {
            outcome,
            invite: invite.map(|invite| invite.clone()),
            member: member.map(|member| member.clone()),
        }
    }

    /// Whether an invite was made, and with it an e-mail sent.
    #[getter]
    fn created(&self) -> bool {
        self.outcome == "created"
    }

    /// As every language writes it: `{"outcome", "invite"}` or `{"outcome", "member"}`.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("outcome", &self.outcome)?;
        if let Some(invite) = &self.invite {
            dict.set_item("invite", invite.to_dict(py)?)?;
        }
        if let Some(member) = &self.member {
            dict.set_item("member", member.to_dict(py)?)?;
        }
        Ok(dict)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let mut fields = vec![("outcome", (&self.outcome).into_py_any(py)?)];
        if let Some(invite) = &self.invite {
            fields.push(("invite", invite.clone().into_py_any(py)?));
        }
        if let Some(member) = &self.member {
            fields.push(("member", member.clone().into_py_any(py)?));
        }
        represent(py, "Ensured", fields)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Py<PyAny>)> {
        let this = slf.get();
        let fields = (&this.outcome, this.invite.clone(), this.member.clone());
        Ok((slf.get_type().into_any(), fields.into_py_any(slf.py())?))
    }
}
