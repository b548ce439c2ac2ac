//! Rosters and plans from JSON: from a language's binding, or from a file. Options are read in `client/options.rs`.

use serde::Deserialize;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use crate::error::InviteError;
use crate::model::NewInvite;
use crate::roster::format_version;
use crate::roster::people::{People, Roster, refusal};
use crate::roster::plan::Plan;
use crate::roster::report::{ApplyOptions, PruneGuard};

impl Roster {
    /// Reads the JSON of a roster, or the list of the people alone.
    ///
    /// # Errors
    /// Invalid input with a line for each problem, as [`Roster::new`]; also for the roster
    /// of a newer version, and for entries of another form.
    pub fn from_json(text: &str) -> Result<Self, InviteError> {
        format_version::check("the roster", text)?;
        let People(entries): People<&RawValue> = parse("the roster", text)?;
        let mut people = Vec::with_capacity(entries.len());
        let mut wrong = Vec::new();
        for (index, entry) in entries.into_iter().enumerate() {
            match serde_json::from_str::<NewInvite>(entry.get()) {
                Ok(person) => people.push(person),
                Err(error) => {
                    // The line and column are those within the entry.
                    let why = error.to_string();
                    let why = why.rsplit_once(" at line ").map_or(&*why, |(why, _)| why);
                    wrong.push(format!("entry {}: {why}", index + 1));
                }
            }
        }
        match wrong.is_empty() {
            true => Self::new(people),
            false => Err(refusal("the roster cannot be read", wrong)),
        }
    }
}

impl Plan {
    /// Reads a stored plan. [`apply`](crate::InviteClient::apply) checks whether it is valid.
    ///
    /// # Errors
    /// Invalid input if it is not a plan, or the plan of a newer version.
    pub fn from_json(text: &str) -> Result<Self, InviteError> {
        format_version::check("the plan", text)?;
        parse("the plan", text)
    }
}

fn parse<'de, T: Deserialize<'de>>(what: &str, text: &'de str) -> Result<T, InviteError> {
    serde_json::from_str(text)
        .map_err(|error| InviteError::invalid_input(format!("{what} cannot be read: {error}")))
}

