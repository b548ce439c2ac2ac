//! The people who should be invited.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::error::{ErrorKind, InviteError};
use crate::model::NewInvite;
use crate::model::email::address_key;

/// The people who should be in the organization or invited to it, each once.
///
/// As JSON it is the list of its entries, each as [`NewInvite`] writes itself.
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<NewInvite>", into = "Vec<NewInvite>")]
pub struct Roster {
    entries: Vec<NewInvite>,
}

/// What is wrong with an entry of a roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RosterProblem {
    /// Which entry, from 0.
    pub index: usize,
    /// The entry, from 0, that has the same address, if that is the problem.
    pub same_as: Option<usize>,
    /// What is wrong, without the place: a file has lines, a list has positions.
    pub message: String,
}

impl Roster {
    /// A roster of these people.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) with everything that [`problems`](Self::problems)
    /// finds, all at once: [`errors`](InviteError::errors) has a line for each.
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
                    "entry {}: {}: entry {}",
                    problem.index + 1,
                    problem.message,
                    first + 1
                ),
                None => format!("entry {}: {}", problem.index + 1, problem.message),
            })
            .collect();
        Err(refusal("the roster cannot be right", lines))
    }

    /// What is wrong with these entries, all of it, in their order.
    ///
    /// The same person twice, in whatever letter case, is a problem even where both entries say the
    /// same: a list with somebody in it twice was put together by mistake, and which of the two was
    /// meant the next time only one is edited is anybody's guess. An end that lies in the past is
    /// found by [`plan`](crate::InviteClient::plan), which asks the service for the time.
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
                        message: format!("{} is there already", entry.email),
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

    /// Entries that the service itself told, which may be what nobody could type.
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

/// Invalid input with a line for each thing that is wrong; the first few stand in the message.
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
    fn all_problems_are_told_at_once() {
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
        assert!(error.errors()[2].ends_with("is there already: entry 1"));
        assert!(error.message().ends_with("and 1 more"), "{error}");
    }

    #[test]
    fn a_roster_is_its_own_json() {
        let roster = Roster::new([guest("ada@example.com", 7).landscape_permission("l", true)])
            .expect("a roster");
        let json = serde_json::to_string(&roster).expect("JSON");
        assert_eq!(
            json,
            r#"[{"email":"ada@example.com","permission":"read","expiresInMs":604800000,"landscapePermissions":{"l":true}}]"#
        );
        assert_eq!(
            serde_json::from_str::<Roster>(&json).expect("a roster"),
            roster
        );
        let twice = json.replace(']', &format!(",{}", &json[1..]));
        assert!(serde_json::from_str::<Roster>(&twice).is_err());
    }
}
