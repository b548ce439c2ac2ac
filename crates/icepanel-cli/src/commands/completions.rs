//! `completions`.

use clap_complete::Shell;
use clap_complete::env::Shells;

use crate::errors::Failure;
use crate::output::Output;

/// The variable with which a shell asks the command for completions.
const VARIABLE: &str = "COMPLETE";

const NAME: &str = "icepanel-invites";

/// Writes the script with which a shell asks the command itself for completions. clap's own script does nothing in bash
/// for a command with a hyphen in its name: clap-rs/clap#6421.
pub(crate) fn completions(shell: Shell, output: &Output) -> Result<(), Failure> {
    let shells = Shells::builtins();
    let mut script = Vec::new();
    let name = shell.to_string();
    let written = match shells.completer(&name) {
        Some(completer) => completer.write_registration(VARIABLE, NAME, NAME, NAME, &mut script),
        None => Err(std::io::Error::other("the shell is not known")),
    };
    written.map_err(|error| {
        Failure::other(
            format!("the completions for {name} cannot be written: {error}"),
            "Use bash, zsh, fish, elvish or powershell.",
        )
    })?;
    output.write(|out| out.write_all(&script))
}
