//! `update_member` and `remove_member`: both may be sent twice without harm.
//!
//! | the request ended with | what follows |
//! |---|---|
//! | the permission and the landscapes that were asked for; a removal with an object | done |
//! | a removal with 404 | the member is gone: done |
//! | another 4xx, no connection | a refusal: the error |
//! | no clear answer, another permission | the list of members decides |

use reqwest::Method;
use serde::{Deserialize, Serialize};
use tokio::sync::MutexGuard;

use crate::engine::call::Call;
use crate::error::{Effect, ErrorKind, InviteError};
use crate::event::Operation;
use crate::http::body::Whole;
use crate::http::url;
use crate::invites::members;
use crate::invites::timing::READ_SCHEDULE;
use crate::model::email::{check_address, same_address};
use crate::model::{LandscapePermissions, Member, Permission};

/// What a member shall have, as the API takes it. The landscapes that were read are sent again, since
/// what leaving them out does is not documented.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UpdateRequest<'a> {
    permission: &'a Permission,
    #[serde(skip_serializing_if = "Option::is_none")]
    landscape_permissions: Option<&'a LandscapePermissions>,
}

impl UpdateRequest<'_> {
    /// Whether a member has what is asked for.
    fn is_met(&self, permission: &Permission, landscapes: Option<&LandscapePermissions>) -> bool {
        let no_limits = LandscapePermissions::new();
        permission == self.permission
            && self
                .landscape_permissions
                .is_none_or(|wanted| landscapes.unwrap_or(&no_limits) == wanted)
    }

    fn is_met_by(&self, member: &Member) -> bool {
        self.is_met(&member.permission, member.landscape_permissions.as_ref())
    }
}

/// Refuses what cannot be right, before anything is sent.
pub(crate) fn check_update(
    permission: &Permission,
    landscapes: Option<&LandscapePermissions>,
) -> Result<(), InviteError> {
    if permission.as_str().trim().is_empty() {
        return Err(InviteError::invalid_input("the permission is empty"));
    }
    if landscapes.is_some_and(|landscapes| landscapes.keys().any(|id| id.trim().is_empty())) {
        return Err(InviteError::invalid_input("a landscape id is empty"));
    }
    Ok(())
}

/// Gives a member this permission, and these landscapes in place of those that the member has.
pub(crate) async fn update_member(
    call: &Call<'_>,
    member: &str,
    permission: &Permission,
    landscapes: Option<&LandscapePermissions>,
) -> Result<Member, InviteError> {
    check_update(permission, landscapes)?;
    let name = MemberName::new(member)?;
    let lowers_an_admin =
        |has: &Member| has.permission == Permission::Admin && *permission != Permission::Admin;
    let (found, _lock) = find(call, &name, lowers_an_admin).await?;
    let found = found.ok_or_else(|| name.not_found())?;
    let wanted = UpdateRequest {
        permission,
        landscape_permissions: landscapes.or(found.landscape_permissions.as_ref()),
    };
    if wanted.is_met_by(&found) {
        return Ok(found);
    }
    let body = serde_json::to_vec(&wanted).map_err(|error| {
        InviteError::invalid_input(format!("the request cannot be written: {error}"))
    })?;
    let path = ["users", &*found.user_id];
    let request = call
        .state
        .request(Operation::UpdateMember, Method::PATCH, &path, Some(body));
    let error = match call.idempotent(&request, |_| Whole::new(Ok)).await {
        Ok((
            _,
            UpdateAnswer {
                organization_user: user,
            },
        )) if wanted.is_met(&user.permission, user.landscape_permissions.as_ref()) => {
            return Ok(Member {
                permission: user.permission,
                landscape_permissions: user.landscape_permissions,
                ..found
            });
        }
        Ok((
            head,
            UpdateAnswer {
                organization_user: user,
            },
        )) => {
            let what = format!(
                "the service answered the update of {} with the permission {} and not as asked",
                found.email, user.permission
            );
            InviteError::new(ErrorKind::UnexpectedAnswer, what)
                .with_answer(head.status, head.request_id)
                .with_effect(Effect::Unclear)
                .with_attempts(1)
        }
        Err(error) if error.effect() == Effect::None => return Err(refused(error)),
        Err(error) => error,
    };
    let shown = |members: Vec<Member>| {
        let same = |member: &Member| member.user_id == found.user_id;
        members
            .into_iter()
            .find(same)
            .filter(|member| wanted.is_met_by(member))
    };
    shown_by_members(call, error, shown).await
}

