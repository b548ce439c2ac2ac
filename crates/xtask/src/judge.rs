//! The judge of the scenarios: a program that the tests of the languages start.

use std::path::PathBuf;

/// The variable that names the program to a test.
pub(crate) const VARIABLE: &str = "SCENARIO_JUDGE";

/// Where it is once everything is built.
pub(crate) fn program() -> PathBuf {
    crate::build::program("scenario-judge")
}
