//! What each command does, and how each form of output shows it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "../common/mod.rs"]
mod common;
mod create;
mod ensure;
mod list;
mod members;
mod others;

use common::sandbox;
use icepanel_sandbox::Sandbox;
use serde_json::{Value, json};

pub(crate) fn mixed() -> Sandbox {
    sandbox(json!({
        "seats": 3,
        "members": [{"email": "ada@example.com", "permission": "admin", "name": "Ada, Countess", "userId": "u1", "lastActiveAt": "2026-01-02T03:04:05Z"}],
        "invites": [
            {"id": "i1", "email": "active@example.com", "permission": "write", "expiresAt": "2999-12-01T14:00:00Z"},
            {"id": "i2", "email": "used@example.com", "permission": "read", "usedAt": "-1h"},
            {"id": "i3", "email": "revoked@example.com", "permission": "read", "revokedAt": "-1h", "createdBy": "user"},
            {"id": "i4", "email": "expired@example.com", "permission": "read", "expiresAt": "-1h"},
        ],
    }))
}

pub(crate) fn ids(list: &Value) -> Vec<&str> {
    let invites = list.as_array().unwrap().iter();
    invites
        .map(|invite| invite["id"].as_str().unwrap())
        .collect()
}
