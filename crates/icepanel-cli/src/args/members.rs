//! The arguments of the commands that change members.

use clap::{Args, ValueHint};
use icepanel_invites::Permission;

use super::invites::{landscape, permissions};

/// Which members get which permission.
#[derive(Debug, Args)]
pub(crate) struct UpdateMemberArgs {
    /// User ids, or the members' own e-mail addresses; - reads them from stdin, one per line
    #[arg(value_name = "MEMBER", required = true, value_hint = ValueHint::EmailAddress)]
    pub(crate) members: Vec<String>,
    /// The new permission; Viewer and Editor are accepted too
    #[arg(long, value_parser = permissions(), ignore_case = true)]
    pub(crate) permission: Permission,
    /// A landscape that the members may see (true) or may not see (false); repeat it for each. The landscapes that you give replace the current ones. Without this option the landscapes do not change
    #[arg(long = "landscape", value_name = "ID=true|false", value_parser = landscape, value_hint = ValueHint::Other)]
    pub(crate) landscapes: Vec<(String, bool)>,
    /// Show which members would be changed, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Which members to remove.
#[derive(Debug, Args)]
pub(crate) struct RemoveMemberArgs {
    /// User ids, or the members' own e-mail addresses; - reads them from stdin, one per line
    #[arg(value_name = "MEMBER", required = true, value_hint = ValueHint::EmailAddress)]
    pub(crate) members: Vec<String>,
    /// Skip the confirmation prompt
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Show which members would be removed, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
