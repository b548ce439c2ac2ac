//! `update_member` and `remove_member`. Both may be called twice without harm.
//!
//! | the request ended with | what follows |
//! |---|---|
//! | an update: the permission and the landscapes that were asked for; a removal: an object | done |
//! | every attempt was refused, or no connection was made | the error |
//! | anything else, also 404 after a removal | the list of members decides |

use reqwest::Method;
use serde::{Deserialize, Serialize};
use tokio::sync::SemaphorePermit;

use crate::engine::call::Call;
use crate::engine::rate_limiter::Permit;
use crate::engine::recent_members::{PendingChange, takes_admin};
use crate::engine::state::ALL_CHANGES;
use crate::error::{Effect, ErrorKind, InviteError};
use crate::event::Operation;
use crate::http::body::{DecodeError, Whole};
use crate::invites::member_name::MemberName;
use crate::invites::members;
use crate::invites::timing::READ_SCHEDULE;
use crate::model::{LandscapePermissions, Member, Permission, check_access};

/// Gives a member this permission, and these landscapes in place of those that the member has.
pub(crate) async fn update_member(
    call: &Call<'_>,
    member: &str,
    permission: &Permission,
    landscapes: Option<&LandscapePermissions>,
) -> Result<Member, InviteError> {
    check_access(permission, landscapes)?;
    let name = MemberName::new(member)?;
    let (found, _lock) = find(call, &name, Some(permission)).await?;
    let found = found.ok_or_else(|| name.not_found())?;
    let updated = update_with(call, &found, permission, landscapes, None).await?;
    Ok(updated.member)
}

/// Removes a member. Returns none if there is no such member.
pub(crate) async fn remove_member(
    call: &Call<'_>,
    member: &str,
) -> Result<Option<Member>, InviteError> {
    let name = MemberName::new(member)?;
    let (found, _lock) = find(call, &name, None).await?;
    match found {
        None => Ok(None),
        Some(found) => Ok(Some(remove_with(call, &found, None).await?.member)),
    }
}

/// A member that was changed or removed, and the service's id of the request, if it gave one.
pub(crate) struct MemberChanged {
    pub(crate) member: Member,
    pub(crate) request_id: Option<String>,
}

/// Updates a member that was just read, with the permit for the first attempt if that was waited for
/// before. Nothing is sent if the member has all this already. The caller has the [lock](lock_changes).
pub(crate) async fn update_with<'a>(
    call: &Call<'a>,
    found: &Member,
    permission: &Permission,
    landscapes: Option<&LandscapePermissions>,
    permit: Option<Permit<'a>>,
) -> Result<MemberChanged, InviteError> {
    // The landscapes that were read are sent again: what the service does without them is not documented.
    let wanted = UpdateRequest {
        permission,
        landscape_permissions: landscapes.or(found.landscape_permissions.as_ref()),
    };
    let recent = &call.state.recent_members;
    let is_uncertain = recent.is_uncertain(&found.user_id, call.state.waits.now());
    if wanted.is_met_by(found) && !is_uncertain {
        return Ok(MemberChanged {
            member: found.clone(),
            request_id: None,
        });
    }
    let body = serde_json::to_vec(&wanted).map_err(|error| {
        InviteError::invalid_input(format!("the request cannot be written: {error}"))
    })?;
    let path = ["users", &*found.user_id];
    let request = call
        .state
        .request(Operation::UpdateMember, Method::PATCH, &path, Some(body));
    let pending = PendingChange::new(recent, &call.state.waits, found, Some(permission));
    let decoder = || Whole::new(|answer: UpdateAnswer| answer.into_member(found, &wanted));
    let error = match call.change(permit, &request, |_| decoder()).await {
        Ok((head, member)) => {
            pending.confirm(Some(&member));
            return Ok(MemberChanged {
                member,
                request_id: head.request_id,
            });
        }
        Err(error) if error.effect() == Effect::None => {
            pending.refuse();
            return Err(refused(error));
        }
        Err(error) => error,
    };
    let updated = |members: Vec<Member>| {
        let same = |member: &Member| member.user_id == found.user_id;
        let member = members.into_iter().find(same);
        member.filter(|member| wanted.is_met_by(member))
    };
    let changed = look_up(call, error, updated).await?;
    pending.confirm(Some(&changed.member));
    Ok(changed)
}

