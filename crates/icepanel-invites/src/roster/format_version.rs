//! The version of the JSON of a roster, a plan and a report.

use std::fmt::Display;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::error::InviteError;

/// The version of a document. What has none is from before there was one, and is read as the first.
///
/// A document has the lowest version whose readers understand it. So an earlier version of this library still reads
/// what does without the later words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FormatVersion(u64);

/// What every version reads, and the version of a report, which is never read again.
pub(crate) const FIRST: u64 = 1;

/// The version of a roster with `until`, and of a plan that has it or changes members: an earlier version of this library
/// knows neither the field nor the actions `update` and `remove`.
const MEMBERS: u64 = 2;

/// The newest version that is read.
const NEWEST: u64 = MEMBERS;

impl FormatVersion {
    /// The version of a document that has the words of the second version, or has not.
    pub(crate) fn of(has_members: bool) -> Self {
        Self(match has_members {
            true => MEMBERS,
            false => FIRST,
        })
    }
}

impl Default for FormatVersion {
    fn default() -> Self {
        Self(FIRST)
    }
}

/// The field.
pub(crate) const NAME: &str = "formatVersion";

impl Serialize for FormatVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0)
    }
}

impl<'de> Deserialize<'de> for FormatVersion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Null => Ok(Self::default()),
            Value::Number(number) => match number.as_u64() {
                Some(version @ FIRST..=NEWEST) => Ok(Self(version)),
                Some(1..) => Err(D::Error::custom(newer(number))),
                _ => Err(D::Error::custom(odd(number))),
            },
            other => Err(D::Error::custom(odd(other))),
        }
    }
}

fn newer(version: impl Display) -> String {
    format!(
        "its {NAME} is {version}, and this version of icepanel-invites reads {NAME} {FIRST} to {NEWEST}; \
         upgrade icepanel-invites, or write the document again with the version that is installed here"
    )
}

fn odd(version: impl Display) -> String {
    format!("its {NAME} is {version}, which is not a whole number from 1")
}

/// Rejects an object that a newer version has written, regardless of its other content.
pub(crate) fn check(what: &str, text: &str) -> Result<(), InviteError> {
    #[derive(serde::Deserialize)]
    struct Versioned {
        #[serde(default, rename = "formatVersion")]
        version: Value,
    }
    // A list has no version. Invalid JSON is reported when the whole is read.
    if !text.trim_start().starts_with('{') {
        return Ok(());
    }
    let Ok(Versioned { version }) = serde_json::from_str(text) else {
        return Ok(());
    };
    FormatVersion::deserialize(version)
        .map(drop)
        .map_err(|error| InviteError::invalid_input(format!("{what} cannot be read: {error}")))
}
