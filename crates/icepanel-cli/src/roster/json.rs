//! JSON: a list of objects with the fields of a person; or a plan.

use std::fmt;

use icepanel_invites::Plan;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::lines::Lines;
use super::{Entries, Entry, Problem, Value, repeated};

/// A plan, if the text is an object rather than a list.
pub(super) fn plan(text: &str) -> Option<Result<Box<Plan>, Problem>> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    Some(serde_json::from_str(text).map(Box::new).map_err(|error| {
        Problem::new(
            error.line().max(1),
            format!(
                "not what plan --output json wrote ({error}), nor a roster, which is a list of people"
            ),
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
    let mut lines = Lines::new(text);
    for raw in list {
        let raw = raw.get();
        // The entry is a part of the text: how far in, is how far its first byte lies behind.
        let line = lines.of((raw.as_ptr() as usize).saturating_sub(text.as_ptr() as usize));
        let Ok(Object(fields)) = serde_json::from_str(raw) else {
            problems.push(Problem::new(line, "not an object with a person's fields"));
            continue;
        };
        let twice = repeated(fields.iter().map(|(field, _)| field.as_str()));
        problems.extend(
            twice
                .iter()
                .map(|field| Problem::new(line, format!("{field} is there twice"))),
        );
        let values = fields
            .into_iter()
            .filter_map(|(field, raw)| value(raw.get()).map(|value| (field.into(), value)));
        entries.push(Entry {
            line,
            fields: values.collect(),
        });
    }
    (entries, problems)
}

/// The members of an object, each with its value as it is written.
pub(super) fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let Object(members) = serde_json::from_str(text).ok()?;
    let pairs = members.into_iter();
    Some(pairs.map(|(id, raw)| (id, raw.get().to_owned())).collect())
}

/// A null says nothing.
fn value(raw: &str) -> Option<Value> {
    if raw == "null" {
        return None;
    }
    let text = serde_json::from_str(raw).map(Value::Text);
    Some(
        text.ok()
            .or_else(|| pairs(raw).map(Value::Map))
            .unwrap_or_else(|| Value::Text(raw.to_owned())),
    )
}

/// An object with all its members, in their order: serde_json's own map keeps the last of two with one name.
struct Object<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Vec<(String, &'de RawValue)>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Members).map(Object)
    }
}
