//! The arguments.

mod global;
mod invites;
mod roster;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::exit;
pub(crate) use global::Global;
pub(crate) use invites::{EnsureArgs, ListArgs, NewArgs, RenewArgs, RevokeArgs};
pub(crate) use roster::{ApplyArgs, DumpArgs, PlanArgs, RosterArgs, SEVEN_DAYS};

/// Invites people to an IcePanel organization, one invite a person
///
/// The API key comes from the environment (ICEPANEL_API_KEY) or from a file (--key-file),
/// never from an argument, which other users of the machine could read.
/// `icepanel-invites demo` needs neither a key nor a network.
#[derive(Debug, Parser)]
#[command(
    name = "icepanel-invites",
    version,
    after_help = exit::help(),
    verbatim_doc_comment,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the invites, all that there ever were or those that the options let through
    List(ListArgs),
    /// Send one invite, whether or not the person is invited or a member already
    Create(NewArgs),
    /// See to it that the person is invited, by one invite and no more
    Ensure(EnsureArgs),
    /// Revoke one invite by its id, or all active ones of an address
    Revoke(RevokeArgs),
    /// Replace an active invite by one that lives longer
    Renew(RenewArgs),
    /// Say what would have to change for a roster to be true, and change nothing
    Plan(PlanArgs),
    /// Make a roster true: invite, replace, and with --prune revoke, at the speed the service allows
    ///
    /// Ctrl-C stops it: what is under way ends, and the report is written. The same command goes on.
    #[command(verbatim_doc_comment)]
    Apply(ApplyArgs),
    /// Write the organization as a roster: YAML, or what --output says
    Dump(DumpArgs),
    /// Show the paid seats: bought, taken by members, promised to active invites, free
    Seats,
    /// List the members
    Members,
    /// Run a local server that answers as the API does, until Ctrl-C
    Sandbox(SandboxArgs),
    /// Walk through it all against a sandbox inside this process: no account, no network
    Demo,
    /// Write the completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// How to run the sandbox.
#[derive(Debug, Args)]
pub(crate) struct SandboxArgs {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// A JSON file with the state to start from: members, invites, seats, limits, faults
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_fit_together() {
        Cli::command().debug_assert();
    }
}
