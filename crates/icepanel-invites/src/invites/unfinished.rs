//! The creates that this client gave up in mid-flight, or whose outcome it could not find out: whatever
//! it does next for the same person, the list first gets its time to show what came of them.

use std::sync::Arc;

use crate::engine::call::Call;
use crate::engine::unfinished_creates::UnfinishedCreate;
use crate::error::{ErrorKind, InviteError};
use crate::http::exchange::ResponseHead;
use crate::invites::list;
use crate::invites::timing::READ_SCHEDULE;
use crate::model::{Invite, InviteFilter};

/// Gives the list its time where the client does not know what came of earlier creates for a person.
/// Returns those that the list shows now, with the invite that each may have made.
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
                "the time of the call is too short to see what came of an earlier create for the person that was given up",
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

/// Whether an invite, listed at `head`, may have come of this create.
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
