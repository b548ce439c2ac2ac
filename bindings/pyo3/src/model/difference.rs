//! How an invite differs from the one that was asked for.

use icepanel_invites::Ensured;
use pyo3::prelude::*;
use pyo3::types::PyDateTime;

use super::difference_names::{names, now_or};
use super::{Invite, Member, NewInvite};

/// What an ensure returned, as its class holds it.
#[derive(FromPyObject)]
pub(crate) enum Held<'py> {
    Invite(Bound<'py, Invite>),
    Member(Bound<'py, Member>),
}

/// How what an ensure returned, with this outcome, differs from what is asked for: fields of an invite in JSON.
#[pyfunction]
#[pyo3(signature = (created, held, asked, now = None))]
#[allow(
    clippy::needless_pass_by_value,
    reason = "PyO3 hands over what it has extracted by value"
)]
pub(crate) fn ensured_differs_from(
    created: bool,
    held: Held<'_>,
    asked: &Bound<'_, NewInvite>,
    now: Option<&Bound<'_, PyDateTime>>,
) -> PyResult<Vec<&'static str>> {
    let ensured = match held {
        Held::Invite(invite) if created => Ensured::Created(invite.get().core().clone()),
        Held::Invite(invite) => Ensured::Existing(invite.get().core().clone()),
        Held::Member(member) => Ensured::Member(member.get().into()),
    };
    let now = now_or(now)?;
    Ok(names(&ensured.differs_from(&asked.get().0, now)))
}
