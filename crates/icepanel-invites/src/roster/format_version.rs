//! The version of the JSON of a roster, a plan and a report.

use std::fmt::Display;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::error::InviteError;

/// The version that is written, and the newest that is read. Documents without one are older than this field, and are
/// read as the first version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FormatVersion;

/// The number of that version.
pub(crate) const CURRENT: u64 = 1;

/// The field.
pub(crate) const NAME: &str = "formatVersion";

impl Serialize for FormatVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(CURRENT)
    }
}

impl<'de> Deserialize<'de> for FormatVersion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Null => Ok(Self),
            Value::Number(number) => match number.as_u64() {
                Some(version @ 1..) if version <= CURRENT => Ok(Self),
                Some(1..) => Err(D::Error::custom(newer(number))),
                _ => Err(D::Error::custom(odd(number))),
            },
            other => Err(D::Error::custom(odd(other))),
        }
    }
}

fn newer(version: impl Display) -> String {
    format!(
        "its {NAME} is {version}, and this version of icepanel-invites reads {NAME} {CURRENT}; \
         upgrade icepanel-invites, or write it again with this version"
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
