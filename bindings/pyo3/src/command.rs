//! The command `icepanel-invites`, for the console script.

use std::ffi::OsString;

use pyo3::prelude::*;

/// Runs the command `icepanel-invites` with these arguments, the first of which is its name, and returns its exit code.
#[pyfunction]
#[allow(
    clippy::needless_pass_by_value,
    reason = "PyO3 converts a Python list into an owned value"
)]
pub(crate) fn run_command(py: Python<'_>, args: Vec<OsString>) -> u8 {
    py.detach(|| icepanel_invites_cli::run_with(&args))
}
