//! The differences between an invite and the request.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Serialize, Serializer};

use crate::invites::ensure::Ensured;
use crate::invites::timing::same_at_stored_precision;
use crate::model::{Expiry, Invite, NewInvite};

/// A difference between an invite, or a membership, and the request. As JSON the name of the invite's field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(not(feature = "bindings"), non_exhaustive)]
pub enum Difference {
    /// Another permission.
    Permission,
    /// Other landscapes than requested.
    Landscapes,
    /// An earlier expiry, by more than the margin, or one after the end of the person's access.
    Expiry,
}

impl Difference {
    /// Every difference.
    pub const ALL: &[Self] = &[Self::Permission, Self::Landscapes, Self::Expiry];

    /// The field of an invite in JSON that differs: `permission`, `landscapePermissions` or `expiresAt`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Permission => "permission",
            Self::Landscapes => "landscapePermissions",
            Self::Expiry => "expiresAt",
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Difference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Invite {
    /// The differences between the invite and the request at `now`, by the same rule as in a plan: another permission;
    /// other landscapes, if the request has any; an earlier expiry. If the request has a duration, the expiry may be
    /// earlier by half of it, because every invite has less time left a moment later.
    pub fn differs_from(&self, asked: &NewInvite, now: DateTime<Utc>) -> Vec<Difference> {
        differences(self, asked, None, now).collect()
    }
}

impl Ensured {
    /// The differences between the person's invite or membership and the request at `now`: see
    /// [`Invite::differs_from`]. For a member only the permission is compared, and an invite that was just made does
    /// not differ.
    pub fn differs_from(&self, asked: &NewInvite, now: DateTime<Utc>) -> Vec<Difference> {
        match self {
            Self::Existing(invite) => invite.differs_from(asked, now),
            Self::Member(member) if member.permission != asked.permission => {
                vec![Difference::Permission]
            }
            Self::Created(_) | Self::Member(_) => Vec::new(),
        }
    }
}

/// The differences, with another margin for the expiry if one is set.
pub(crate) fn differences(
    invite: &Invite,
    asked: &NewInvite,
    margin: Option<Duration>,
    now: DateTime<Utc>,
) -> impl Iterator<Item = Difference> {
    // A request without landscapes does not change them.
    let landscapes = asked.landscape_permissions.as_ref().is_some_and(|asked| {
        invite
            .landscape_permissions
            .as_ref()
            .map_or(!asked.is_empty(), |has| has != asked)
    });
    [
        (
            Difference::Permission,
            invite.permission != asked.permission,
        ),
        (Difference::Landscapes, landscapes),
        (
            Difference::Expiry,
            too_soon(invite, asked, margin, now) || too_late(invite, asked),
        ),
    ]
    .into_iter()
    .filter_map(|(difference, there)| there.then_some(difference))
}

fn too_soon(
    invite: &Invite,
    asked: &NewInvite,
    margin: Option<Duration>,
    now: DateTime<Utc>,
) -> bool {
    let Some(until) = asked.instant(now) else {
        return false;
    };
    until.signed_duration_since(invite.expires_at) > allowance(asked, margin)
        && !same_at_stored_precision(until, invite.expires_at)
}

/// Whether an invite expires after the person's access ends. The service may have rounded the expiry.
pub(crate) fn too_late(invite: &Invite, asked: &NewInvite) -> bool {
    asked
        .until
        .is_some_and(|until| invite.expires_at - until >= TimeDelta::seconds(1))
}

/// The margin that was set, or half of the time for which an invite is asked for.
fn allowance(asked: &NewInvite, margin: Option<Duration>) -> TimeDelta {
    match (margin, asked.expiry) {
        (Some(margin), _) => TimeDelta::from_std(margin).unwrap_or(TimeDelta::MAX),
        (None, Expiry::In(span)) => span / 2,
        (None, Expiry::At(_)) => TimeDelta::zero(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Member, Permission};

    fn invite(now: DateTime<Utc>) -> Invite {
        serde_json::from_value(serde_json::json!({
            "id": "i", "organizationId": "o", "email": "ada@example.com", "permission": "read",
            "expiresAt": now + TimeDelta::days(7), "createdAt": now, "createdBy": "user", "createdById": "u",
        }))
        .expect("an invite")
    }

    #[test]
    fn a_difference_is_written_as_its_field() {
        let written: Vec<String> = Difference::ALL.iter().map(ToString::to_string).collect();
        assert_eq!(written, ["permission", "landscapePermissions", "expiresAt"]);
    }

    #[test]
    fn each_difference_is_found_and_nothing_else() {
        let now: DateTime<Utc> = "2026-01-15T12:00:00.5Z".parse().expect("a time");
        let has = invite(now);
        let until = has.expires_at;
        let ask = |permission: &str, expiry: Expiry| {
            NewInvite::new("ada@example.com", permission, expiry)
        };
        let tick = TimeDelta::milliseconds(1);
        for (asked, differs) in [
            (ask("read", until.into()), vec![]),
            (ask("read", (until - tick).into()), vec![]),
            (
                ask("read", (until + TimeDelta::seconds(1)).into()),
                vec!["expiresAt"],
            ),
            (ask("read", TimeDelta::days(14).into()), vec![]),
            (
                ask("read", (TimeDelta::days(14) + tick * 2).into()),
                vec!["expiresAt"],
            ),
            (ask("write", until.into()), vec!["permission"]),
            (
                ask("write", TimeDelta::days(99).into()).landscape_permission("l", false),
                vec!["permission", "landscapePermissions", "expiresAt"],
            ),
        ] {
            let found = has.differs_from(&asked, now);
            let found: Vec<&str> = found.iter().map(|difference| difference.as_str()).collect();
            assert_eq!(found, differs, "{asked:?}");
            let existing = Ensured::Existing(has.clone()).differs_from(&asked, now);
            assert_eq!(existing.len(), differs.len());
            assert!(
                Ensured::Created(has.clone())
                    .differs_from(&asked, now)
                    .is_empty()
            );
        }
        let mut limited = has;
        limited.landscape_permissions = Some([("l".to_owned(), true)].into());
        let asked = ask("read", until.into());
        assert!(
            limited.differs_from(&asked, now).is_empty(),
            "not asked for"
        );
        let same = asked.landscape_permission("l", true);
        assert!(limited.differs_from(&same, now).is_empty());
        let more = same.landscape_permission("m", true);
        assert_eq!(limited.differs_from(&more, now), [Difference::Landscapes]);
        assert_eq!(
            serde_json::to_string(Difference::ALL).expect("JSON"),
            r#"["permission","landscapePermissions","expiresAt"]"#
        );
    }

    #[test]
    fn of_a_member_the_permission_is_compared() {
        let member = Member {
            user_id: "u".to_owned(),
            email: "ada@example.com".to_owned(),
            permission: Permission::Write,
            name: None,
            job_role: None,
            last_active_at: None,
            landscape_permissions: None,
        };
        let ask = |permission| {
            NewInvite::new("ada@example.com", permission, TimeDelta::days(7))
                .landscape_permission("l", true)
        };
        let ensured = Ensured::Member(member);
        let differs = |permission| ensured.differs_from(&ask(permission), Utc::now());
        assert!(differs(Permission::Write).is_empty());
        assert_eq!(differs(Permission::Read), [Difference::Permission]);
    }
}
