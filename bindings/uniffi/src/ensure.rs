//! The result of an ensure. The compiler compares this declaration with the core's.

use icepanel_invites::{Ensured, Invite, Member};

/// The result of an ensure.
#[uniffi::remote(Enum)]
pub enum Ensured {
    /// The person had no active invite; this one was created.
    Created(Invite),
    /// The person has this active invite, created before, or by somebody else at the same time. Its permission and
    /// expiry may differ from those asked for.
    Existing(Invite),
    /// The person is already a member. Nothing was sent.
    Member(Member),
}
