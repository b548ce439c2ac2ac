//! Filters, and the options of plans and runs, as data. A language spells them as it spells the options of a client.

use chrono::TimeDelta;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::Map;

use crate::client::read::{Fields, Spelling};
use crate::error::InviteError;
use crate::model::{Actor, InviteFilter, InviteStatus, Permission};
use crate::roster::plan::PlanOptions;
use crate::roster::report::{ApplyOptions, PruneGuard};

/// A filter as data: each field is one of [`InviteFilter`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InviteFilterData {
    /// Only invites with this status.
    pub status: Option<InviteStatus>,
    /// Only invites of this address.
    pub email: Option<String>,
    /// Only invites with this permission.
    pub permission: Option<Permission>,
    /// Only invites made by this kind of actor.
    pub created_by: Option<Actor>,
    /// Only active invites that expire within this number of milliseconds from now.
    pub expiring_within_ms: Option<i64>,
}

/// The options of a plan as data: each field is one of [`PlanOptions`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanOptionsData {
    /// How much sooner than wanted an active invite may expire, in milliseconds.
    pub margin_ms: Option<i64>,
    /// Whether active invites for people who are not on the roster are to be revoked.
    pub prune: bool,
    /// Whether people whose last invite was revoked are not invited again.
    pub skip_revoked: bool,
    /// How often a person is invited at most, from 1.
    pub max_invites: Option<i64>,
    /// Whether pruning may be used with an empty roster.
    pub allow_empty: bool,
    /// Whether members are given the permission and the landscapes of the roster.
    pub manage_members: bool,
    /// Whether members who are not on the roster, or whose access has ended, are removed.
    pub prune_members: bool,
    /// The addresses of members who are neither removed nor demoted.
    pub protect: Vec<String>,
    /// How many admins the organization has at least, from 1.
    pub min_admins: Option<i64>,
    /// The domains to which invites may go.
    pub allow_domains: Option<Vec<String>>,
    /// Within how many milliseconds an access has to end to be listed.
    pub expiring_within_ms: Option<i64>,
    /// Whether no invite is made: nobody is invited, and no active invite is replaced.
    pub no_invites: bool,
}

/// The options of a run as data: each field is one of [`ApplyOptions`]; only one of the two limits on pruning may be
/// set.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ApplyOptionsData {
    /// Whether to invite as many people as possible if there are too few seats.
    pub partial: bool,
    /// How many people may lose their invites by pruning.
    pub prune_at_most: Option<i64>,
    /// The share of the people with an active invite who may lose their invites by pruning, from 0 to 1.
    pub prune_share: Option<f64>,
    /// How many members may be removed.
    pub remove_at_most: Option<i64>,
    /// Which share of the members may, from 0 to 1.
    pub remove_share: Option<f64>,
    /// How many people may be invited.
    pub invite_at_most: Option<i64>,
    /// How many people may be invited as admins or made admins.
    pub admins_at_most: Option<i64>,
}

impl InviteFilter {
    /// Reads the filter from JSON, with the names of a language.
    ///
    /// # Errors
    /// Those of [`ClientOptions::read`](crate::ClientOptions::read), and invalid input for a duration that is negative.
    pub fn read(text: &str, spelling: Spelling) -> Result<Self, InviteError> {
        let mut fields = Fields::parse(text, spelling)?;
        let data = InviteFilterData {
            status: fields.text("status")?.map(|word| word.as_str().into()),
            email: fields.text("email")?,
            permission: fields.text("permission")?.map(|word| word.as_str().into()),
            created_by: fields.text("createdBy")?.map(|word| word.as_str().into()),
            expiring_within_ms: fields.span("expiringWithin")?,
        };
        fields.end()?;
        Self::of(data, spelling)
    }

    /// The filter with these fields. `spelling` is that of the names in errors.
    ///
    /// # Errors
    /// Invalid input that names the field for a duration that is negative.
    pub fn of(data: InviteFilterData, spelling: Spelling) -> Result<Self, InviteError> {
        let within = data.expiring_within_ms;
        let within = within.map(|ms| spelling.span("expiringWithin", ms));
        Ok(Self {
            status: data.status,
            email: data.email,
            permission: data.permission,
            created_by: data.created_by,
            expiring_within: within
                .transpose()?
                .map(|within| TimeDelta::from_std(within).unwrap_or(TimeDelta::MAX)),
        })
    }
}

