//! What to send: a person, a permission, an end.

use chrono::{DateTime, TimeDelta};
use icepanel_invites::{Expiry as CoreExpiry, InviteError, NewInvite as Core};

use super::{LandscapePermissions, Permission};

/// When an invite ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Expiry {
    /// At this instant. In numbers, since what a language's own instant can hold may be more than
    /// what it can hand over.
    At {
        /// Whole seconds since 1970.
        seconds: i64,
        /// And so much more.
        nanoseconds: u32,
    },
    /// So long after it is sent, by the service's clock.
    In {
        /// In milliseconds; negative is refused by the core, in its words.
        milliseconds: i64,
    },
}

impl Expiry {
    pub(crate) fn into_core(self) -> Result<CoreExpiry, InviteError> {
        let expiry = match self {
            Self::At {
                seconds,
                nanoseconds,
            } => DateTime::from_timestamp(seconds, nanoseconds).map(CoreExpiry::At),
            Self::In { milliseconds } => {
                TimeDelta::try_milliseconds(milliseconds).map(CoreExpiry::In)
            }
        };
        expiry.ok_or_else(|| InviteError::invalid_input("the expiry is too far off"))
    }
}

impl From<CoreExpiry> for Expiry {
    fn from(expiry: CoreExpiry) -> Self {
        match expiry {
            CoreExpiry::At(time) => Self::At {
                seconds: time.timestamp(),
                nanoseconds: time.timestamp_subsec_nanos(),
            },
            CoreExpiry::In(span) => Self::In {
                milliseconds: span.num_milliseconds(),
            },
        }
    }
}

/// An invite to be made.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct NewInvite {
    /// The person's address.
    pub email: String,
    /// What the person may do once in.
    pub permission: Permission,
    /// When the invite ends.
    pub expiry: Expiry,
    /// Which landscapes the person may see; none given means that nothing is said about them.
    #[uniffi(default = None)]
    pub landscape_permissions: Option<LandscapePermissions>,
}

impl NewInvite {
    pub(crate) fn into_core(self) -> Result<Core, InviteError> {
        let invite = Core::new(self.email, self.permission, self.expiry.into_core()?);
        let landscapes = self.landscape_permissions.into_iter().flatten();
        Ok(landscapes.fold(invite, |invite, (id, allowed)| {
            invite.landscape_permission(id, allowed)
        }))
    }
}

impl From<Core> for NewInvite {
    fn from(invite: Core) -> Self {
        Self {
            email: invite.email,
            permission: invite.permission.into(),
            expiry: invite.expiry.into(),
            landscape_permissions: invite
                .landscape_permissions
                .map(|map| map.into_iter().collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry_that_cannot_be_written_down_is_refused() {
        for expiry in [
            Expiry::At {
                seconds: i64::MAX,
                nanoseconds: 0,
            },
            Expiry::In {
                milliseconds: i64::MIN,
            },
        ] {
            assert!(expiry.into_core().is_err(), "{expiry:?}");
        }
    }
}
