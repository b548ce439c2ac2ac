//! JSON: a list of objects with the fields of a person; or a plan.

use icepanel_invites::Plan;
use serde_json::value::RawValue;

use super::{Entries, Entry, Problem, Value};
use crate::errors::Failure;

/// A plan, if the text is an object rather than a list.
pub(super) fn plan(text: &str) -> Option<Result<Box<Plan>, Failure>> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    Some(serde_json::from_str(text).map(Box::new).map_err(|error| {
        Failure::usage(
            format!("the plan cannot be read: {error}"),
            "Give what plan --output json wrote, or a roster: a list of people.",
        )
    }))
}

pub(super) fn entries(text: &str) -> Entries {
    let list: Vec<&RawValue> = match serde_json::from_str(text) {
        Ok(list) => list,
        Err(error) => {
            return (
                Vec::new(),
                vec![Problem::new(error.line().max(1), error.to_string())],
            );
        }
    };
    let (mut entries, mut problems) = (Vec::new(), Vec::new());
    let (mut line, mut counted) = (1, 0);
    for raw in list {
        let raw = raw.get();
        // The entry is a part of the text: how far in, is how far its first byte lies behind.
        let at = (raw.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        line += super::memchr_lines(text.as_bytes().get(counted..at).unwrap_or_default());
        counted = at;
        match serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(raw) {
            Ok(object) => entries.push(Entry {
                line,
                fields: object
                    .into_iter()
                    .filter(|(_, value)| !value.is_null())
                    .map(|(field, value)| (field, field_value(value)))
                    .collect(),
            }),
            Err(_) => problems.push(Problem::new(line, "not an object with a person's fields")),
        }
    }
    (entries, problems)
}

fn field_value(value: serde_json::Value) -> Value {
    match value {
        serde_json::Value::String(text) => Value::Text(text),
        serde_json::Value::Object(map) => Value::Map(
            map.into_iter()
                .map(|(id, allowed)| (id, allowed.to_string()))
                .collect(),
        ),
        other => Value::Text(other.to_string()),
    }
}
