//! The people who should be invited.

use std::collections::HashMap;

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::error::{ErrorKind, InviteError};
use crate::model::NewInvite;
use crate::model::email::address_key;
use crate::roster::format_version::{self, FormatVersion};

/// The people who should be in the organization or invited to it, each once.
///
/// As JSON it is `{"formatVersion": 1, "people": […]}`, with each person as [`NewInvite`] writes itself, and version 2 if
/// somebody has [`until`](NewInvite::until). The list of the people alone is read too.
///
/// ```
/// use chrono::TimeDelta;
/// use icepanel_invites::{NewInvite, Permission, Roster};
///
/// # fn main() -> Result<(), icepanel_invites::InviteError> {
/// let roster = Roster::new([
///     NewInvite::new("ada@example.com", Permission::Write, TimeDelta::days(14)),
///     NewInvite::new("bob@example.com", Permission::Read, TimeDelta::days(14)),
/// ])?;
/// assert_eq!(roster.entries().len(), 2);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    entries: Vec<NewInvite>,
}

/// A problem with an entry of a roster.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RosterProblem {
    /// Which entry, from 0.
    pub index: usize,
    /// The entry, from 0, that has the same address, if that is the problem.
    pub same_as: Option<usize>,
    /// The problem, without its place, because a file has lines and a list has positions.
    pub message: String,
}

impl Roster {
    /// A roster of these people.
    ///
    /// # Errors [`InvalidInput`](ErrorKind::InvalidInput) with all problems that
    /// [`problems`](Self::problems) finds: [`errors`](InviteError::errors) has a line for each.
    pub fn new(entries: impl IntoIterator<Item = NewInvite>) -> Result<Self, InviteError> {
        let entries: Vec<NewInvite> = entries.into_iter().collect();
        let problems = Self::problems(&entries);
        if problems.is_empty() {
            return Ok(Self { entries });
        }
        let lines = problems
            .into_iter()
            .map(|problem| match problem.same_as {
                Some(first) => format!(
                    "entry {}: {}, see entry {}",
                    problem.index + 1,
                    problem.message,
                    first + 1
                ),
                None => format!("entry {}: {}", problem.index + 1, problem.message),
            })
            .collect();
        Err(refusal("the roster is invalid", lines))
    }

    /// All problems with these entries, in their order.
    ///
    /// The same person twice, in any letter case, is a problem even if both entries are equal: such
    /// a list is usually a mistake, and if only one of the two is edited later, it is unclear which
    /// one applies. An expiry in the past is found by [`plan`](crate::InviteClient::plan), which
    /// asks the service for the time.
    pub fn problems(entries: &[NewInvite]) -> Vec<RosterProblem> {
        let mut problems = Vec::new();
        let mut seen = HashMap::with_capacity(entries.len());
        for (index, entry) in entries.iter().enumerate() {
            if let Err(error) = entry.check() {
                problems.push(RosterProblem {
                    index,
                    same_as: None,
                    message: error.message().to_owned(),
                });
            }
            match seen.entry(address_key(&entry.email)) {
                std::collections::hash_map::Entry::Occupied(first) => {
                    problems.push(RosterProblem {
                        index,
                        same_as: Some(*first.get()),
                        message: format!("{} is listed twice", entry.email),
                    });
                }
                std::collections::hash_map::Entry::Vacant(place) => {
                    place.insert(index);
                }
            }
        }
        problems
    }

    /// The people, in the order in which they were given.
    pub fn entries(&self) -> &[NewInvite] {
        &self.entries
    }

    /// A roster of entries that are not checked: for a language that stores the entries of a roster itself, and passes
    /// them here to be written.
    #[cfg(feature = "bindings")]
    pub fn unchecked(entries: Vec<NewInvite>) -> Self {
        Self { entries }
    }

    /// Entries that the service returned, which may have values that a user could not enter.
    pub(crate) fn of_the_service(entries: Vec<NewInvite>) -> Self {
        Self { entries }
    }
}

