//! JSON: a list of objects with the fields of a person, alone or as the library writes it in an object; or a plan.

use std::borrow::Cow;
use std::fmt;

use icepanel_invites::{Plan, Roster};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::lines::Lines;
use super::{EXPIRES, Entries, Entry, LANDSCAPES, Problem, Value, repeated};

const PEOPLE: &str = "people";
const FORMAT_VERSION: &str = "formatVersion";

/// Whether the text is an object other than a roster: a plan, or something unknown.
pub(super) fn is_plan(text: &str) -> bool {
    let is_object = text.trim_start().starts_with('{');
    is_object
        && serde_json::from_str(text).map_or(true, |Object(members)| {
            members.iter().all(|(name, _)| name != PEOPLE)
        })
}

/// A plan.
pub(super) fn plan(text: &str) -> Result<Box<Plan>, Problem> {
    Plan::from_json(text).map(Box::new).map_err(|error| {
        let line = serde_json::from_str::<Plan>(text).err();
        Problem::new(
            line.map_or(1, |error| error.line().max(1)),
            format!(
                "{}; a file of JSON is what plan --output json wrote, or a roster: a list of people",
                error.message()
            ),
        )
    })
}

/// The list of people, which may be in an object.
fn people(text: &str) -> Result<Vec<&RawValue>, Problem> {
    let wrong = |error: serde_json::Error| Problem::new(error.line().max(1), error.to_string());
    if !text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(wrong);
    }
    let Object(members) = serde_json::from_str(text).map_err(wrong)?;
    let mut list = None;
    for (name, raw) in &members {
        let line = || Lines::new(text).of(offset(text, raw.get()));
        match name.as_str() {
            // The library checks the version.
            FORMAT_VERSION => {
                let empty = format!(r#"{{"{FORMAT_VERSION}":{},"{PEOPLE}":[]}}"#, raw.get());
                Roster::from_json(&empty).map_err(|error| Problem::new(line(), error.message()))?;
            }
            PEOPLE if list.is_none() => list = Some(raw.get()),
            PEOPLE => return Err(Problem::new(line(), "people occurs twice")),
            other => {
                let text = format!(
                    "there is no field {other:?} beside {PEOPLE}; a roster is a list of people"
                );
                return Err(Problem::new(line(), text));
            }
        }
    }
    let list = list.unwrap_or("[]");
    serde_json::from_str(list).map_err(|_| {
        let line = Lines::new(text).of(offset(text, list));
        Problem::new(line, "people is not a list")
    })
}

/// How far in a part of a text begins.
fn offset(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

pub(super) fn entries(text: &str) -> Entries {
    let list = match people(text) {
        Ok(list) => list,
        Err(problem) => return (Vec::new(), vec![problem]),
    };
    let (mut entries, mut problems) = (Vec::new(), Vec::new());
    let mut lines = Lines::new(text);
    for raw in list {
        let raw = raw.get();
        let line = lines.of(offset(text, raw));
        let Ok(Object(fields)) = serde_json::from_str(raw) else {
            problems.push(Problem::new(line, "not an object with a person's fields"));
            continue;
        };
        let twice = repeated(fields.iter().map(|(field, _)| own_name(field)));
        problems.extend(
            twice
                .iter()
                .map(|field| Problem::new(line, format!("{field} occurs twice"))),
        );
        let values = fields.iter().filter_map(|(field, raw)| {
            let value = match (field.as_str(), value(raw.get())?) {
                (EXPIRES_IN_MS, Value::Text(text)) => Value::Text(format!("{text}ms")),
                (_, value) => value,
            };
            Some((Cow::Owned(own_name(field).to_owned()), value))
        });
        entries.push(Entry {
            line,
            fields: values.collect(),
        });
    }
    (entries, problems)
}

const EXPIRES_IN_MS: &str = "expiresInMs";

/// What the command calls a field of the library.
fn own_name(field: &str) -> &str {
    match field {
        "expiresAt" | EXPIRES_IN_MS => EXPIRES,
        "landscapePermissions" => LANDSCAPES,
        own => own,
    }
}

/// The members of an object, each with its value as it is written.
pub(super) fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let Object(members) = serde_json::from_str(text).ok()?;
    let pairs = members.into_iter();
    Some(pairs.map(|(id, raw)| (id, raw.get().to_owned())).collect())
}

/// A null says nothing.
fn value(raw: &str) -> Option<Value> {
    match raw {
        "null" => return None,
        list if list.starts_with('[') => return Some(Value::List),
        _ => {}
    }
    let text = serde_json::from_str(raw).map(Value::Text);
    Some(
        text.ok()
            .or_else(|| pairs(raw).map(Value::Map))
            .unwrap_or_else(|| Value::Text(raw.to_owned())),
    )
}

/// An object with all its members, in their order: serde_json's own map has only the last of two with the same name.
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
