//! How an ensure left things. The compiler compares this declaration with the core's.

use icepanel_invites::{Ensured, Invite, Member};

/// How an ensure left things.
#[uniffi::remote(Enum)]
pub enum Ensured {
    /// The person had no active invite; this one was created.
    Created(Invite),
    /// The person has this active invite, created before, or by somebody else at the same time. Its permission and
    /// expiry may differ from those asked for.
    Existing(Invite),
    /// The person is a member already. Nothing was sent.
    Member(Member),
}
