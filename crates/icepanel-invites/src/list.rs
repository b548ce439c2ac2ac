//! `list` and `find_active`.

use chrono::{DateTime, Utc};
use reqwest::Method;

use crate::call::Call;
use crate::error::InviteError;
use crate::event::Operation;
use crate::filter::InviteFilter;
use crate::input;
use crate::list_decoder::{ListDecoder, Pick};
use crate::model::{Invite, InviteStatus};
use crate::transport::Head;

pub(crate) async fn list(
    call: &Call<'_>,
    filter: &InviteFilter,
) -> Result<Vec<Invite>, InviteError> {
    if let Some(email) = &filter.email {
        input::email(email)?;
    }
    Ok(read(call, filter).await?.1)
}

pub(crate) async fn find_active(
    call: &Call<'_>,
    email: &str,
) -> Result<Option<Invite>, InviteError> {
    input::email(email)?;
    Ok(first(&active(call, email).await?).cloned())
}

/// The active invites of an address.
pub(crate) async fn active(call: &Call<'_>, email: &str) -> Result<Vec<Invite>, InviteError> {
    let filter = InviteFilter::default()
        .email(email)
        .status(InviteStatus::Active);
    Ok(read(call, &filter).await?.1)
}

/// What counts if there are several invites: the earlier, then the smaller id. Everyone who looks at
/// the same list comes to the same order.
pub(crate) fn rank(invite: &Invite) -> (DateTime<Utc>, &str) {
    (invite.created_at, &invite.id)
}

/// Puts the invites that count first to the front.
pub(crate) fn sort(invites: &mut [Invite]) {
    invites.sort_by(|a, b| rank(a).cmp(&rank(b)));
}

/// The active invite that counts if there are several.
pub(crate) fn first<'a>(invites: impl IntoIterator<Item = &'a Invite>) -> Option<&'a Invite> {
    invites
        .into_iter()
        .filter(|invite| invite.is_active())
        .min_by(|a, b| rank(a).cmp(&rank(b)))
}

/// Reads the list, and the head of the answer that it came in.
pub(crate) async fn read(
    call: &Call<'_>,
    filter: &InviteFilter,
) -> Result<(Head, Vec<Invite>), InviteError> {
    let (head, invites, _) = read_picking(call, || filter).await?;
    Ok((head, invites))
}

/// Reads the list and keeps what is picked; `pick` is asked for a fresh picker for each attempt.
pub(crate) async fn read_picking<P: Pick>(
    call: &Call<'_>,
    pick: impl Fn() -> P,
) -> Result<(Head, Vec<Invite>, P), InviteError> {
    let outgoing =
        call.shared
            .request(Operation::ListInvites, Method::GET, "/users/invites", None)?;
    let (head, (mut invites, mut pick)) = call
        .idempotent(&outgoing, |head| ListDecoder::new(pick(), head.now))
        .await?;
    // A list that lags behind may show as active what this client has revoked.
    if call.shared.known.lay_revoked_over(&mut invites) {
        invites.retain(|invite| pick.pick(invite, head.now));
    }
    call.shared.known.saw(&invites, head.now);
    Ok((head, invites, pick))
}
