//! Spelling: known typing mistakes, in code and in pages.

use std::path::PathBuf;
use std::process::Command;

use crate::counts::Counts;
use crate::run::{finish, root};

/// What is not looked at, and what only looks like a mistake.
const CONFIGURATION: &str = "crates/xtask/typos.toml";

/// `cargo xtask test spelling`.
pub(crate) fn test(counts: &mut Counts) -> Result<(), String> {
    let program = match typos() {
        Ok(program) => program,
        Err(why) => return counts.untested("the spelling", &why),
    };
    let checked = finish(Command::new(program).current_dir(root()).args([
        "--config",
        CONFIGURATION,
        "--format",
        "brief",
    ]));
    counts.add(checked.is_ok().into(), checked.is_err().into(), 0);
    checked.map_err(|why| format!("{why}; add a correct word to {CONFIGURATION}"))
}

/// The checker as the program that a registry has.
fn typos() -> Result<PathBuf, String> {
    let list = "../crates/xtask/requirements-spelling.txt";
    crate::python::tool("spelling", list, "typos")
}
