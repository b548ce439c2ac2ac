//! `man`.

use std::path::Path;

use clap::Command;

use crate::errors::Failure;
use crate::output::Output;
use crate::text::count;

/// Writes a manual page for the command and one for each of its commands into a folder.
pub(crate) fn man(command: Command, folder: &Path, output: &Output) -> Result<(), Failure> {
    let wrong = |error: std::io::Error| {
        Failure::other(
            format!(
                "the manual pages cannot be written to {}: {error}",
                folder.display()
            ),
            "Choose a folder that you can write to.",
        )
    };
    std::fs::create_dir_all(folder).map_err(wrong)?;
    let pages = 1 + command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .count();
    clap_mangen::generate_to(command, folder).map_err(wrong)?;
    output.say(&format!(
        "{} written to {}",
        count(pages as u64, "manual page is", "manual pages are"),
        folder.display()
    ));
    Ok(())
}
