//! The arguments.

mod global;
mod invites;
mod members;
mod roster;

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::exit;
pub(crate) use global::Global;
pub(crate) use invites::{EnsureArgs, ListArgs, NewArgs, RenewArgs, RevokeArgs};
pub(crate) use members::{RemoveMemberArgs, UpdateMemberArgs};
pub(crate) use roster::{ApplyArgs, DumpArgs, PlanArgs, RosterArgs, SEVEN_DAYS};

/// Invites people to an IcePanel organization. Each person gets one invite
///
/// The API key comes from the environment (ICEPANEL_API_KEY), from a file (--key-file) or from a profile.
/// It cannot be an argument: other users of the machine could read it.
/// `icepanel-invites demo` needs neither a key nor a network.
#[derive(Debug, Parser)]
#[command(
    name = "icepanel-invites",
    version,
    after_help = "Examples:\n  icepanel-invites ensure ada@example.com --permission read\n  icepanel-invites plan people.csv\n  icepanel-invites apply people.csv\n\nMore options and the exit codes: icepanel-invites --help",
    after_long_help = exit::help(),
    verbatim_doc_comment,
    arg_required_else_help = true,
    max_term_width = 120
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
    /// Make sure that each person is a member or has exactly one active invite
    #[command(
        after_help = "Examples:\n  icepanel-invites ensure ada@example.com --permission read --expires 14d\n  icepanel-invites ensure - --permission write <people.txt\n  icepanel-invites ensure ada@example.com --permission write --replace"
    )]
    Ensure(EnsureArgs),
    /// Show what apply would change (dry run)
    #[command(
        after_help = "Examples:\n  icepanel-invites plan people.csv\n  icepanel-invites plan people.csv --prune --exit-code\n  icepanel-invites plan people.csv --output markdown\n  icepanel-invites plan people.csv --output json >plan.json"
    )]
    Plan(PlanArgs),
    /// Send, replace and (with --prune) revoke invites, so that the organization matches FILE
    ///
    /// FILE is a roster, or a plan that "plan --output json" wrote.
    ///
    /// Ctrl-C stops it: running requests finish, and apply writes the report. To continue, run the same command again.
    #[command(
        verbatim_doc_comment,
        after_help = "Examples:\n  icepanel-invites apply people.csv\n  icepanel-invites apply people.csv --prune --yes\n  icepanel-invites apply plan.json"
    )]
    Apply(ApplyArgs),
    /// Write the active invites as a roster, in YAML. Use --output for JSON or CSV
    #[command(
        after_help = "Examples:\n  icepanel-invites dump >people.yaml\n  icepanel-invites dump --members --output csv >people.csv"
    )]
    Dump(DumpArgs),
    /// List the invites that match the options; without options all, including used, revoked and expired ones
    #[command(
        after_help = "Examples:\n  icepanel-invites list --active\n  icepanel-invites list --expiring-within 3d\n  icepanel-invites list --email ada@example.com --output json"
    )]
    List(ListArgs),
    /// Send one invite to each person without checking for an existing one
    #[command(
        after_help = "Examples:\n  icepanel-invites create ada@example.com --permission read --expires 2026-12-31"
    )]
    Create(NewArgs),
    /// Revoke invites, by their ids or by the addresses of people
    #[command(
        after_help = "Examples:\n  icepanel-invites revoke ada@example.com\n  icepanel-invites revoke CXv0hUZa9gQpYppch2Ba\n  icepanel-invites revoke - --dry-run <people.txt"
    )]
    Revoke(RevokeArgs),
    /// Replace an active invite by one that expires later
    #[command(after_help = "Examples:\n  icepanel-invites renew ada@example.com --expires 30d")]
    Renew(RenewArgs),
    /// List the members
    Members,
    /// Change the permission of members, and the landscapes that they may see
    #[command(
        after_help = "Examples:\n  icepanel-invites update-member ada@example.com --permission read\n  icepanel-invites update-member - --permission write --dry-run <people.txt"
    )]
    UpdateMember(UpdateMemberArgs),
    /// Remove members from the organization. They lose access at once
    #[command(
        after_help = "Examples:\n  icepanel-invites remove-member ada@example.com\n  icepanel-invites remove-member - --dry-run <people.txt"
    )]
    RemoveMember(RemoveMemberArgs),
    /// Show the paid seats: bought, used by members, reserved for active invites, free
    Seats,
    /// Show the settings, where each comes from, whether the key works, and the seats
    Status,
    /// Show how the command works, with a sandbox inside this process: no account, no network
    Demo,
    /// Run a local server that imitates the API, until Ctrl-C
    ///
    /// It writes one line for each request on stderr: method, path, status, time and fault. It never writes the key.
    /// `GET /` explains how to set and remove faults, and how to move the clock.
    #[command(
        after_help = "Examples:\n  icepanel-invites sandbox --port 4010\n  icepanel-invites sandbox --state state.json\n\nWhile it runs, for example on port 4010:\n  curl localhost:4010\n  curl localhost:4010/control/faults -d '[{\"fault\": \"cut\", \"on\": \"create\", \"times\": null}]'\n  curl localhost:4010/control/faults -X DELETE\n  curl localhost:4010/control/clock -d '{\"advance\": \"7d\"}'\n  curl localhost:4010/control/report"
    )]
    Sandbox(SandboxArgs),
    /// Print the completion script for a shell
    #[command(
        after_help = "Examples:\n  source <(icepanel-invites completions bash)\n  source <(icepanel-invites completions zsh)\n  icepanel-invites completions fish | source"
    )]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write the manual pages into a folder
    #[command(hide = true)]
    Man {
        /// The folder
        #[arg(value_hint = clap::ValueHint::DirPath)]
        folder: PathBuf,
    },
}

/// How to run the sandbox.
#[derive(Debug, Args)]
pub(crate) struct SandboxArgs {
    /// The address to listen on. In a container, use 0.0.0.0 (all addresses)
    ///
    /// Everyone who can reach the server can control it. A client sends the key over http only to the machine on which the client itself runs.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub(crate) host: IpAddr,
    /// The port; 0 selects a free one
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
