//! A new invite: a person, a permission, an expiry.

use chrono::TimeDelta;
use icepanel_invites::{Expiry, InviteError, LandscapePermissions, NewInvite, Permission};

use crate::error::Failure;
use crate::model::Timestamp;

/// When an invite expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum ExpiryParts {
    /// At this instant.
    At {
        /// The instant.
        time: Timestamp,
    },
    /// This duration after it is sent, by the service's clock.
    In {
        /// In milliseconds; the core rejects a negative one.
        milliseconds: i64,
    },
}

impl ExpiryParts {
    pub(crate) fn into_core(self) -> Result<Expiry, InviteError> {
        let expiry = match self {
            Self::At { time } => Some(Expiry::At(time)),
            Self::In { milliseconds } => TimeDelta::try_milliseconds(milliseconds).map(Expiry::In),
        };
        expiry.ok_or_else(|| InviteError::invalid_input("the expiry is too far off"))
    }
}

impl From<Expiry> for ExpiryParts {
    fn from(expiry: Expiry) -> Self {
        match expiry {
            Expiry::At(time) => Self::At { time },
            Expiry::In(span) => Self::In {
                milliseconds: span.num_milliseconds(),
            },
        }
    }
}

/// A new invite.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct NewInviteParts {
    /// The person's address.
    pub email: String,
    /// The person's permission as a member.
    pub permission: Permission,
    /// When the invite expires.
    pub expiry: ExpiryParts,
    /// Which landscapes the person may see. None: the request does not mention landscapes.
    #[uniffi(default = None)]
    pub landscape_permissions: Option<LandscapePermissions>,
    /// When the person's access ends.
    #[uniffi(default = None)]
    pub until: Option<Timestamp>,
}

impl NewInviteParts {
    pub(crate) fn into_core(self) -> Result<NewInvite, InviteError> {
        let mut invite = NewInvite::new(self.email, self.permission, self.expiry.into_core()?);
        invite.until = self.until;
        let landscapes = self.landscape_permissions.into_iter().flatten();
        Ok(landscapes.fold(invite, |invite, (id, allowed)| {
            invite.landscape_permission(id, allowed)
        }))
    }
}

impl From<NewInvite> for NewInviteParts {
    fn from(invite: NewInvite) -> Self {
        let NewInvite {
            email,
            permission,
            expiry,
            landscape_permissions,
            until,
        } = invite;
        Self {
            email,
            permission,
            expiry: expiry.into(),
            landscape_permissions,
            until,
        }
    }
}

uniffi::custom_type!(Expiry, ExpiryParts, {
    remote,
    lower: |expiry| expiry.into(),
    try_lift: |parts| Ok(parts.into_core().map_err(Failure::from)?),
});

uniffi::custom_type!(NewInvite, NewInviteParts, {
    remote,
    lower: |invite| invite.into(),
    try_lift: |parts| Ok(parts.into_core().map_err(Failure::from)?),
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry_that_cannot_be_written_down_is_refused() {
        let expiry = ExpiryParts::In {
            milliseconds: i64::MIN,
        };
        assert!(expiry.into_core().is_err());
    }
}
