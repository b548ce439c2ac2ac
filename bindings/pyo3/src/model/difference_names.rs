//! The fields in which an invite differs, and the instant of the comparison.

use chrono::{DateTime, Utc};
use icepanel_invites::Difference;
use pyo3::prelude::*;
use pyo3::types::PyDateTime;

use crate::time;

/// This instant, or the present one.
pub(super) fn now_or(now: Option<&Bound<'_, PyDateTime>>) -> PyResult<DateTime<Utc>> {
    now.map_or_else(|| Ok(Utc::now()), |now| time::instant("now", now))
}

/// The names of these fields in JSON.
pub(super) fn names(differences: &[Difference]) -> Vec<&'static str> {
    differences.iter().map(|one| one.as_str()).collect()
}
