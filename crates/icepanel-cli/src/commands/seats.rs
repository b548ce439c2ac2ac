//! `seats`.

use icepanel_invites::InviteClient;

use crate::errors::Failure;
use crate::interrupt::until_interrupted;
use crate::output::Output;

/// Shows the paid seats.
pub(crate) async fn seats(client: &InviteClient, output: &Output) -> Result<(), Failure> {
    let seats = until_interrupted("seats", None, client.seats()).await?;
    output.rows(&seats, &[seats], "")
}