/// `{"partial", "pruneAtMost" | "pruneShare", "removeAtMost" | "removeShare", "inviteAtMost", "adminsAtMost"}`.
/// `client/call_options.rs` reads it.
impl Serialize for ApplyOptions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry("partial", &self.partial)?;
        for (most, share, guard) in [
            ("pruneAtMost", "pruneShare", self.prune_guard),
            ("removeAtMost", "removeShare", self.remove_guard),
        ] {
            match guard {
                PruneGuard::AtMost(people) => fields.serialize_entry(most, &people)?,
                PruneGuard::Share(part) => fields.serialize_entry(share, &part)?,
                PruneGuard::Default => {}
            }
        }
        for (name, most) in [
            ("inviteAtMost", self.invite_at_most),
            ("adminsAtMost", self.admins_at_most),
        ] {
            if let Some(most) = most {
                fields.serialize_entry(name, &most)?;
            }
        }
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::roster::plan::PlanOptions;

    #[test]
    fn all_malformed_entries_are_reported_together() {
        let error = Roster::from_json(
            r#"[{"email": "ada@example.com", "permission": "read", "expiresInMs": 1000},
                {"email": "bob@example.com", "permission": "read", "emial": 1},
                7,
                {"email": "eve@example.com", "permission": "read"},
                {"email": "dan@example.com", "permission": "read", "expiresInMs": 1, "expiresAt": "2030-01-01T00:00:00Z"}]"#,
        )
        .expect_err("four are none");
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let lines = error.errors();
        assert_eq!(lines.len(), 4, "{lines:?}");
        assert!(lines[0].starts_with("entry 2: unknown field `emial`"));
        assert!(lines[2].contains("one of the two"), "{lines:?}");
        assert!(!error.message().contains("line 1"), "{error}");
        let twice = r#"[{"email": "a@b.cd", "permission": "read", "expiresInMs": 1000},
            {"email": "A@b.cd", "permission": "read", "expiresInMs": 1000}]"#;
        assert!(Roster::from_json(twice).expect_err("twice").errors()[0].starts_with("entry 2: "));
        assert!(Roster::from_json("{}").is_err() && Roster::from_json("[").is_err());
    }

    #[test]
    fn options_are_read_as_they_are_written() {
        let more = r#"{"prune":false,"skipRevoked":true,"maxInvites":3,"allowEmpty":true,"noInvites":true}"#;
        let options = PlanOptions::default()
            .skip_revoked(true)
            .max_invites(3)
            .allow_empty(true)
            .no_invites(true);
        assert_eq!(PlanOptions::from_json(more).expect("options"), options);
        assert_eq!(serde_json::to_string(&options).expect("JSON"), more);
        let options = PlanOptions::from_json(r#"{"marginMs": 60000, "prune": true}"#);
        let options = options.expect("options");
        assert_eq!(options.margin, Some(std::time::Duration::from_secs(60)));
        let json = serde_json::to_string(&options).expect("JSON");
        assert_eq!(json, r#"{"marginMs":60000,"prune":true}"#);
        assert_eq!(
            PlanOptions::from_json("{}").expect("options"),
            PlanOptions::default()
        );
        for guard in [
            PruneGuard::Default,
            PruneGuard::AtMost(0),
            PruneGuard::Share(0.25),
        ] {
            let options = ApplyOptions::default().partial(true).prune_guard(guard);
            let json = serde_json::to_string(&options).expect("JSON");
            let again = ApplyOptions::from_json(&json).expect("options");
            assert!(again.partial);
            assert_eq!(again.prune_guard, guard);
        }
    }

    #[test]
    fn a_plan_that_an_earlier_version_wrote_is_read() {
        let text = r#"{"organizationId":"o","plannedAt":"2026-01-15T12:00:00Z","steps":[{"email":"ada@example.com","action":"revoke","reason":"not on the roster","revoke":["i"]}],"seats":{"paid":5,"taken":1,"promised":0,"free":4,"needed":0,"released":0,"missing":0},"writes":1,"estimateMs":0}"#;
        let plan = Plan::from_json(text).expect("a plan");
        assert_eq!((plan.pruning, plan.max_invites), (None, None));
        assert!(!plan.skip_revoked);
        assert!(plan.check(&ApplyOptions::default()).is_ok());
        assert_eq!(serde_json::from_str::<Plan>(text).ok(), Some(plan.clone()));
        let newer = text.replacen('{', r#"{"formatVersion":3,"#, 1);
        let refused = serde_json::from_str::<Plan>(&newer).expect_err("a newer version");
        let rule = "its formatVersion is 3, and this version of icepanel-invites reads";
        assert!(refused.to_string().starts_with(rule), "{refused}");
        let versioned = text.replacen('{', r#"{"formatVersion":1,"#, 1);
        assert_eq!(serde_json::to_string(&plan).expect("JSON"), versioned);
        assert_eq!(Plan::from_json(&versioned).expect("a plan"), plan);
    }

    #[test]
    fn what_a_newer_version_wrote_is_rejected_whatever_else_is_in_it() {
        for text in [
            r#"{"people": 7, "formatVersion": 3}"#,
            r#" {"formatVersion": 3, "steps": {}}"#,
        ] {
            let plan = Plan::from_json(text).expect_err(text);
            let roster = Roster::from_json(text).expect_err(text);
            for (error, what) in [(plan, "the plan"), (roster, "the roster")] {
                assert_eq!(error.kind(), ErrorKind::InvalidInput);
                let why = "cannot be read: its formatVersion is 3, and this version of icepanel-invites reads formatVersion 1 to 2; upgrade icepanel-invites";
                let message = error.message();
                assert!(message.starts_with(&format!("{what} {why}")), "{message}");
            }
        }
        for version in ["0", "-1", "1.5", r#""1""#, "[]"] {
            let text = format!(r#"{{"formatVersion":{version},"people":[]}}"#);
            let error = Roster::from_json(&text).expect_err(&text);
            assert!(
                error.message().contains("not a whole number from 1"),
                "{error}"
            );
        }
        assert!(Roster::from_json(r#"{"people": [], "formatVersion": 1}"#).is_ok());
    }
}
