//! The command `icepanel-invites`; `lib.rs` has what it does.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    icepanel_invites_cli::main()
}