impl TryFrom<Vec<NewInvite>> for Roster {
    type Error = InviteError;

    fn try_from(entries: Vec<NewInvite>) -> Result<Self, InviteError> {
        Self::new(entries)
    }
}

impl From<Roster> for Vec<NewInvite> {
    fn from(roster: Roster) -> Self {
        roster.entries
    }
}

impl Serialize for Roster {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Roster", 2)?;
        let ends = self.entries.iter().any(|entry| entry.until.is_some());
        fields.serialize_field(format_version::NAME, &FormatVersion::of(ends))?;
        fields.serialize_field("people", &self.entries)?;
        fields.end()
    }
}

impl<'de> Deserialize<'de> for Roster {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let People(entries) = People::<NewInvite>::deserialize(deserializer)?;
        Self::new(entries).map_err(D::Error::custom)
    }
}

/// The entries of a roster in JSON, for any type of entry.
pub(crate) struct People<T>(pub(crate) Vec<T>);

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RosterFields<T> {
    #[serde(default, rename = "formatVersion")]
    _format_version: FormatVersion,
    people: Vec<T>,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for People<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = People<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of people, or an object with one in the field people")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
                Deserialize::deserialize(SeqAccessDeserializer::new(list)).map(People)
            }
            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
                let fields = MapAccessDeserializer::new(object);
                RosterFields::deserialize(fields).map(|fields| People(fields.people))
            }
        }
        deserializer.deserialize_any(Either(PhantomData))
    }
}

/// Invalid input with a line for each problem; the first few are in the message.
pub(crate) fn refusal(what: &str, lines: Vec<String>) -> InviteError {
    const SHOWN: usize = 3;
    let mut message = format!("{what}: {}", lines[..lines.len().min(SHOWN)].join("; "));
    if lines.len() > SHOWN {
        message.push_str(&format!("; and {} more", lines.len() - SHOWN));
    }
    InviteError::new(ErrorKind::InvalidInput, message).with_service_words(None, lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Permission;
    use chrono::TimeDelta;

    fn guest(email: &str, days: i64) -> NewInvite {
        NewInvite::new(email, Permission::Read, TimeDelta::days(days))
    }

    #[test]
    fn all_problems_are_reported_together() {
        let error = Roster::new([
            guest("ada@example.com", 7),
            guest("nobody", 7),
            guest("bob@example.com", 0),
            guest("ADA@Example.com", 7),
            NewInvite::new("eve@example.com", "", TimeDelta::days(7)),
        ])
        .expect_err("four problems");
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let places: Vec<&str> = error.errors().iter().map(|line| &line[..7]).collect();
        assert_eq!(places, ["entry 2", "entry 3", "entry 4", "entry 5"]);
        assert!(error.errors()[2].ends_with("is listed twice, see entry 1"));
        assert!(error.message().ends_with("and 1 more"), "{error}");
    }

    #[test]
    fn a_roster_is_its_own_json_and_a_list_is_one_too() {
        let roster = Roster::new([guest("ada@example.com", 7).landscape_permission("l", true)])
            .expect("a roster");
        let json = serde_json::to_string(&roster).expect("JSON");
        let list = r#"[{"email":"ada@example.com","permission":"read","expiresInMs":604800000,"landscapePermissions":{"l":true}}]"#;
        assert_eq!(json, format!(r#"{{"formatVersion":1,"people":{list}}}"#));
        let null = json.replace(":1,", ":null,");
        for text in [&*json, list, &null, &format!(r#"{{"people":{list}}}"#)] {
            let read: Roster = serde_json::from_str(text).expect(text);
            assert_eq!(read, roster, "{text}");
        }
        let entry = &list[1..list.len() - 1];
        for text in [
            &*format!("[{entry},{entry}]"),
            &json.replace(":1,", ":3,"),
            &json.replace("people", "members"),
            &json.replace("people", r#"note":"","people"#),
            "7",
        ] {
            assert!(serde_json::from_str::<Roster>(text).is_err(), "{text}");
        }
    }
}
