//! A new invite: a person, a permission, an expiry.

use chrono::{DateTime, Datelike, SubsecRound, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::InviteError;
use crate::model::email::check_address;
use crate::model::landscapes::{LandscapePermissions, check_access};
use crate::model::open_enum::Permission;
use crate::model::timestamp::{serialize_time, time_text};

/// When an invite expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Expiry {
    /// At this instant.
    At(DateTime<Utc>),
    /// This duration after it is sent, by the service's clock, to the millisecond.
    In(TimeDelta),
}

impl From<DateTime<Utc>> for Expiry {
    fn from(time: DateTime<Utc>) -> Self {
        Self::At(time)
    }
}

impl From<TimeDelta> for Expiry {
    fn from(span: TimeDelta) -> Self {
        Self::In(span)
    }
}

/// A new invite.
///
/// ```
/// use chrono::TimeDelta;
/// use icepanel_invites::{NewInvite, Permission};
///
/// let guest = NewInvite::new("ada@example.com", Permission::Read, TimeDelta::days(14));
/// assert_eq!(guest.email, "ada@example.com");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(not(feature = "bindings"), non_exhaustive)]
pub struct NewInvite {
    /// The person's address. Sent as given, compared without letter case.
    pub email: String,
    /// The person's permission as a member.
    pub permission: Permission,
    /// When the invite expires. The API requires an expiry, and does not document how late it may be.
    pub expiry: Expiry,
    /// Which landscapes the person may see. None: the request does not mention landscapes.
    pub landscape_permissions: Option<LandscapePermissions>,
    /// When the person's access ends. No invite expires after that time. On a roster, the person is invited, and stays, until then. Afterwards the invites are revoked, and with [`prune_members`](crate::PlanOptions::prune_members) the
    /// member is removed.
    pub until: Option<DateTime<Utc>>,
}

impl NewInvite {
    /// An invite for `email` that expires at an instant or after a duration from now.
    pub fn new(
        email: impl Into<String>,
        permission: impl Into<Permission>,
        expiry: impl Into<Expiry>,
    ) -> Self {
        Self {
            email: email.into(),
            permission: permission.into(),
            expiry: expiry.into(),
            landscape_permissions: None,
            until: None,
        }
    }

    /// Sets when the person's access ends.
    #[must_use]
    pub fn until(mut self, until: DateTime<Utc>) -> Self {
        self.until = Some(until);
        self
    }

    /// Says whether the person may see a landscape.
    #[must_use]
    pub fn landscape_permission(mut self, landscape_id: impl Into<String>, allowed: bool) -> Self {
        self.landscape_permissions
            .get_or_insert_default()
            .insert(landscape_id.into(), allowed);
        self
    }

    /// Rejects what is invalid at any time: the address, the permission, the landscapes, an expiry
    /// that is not after the beginning.
    pub(crate) fn check(&self) -> Result<(), InviteError> {
        // An instant is compared with the service's clock later.
        let now = match self.expiry {
            Expiry::At(_) => DateTime::<Utc>::MIN_UTC,
            Expiry::In(_) => Utc::now(),
        };
        self.check_person()?;
        self.expiry.resolve(now).map(|_| ())
    }

    /// Refuses an address, a permission or landscapes that are invalid.
    fn check_person(&self) -> Result<(), InviteError> {
        check_address(&self.email)?;
        check_access(&self.permission, self.landscape_permissions.as_ref())
    }

    /// Whether the person's access has ended.
    pub(crate) fn has_ended(&self, now: DateTime<Utc>) -> bool {
        self.until.is_some_and(|until| until <= now)
    }

    /// The instant at which an invite shall expire, counted from `now` and never after [`until`](Self::until); none if it
    /// is too far off to be written down.
    pub(crate) fn instant(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match (self.expiry.instant(now), self.until) {
            (Some(expiry), Some(until)) => Some(expiry.min(until)),
            (None, until) => until,
            (expiry, None) => expiry,
        }
    }

