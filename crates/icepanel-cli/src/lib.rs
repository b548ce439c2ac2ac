//! The command `icepanel-invites`: lists, creates, ensures and revokes the invites of an IcePanel organization.
//!
//! The library does the work with the service; here arguments become calls, and results become text. `docs/command.md`
//! describes it for its users.

#![allow(
    rustdoc::bare_urls,
    reason = "what documents an option is printed as its help"
)]
#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command prints"
)]

mod advice;
mod args;
mod ask;
mod changes;
mod client;
mod commands;
mod csv;
mod demo;
mod errors;
mod events;
mod exit;
mod format;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod interrupt;
mod markdown;
mod output;
mod profile;
mod progress;
mod roster;
mod rows;
mod screen;
mod settings;
mod table;
mod text;
mod time;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use clap_complete::CompleteEnv;

use crate::args::{Cli, Command};
use crate::errors::Failure;
use crate::format::Format;
use crate::output::Output;
use crate::settings::Settings;

/// Runs the command with the arguments of the process.
pub fn main() -> ExitCode {
    let args: Vec<_> = std::env::args_os().collect();
    ExitCode::from(run_with(&args))
}

/// Runs the command with these arguments, the first of which is the program's name, and returns the exit code. The
/// packages for Python and Node use this, because their process has other arguments.
pub fn run_with(args: &[OsString]) -> u8 {
    // A shell asks for completions.
    match CompleteEnv::with_factory(Cli::command).try_complete(args, None) {
        Ok(false) => {}
        Ok(true) => return exit::OK,
        Err(error) => return refuse(&error, args),
    }
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => return refuse(&error, args),
    };
    let output = Output::new(cli.global.output, cli.global.color, cli.global.quiet);
    match start(cli, &output) {
        Ok(()) => exit::OK,
        Err(failure) => output.report(&failure),
    }
}

fn start(cli: Cli, output: &Output) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::other(
                format!("the command cannot start: {error}"),
                "Check whether the machine is out of memory or file descriptors.",
            )
        })?;
    let result = runtime.block_on(run(cli, output));
    // A look-up of a host name may still run on a thread; nothing waits for it.
    runtime.shutdown_background();
    result
}

async fn run(cli: Cli, output: &Output) -> Result<(), Failure> {
    let connect = || client::connect(&cli.global, &Settings::new(&cli.global)?, output);
    match cli.command {
        Command::List(args) => commands::list(&connect()?, args, output).await,
        Command::Create(args) => commands::create(&connect()?, args, output).await,
        Command::Ensure(args) => commands::ensure(&connect()?, args, output).await,
        Command::Revoke(args) => commands::revoke(&connect()?, args, output).await,
        Command::Renew(args) => commands::renew(&connect()?, &args, output).await,
        Command::Plan(args) => commands::plan(&connect()?, &args, output).await,
        Command::Apply(args) => commands::apply(&connect()?, &args, output).await,
        Command::Dump(args) => commands::dump(&connect()?, &args, output).await,
        Command::Seats => commands::seats(&connect()?, output).await,
        Command::Members => commands::members(&connect()?, output).await,
        Command::UpdateMember(args) => commands::update_member(&connect()?, args, output).await,
        Command::RemoveMember(args) => commands::remove_member(&connect()?, args, output).await,
        Command::Status => {
            let settings = Settings::new(&cli.global)?;
            let client = client::connect(&cli.global, &settings, output)?;
            commands::status(&client, &settings, output).await
        }
        Command::Man { folder } => commands::man(Cli::command(), &folder, output),
        Command::Sandbox(args) => commands::sandbox(&args, output).await,
        Command::Demo => demo::run(output).await,
        Command::Completions { shell } => commands::completions(shell, output),
    }
}

/// Reports invalid arguments, or prints the help if it was requested.
fn refuse(error: &clap::Error, args: &[OsString]) -> u8 {
    if error.use_stderr() && asks_for_json(args) {
        let message = text::first_paragraph(&error.to_string());
        return Failure::usage(message, "See icepanel-invites --help.").report(
            Format::Json,
            false,
            None,
        );
    }
    // If the output is closed, nobody reads it.
    let _ = error.print();
    if error.use_stderr() {
        exit::USAGE
    } else {
        exit::OK
    }
}

/// Whether the arguments ask for JSON, if they cannot be parsed.
fn asks_for_json(args: &[OsString]) -> bool {
    args.iter()
        .any(|arg| arg == "--output=json" || arg == "-ojson" || arg == "-o=json")
        || args
            .windows(2)
            .any(|pair| (pair[0] == "--output" || pair[0] == "-o") && pair[1] == "json")
}
