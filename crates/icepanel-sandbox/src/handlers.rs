//! The seven operations.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use hyper::StatusCode;
use serde_json::{Map, Value};

use crate::{
    record::{MemberChange, NewInvite},
    reply::{Problem, Reply},
    route::Route,
    store::Store,
    times::parse_rfc3339,
};

/// Does what the request asks for.
pub(crate) fn act(
    store: &mut Store,
    now: DateTime<Utc>,
    route: &Route,
    body: &[u8],
) -> Result<Reply, Problem> {
    match route {
        Route::List { .. } => Ok(Reply::shared(store.list())),
        Route::Create { .. } => read_new_invite(body, now)
            .and_then(|new| store.create(new))
            .map(Reply::json),
        Route::Revoke { invite, .. } => store.revoke(invite).map(Reply::json),
        Route::Organization { .. } => Ok(Reply::json(store.organization())),
        Route::Members { .. } => Ok(Reply::json(store.members())),
        Route::UpdateMember { user, .. } => read_member_change(body)
            .and_then(|change| store.update_member(user, change))
            .map(Reply::json),
        Route::RemoveMember { user, .. } => store.remove_member(user).map(Reply::json),
        // Rejected before anything acts.
        Route::NotAllowed { .. } | Route::Other => Err(Problem::plain(StatusCode::NOT_FOUND)),
    }
}

fn read_new_invite(body: &[u8], now: DateTime<Utc>) -> Result<NewInvite, Problem> {
    read_object(body, |fields, errors| NewInvite {
        email: required(
            fields,
            "email",
            "must be an e-mail address",
            errors,
            |email| {
                let (name, host) = email.rsplit_once('@')?;
                (!name.is_empty() && !host.is_empty()).then(|| email.to_owned())
            },
        ),
        permission: permission(fields, errors),
        expires_at: required(
            fields,
            "expiresAt",
            "must be an RFC 3339 time in the future",
            errors,
            |time| parse_rfc3339(time).filter(|time| *time > now),
        ),
        landscape_permissions: landscapes(fields, errors),
    })
}

fn read_member_change(body: &[u8]) -> Result<MemberChange, Problem> {
    read_object(body, |fields, errors| MemberChange {
        permission: permission(fields, errors),
        landscape_permissions: landscapes(fields, errors),
    })
}

/// Reads the fields of a body that must be an object, and refuses it with all that is wrong.
fn read_object<T>(
    body: &[u8],
    read: impl FnOnce(&Map<String, Value>, &mut Vec<String>) -> T,
) -> Result<T, Problem> {
    let body: Value = serde_json::from_slice(body)
        .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "The body is not valid JSON"))?;
    let mut errors = Vec::new();
    let empty = Map::new();
    let fields = body.as_object().unwrap_or_else(|| {
        errors.push("body: must be an object".to_owned());
        &empty
    });
    let new = read(fields, &mut errors);
    if errors.is_empty() {
        return Ok(new);
    }
    Err(Problem {
        errors,
        ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "The request is not valid")
    })
}

fn required<T: Default>(
    fields: &Map<String, Value>,
    name: &str,
    rule: &str,
    errors: &mut Vec<String>,
    read: impl FnOnce(&str) -> Option<T>,
) -> T {
    let found = fields.get(name);
    found
        .and_then(Value::as_str)
        .and_then(read)
        .unwrap_or_else(|| {
            errors.push(format!(
                "{name}: {}",
                if found.is_some() { rule } else { "is required" }
            ));
            T::default()
        })
}

fn permission(fields: &Map<String, Value>, errors: &mut Vec<String>) -> String {
    required(
        fields,
        "permission",
        "must be read, write, admin or billing",
        errors,
        |name| matches!(name, "read" | "write" | "admin" | "billing").then(|| name.to_owned()),
    )
}

fn landscapes(
    fields: &Map<String, Value>,
    errors: &mut Vec<String>,
) -> Option<BTreeMap<String, bool>> {
    let found = fields.get("landscapePermissions")?;
    let read = found.as_object().and_then(|map| {
        map.iter()
            .map(|(id, allowed)| Some((id.clone(), allowed.as_bool()?)))
            .collect::<Option<_>>()
    });
    if read.is_none() {
        errors.push("landscapePermissions: must be an object of booleans".to_owned());
    }
    read
}