impl PlanOptions {
    /// Reads `{"marginMs"?, "prune"?, "skipRevoked"?, "maxInvites"?, "allowEmpty"?, "manageMembers"?, "pruneMembers"?,
    /// "protect"?, "minAdmins"?, "allowDomains"?, "expiringWithinMs"?, "noInvites"?}`.
    ///
    /// # Errors
    /// Those of [`read`](Self::read).
    pub fn from_json(text: &str) -> Result<Self, InviteError> {
        Self::read(text, Spelling::Json)
    }

    /// Reads the options from JSON, with the names of a language.
    ///
    /// # Errors
    /// Those of [`ClientOptions::read`](crate::ClientOptions::read), and invalid input for a number that is negative.
    pub fn read(text: &str, spelling: Spelling) -> Result<Self, InviteError> {
        Self::within(Fields::parse(text, spelling)?)
    }

    fn within(mut fields: Fields) -> Result<Self, InviteError> {
        let spelling = fields.spelling;
        let data = PlanOptionsData {
            margin_ms: fields.span("margin")?,
            prune: fields.flag("prune")?.unwrap_or_default(),
            skip_revoked: fields.flag("skipRevoked")?.unwrap_or_default(),
            max_invites: fields.count("maxInvites")?,
            allow_empty: fields.flag("allowEmpty")?.unwrap_or_default(),
            manage_members: fields.flag("manageMembers")?.unwrap_or_default(),
            prune_members: fields.flag("pruneMembers")?.unwrap_or_default(),
            protect: fields.texts("protect")?.unwrap_or_default(),
            min_admins: fields.count("minAdmins")?,
            allow_domains: fields.texts("allowDomains")?,
            expiring_within_ms: fields.span("expiringWithin")?,
            no_invites: fields.flag("noInvites")?.unwrap_or_default(),
        };
        fields.end()?;
        Self::of(data, spelling)
    }

    /// These options. `spelling` is that of the names in errors.
    ///
    /// # Errors
    /// Invalid input that names the option for a number that is negative.
    pub fn of(data: PlanOptionsData, spelling: Spelling) -> Result<Self, InviteError> {
        let margin = data.margin_ms.map(|ms| spelling.span("margin", ms));
        let count = |name, number: Option<i64>| {
            let number = number.map(|number| spelling.count("", name, number));
            number.transpose()
        };
        let within = data.expiring_within_ms;
        let within = within.map(|ms| spelling.span("expiringWithin", ms));
        Ok(Self {
            margin: margin.transpose()?,
            prune: data.prune,
            skip_revoked: data.skip_revoked,
            max_invites: count("maxInvites", data.max_invites)?,
            allow_empty: data.allow_empty,
            manage_members: data.manage_members,
            prune_members: data.prune_members,
            protect: data.protect,
            min_admins: count("minAdmins", data.min_admins)?,
            allow_domains: data.allow_domains,
            expiring_within: within.transpose()?,
            no_invites: data.no_invites,
        })
    }
}

impl ApplyOptions {
    /// Reads `{"partial"?, "pruneAtMost"? | "pruneShare"?, "removeAtMost"? | "removeShare"?, "inviteAtMost"?,
    /// "adminsAtMost"?}`.
    ///
    /// # Errors
    /// Those of [`read`](Self::read).
    pub fn from_json(text: &str) -> Result<Self, InviteError> {
        Self::read(text, Spelling::Json)
    }

    /// Reads the options from JSON, with the names of a language.
    ///
    /// # Errors
    /// Those of [`ClientOptions::read`](crate::ClientOptions::read) and of [`of`](Self::of).
    pub fn read(text: &str, spelling: Spelling) -> Result<Self, InviteError> {
        Self::within(Fields::parse(text, spelling)?)
    }

    fn within(mut fields: Fields) -> Result<Self, InviteError> {
        let spelling = fields.spelling;
        fields.apart(&["onProgress", "stop"]);
        let data = ApplyOptionsData {
            partial: fields.flag("partial")?.unwrap_or_default(),
            prune_at_most: fields.count("pruneAtMost")?,
            prune_share: fields.share("pruneShare")?,
            remove_at_most: fields.count("removeAtMost")?,
            remove_share: fields.share("removeShare")?,
            invite_at_most: fields.count("inviteAtMost")?,
            admins_at_most: fields.count("adminsAtMost")?,
        };
        fields.end()?;
        Self::of(data, spelling)
    }