/// Removes a member that was just read, with the permit for the first attempt if that was waited for before.
/// The caller has the [lock](lock_changes).
pub(crate) async fn remove_with<'a>(
    call: &Call<'a>,
    found: &Member,
    permit: Option<Permit<'a>>,
) -> Result<MemberChanged, InviteError> {
    // An object, documented without fields.
    type Answer = serde_json::Map<String, serde_json::Value>;
    let path = ["users", &*found.user_id];
    let request = call
        .state
        .request(Operation::RemoveMember, Method::DELETE, &path, None);
    let recent = &call.state.recent_members;
    let pending = PendingChange::new(recent, &call.state.waits, found, None);
    let decoder = || Whole::new(|_: Answer| Ok(()));
    let error = match call.change(permit, &request, |_| decoder()).await {
        Ok((head, ())) => {
            pending.confirm(None);
            return Ok(MemberChanged {
                member: found.clone(),
                request_id: head.request_id,
            });
        }
        Err(error) if error.effect() == Effect::None => {
            pending.refuse();
            return Err(refused(error));
        }
        Err(error) => error,
    };
    let gone = |members: Vec<Member>| {
        let is_there = members.iter().any(|member| member.user_id == found.user_id);
        (!is_there).then(|| found.clone())
    };
    let changed = look_up(call, error, gone).await?;
    pending.confirm(None);
    Ok(changed)
}

/// The body of an update.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UpdateRequest<'a> {
    permission: &'a Permission,
    #[serde(skip_serializing_if = "Option::is_none")]
    landscape_permissions: Option<&'a LandscapePermissions>,
}

impl UpdateRequest<'_> {
    /// Whether a member has what is asked for. No landscapes and an empty list of them are the same.
    fn is_met_by(&self, member: &Member) -> bool {
        let none = LandscapePermissions::new();
        let landscapes = member.landscape_permissions.as_ref().unwrap_or(&none);
        member.permission == *self.permission
            && self
                .landscape_permissions
                .is_none_or(|wanted| landscapes == wanted)
    }
}

/// The response to an update.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UpdateAnswer {
    organization_user: UpdatedUser,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UpdatedUser {
    permission: Permission,
    landscape_permissions: Option<LandscapePermissions>,
}

impl UpdateAnswer {
    /// The member after the update, if the response shows what was asked for.
    fn into_member(
        self,
        before: &Member,
        wanted: &UpdateRequest<'_>,
    ) -> Result<Member, DecodeError> {
        let member = Member {
            permission: self.organization_user.permission,
            landscape_permissions: self.organization_user.landscape_permissions,
            ..before.clone()
        };
        if wanted.is_met_by(&member) {
            return Ok(member);
        }
        Err(match member.permission == *wanted.permission {
            false => DecodeError::at(
                "organizationUser.permission",
                format!("{}, not {}", member.permission, wanted.permission),
            ),
            true => DecodeError::at(
                "organizationUser.landscapePermissions",
                "not the landscapes that were sent",
            ),
        })
    }
}

/// The member with this name, and the lock for the change. `permission` is what the member gets: none for a
/// removal. A change that takes the permission `admin` away is rejected if no other admin remains.
async fn find<'a>(
    call: &Call<'a>,
    name: &MemberName<'_>,
    permission: Option<&Permission>,
) -> Result<(Option<Member>, SemaphorePermit<'a>), InviteError> {
    let lock = lock_changes(call, 1).await?;
    let found = name.find(&current_members(call).await?)?;
    if !found
        .as_ref()
        .is_some_and(|found| takes_admin(found, permission))
    {
        return Ok((found, lock));
    }
    drop(lock);
    let lock = lock_changes(call, ALL_CHANGES).await?;
    // Another call may have changed a member in between.
    let members = current_members(call).await?;
    let found = name.find(&members)?;
    if let Some(found) = found
        .as_ref()
        .filter(|found| takes_admin(found, permission))
    {
        check_another_admin(call, found, &members)?;
    }
    Ok((found, lock))
}

