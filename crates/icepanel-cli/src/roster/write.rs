//! A roster in a file: what is written here is read as the same people.

use std::borrow::Cow;

use icepanel_invites::{Expiry, LandscapePermissions, NewInvite, Permission, Roster};
use serde::Serialize;

use super::{FIELDS, OTHER_PERMISSION};
use crate::errors::Failure;
use crate::text::is_invisible;
use crate::time;

/// More people than this are counted.
const SHOWN: usize = 3;

/// An entry of a roster as it is in a file.
#[derive(Debug, Serialize)]
pub(crate) struct Written<'a> {
    email: &'a str,
    permission: Cow<'a, str>,
    expires: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    landscapes: Option<&'a LandscapePermissions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

impl<'a> From<&'a NewInvite> for Written<'a> {
    fn from(entry: &'a NewInvite) -> Self {
        Self {
            email: &entry.email,
            permission: match &entry.permission {
                Permission::Other(text) => format!("{OTHER_PERMISSION}{text}").into(),
                known => known.as_str().into(),
            },
            expires: time::written(entry.expiry),
            landscapes: entry.landscape_permissions.as_ref(),
            until: entry.until.map(|until| time::written(Expiry::At(until))),
        }
    }
}

impl Written<'_> {
    /// The columns of the CSV: the last one, `until`, if an entry has it.
    pub(crate) fn fields(entries: &[Self]) -> &'static [&'static str] {
        match entries.iter().any(|entry| entry.until.is_some()) {
            true => FIELDS,
            false => &FIELDS[..FIELDS.len() - 1],
        }
    }

    /// The entry in YAML.
    pub(crate) fn yaml(&self) -> String {
        let mut text = format!(
            "- email: {}\n  permission: {}\n  expires: {}\n",
            quoted(self.email),
            quoted(&self.permission),
            quoted(&self.expires)
        );
        if let Some(landscapes) = self.landscapes {
            let pairs: Vec<String> = landscapes
                .iter()
                .map(|(id, allowed)| format!("{}: {allowed}", quoted(id)))
                .collect();
            text.push_str(&format!("  landscapes: {{{}}}\n", pairs.join(", ")));
        }
        if let Some(until) = &self.until {
            text.push_str(&format!("  until: {}\n", quoted(until)));
        }
        text
    }
}

/// A text in double quotes, without control characters for a terminal.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() || is_invisible(c) => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// The roster in the JSON that the library writes, in every language.
pub(crate) fn document(entries: &[NewInvite]) -> Result<serde_json::Value, Failure> {
    let people = entries.iter().cloned().map(|mut person| {
        if let Permission::Other(text) = &person.permission {
            person.permission = Permission::from(&*format!("{OTHER_PERMISSION}{text}"));
        }
        person
    });
    let roster = Roster::new(people).map_err(|error| Failure::invite(error, None))?;
    serde_json::to_value(&roster).map_err(|error| {
        Failure::other(
            format!("the roster cannot be written: {error}"),
            "Use another --output.",
        )
    })
}

/// The entries, unless one of them cannot be in a file: a file without that person would have another meaning.
pub(crate) fn written(entries: &[NewInvite]) -> Result<Vec<Written<'_>>, Failure> {
    let problems = Roster::problems(entries).into_iter().map(|problem| {
        let email = &entries[problem.index].email;
        format!("{email:?}: {}", problem.message)
    });
    let permissions = entries.iter().filter_map(|entry| {
        let text = entry.permission.as_str();
        let odd = text.trim() != text || text.contains(char::is_control);
        odd.then(|| {
            format!(
                "{:?}: the permission {text:?} cannot be written",
                entry.email
            )
        })
    });
    let odd: Vec<String> = problems.chain(permissions).collect();
    if odd.is_empty() {
        return Ok(entries.iter().map(Written::from).collect());
    }
    let more = match odd.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    Err(Failure::other(
        format!(
            "the organization has people who cannot be in a roster, so nothing was written: {}{more}",
            odd[..odd.len().min(SHOWN)].join("; ")
        ),
        "Find them with icepanel-invites list --status active and icepanel-invites members. Revoke such an invite by its id; for a member leave out --members.",
    ))
}

/// Rejects an expiry that no entry can have.
pub(crate) fn check_expiry(option: &str, expiry: Expiry) -> Result<(), Failure> {
    let person = NewInvite::new("ada@example.com", Permission::Read, expiry);
    match Roster::problems(&[person]).first() {
        None => Ok(()),
        Some(problem) => Err(Failure::usage(
            format!("{option} cannot be used: {}", problem.message),
            format!("Give {option} a later time, for example 7d."),
        )),
    }
}
