//! How an ensure left things.

use icepanel_invites::{Ensured as Core, InviteError};

use crate::model::{Invite, Member};

/// How an ensure left things.
#[derive(Clone, Debug, PartialEq, uniffi::Enum)]
pub enum Ensured {
    /// The person had no active invite; this one was made.
    Created {
        /// The invite.
        invite: Invite,
    },
    /// The person has this active invite, made before or by somebody else at the same time.
    Existing {
        /// The invite.
        invite: Invite,
    },
    /// The person is a member already. Nothing was sent.
    Member {
        /// The member.
        member: Member,
    },
}

impl Ensured {
    pub(crate) fn of(ensured: Core) -> Result<Self, InviteError> {
        match ensured {
            Core::Created(invite) => Ok(Self::Created {
                invite: invite.into(),
            }),
            Core::Existing(invite) => Ok(Self::Existing {
                invite: invite.into(),
            }),
            Core::Member(member) => Ok(Self::Member {
                member: member.into(),
            }),
            other => Err(InviteError::invalid_input(format!(
                "this library is older than its core, which says {:?}",
                other.outcome()
            ))),
        }
    }
}
