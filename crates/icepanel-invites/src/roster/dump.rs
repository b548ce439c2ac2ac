//! `dump`: the current state as a roster.

use std::collections::HashSet;

use crate::engine::session::Session;
use crate::error::InviteError;
use crate::invites::{list, members};
use crate::model::email::address_key;
use crate::model::{Expiry, InviteFilter, InviteStatus, NewInvite};
use crate::roster::people::Roster;

pub(crate) async fn dump(
    session: &Session,
    members: Option<Expiry>,
) -> Result<Roster, InviteError> {
    let call = session.call();
    let filter = InviteFilter::default().status(InviteStatus::Active);
    let (people, (_, mut active)) =
        tokio::try_join!(members::members(&call), list::read(&call, &filter))?;
    let mut seen: HashSet<String> = HashSet::new();
    let mut entries = Vec::new();
    for member in people {
        // A member who also has an invite is listed once.
        if seen.insert(address_key(&member.email))
            && let Some(expiry) = members
        {
            let mut entry = NewInvite::new(member.email, member.permission, expiry);
            entry.landscape_permissions = member.landscape_permissions;
            entries.push(entry);
        }
    }
    list::sort(&mut active);
    for invite in active {
        if seen.insert(address_key(&invite.email)) {
            let mut entry = NewInvite::new(invite.email, invite.permission, invite.expires_at);
            entry.landscape_permissions = invite.landscape_permissions;
            entries.push(entry);
        }
    }
    Ok(Roster::of_the_service(entries))
}
