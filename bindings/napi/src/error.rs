//! Errors as data. Their classes are made in `node/lib/errors.js`.

use std::error::Error;

use icepanel_invites::{ErrorKind, InviteError};
use napi_derive::napi;
use serde::Serialize;

/// An error as the core writes it, with the chain of its causes.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    error: &'a InviteError,
    causes: Vec<String>,
}

/// The error as JSON.
pub(crate) fn json(error: &InviteError) -> String {
    let causes = std::iter::successors(error.source(), |cause: &&dyn Error| (*cause).source())
        .map(ToString::to_string)
        .collect();
    serde_json::to_string(&Document { error, causes }).unwrap_or_default()
}

/// The error, as JSON, of an argument that cannot be passed to Rust.
#[napi]
pub fn invalid_input(message: String) -> String {
    json(&InviteError::invalid_input(message))
}

/// The error, as JSON, of a call that its caller has left.
#[napi]
pub fn cancelled(operation: String) -> String {
    json(&InviteError::cancelled(&operation))
}

/// The name of every kind of error.
#[napi]
pub fn error_kinds() -> Vec<&'static str> {
    ErrorKind::ALL.iter().map(|kind| kind.as_str()).collect()
}
