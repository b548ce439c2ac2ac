//! The command `icepanel-invites`, for the package's `bin`.

use napi_derive::napi;

/// Runs the command `icepanel-invites` with these arguments, the first of which is its name, and returns its exit code.
/// The event loop is blocked until it has ended.
#[napi]
pub fn run_command(args: Vec<String>) -> u32 {
    let args: Vec<_> = args.into_iter().map(Into::into).collect();
    icepanel_invites_cli::run_with(&args).into()
}

/// The version of this addon. The package's code loads no other than its own.
#[napi]
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
