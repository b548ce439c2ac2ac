//! `seats` and `members`.

use icepanel_invites::InviteClient;

use crate::errors::Failure;
use crate::interrupt::until_ctrl_c;
use crate::output::Output;

/// Shows the paid seats.
pub(crate) async fn seats(client: &InviteClient, output: &Output) -> Result<(), Failure> {
    let seats = until_ctrl_c("seats", client.seats())
        .await
        .map_err(|error| Failure::invite(error, None))?;
    output.rows(&seats, &[seats], "")
}

/// Lists the members.
pub(crate) async fn members(client: &InviteClient, output: &Output) -> Result<(), Failure> {
    let members = until_ctrl_c("members", client.members())
        .await
        .map_err(|error| Failure::invite(error, None))?;
    output.rows(&members, &members, "No members.")
}
