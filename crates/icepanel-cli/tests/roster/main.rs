//! A roster, from a file to an organization and back.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod apply;
#[path = "../common/mod.rs"]
mod common;
mod members;
mod plan;
mod runs;

use common::sandbox;
use icepanel_sandbox::Sandbox;
use serde_json::{Value, json};

pub(crate) fn mixed() -> Sandbox {
    sandbox(json!({
        "seats": 3,
        "members": [{"email": "ada@example.com", "permission": "admin"}],
        "invites": [
            {"id": "same", "email": "bob@example.com", "permission": "read"},
            {"id": "other", "email": "cora@example.com", "permission": "write"},
            {"id": "soon", "email": "dan@example.com", "permission": "read", "expiresAt": "+2d"},
            {"id": "stranger", "email": "zoe@example.com", "permission": "read"},
        ],
    }))
}

pub(crate) const ROSTER: &str = "email,permission,expires\nADA@example.com,admin,7d\nbob@example.com,read,7d\ncora@example.com,read,7d\ndan@example.com,read,7d\neve@example.com,write,7d\n";

pub(crate) fn words(list: &Value, field: &str) -> Vec<String> {
    let items = list.as_array().unwrap().iter();
    items
        .map(|item| item[field].as_str().unwrap().to_owned())
        .collect()
}