    /// These options. `spelling` is that of the names in errors.
    ///
    /// # Errors
    /// Invalid input that names the option: for a negative number, for a share that is not from 0 to 1, and if
    /// both limits are set.
    pub fn of(data: ApplyOptionsData, spelling: Spelling) -> Result<Self, InviteError> {
        let count = |name, number: Option<i64>| {
            let number = number.map(|number| spelling.count("", name, number));
            number.transpose()
        };
        let guard = |(most_name, most), (share_name, share)| match (count(most_name, most)?, share)
        {
            (None, None) => Ok(PruneGuard::default()),
            (Some(most), None) => Ok(PruneGuard::AtMost(most)),
            (None, Some(share)) => Ok(PruneGuard::Share(spelling.share(share_name, share)?)),
            (Some(_), Some(_)) => Err(InviteError::invalid_input(format!(
                "give {} or {}, not both",
                spelling.plain(most_name),
                spelling.plain(share_name)
            ))),
        };
        Ok(Self {
            partial: data.partial,
            prune_guard: guard(
                ("pruneAtMost", data.prune_at_most),
                ("pruneShare", data.prune_share),
            )?,
            remove_guard: guard(
                ("removeAtMost", data.remove_at_most),
                ("removeShare", data.remove_share),
            )?,
            invite_at_most: count("inviteAtMost", data.invite_at_most)?,
            admins_at_most: count("adminsAtMost", data.admins_at_most)?,
            ..Self::default()
        })
    }
}

/// As [`PlanOptions::from_json`].
impl<'de> Deserialize<'de> for PlanOptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        nested(deserializer, Self::within)
    }
}

/// As [`ApplyOptions::from_json`].
impl<'de> Deserialize<'de> for ApplyOptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        nested(deserializer, Self::within)
    }
}

/// Options inside another document.
fn nested<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    read: impl FnOnce(Fields) -> Result<T, InviteError>,
) -> Result<T, D::Error> {
    let fields = Fields::of(Map::deserialize(deserializer)?, Spelling::Json);
    read(fields).map_err(|error| D::Error::custom(error.message()))
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
            let read = PlanOptions::read(text, spelling).ok();
            assert_eq!(read, Some(expected.clone()));
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

    #[test]
    fn data_is_refused_in_the_words_of_the_option() {
        let typed = Spelling::Typed;
        let margin = PlanOptionsData {
            margin_ms: Some(-1),
            ..PlanOptionsData::default()
        };
        let most = PlanOptionsData {
            max_invites: Some(-1),
            ..PlanOptionsData::default()
        };
        let within = InviteFilterData {
            expiring_within_ms: Some(i64::MIN),
            ..InviteFilterData::default()
        };
        let share = |share| ApplyOptionsData {
            prune_share: Some(share),
            ..ApplyOptionsData::default()
        };
        let both = ApplyOptionsData {
            prune_at_most: Some(1),
            ..share(0.5)
        };
        for (refused, message) in [
            (
                PlanOptions::of(margin, typed).err(),
                "margin must be a duration that is not negative",
            ),
            (
                PlanOptions::of(most, typed).err(),
                "maxInvites must be a whole number that is not negative",
            ),
            (
                InviteFilter::of(within, typed).err(),
                "expiringWithin must be a duration that is not negative",
            ),
            (
                ApplyOptions::of(share(f64::NAN), typed).err(),
                "pruneShare must be a number from 0 to 1",
            ),
            (
                ApplyOptions::of(both, Spelling::Python).err(),
                "give prune_at_most or prune_share, not both",
            ),
        ] {
            let refused = refused.as_ref().map(InviteError::message);
            assert_eq!(refused, Some(message));
        }
        let days = r#"{"expiringWithin": {"days": -1}}"#;
        let refused = InviteFilter::read(days, Spelling::JavaScript).expect_err(days);
        let rule = "expiringWithin must be a duration that is finite and not negative, such as { days: 7 }";
        assert_eq!(refused.message(), rule);
        let longest = InviteFilterData {
            expiring_within_ms: Some(i64::MAX),
            ..InviteFilterData::default()
        };
        assert!(InviteFilter::of(longest, typed).is_ok());
    }
}