    /// The same, in the future by `now`, and in a year that RFC 3339 can write.
    pub(crate) fn resolve(&self, now: DateTime<Utc>) -> Result<DateTime<Utc>, InviteError> {
        if let Some(until) = self.until.filter(|until| *until <= now) {
            return Err(InviteError::invalid_input(format!(
                "the access ended at {} (it is {} now)",
                time_text(&until),
                time_text(&now),
            )));
        }
        let expiry = match (self.instant(now), self.until) {
            (Some(end), Some(until)) if end == until => Expiry::At(until),
            _ => self.expiry,
        };
        expiry.resolve(now)
    }

    /// Rejects an invalid invite. `now` is the best known time of the service; the request's expiry is
    /// counted from it.
    pub(crate) fn request(&self, now: DateTime<Utc>) -> Result<CreateRequest<'_>, InviteError> {
        self.check_person()?;
        Ok(CreateRequest {
            email: &self.email,
            expires_at: self.resolve(now)?,
            permission: &self.permission,
            landscape_permissions: self.landscape_permissions.as_ref(),
        })
    }
}

impl Expiry {
    /// The instant at which an invite expires: in the future by `now`, and in a year that RFC 3339 can express.
    pub(crate) fn resolve(self, now: DateTime<Utc>) -> Result<DateTime<Utc>, InviteError> {
        let Some(time) = self.instant(now).filter(|time| time.year() <= 9999) else {
            return Err(InviteError::invalid_input(
                "the expiry is too late: its year must be 9999 at most",
            ));
        };
        if time <= now {
            return Err(InviteError::invalid_input(format!(
                "the expiry {} is not in the future (it is {} now)",
                time_text(&time),
                time_text(&now),
            )));
        }
        Ok(time)
    }

    /// The instant, counted from `now`; none if it is too late to be expressed.
    pub(crate) fn instant(self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self {
            Self::At(time) => Some(time),
            Self::In(span) => now
                .checked_add_signed(span)
                .map(|time| time.trunc_subsecs(3)),
        }
    }
}

/// `{"email", "permission", "expiresAt" | "expiresInMs", "landscapePermissions"?, "until"?}`
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewInviteFields {
    email: String,
    permission: Permission,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_in_ms: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    landscape_permissions: Option<LandscapePermissions>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<DateTime<Utc>>,
}

/// `{"email", "permission", "expiresAt" | "expiresInMs", "landscapePermissions"?, "until"?}`.
impl Serialize for NewInvite {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (expires_at, expires_in_ms) = match self.expiry {
            Expiry::At(time) => (Some(time), None),
            Expiry::In(span) => (None, Some(span.num_milliseconds())),
        };
        let fields = NewInviteFields {
            email: self.email.clone(),
            permission: self.permission.clone(),
            expires_at,
            expires_in_ms,
            landscape_permissions: self.landscape_permissions.clone(),
            until: self.until,
        };
        fields.serialize(serializer)
    }
}

/// Reads what it writes. Only the form is checked.
impl<'de> Deserialize<'de> for NewInvite {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = NewInviteFields::deserialize(deserializer)?;
        let expiry = match (fields.expires_at, fields.expires_in_ms) {
            (Some(time), None) => Expiry::At(time),
            (None, Some(ms)) => TimeDelta::try_milliseconds(ms)
                .map(Expiry::In)
                .ok_or_else(|| serde::de::Error::custom("expiresInMs is out of range"))?,
            _ => {
                return Err(serde::de::Error::custom(
                    "give expiresAt or expiresInMs, one of the two",
                ));
            }
        };
        Ok(Self {
            email: fields.email,
            permission: fields.permission,
            expiry,
            landscape_permissions: fields.landscape_permissions,
            until: fields.until,
        })
    }
}

/// The body of a create, as the API expects it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateRequest<'a> {
    pub(crate) email: &'a str,
    #[serde(serialize_with = "serialize_time")]
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) permission: &'a Permission,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) landscape_permissions: Option<&'a LandscapePermissions>,
}