/// Removes a member. Nobody comes back where there is no such member.
pub(crate) async fn remove_member(
    call: &Call<'_>,
    member: &str,
) -> Result<Option<Member>, InviteError> {
    let name = MemberName::new(member)?;
    let is_admin = |has: &Member| has.permission == Permission::Admin;
    let (found, _lock) = find(call, &name, is_admin).await?;
    let Some(found) = found else {
        return Ok(None);
    };
    let path = ["users", &*found.user_id];
    let request = call
        .state
        .request(Operation::RemoveMember, Method::DELETE, &path, None);
    // An object, documented without fields.
    type Answer = serde_json::Map<String, serde_json::Value>;
    let error = match call
        .idempotent(&request, |_| Whole::new(|_: Answer| Ok(())))
        .await
    {
        Ok(_) => return Ok(Some(found)),
        // Just now there was such a member: an attempt before, or somebody else, has removed it.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Some(found)),
        Err(error) if error.effect() == Effect::None => return Err(refused(error)),
        Err(error) => error,
    };
    let gone = |members: Vec<Member>| {
        let there = members.iter().any(|member| member.user_id == found.user_id);
        (!there).then(|| found.clone())
    };
    shown_by_members(call, error, gone).await.map(Some)
}

/// The answer to an update.
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

/// How a caller names a member.
enum MemberName<'a> {
    Address(&'a str),
    UserId(&'a str),
}

impl<'a> MemberName<'a> {
    /// What has an `@` is an address.
    fn new(name: &'a str) -> Result<Self, InviteError> {
        match name.contains('@') {
            true => check_address(name).map(|()| Self::Address(name)),
            false => url::check_id("user", name).map(|()| Self::UserId(name)),
        }
    }

    fn is_of(&self, member: &Member) -> bool {
        match self {
            Self::Address(email) => same_address(&member.email, email),
            Self::UserId(id) => member.user_id == *id,
        }
    }

    /// The one member of this name.
    fn among(&self, members: &[Member]) -> Result<Option<Member>, InviteError> {
        let found: Vec<&Member> = members.iter().filter(|member| self.is_of(member)).collect();
        match found[..] {
            [] => Ok(None),
            [member] => Ok(Some(member.clone())),
            _ => {
                let ids: Vec<&str> = found.iter().map(|member| &*member.user_id).collect();
                let what = format!(
                    "{} members have the address {}: {}; nothing was sent",
                    ids.len(),
                    found[0].email,
                    ids.join(", ")
                );
                Err(InviteError::new(ErrorKind::Conflict, what)
                    .with_advice("Name the member by its user id."))
            }
        }
    }

    fn not_found(&self) -> InviteError {
        let what = match self {
            Self::Address(email) => format!("no member has the address {email}"),
            Self::UserId(id) => format!("no member has the user id {id}"),
        };
        InviteError::new(ErrorKind::NotFound, what)
            .with_advice("Nothing was sent. Look the member up in the list of members.")
    }
}

/// The member of this name. If the call takes an admin away, it is the only one of this client that does
/// until the lock is dropped, and another admin remains.
async fn find<'a>(
    call: &Call<'a>,
    name: &MemberName<'_>,
    takes_admin: impl Fn(&Member) -> bool,
) -> Result<(Option<Member>, Option<MutexGuard<'a, ()>>), InviteError> {
    let found = name.among(&members::members(call).await?)?;
    if !found.as_ref().is_some_and(&takes_admin) {
        return Ok((found, None));
    }
    let lock = tokio::time::timeout(call.remaining(), call.state.admins.lock());
    let lock = lock.await.map_err(|_| {
        let what = "another call of this client that changes an admin did not end within the time of this one";
        InviteError::new(ErrorKind::Timeout, what)
    })?;
    // Another call may have changed one meanwhile.
    let members = members::members(call).await?;
    let found = name.among(&members)?;
    if let Some(member) = found.as_ref().filter(|member| takes_admin(member)) {
        let other =
            |one: &Member| one.permission == Permission::Admin && one.user_id != member.user_id;
        if !members.iter().any(other) {
            return Err(InviteError::new(
                ErrorKind::Conflict,
                format!(
                    "{} is the only admin of the organization; nothing was sent",
                    member.email
                ),
            )
            .with_advice("Make another member an admin first."));
        }
    }
    Ok((found, Some(lock)))
}

/// The request got no clear answer: the list of members decides, and gets its time to catch up.
async fn shown_by_members<T>(
    call: &Call<'_>,
    error: InviteError,
    shown: impl Fn(Vec<Member>) -> Option<T>,
) -> Result<T, InviteError> {
    for pause in READ_SCHEDULE {
        if pause >= call.remaining() {
            break;
        }
        call.sleep(pause).await;
        match members::members(call).await {
            Ok(members) => {
                if let Some(done) = shown(members) {
                    return Ok(done);
                }
            }
            Err(why) => {
                let note = format!(
                    "the members that could tell cannot be read: {}",
                    why.message()
                );
                return Err(error.with_note(&note));
            }
        }
    }
    Err(error.with_note("the list of members does not show the change"))
}

/// A refusal, with what to do about it.
fn refused(error: InviteError) -> InviteError {
    match error.kind() {
        ErrorKind::SeatsExhausted => error.with_advice(
            "Nothing was changed. Revoke an unused write or admin invite, buy a seat, or give read, which is free.",
        ),
        ErrorKind::NotFound => error.with_advice("Look the member up in the list of members."),
        ErrorKind::Conflict => error.with_advice("Look at the members before you call again."),
        _ => error,
    }
}
