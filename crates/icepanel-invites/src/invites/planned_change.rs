//! A change of a member that a plan has: it is made if the member still is as the plan saw it.

use crate::engine::call::Call;
use crate::engine::rate_limiter::Permit;
use crate::engine::recent_members::takes_admin;
use crate::engine::state::ALL_CHANGES;
use crate::error::InviteError;
use crate::invites::member_changes::{current_members, lock_changes, remove_with, update_with};
use crate::model::{LandscapePermissions, Member, Permission};

/// A permission, and landscapes.
type Access<'a> = (&'a Permission, Option<&'a LandscapePermissions>);

/// A change of a member that a plan has.
pub(crate) struct PlannedChange<'a> {
    pub(crate) user_id: &'a str,
    /// What the member had when the plan was made.
    pub(crate) seen: Access<'a>,
    /// What the member gets. None: the member is removed.
    pub(crate) wanted: Option<Access<'a>>,
    /// How many admins remain at least.
    pub(crate) least_admins: u64,
}

/// What a planned change of a member came to.
pub(crate) enum Changed {
    /// It was made; the service's id of the request.
    Done(Option<String>),
    /// The member has it already, or was removed.
    Already,
    /// An update: there is no such member any more.
    Gone,
    /// Somebody else has changed the member, who has this permission now.
    Otherwise(Permission),
    /// Too few admins would remain.
    TooFewAdmins,
}

impl PlannedChange<'_> {
    fn takes_admin(&self) -> bool {
        let keeps = |(permission, _): Access<'_>| *permission == Permission::Admin;
        *self.seen.0 == Permission::Admin && !self.wanted.is_some_and(keeps)
    }
}

/// Makes a planned change. The members are read just before, so that nothing is made of a member whom somebody else has
/// changed, and enough admins remain.
pub(crate) async fn make<'a>(
    call: &Call<'a>,
    permit: Permit<'a>,
    change: &PlannedChange<'_>,
) -> Result<Changed, InviteError> {
    let permits = match change.takes_admin() {
        true => ALL_CHANGES,
        false => 1,
    };
    let _lock = lock_changes(call, permits).await?;
    let members = current_members(call).await?;
    let same = |member: &&Member| member.user_id == change.user_id;
    let Some(found) = members.iter().find(same) else {
        return Ok(match change.wanted {
            Some(_) => Changed::Gone,
            None => Changed::Already,
        });
    };
    if change.wanted.is_some_and(|wanted| has(found, wanted)) {
        return Ok(Changed::Already);
    }
    let (permission, landscapes) = change.seen;
    let none = LandscapePermissions::new();
    let seen = (permission, Some(landscapes.unwrap_or(&none)));
    if !has(found, seen) {
        return Ok(Changed::Otherwise(found.permission.clone()));
    }
    if takes_admin(found, change.wanted.map(|(permission, _)| permission))
        && admins(call, &members) <= change.least_admins
    {
        return Ok(Changed::TooFewAdmins);
    }
    let changed = match change.wanted {
        Some((permission, landscapes)) => {
            update_with(call, found, permission, landscapes, Some(permit)).await?
        }
        None => remove_with(call, found, Some(permit)).await?,
    };
    Ok(Changed::Done(changed.request_id))
}

/// Whether a member has this permission, and these landscapes if any are named.
fn has(member: &Member, (permission, landscapes): Access<'_>) -> bool {
    let none = LandscapePermissions::new();
    let limits = member.landscape_permissions.as_ref().unwrap_or(&none);
    member.permission == *permission && landscapes.is_none_or(|wanted| wanted == limits)
}

/// How many admins there are. One whose removal or demotion may still be carried out does not count.
fn admins(call: &Call<'_>, members: &[Member]) -> u64 {
    let (recent, now) = (&call.state.recent_members, call.state.waits.now());
    let is_admin = |member: &&Member| {
        member.permission == Permission::Admin && !recent.may_lose_admin(&member.user_id, now)
    };
    members.iter().filter(is_admin).count() as u64
}
