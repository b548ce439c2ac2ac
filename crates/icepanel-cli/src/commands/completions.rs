//! `completions`.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Cli;
use crate::errors::Failure;
use crate::output::Output;

/// Writes the completions for a shell.
pub(crate) fn completions(shell: Shell, output: &Output) -> Result<(), Failure> {
    // Into memory first: the generator panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "icepanel-invites", &mut script);
    output.write(|out| out.write_all(&script))
}
