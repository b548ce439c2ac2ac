//! Why a step is planned or ended as it did. The compiler compares this declaration with the core's.

use icepanel_invites::StepReason;

/// Why a step is planned, or why it ended as it did. The accompanying text has the details. A later version may have
/// more.
#[uniffi::remote(Enum)]
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

/// The name of a reason in JSON: `not_invited`.
#[uniffi::export]
pub fn step_reason_name(reason: StepReason) -> String {
    reason.as_str().to_owned()
}
