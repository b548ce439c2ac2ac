//! The response to a create and to a revoke.

use serde::Deserialize;

use crate::http::body::{Decode, DecodeError, Whole};
use crate::http::exchange::ResponseHead;
use crate::model::{Invite, WireInvite};

/// The response to a create and to a revoke.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InviteAnswer {
    organization_user_invite: WireInvite,
}

impl InviteAnswer {
    /// Reads the response that has this head.
    pub(crate) fn decoder(head: &ResponseHead) -> impl Decode<Output = Invite> + Send + use<> {
        let now = head.now;
        Whole::new(move |answer: InviteAnswer| {
            answer
                .organization_user_invite
                .into_invite(now)
                .map_err(|field| {
                    DecodeError::at(
                        &format!("organizationUserInvite.{field}"),
                        "missing or null",
                    )
                })
        })
    }
}
