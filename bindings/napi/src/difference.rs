//! How an invite differs from the one that was asked for.

use chrono::{DateTime, Utc};
use icepanel_invites::{Ensured, InviteError};
use napi::Either;
use napi_derive::napi;
use serde_json::{Value, from_value};

use crate::error;
use crate::model::{self, NewInvite};

/// How an invite, or what an ensure returned, differs from what is asked for at an instant: fields of an invite. Or the
/// error, as JSON. The values are JSON.
#[napi]
pub fn differs_from(held: String, asked: String, now_ms: f64) -> Either<Vec<String>, String> {
    match differences(&held, &asked, model::instant(now_ms)) {
        Ok(found) => Either::A(found),
        Err(wrong) => Either::B(error::json(&wrong)),
    }
}

fn differences(held: &str, asked: &str, now: DateTime<Utc>) -> Result<Vec<String>, InviteError> {
    let held = ensured(held).map_err(|why| {
        InviteError::invalid_input(format!("it is no invite and no result of ensure: {why}"))
    })?;
    let found = held.differs_from(&NewInvite::read(asked)?, now);
    Ok(found.iter().map(ToString::to_string).collect())
}

/// What an ensure returned. An invite alone is one that is there.
fn ensured(held: &str) -> serde_json::Result<Ensured> {
    let mut held: Value = serde_json::from_str(held)?;
    Ok(match held["outcome"].as_str() {
        None => Ensured::Existing(from_value(held)?),
        Some("created") => Ensured::Created(from_value(held["invite"].take())?),
        Some("member") => Ensured::Member(from_value(held["member"].take())?),
        Some(_) => Ensured::Existing(from_value(held["invite"].take())?),
    })
}
