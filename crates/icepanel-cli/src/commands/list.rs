//! `list`.

use icepanel_invites::{InviteClient, InviteFilter};

use crate::args::ListArgs;
use crate::errors::Failure;
use crate::interrupt::until_ctrl_c;
use crate::output::Output;

/// Lists the invites that the options let through.
pub(crate) async fn list(
    client: &InviteClient,
    args: ListArgs,
    output: &Output,
) -> Result<(), Failure> {
    let mut filter = InviteFilter::default();
    filter.status = args.status;
    filter.email = args.email;
    filter.permission = args.permission;
    filter.created_by = args.created_by;
    filter.expiring_within = args.expiring_within;
    let invites = until_ctrl_c("list", client.list(&filter))
        .await
        .map_err(|error| Failure::invite(error, None))?;
    output.rows(&invites, &invites, "No invites.")
}
