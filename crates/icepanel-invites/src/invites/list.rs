//! `list`.

use chrono::{DateTime, Utc};
use reqwest::Method;

use crate::engine::call::Call;
use crate::error::InviteError;
use crate::event::Operation;
use crate::http::exchange::ResponseHead;
use crate::invites::list_decoder::{Beginning, InviteSink, ListDecoder, Pick, Picked};
use crate::model::InviteFilter;
use crate::model::{Invite, InviteStatus};

pub(crate) async fn list(
    call: &Call<'_>,
    filter: &InviteFilter,
) -> Result<Vec<Invite>, InviteError> {
    filter.check()?;
    Ok(read(call, filter).await?.1)
}

/// Passes the invites to the value that `sink` makes, a new one for each attempt.
pub(crate) async fn into<S: InviteSink + Send>(
    call: &Call<'_>,
    filter: &InviteFilter,
    sink: impl Fn() -> S + Send + Sync,
) -> Result<S, InviteError> {
    filter.check()?;
    let (_, picked) = pick(call, || filter, &sink).await?;
    if picked.withdrawn.is_empty() {
        return Ok(picked.kept);
    }
    // Nothing can be removed from a sink. A list rarely repeats an invite in another state.
    let mut sink = sink();
    for invite in read(call, filter).await?.1 {
        sink.push(invite);
    }
    Ok(sink)
}

/// The active invites of an address.
pub(crate) async fn active(call: &Call<'_>, email: &str) -> Result<Vec<Invite>, InviteError> {
    let filter = InviteFilter::default()
        .email(email)
        .status(InviteStatus::Active);
    Ok(read(call, &filter).await?.1)
}

/// The invite with this id, in any status.
pub(crate) async fn by_id(call: &Call<'_>, id: &str) -> Result<Option<Invite>, InviteError> {
    let (_, picked) = pick(call, || OfId(id), Vec::new).await?;
    Ok(picked.invites().pop())
}

/// Picks the invite with this id.
struct OfId<'a>(&'a str);

impl Pick for OfId<'_> {
    fn may_pick(&self, json: &[u8]) -> bool {
        // An escape may hide any character.
        memchr::memmem::find(json, self.0.as_bytes()).is_some()
            || memchr::memchr(b'\\', json).is_some()
    }

    fn is_of_another(&self, _: &str) -> bool {
        false
    }

    fn pick(&mut self, invite: &Invite, _: DateTime<Utc>) -> bool {
        invite.id == self.0
    }
}

/// The order of several invites: the older one first, then the smaller id. Every reader of the same list gets the same
/// order.
pub(crate) fn rank(invite: &Invite) -> (DateTime<Utc>, &str) {
    (invite.created_at, &invite.id)
}

/// Sorts the invites in that order.
pub(crate) fn sort(invites: &mut [Invite]) {
    invites.sort_by(|a, b| rank(a).cmp(&rank(b)));
}

/// The first of the active invites in that order.
pub(crate) fn first<'a>(invites: impl IntoIterator<Item = &'a Invite>) -> Option<&'a Invite> {
    invites
        .into_iter()
        .filter(|invite| invite.is_active())
        .min_by(|a, b| rank(a).cmp(&rank(b)))
}

/// Reads the list, and the head of its response.
pub(crate) async fn read(
    call: &Call<'_>,
    filter: &InviteFilter,
) -> Result<(ResponseHead, Vec<Invite>), InviteError> {
    let (head, picked) = pick(call, || filter, Vec::new).await?;
    Ok((head, picked.invites()))
}

/// Reads the list and stores what is picked. Each attempt has a new picker and a new store.
pub(crate) async fn pick<P: Pick + Send, S: InviteSink + Send>(
    call: &Call<'_>,
    picker: impl Fn() -> P + Send,
    kept: impl Fn() -> S + Send,
) -> Result<(ResponseHead, Picked<P, S>), InviteError> {
    let request = call.state.request(
        Operation::ListInvites,
        Method::GET,
        &["users", "invites"],
        None,
    );
    let recent = &call.state.recent;
    let decoder = move |head: &ResponseHead| {
        let beginning = Beginning {
            now: head.now,
            revoked: recent.all_revoked(),
            more: head.more.clone(),
        };
        ListDecoder::new(picker(), kept(), beginning)
    };
    let (head, mut picked) = call.idempotent(&request, decoder).await?;
    recent.saw(std::mem::take(&mut picked.young));
    Ok((head, picked))
}
