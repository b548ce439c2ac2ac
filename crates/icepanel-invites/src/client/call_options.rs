//! Filters and the options of plans and runs as data, which a language spells as it spells those of a client.

use chrono::TimeDelta;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::Map;

use crate::client::read::{Fields, Spelling};
use crate::error::InviteError;
use crate::model::InviteFilter;
use crate::roster::plan::PlanOptions;
use crate::roster::report::{ApplyOptions, PruneGuard};

impl InviteFilter {
    /// Reads the filter in a text of JSON, which has its fields as a language spells them.
    ///
    /// # Errors
    /// Those of [`ClientOptions::read`](crate::ClientOptions::read).
    pub fn read(text: &str, spelling: Spelling) -> Result<Self, InviteError> {
        let mut fields = Fields::parse(text, spelling)?;
        let within = |span| TimeDelta::from_std(span).unwrap_or(TimeDelta::MAX);
        let filter = Self {
            status: fields.text("status")?.map(|word| word.as_str().into()),
            email: fields.text("email")?,
            permission: fields.text("permission")?.map(|word| word.as_str().into()),
            created_by: fields.text("createdBy")?.map(|word| word.as_str().into()),
            expiring_within: fields.span("expiringWithin")?.map(within),
        };
        fields.end()?;
        Ok(filter)
    }
}

impl PlanOptions {
    /// Reads `{"marginMs"?, "prune"?, "skipRevoked"?, "maxInvites"?, "allowEmpty"?}`.
    ///
    /// # Errors
    /// Those of [`ClientOptions::read`](crate::ClientOptions::read).
    pub fn from_json(text: &str) -> Result<Self, InviteError> {
        Self::read(text, Spelling::Json)
    }

    /// Reads the options in a text of JSON, which has them as a language spells them.
    ///
    /// # Errors
    /// Those of [`ClientOptions::read`](crate::ClientOptions::read), and invalid input for a number that is negative.
    pub fn read(text: &str, spelling: Spelling) -> Result<Self, InviteError> {
        Self::of(Fields::parse(text, spelling)?)
    }

    fn of(mut fields: Fields) -> Result<Self, InviteError> {
        let options = Self {
            margin: fields.span("margin")?,
            prune: fields.flag("prune")?.unwrap_or_default(),
            skip_revoked: fields.flag("skipRevoked")?.unwrap_or_default(),
            max_invites: at_most(&mut fields, "maxInvites")?,
            allow_empty: fields.flag("allowEmpty")?.unwrap_or_default(),
        };
        fields.end()?;
        Ok(options)
    }
}

impl ApplyOptions {
    /// Reads `{"partial"?, "pruneAtMost"? | "pruneShare"?}`.
    ///
    /// # Errors
    /// Those of [`ClientOptions::read`](crate::ClientOptions::read); invalid input for a share that is none, or both guards.
    pub fn from_json(text: &str) -> Result<Self, InviteError> {
        Self::read(text, Spelling::Json)
    }

    /// Reads the options in a text of JSON, which has them as a language spells them.
    ///
    /// # Errors
    /// Those of [`from_json`](Self::from_json), and invalid input for a number that is negative.
    pub fn read(text: &str, spelling: Spelling) -> Result<Self, InviteError> {
        Self::of(Fields::parse(text, spelling)?)
    }

    fn of(mut fields: Fields) -> Result<Self, InviteError> {
        fields.apart(&["onProgress", "stop"]);
        let partial = fields.flag("partial")?.unwrap_or_default();
        let most = at_most(&mut fields, "pruneAtMost")?;
        let share = fields.share("pruneShare")?;
        let spelling = fields.spelling;
        fields.end()?;
        let guard = match (most, share) {
            (None, None) => PruneGuard::default(),
            (Some(most), None) => PruneGuard::AtMost(most),
            (None, Some(share)) => PruneGuard::Share(share),
            (Some(_), Some(_)) => {
                return Err(InviteError::invalid_input(match spelling {
                    Spelling::Python => "give prune_at_most or prune_share, not both",
                    _ => "give pruneAtMost or pruneShare, not both",
                }));
            }
        };
        Ok(Self::default().partial(partial).prune_guard(guard))
    }
}

