//! `find_active`.

use crate::engine::call::Call;
use crate::error::InviteError;
use crate::invites::{list, unfinished};
use crate::model::Invite;
use crate::model::email::check_address;

pub(crate) async fn find_active(
    call: &Call<'_>,
    email: &str,
) -> Result<Option<Invite>, InviteError> {
    check_address(email)?;
    unfinished::catch_up(call, email).await?;
    Ok(list::first(&list::active(call, email).await?).cloned())
}
