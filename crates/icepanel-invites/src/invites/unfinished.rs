//! The creates of this client that were cancelled during the request, or whose outcome it could not find out. Before
//! the next call for the same person, the client reads the list until it had the time to show their invites.

use std::sync::Arc;

use crate::engine::call::Call;
use crate::engine::unfinished_creates::UnfinishedCreate;
use crate::error::{ErrorKind, InviteError};
use crate::http::exchange::ResponseHead;
use crate::invites::list;
use crate::invites::timing::READ_SCHEDULE;
use crate::model::{Invite, InviteFilter};

/// Reads the list until it had its time to catch up, if the client does not know the outcome of earlier creates for a
/// person. Returns the creates whose invite the list shows now, each with that invite.
pub(crate) async fn catch_up(
    call: &Call<'_>,
    email: &str,
) -> Result<Vec<(Arc<UnfinishedCreate>, Invite)>, InviteError> {
    let lefts = call.state.unfinished.of(email);
    let mut found = Vec::new();
    if lefts.is_empty() {
        return Ok(found);
    }
    let everything = InviteFilter::default().email(email);
    for pause in READ_SCHEDULE {
        if pause >= call.remaining() {
            return Err(InviteError::new(
                ErrorKind::Timeout,
                "the time left for the call is too short to find out whether an earlier create for the person made an invite",
            ));
        }
        call.sleep(pause).await;
        let (head, mut invites) = list::read(call, &everything).await?;
        list::sort(&mut invites);
        found.clear();
        for left in &lefts {
            let made = invites
                .iter()
                .position(|invite| may_have_made(left, invite, call, &head));
            found.extend(made.map(|index| (left.clone(), invites.remove(index))));
        }
        if found.len() == lefts.len() {
            break;
        }
    }
    call.state.unfinished.forget(&lefts);
    Ok(found)
}

/// Whether an invite, listed at `head`, may have been made by this create.
fn may_have_made(
    left: &UnfinishedCreate,
    invite: &Invite,
    call: &Call<'_>,
    head: &ResponseHead,
) -> bool {
    let UnfinishedCreate { create, made } = left;
    match made {
        Some(id) => invite.id == *id,
        None => {
            create.may_have_made(invite, head) && call.state.recent.is_free(&invite.id, create.sent)
        }
    }
}
