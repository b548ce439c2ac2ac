//! JavaScript's arguments: a new invite, and its expiry.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use icepanel_invites::InviteError;
use napi_derive::napi;
use serde::Deserialize;

/// A new invite. It crosses as JSON: reading an object field by field takes longer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewInvite {
    email: String,
    permission: String,
    expiry: Expiry,
    landscape_permissions: Option<HashMap<String, bool>>,
    until: Option<String>,
}

impl NewInvite {
    pub(crate) fn read(json: &str) -> Result<icepanel_invites::NewInvite, InviteError> {
        serde_json::from_str::<Self>(json)
            .map_err(|why| InviteError::invalid_input(format!("the invite cannot be read: {why}")))?
            .into_core()
    }

    fn into_core(self) -> Result<icepanel_invites::NewInvite, InviteError> {
        let expiry = self.expiry.into_core()?;
        let mut invite =
            icepanel_invites::NewInvite::new(self.email, self.permission.as_str(), expiry);
        invite.until = self.until.map(|text| time("until", &text)).transpose()?;
        let landscapes = self.landscape_permissions.into_iter().flatten();
        Ok(landscapes.fold(invite, |invite, (id, allowed)| {
            invite.landscape_permission(id, allowed)
        }))
    }
}

/// When an invite expires, in one of three ways.
#[napi(object)]
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Expiry {
    /// RFC 3339.
    pub expires_at: Option<String>,
    /// Milliseconds since 1970, as a `Date` has them.
    pub expires_at_ms: Option<f64>,
    /// This number of milliseconds after it is sent.
    pub expires_in_ms: Option<f64>,
}

impl Expiry {
    pub(crate) fn into_core(self) -> Result<icepanel_invites::Expiry, InviteError> {
        use icepanel_invites::Expiry;
        if let Some(text) = &self.expires_at {
            return Ok(Expiry::At(time("the expiry", text)?));
        }
        match (self.expires_at_ms, self.expires_in_ms) {
            (Some(ms), _) if !ms.is_nan() => Ok(Expiry::At(instant(ms))),
            (None, Some(ms)) if !ms.is_nan() => Ok(Expiry::In(span(ms))),
            _ => Err(InviteError::invalid_input("the expiry is no time")),
        }
    }
}

/// An instant in RFC 3339.
fn time(what: &str, text: &str) -> Result<DateTime<Utc>, InviteError> {
    let time = DateTime::parse_from_rfc3339(text).map_err(|why| {
        InviteError::invalid_input(format!(
            "{what} {text:?} is no time ({why}); write it as in 2026-12-31T23:59:59Z"
        ))
    })?;
    Ok(time.to_utc())
}

/// An instant in a `Date`'s milliseconds. Beyond what can be written it is the end of time, which the
/// core refuses.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast from a float stops at the ends of the range"
)]
pub(crate) fn instant(ms: f64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms as i64).unwrap_or(match ms < 0.0 {
        true => DateTime::<Utc>::MIN_UTC,
        false => DateTime::<Utc>::MAX_UTC,
    })
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast from a float stops at the ends of the range"
)]
fn span(ms: f64) -> TimeDelta {
    TimeDelta::try_milliseconds(ms as i64).unwrap_or(TimeDelta::MIN)
}
