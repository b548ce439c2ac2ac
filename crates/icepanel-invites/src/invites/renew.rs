//! `renew`.

use serde::{Deserialize, Serialize};

use crate::engine::call::Call;
use crate::engine::session::Session;
use crate::engine::unfinished_creates::PendingCreate;
use crate::error::{ErrorKind, InviteError};
use crate::http::url;
use crate::invites::deduplicate::Competitors;
use crate::invites::ensure::lock_address;
use crate::invites::timing::{EQUAL_EXPIRY, is_settled};
use crate::invites::{create, deduplicate, list, revoke, unfinished};
use crate::model::email::check_address;
use crate::model::{Expiry, Invite, InviteFilter, InviteStatus, NewInvite};

/// The result of [`renew`](crate::InviteClient::renew).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(feature = "bindings"), non_exhaustive)]
pub struct Renewed {
    /// The invite that the person has now.
    pub invite: Invite,
    /// The invites that it replaced, as revoked. If there are none, the active one expires late enough, or another
    /// worker that renewed at the same time revoked them.
    pub replaced: Vec<Invite>,
    /// The service's id of the request that made the new invite, for the service's support. None if no invite was made,
    /// or if the service's response had no id or was lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// The target of a renewal.
struct Target {
    email: String,
    /// The invite that was named by its id, if it was not named by the address.
    named: Option<Invite>,
}

pub(crate) async fn renew(
    session: &Session,
    target: &str,
    expiry: Expiry,
) -> Result<Renewed, InviteError> {
    let call = session.call();
    let Target { email, named } = find_target(&call, target).await?;
    let _lock = lock_address(&call, &email).await?;
    unfinished::catch_up(&call, &email).await?;
    let (alike, good) = active(&call, &email, named.as_ref(), expiry).await?;
    let Some(first) = list::first(&alike) else {
        return Err(nothing(target));
    };
    let renews = |invite: &Invite| named.as_ref().is_none_or(|named| named.id == invite.id);
    let (invite, request_id) = match good {
        Some(good) => (good, None),
        // The named invite is no longer active, and no other one replaces it.
        None if !alike.iter().any(renews) => return Err(nothing(target)),
        None => {
            let mut new = NewInvite::new(first.email.as_str(), first.permission.clone(), expiry);
            new.landscape_permissions
                .clone_from(&first.landscape_permissions);
            make(&call, &new, &alike).await?
        }
    };
    let mut replaced = Vec::with_capacity(alike.len());
    for other in alike.into_iter().filter(|other| other.id != invite.id) {
        // It has its own time, because the create may have used the call's time.
        match revoke::revoke(&session.call(), &other.id).await {
            Ok(revoked) => replaced.push(revoked),
            Err(error) => {
                let why = format!(
                    "{} has the new invite {}, but the invite that it replaces, {}, could not be revoked; make the same call again to revoke it",
                    invite.email, invite.id, other.id
                );
                return Err(InviteError::outcome_unknown(&error, &why));
            }
        }
    }
    Ok(Renewed {
        invite,
        replaced,
        request_id,
    })
}

/// Makes the new invite while those that it replaces still exist. If other workers renew at the same time, one of the
/// new invites remains, as in `ensure`. Returns it, and the id of the request if this request made it.
async fn make(
    call: &Call<'_>,
    new: &NewInvite,
    replaces: &[Invite],
) -> Result<(Invite, Option<String>), InviteError> {
    let ids: Vec<String> = replaces.iter().map(|invite| invite.id.clone()).collect();
    let made = create::make(call, new, None).await?;
    let mut pending = PendingCreate::made(&call.state.unfinished, &made.invite);
    let still = format!(
        "the invites that it replaces are still active: {}",
        ids.join(", ")
    );
    let remains = deduplicate::deduplicate(call, &made, Competitors::Alike(&ids))
        .await
        .map_err(|error| error.with_note(&still))?;
    pending.finish();
    match remains.status {
        InviteStatus::Active | InviteStatus::Used => {
            let request_id = made.request_id.filter(|_| remains.id == made.invite.id);
            Ok((remains, request_id))
        }
        // Somebody has just revoked it. The person must not be left without an invite.
        _ => Err(InviteError::unsettled(format!(
            "the new invite {} for {} is no longer active; {still}",
            remains.id, remains.email
        ))),
    }
}

/// The person whose invite is named by its id or by the address.
async fn find_target(call: &Call<'_>, target: &str) -> Result<Target, InviteError> {
    if target.contains('@') {
        check_address(target)?;
        return Ok(Target {
            email: target.to_owned(),
            named: None,
        });
    }
    url::check_id("invite", target)?;
    let named = list::by_id(call, target).await?;
    let named = named.ok_or_else(|| nothing(target))?;
    Ok(Target {
        email: named.email.clone(),
        named: Some(named),
    })
}

fn nothing(target: &str) -> InviteError {
    let what = match target.contains('@') {
        true => format!("{target} has no active invite; there is nothing to renew"),
        false => format!("no active invite has the id {target}; there is nothing to renew"),
    };
    InviteError::new(ErrorKind::NotFound, what)
        .with_advice("Nothing was sent. Look for the invites of the person with list, or invite the person with ensure.")
}

/// The active invites of the person with the same permission and landscapes as the named one, or all of them; and the
/// one among them that already expires late enough. If one is so new that an older one may still appear, the list is
/// read again, as in `ensure`.
async fn active(
    call: &Call<'_>,
    email: &str,
    named: Option<&Invite>,
    expiry: Expiry,
) -> Result<(Vec<Invite>, Option<Invite>), InviteError> {
    let everything = InviteFilter::default().email(email);
    let (mut head, mut invites) = list::read(call, &everything).await?;
    let mut again = true;
    loop {
        let mut active = invites;
        active.retain(Invite::is_active);
        if let Some(kind) = named.or(list::first(&active)).cloned() {
            let is_alike = |invite: &Invite| {
                invite.permission == kind.permission
                    && invite.landscape_permissions == kind.landscape_permissions
            };
            if named.is_none() && !active.iter().all(is_alike) {
                return Err(several(email, &active));
            }
            active.retain(is_alike);
        }
        let wanted = expiry.resolve(call.state.transport.clock.now())?;
        let good = active
            .iter()
            .filter(|invite| wanted.signed_duration_since(invite.expires_at) <= EQUAL_EXPIRY);
        let good = list::first(good).cloned();
        match &good {
            Some(good) if again && !is_settled(head.now.signed_duration_since(good.created_at)) => {
                again = false;
                (head, invites) = deduplicate::read_after_competitors(call, good).await?;
            }
            _ => return Ok((active, good)),
        }
    }
}

/// The address has invites that differ, and the client must not guess which one is meant.
fn several(email: &str, active: &[Invite]) -> InviteError {
    let each = active.iter().map(|invite| {
        let landscapes = match &invite.landscape_permissions {
            Some(landscapes) => format!(", {} landscapes", landscapes.len()),
            None => String::new(),
        };
        format!("{} ({}{landscapes})", invite.id, invite.permission)
    });
    let what = format!(
        "{email} has several active invites that differ: {}; give the id of the invite to renew",
        each.collect::<Vec<_>>().join(", ")
    );
    InviteError::new(ErrorKind::Conflict, what)
}
