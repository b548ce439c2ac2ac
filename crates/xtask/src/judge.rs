//! The judge of the scenarios: a program that the tests of the languages start.

use std::path::PathBuf;

use crate::run::{cargo_command, finish, target};

/// The variable that names the program to a test.
pub(crate) const VARIABLE: &str = "SCENARIO_JUDGE";

/// Where it is once it is built.
pub(crate) fn program() -> PathBuf {
    let name = format!("scenario-judge{}", std::env::consts::EXE_SUFFIX);
    target().join("debug").join(name)
}

/// Builds it for a part of the tests that starts it.
pub(crate) fn build_for(part: &str) -> Result<(), String> {
    if !["scenarios", "node", "python", "kotlin", "swift"].contains(&part) {
        return Ok(());
    }
    // Of the whole workspace, so that the dependencies are those that its tests have built.
    finish(&mut cargo_command(&[
        "build",
        "--quiet",
        "--workspace",
        "--bin",
        "scenario-judge",
    ]))
}