/// Waits until the change of a member may begin: with one permit beside others, with [`ALL_CHANGES`] alone.
pub(crate) async fn lock_changes<'a>(
    call: &Call<'a>,
    permits: u32,
) -> Result<SemaphorePermit<'a>, InviteError> {
    let lock = call.state.member_changes.acquire_many(permits);
    let lock = tokio::time::timeout(call.remaining(), lock).await;
    // The semaphore is never closed.
    lock.ok().and_then(Result::ok).ok_or_else(|| {
        InviteError::new(
            ErrorKind::Timeout,
            "another call of this client that changes a member did not end within the time of this one",
        )
    })
}

/// The members, with the changes of this client that the list may not show yet.
pub(crate) async fn current_members(call: &Call<'_>) -> Result<Vec<Member>, InviteError> {
    let members = members::members(call).await?;
    let recent = &call.state.recent_members;
    Ok(recent.overlay(members, call.state.waits.now()))
}

/// Rejects a change that takes the last admin away. An admin whose removal or demotion may still be carried
/// out does not count.
fn check_another_admin(
    call: &Call<'_>,
    member: &Member,
    members: &[Member],
) -> Result<(), InviteError> {
    let (recent, now) = (&call.state.recent_members, call.state.waits.now());
    let is_other =
        |other: &&Member| other.permission == Permission::Admin && other.user_id != member.user_id;
    let others: Vec<&Member> = members.iter().filter(is_other).collect();
    let remains = |other: &&Member| !recent.may_lose_admin(&other.user_id, now);
    if others.iter().any(remains) {
        return Ok(());
    }
    let email = &member.email;
    let (what, advice) = match others.is_empty() {
        true => (
            format!("{email} is the only admin of the organization; nothing was sent"),
            "Make another member an admin first.",
        ),
        false => (
            format!(
                "{email} may be the only admin of the organization: this client asked less than a minute ago to remove or demote the others, and does not know the outcome; nothing was sent"
            ),
            "Call again in a minute, or make another member an admin first.",
        ),
    };
    Err(InviteError::new(ErrorKind::Conflict, what).with_advice(advice))
}

/// There was no clear response: the list of members decides, and gets its time to catch up.
async fn look_up(
    call: &Call<'_>,
    error: InviteError,
    changed: impl Fn(Vec<Member>) -> Option<Member>,
) -> Result<MemberChanged, InviteError> {
    let mut was_read = false;
    for pause in READ_SCHEDULE {
        if pause >= call.remaining() {
            break;
        }
        call.sleep(pause).await;
        match members::members(call).await {
            Ok(members) => {
                was_read = true;
                if let Some(member) = changed(members) {
                    return Ok(MemberChanged {
                        member,
                        request_id: error.request_id().map(str::to_owned),
                    });
                }
            }
            Err(why) => {
                let note = format!(
                    "the change may have been made, and the list of members cannot be read: {}",
                    why.message()
                );
                return Err(unclear(error, &note));
            }
        }
    }
    Err(unclear(
        error,
        match was_read {
            true => "the list of members does not show the change",
            false => "the change may have been made: no time was left to read the list of members",
        },
    ))
}

/// An error after which the list of members did not show the change. Of a 404 after a removal nobody can say whether the
/// member was gone before.
fn unclear(error: InviteError, note: &str) -> InviteError {
    let error = error.with_note(note);
    match error.kind() {
        ErrorKind::NotFound => {
            error.with_advice("Call again: a member who is gone already is not an error.")
        }
        _ => error,
    }
}

/// A refusal, with what to do about it.
fn refused(error: InviteError) -> InviteError {
    match error.kind() {
        ErrorKind::SeatsExhausted => error.with_advice(
            "Nothing was changed. Revoke an unused write or admin invite, buy a seat, or give read, which is free.",
        ),
        ErrorKind::NotFound => error.with_advice("Look for the person in the list of members."),
        ErrorKind::Conflict => error.with_advice("Look at the list of members before you call again."),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_helps() {
        for (kind, advice) in [
            (ErrorKind::SeatsExhausted, "read, which is free"),
            (ErrorKind::NotFound, "Look for the person"),
            (ErrorKind::Conflict, "before you call again"),
        ] {
            let error = refused(InviteError::new(kind, "no"));
            assert!(error.advice().contains(advice), "{}", error.full());
        }
    }
}
