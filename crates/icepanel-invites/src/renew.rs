//! `renew` and `dump`.

use std::collections::HashSet;

use chrono::TimeDelta;
use serde::Serialize;

use crate::client::InviteClient;
use crate::error::{ErrorKind, InviteError};
use crate::filter::InviteFilter;
use crate::input::{self, address_key};
use crate::model::{Expiry, Invite, InviteStatus, NewInvite};
use crate::roster::Roster;
use crate::{create, list, members, revoke};

/// An invite that ends so little before the time wanted is as good as renewed: it was renewed a
/// moment ago by a call that was cut off.
const AS_GOOD: TimeDelta = TimeDelta::minutes(5);

/// What [`renew`](InviteClient::renew) did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Renewed {
    /// The invite that the person has now.
    pub invite: Invite,
    /// The ones that it replaced, as revoked. Without any, the active one ended late enough.
    pub replaced: Vec<Invite>,
}

pub(crate) async fn renew(
    client: &InviteClient,
    target: &str,
    expiry: Expiry,
) -> Result<Renewed, InviteError> {
    let call = client.call();
    let mut active = find(client, target).await?;
    let Some(first) = list::first(&active).cloned() else {
        return Err(InviteError::new(
            ErrorKind::NotFound,
            format!("{target} is no active invite; there is nothing to renew"),
        ));
    };
    let mut new = NewInvite::new(first.email.as_str(), first.permission.clone(), expiry);
    new.landscape_permissions
        .clone_from(&first.landscape_permissions);
    let wanted = new.request(call.shared.transport.clock.now())?.expires_at;
    let good = active
        .iter()
        .filter(|invite| invite.permission == first.permission)
        .filter(|invite| invite.landscape_permissions == first.landscape_permissions)
        .filter(|invite| wanted.signed_duration_since(invite.expires_at) <= AS_GOOD);
    let invite = match list::first(good) {
        Some(invite) => invite.clone(),
        None => create::make(&call, &new).await?.invite,
    };
    active.retain(|other| other.id != invite.id);
    let mut replaced = Vec::with_capacity(active.len());
    for other in active {
        // A time of its own, for the create may have used the call's up.
        match revoke::revoke(&client.call(), &other.id).await {
            Ok(revoked) => replaced.push(revoked),
            Err(error) => {
                return Err(error.with_note(&format!(
                    "{} has the new invite {}, and the old one {} is still active; the same call goes on",
                    invite.email, invite.id, other.id
                )));
            }
        }
    }
    Ok(Renewed { invite, replaced })
}

/// The active invites of the person that an address or an invite's id names.
async fn find(client: &InviteClient, target: &str) -> Result<Vec<Invite>, InviteError> {
    if target.contains('@') {
        input::email(target)?;
        return list::active(&client.call(), target).await;
    }
    input::id("invite", target)?;
    let filter = InviteFilter::default().status(InviteStatus::Active);
    let active = list::read(&client.call(), &filter).await?.1;
    let Some(email) = active
        .iter()
        .find(|invite| invite.id == target)
        .map(|invite| address_key(&invite.email))
    else {
        return Ok(Vec::new());
    };
    Ok(active
        .into_iter()
        .filter(|invite| address_key(&invite.email) == email)
        .collect())
}

pub(crate) async fn dump(
    client: &InviteClient,
    members: Option<Expiry>,
) -> Result<Roster, InviteError> {
    let call = client.call();
    let filter = InviteFilter::default().status(InviteStatus::Active);
    let (people, (_, mut active)) =
        tokio::try_join!(members::members(&call), list::read(&call, &filter))?;
    let mut seen: HashSet<String> = HashSet::new();
    let mut entries = Vec::new();
    for member in people {
        // A member who has an invite beside is no guest.
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
