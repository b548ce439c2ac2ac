//! How an ensure left things.

use icepanel_invites::Ensured as Core;

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

impl From<Core> for Ensured {
    fn from(ensured: Core) -> Self {
        match ensured {
            Core::Created(invite) => Self::Created {
                invite: invite.into(),
            },
            Core::Existing(invite) => Self::Existing {
                invite: invite.into(),
            },
            Core::Member(member) => Self::Member {
                member: member.into(),
            },
        }
    }
}
