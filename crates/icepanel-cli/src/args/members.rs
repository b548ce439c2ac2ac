//! The arguments of the commands on members.

use clap::{Args, ValueHint};
use icepanel_invites::Permission;

use super::invites::{landscape, permissions};

/// Whom to give which permission.
#[derive(Debug, Args)]
pub(crate) struct UpdateMemberArgs {
    /// User ids, or the members' own addresses; - reads one a line from the input
    #[arg(value_name = "USER_ID_OR_EMAIL", required = true, value_hint = ValueHint::EmailAddress)]
    pub(crate) members: Vec<String>,
    /// What the member may do; IcePanel's words Viewer and Editor are taken too
    #[arg(long, value_parser = permissions(), ignore_case = true)]
    pub(crate) permission: Permission,
    /// Whether the member may see a landscape; again for each. Without it the landscapes stay as they are
    #[arg(long = "landscape", value_name = "ID=true|false", value_parser = landscape, value_hint = ValueHint::Other)]
    pub(crate) landscapes: Vec<(String, bool)>,
    /// Show whose permission would be changed, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Whom to remove.
#[derive(Debug, Args)]
pub(crate) struct RemoveMemberArgs {
    /// User ids, or the members' own addresses; - reads one a line from the input
    #[arg(value_name = "USER_ID_OR_EMAIL", required = true, value_hint = ValueHint::EmailAddress)]
    pub(crate) members: Vec<String>,
    /// Skip the confirmation prompt
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Show who would be removed, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
