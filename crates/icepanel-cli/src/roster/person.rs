//! From the entries of a file to a roster, or to all problems with them.

use std::collections::BTreeMap;

use icepanel_invites::{Expiry, NewInvite, Permission, Roster};

use super::options::{PERMISSIONS, Reading, permission};
use super::{
    EMAIL, EXPIRES, Entry, FIELDS, LANDSCAPES, OTHER_PERMISSION, PERMISSION, Problem, UNTIL, Value,
    address, repeated,
};
use crate::advice::flags;
use crate::time;

/// The roster, or all problems.
pub(super) fn roster(
    entries: Vec<Entry>,
    mut problems: Vec<Problem>,
    expires: Expiry,
    reading: &Reading,
) -> Result<Roster, Vec<Problem>> {
    let mut lines = Vec::with_capacity(entries.len());
    let mut people = Vec::with_capacity(entries.len());
    for entry in entries {
        let line = entry.line;
        // A person with another mistake in the line may also be listed twice.
        if let Some(person) = person(entry, expires, reading, &mut problems) {
            lines.push(line);
            people.push(person);
        }
    }
    problems.extend(Roster::problems(&people).into_iter().map(|problem| {
        let text = match problem.same_as {
            Some(first) => format!("{}, see line {}", problem.message, lines[first]),
            None => address::advice(&people[problem.index].email).unwrap_or(problem.message),
        };
        Problem::new(lines[problem.index], text)
    }));
    let allowed = reading.allowed().problems(&people).into_iter();
    problems
        .extend(allowed.map(|problem| Problem::new(lines[problem.index], flags(&problem.message))));
    if problems.is_empty() {
        return Roster::new(people).map_err(|error| vec![Problem::new(1, error.message())]);
    }
    problems.sort_by_key(|problem| problem.line);
    Err(problems)
}

/// One person, and the problems of the entry. `read` replaces an invalid permission.
fn person(
    entry: Entry,
    expires: Expiry,
    reading: &Reading,
    problems: &mut Vec<Problem>,
) -> Option<NewInvite> {
    let line = entry.line;
    let mut wrong = Vec::new();
    let mut fields = entry.fields;
    let mut take = |field: &str| {
        let at = fields.iter().position(|(known, _)| known == field)?;
        Some(fields.remove(at).1)
    };
    let email = take(EMAIL);
    let has_email = email.is_some();
    let email = text(EMAIL, email, &mut wrong);
    let granted = text(PERMISSION, take(PERMISSION), &mut wrong);
    let ends = text(EXPIRES, take(EXPIRES), &mut wrong);
    let landscapes = take(LANDSCAPES);
    let until = text(UNTIL, take(UNTIL), &mut wrong);
    wrong.extend(
        fields
            .iter()
            .filter(|(field, _)| !FIELDS.contains(&field.as_ref()))
            .map(|(other, _)| {
                format!(
                    "there is no field {other:?}; the fields are {}",
                    FIELDS.join(", ")
                )
            }),
    );
    if !has_email {
        wrong.push("email is missing".to_owned());
    }
    let granted = match (granted, &reading.permission) {
        (Some(text), None) => known_permission(&text).map_err(|why| wrong.push(why)).ok(),
        (Some(_), Some(_)) => {
            wrong.push(
                "the entry has a permission, and --permission is given too; leave out one of them"
                    .to_owned(),
            );
            None
        }
        (None, Some(permission)) => Some(permission.clone()),
        (None, None) => {
            if wrong.is_empty() {
                wrong.push("permission is missing".to_owned());
            }
            None
        }
    };
    let ends = ends.and_then(|text| {
        let read = time::expiry_in_file(&text);
        read.map_err(|why| wrong.push(format!("expires {text:?}: {why}")))
            .ok()
    });
    let until = until.and_then(|text| {
        let read = time::until(&text);
        read.map_err(|why| wrong.push(format!("until {text:?}: {why}")))
            .ok()
    });
    let landscapes = landscapes.and_then(|value| {
        let read = allowed(value);
        read.map_err(|why| wrong.extend(why)).ok()
    });
    problems.extend(wrong.into_iter().map(|text| Problem::new(line, text)));
    let permission = granted.unwrap_or(Permission::Read);
    let mut person = NewInvite::new(email?, permission, ends.unwrap_or(expires));
    person.landscape_permissions = landscapes;
    person.until = until;
    Some(person)
}

fn text(field: &str, value: Option<Value>, wrong: &mut Vec<String>) -> Option<String> {
    match value? {
        Value::Text(text) => Some(text),
        Value::Map(_) => {
            wrong.push(format!("{field} is not a text"));
            None
        }
        Value::List => {
            wrong.push(format!("{field} is a list, and should be a text"));
            None
        }
    }
}

fn known_permission(text: &str) -> Result<Permission, String> {
    match text.strip_prefix(OTHER_PERMISSION) {
        Some(other) => Ok(Permission::from(other)),
        None => permission(text)
            .ok_or_else(|| format!("the permission {text:?} is unknown; {PERMISSIONS}")),
    }
}

/// The landscapes by id: a map, or `ID=true;ID=false`.
fn allowed(value: Value) -> Result<BTreeMap<String, bool>, Vec<String>> {
    let pairs = match value {
        Value::Map(pairs) => pairs,
        Value::List => {
            return Err(vec![format!(
                "{LANDSCAPES} is a list; write each landscape's id with true or false"
            )]);
        }
        Value::Text(text) => pairs(&text)
            .ok_or_else(|| vec![format!("landscapes {text:?}: write ID=true;ID=false")])?,
    };
    let twice = repeated(pairs.iter().map(|(id, _)| id.as_str())).into_iter();
    let mut wrong: Vec<String> = twice
        .map(|id| format!("the landscape {id:?} occurs twice"))
        .collect();
    let mut landscapes = BTreeMap::new();
    for (id, allowed) in pairs {
        match allowed.as_str() {
            "true" | "false" => {
                landscapes.insert(id, allowed == "true");
            }
            other => wrong.push(format!(
                "the landscape {id:?} is {other:?}, and not true or false"
            )),
        }
    }
    match wrong.is_empty() {
        true => Ok(landscapes),
        false => Err(wrong),
    }
}

/// `ID=true;ID=false`.
fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    text.split(';')
        .map(|pair| {
            let (id, allowed) = pair.rsplit_once('=')?;
            Some((id.trim().to_owned(), allowed.trim().to_lowercase()))
        })
        .collect()
}