/// As [`PlanOptions::from_json`].
impl<'de> Deserialize<'de> for PlanOptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        within(deserializer, Self::of)
    }
}

/// As [`ApplyOptions::from_json`].
impl<'de> Deserialize<'de> for ApplyOptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        within(deserializer, Self::of)
    }
}

/// Options inside another document.
fn within<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    read: impl FnOnce(Fields) -> Result<T, InviteError>,
) -> Result<T, D::Error> {
    let fields = Fields::of(Map::deserialize(deserializer)?, Spelling::Json);
    read(fields).map_err(|error| D::Error::custom(error.message()))
}

/// A number of things that is not negative.
fn at_most(fields: &mut Fields, name: &str) -> Result<Option<u64>, InviteError> {
    let number = fields.count(name)?;
    number
        .map(|number| fields.spelling.count(&fields.path, name, number))
        .transpose()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn options_of_plans_and_runs_are_read_as_each_language_writes_them() {
        let expected = PlanOptions::default()
            .margin(Duration::from_secs(60))
            .max_invites(3);
        for (text, spelling) in [
            (r#"{"marginMs": 60000, "maxInvites": 3}"#, Spelling::Json),
            (
                r#"{"margin": {"minutes": 1}, "maxInvites": 3}"#,
                Spelling::JavaScript,
            ),
            (r#"{"margin": 60, "max_invites": 3}"#, Spelling::Python),
        ] {
            assert_eq!(PlanOptions::read(text, spelling).ok(), Some(expected));
        }
        for (text, message) in [
            (
                r#"{"margin": 1}"#,
                "there is no option \"margin\"; it is written \"marginMs\"",
            ),
            (r#"{"prune": "yes"}"#, "prune must be true or false"),
            (
                r#"{"maxInvites": -1}"#,
                "maxInvites must be a whole number that is not negative",
            ),
            (
                r#"{"marginMs": -1}"#,
                "marginMs must be a number of milliseconds that is finite and not negative",
            ),
        ] {
            let error = PlanOptions::from_json(text).expect_err(text);
            assert_eq!(error.message(), message);
            let inside = serde_json::from_str::<PlanOptions>(text).expect_err(text);
            assert_eq!(inside.to_string(), message);
        }
        for (text, message) in [
            (r#"{"partly": true}"#, "there is no option \"partly\""),
            (
                r#"{"pruneShare": 1.5}"#,
                "pruneShare must be a number from 0 to 1",
            ),
            (
                r#"{"pruneShare": 0.5, "pruneAtMost": 5}"#,
                "give pruneAtMost or pruneShare, not both",
            ),
        ] {
            let error = ApplyOptions::from_json(text).expect_err(text);
            assert_eq!(error.message(), message);
            let inside = serde_json::from_str::<ApplyOptions>(text).expect_err(text);
            assert_eq!(inside.to_string(), message);
        }
        let whole = r#"{"pruneAtMost": 5.0}"#;
        for read in [
            ApplyOptions::from_json(whole).ok(),
            serde_json::from_str(whole).ok(),
        ] {
            let guard = read.map(|options: ApplyOptions| options.prune_guard);
            assert_eq!(guard, Some(PruneGuard::AtMost(5)));
        }
        let filter = r#"{"status": "active", "expiringWithin": {"days": 1}, "createdBy": "user"}"#;
        let filter = InviteFilter::read(filter, Spelling::JavaScript).expect("a filter");
        assert_eq!(filter.expiring_within, Some(TimeDelta::days(1)));
        assert_eq!(filter.created_by, Some(crate::Actor::User));
        assert!(InviteFilter::read(r#"{"state": "active"}"#, Spelling::JavaScript).is_err());
    }
}
