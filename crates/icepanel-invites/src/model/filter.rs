//! The filter of a list.

use chrono::{DateTime, TimeDelta, Utc};

use crate::error::InviteError;
use crate::model::email::{check_address, same_address};
use crate::model::invite::Invite;
use crate::model::open_enum::{Actor, InviteStatus, Permission};

/// Which invites [`list`](crate::InviteClient::list) returns. Without any field all of them.
///
/// ```
/// use icepanel_invites::{InviteFilter, InviteStatus, Permission};
///
/// let guests = InviteFilter::default()
///     .status(InviteStatus::Active)
///     .permission(Permission::Read);
/// assert_eq!(guests.email, None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct InviteFilter {
    /// Only invites with this status, by the service's clock.
    pub status: Option<InviteStatus>,
    /// Only invites of this address; letter case is ignored.
    pub email: Option<String>,
    /// Only invites with this permission.
    pub permission: Option<Permission>,
    /// Only invites made by this kind of actor.
    pub created_by: Option<Actor>,
    /// Only active invites that expire within this duration from now, by the service's clock; not negative.
    pub expiring_within: Option<TimeDelta>,
}

impl InviteFilter {
    /// Keeps only invites with this status.
    #[must_use]
    pub fn status(mut self, status: impl Into<InviteStatus>) -> Self {
        self.status = Some(status.into());
        self
    }

    /// Keeps only invites of this address.
    #[must_use]
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// Keeps only invites with this permission.
    #[must_use]
    pub fn permission(mut self, permission: impl Into<Permission>) -> Self {
        self.permission = Some(permission.into());
        self
    }

    /// Keeps only invites made by this kind of actor.
    #[must_use]
    pub fn created_by(mut self, actor: impl Into<Actor>) -> Self {
        self.created_by = Some(actor.into());
        self
    }

    /// Keeps only active invites that expire within this duration from now: guests who will soon lose access.
    #[must_use]
    pub fn expiring_within(mut self, span: TimeDelta) -> Self {
        self.expiring_within = Some(span);
        self
    }

    /// Whether an invite matches the filter, by this machine's clock. A list is filtered by the
    /// service's clock.
    pub fn matches(&self, invite: &Invite) -> bool {
        self.matches_at(invite, Utc::now())
    }

    pub(crate) fn matches_at(&self, invite: &Invite, now: DateTime<Utc>) -> bool {
        self.status
            .as_ref()
            .is_none_or(|status| *status == invite.status)
            && self
                .permission
                .as_ref()
                .is_none_or(|permission| *permission == invite.permission)
            && self
                .created_by
                .as_ref()
                .is_none_or(|actor| *actor == invite.created_by)
            && (self.email.is_none() || self.is_of_address(invite))
            && self.expiring_within.is_none_or(|span| {
                invite.is_active() && invite.expires_at.signed_duration_since(now) <= span
            })
    }

    /// Rejects an invalid filter.
    pub(crate) fn check(&self) -> Result<(), InviteError> {
        if let Some(email) = &self.email {
            check_address(email)?;
        }
        if self
            .expiring_within
            .is_some_and(|span| span < TimeDelta::zero())
        {
            return Err(InviteError::invalid_input(
                "expiring_within is negative; it is a duration from now",
            ));
        }
        Ok(())
    }

    /// Whether an invite is of the address that the filter names, if it names one.
    pub(crate) fn is_of_address(&self, invite: &Invite) -> bool {
        self.email
            .as_ref()
            .is_some_and(|email| same_address(email, &invite.email))
    }
}
