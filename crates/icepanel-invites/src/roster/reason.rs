//! Why a step is planned, and why it ended as it did: a code for programs in addition to the text for people.

use serde::{Deserialize, Deserializer, Serialize};

/// Why a step is planned, or why it ended as it did. The accompanying text has the details.
///
/// A later version may have more. As JSON the name in snake case: `not_invited`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(feature = "bindings"), non_exhaustive)]
pub enum StepReason {
    /// The person is neither invited nor a member, and never had an invite.
    NotInvited,
    /// The person had invites before, and has no active one.
    InvitedBefore,
    /// The person is a member, with the permission that is wanted.
    AlreadyMember,
    /// The person is a member with another permission than wanted.
    MemberWithOtherPermission,
    /// The person's last invite was revoked, and an option excludes such people.
    LastInviteRevoked,
    /// The person was invited as often as an option allows.
    MaxInvitesReached,
    /// The person has an active invite as wanted.
    InvitedAsWanted,
    /// The person has an active invite as wanted, and further ones.
    SurplusInvites,
    /// The active invite has another permission.
    PermissionDiffers,
    /// The active invite has other landscapes.
    LandscapesDiffer,
    /// The active invite expires too soon.
    ExpiresTooSoon,
    /// The person is not on the roster.
    NotOnRoster,
    /// The invite was made.
    Invited,
    /// The new invite was made, and the previous one revoked.
    Replaced,
    /// The invites were revoked.
    Revoked,
    /// Somebody else has invited the person since the plan was made.
    InvitedByAnother,
    /// The active invite in the plan is no longer active.
    InviteGone,
    /// The person was a member when the plan was made, and is no longer a member.
    MembershipEnded,
    /// The plan does not match the current state.
    PlanDoesNotFit,
    /// No paid seat was left.
    NoSeat,
    /// The run was stopped before the step began.
    Stopped,
    /// The run ended early: every other step would have failed too.
    RunEnded,
    /// A request failed: the error has the details.
    RequestFailed,
    /// Some of the invites that should be revoked are still active.
    RevokeIncomplete,
    /// The invite was made, but the client could not check whether it is the person's only one.
    NotVerified,
    /// The person is a member with other landscapes than those that are wanted.
    MemberWithOtherLandscapes,
    /// Several members fit the person, or the member is another person of the roster. Nothing is changed.
    AmbiguousMember,
    /// The member is protected by an option.
    Protected,
    /// The person's access has ended.
    AccessEnded,
    /// The active invite expires after the person's access ends.
    ExpiresTooLate,
    /// The member was updated.
    Updated,
    /// The member was removed.
    Removed,
    /// The organization would have too few admins. A later run does it.
    TooFewAdmins,
    /// Somebody else has changed the member since the plan was made.
    MemberChanged,
    /// An option says that no invite is made.
    NoInvites,
}

impl StepReason {
    /// Every reason.
    pub const ALL: &[Self] = &[
        Self::NotInvited,
        Self::InvitedBefore,
        Self::AlreadyMember,
        Self::MemberWithOtherPermission,
        Self::LastInviteRevoked,
        Self::MaxInvitesReached,
        Self::InvitedAsWanted,
        Self::SurplusInvites,
        Self::PermissionDiffers,
        Self::LandscapesDiffer,
        Self::ExpiresTooSoon,
        Self::NotOnRoster,
        Self::Invited,
        Self::Replaced,
        Self::Revoked,
        Self::InvitedByAnother,
        Self::InviteGone,
        Self::MembershipEnded,
        Self::PlanDoesNotFit,
        Self::NoSeat,
        Self::Stopped,
        Self::RunEnded,
        Self::RequestFailed,
        Self::RevokeIncomplete,
        Self::NotVerified,
        Self::MemberWithOtherLandscapes,
        Self::AmbiguousMember,
        Self::Protected,
        Self::AccessEnded,
        Self::ExpiresTooLate,
        Self::Updated,
        Self::Removed,
        Self::TooFewAdmins,
        Self::MemberChanged,
        Self::NoInvites,
    ];

    /// The reason's name in JSON, the same in every language: `not_invited`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotInvited => "not_invited",
            Self::InvitedBefore => "invited_before",
            Self::AlreadyMember => "already_member",
            Self::MemberWithOtherPermission => "member_with_other_permission",
            Self::LastInviteRevoked => "last_invite_revoked",
            Self::MaxInvitesReached => "max_invites_reached",
            Self::InvitedAsWanted => "invited_as_wanted",
            Self::SurplusInvites => "surplus_invites",
            Self::PermissionDiffers => "permission_differs",
            Self::LandscapesDiffer => "landscapes_differ",
            Self::ExpiresTooSoon => "expires_too_soon",
            Self::NotOnRoster => "not_on_roster",
            Self::Invited => "invited",
            Self::Replaced => "replaced",
            Self::Revoked => "revoked",
            Self::InvitedByAnother => "invited_by_another",
            Self::InviteGone => "invite_gone",
            Self::MembershipEnded => "membership_ended",
            Self::PlanDoesNotFit => "plan_does_not_fit",
            Self::NoSeat => "no_seat",
            Self::Stopped => "stopped",
            Self::RunEnded => "run_ended",
            Self::RequestFailed => "request_failed",
            Self::RevokeIncomplete => "revoke_incomplete",
            Self::NotVerified => "not_verified",
            Self::MemberWithOtherLandscapes => "member_with_other_landscapes",
            Self::AmbiguousMember => "ambiguous_member",
            Self::Protected => "protected",
            Self::AccessEnded => "access_ended",
            Self::ExpiresTooLate => "expires_too_late",
            Self::Updated => "updated",
            Self::Removed => "removed",
            Self::TooFewAdmins => "too_few_admins",
            Self::MemberChanged => "member_changed",
            Self::NoInvites => "no_invites",
        }
    }
}

impl std::fmt::Display for StepReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Reads the reason in a stored plan. The text has the same information, so an unknown code of a later version is not
/// an error, but none.
pub(crate) fn known<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<StepReason>, D::Error> {
    let name = Option::<String>::deserialize(deserializer)?;
    let known = |name: String| {
        let all = StepReason::ALL.iter();
        all.copied().find(|reason| reason.as_str() == name)
    };
    Ok(name.and_then(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_written_by_its_name_and_read_again() {
        for reason in StepReason::ALL {
            let text = serde_json::to_string(reason).expect("JSON");
            assert_eq!(text, format!("\"{reason}\""));
            let mut reader = serde_json::Deserializer::from_str(&text);
            assert_eq!(known(&mut reader).expect("a reason"), Some(*reason));
        }
    }

    #[test]
    fn the_reason_of_a_later_version_is_none_and_no_error() {
        let mut reader = serde_json::Deserializer::from_str("\"moon_is_full\"");
        assert_eq!(known(&mut reader).expect("no error"), None);
    }
}
