//! How an invite differs from the one that was asked for. The compiler compares this declaration with the core's.

use icepanel_invites::{Difference, Ensured, Invite, NewInvite};

use crate::error::Failure;
use crate::model::Timestamp;

/// How an invite, or a membership, differs from what was asked for. A later version may have more.
#[uniffi::remote(Enum)]
pub enum Difference {
    /// Another permission.
    Permission,
    /// Other landscapes than those that were asked for.
    Landscapes,
    /// An earlier expiry, by more than the margin.
    Expiry,
}

/// The field of an invite in JSON that differs: `expiresAt`.
#[uniffi::export]
pub fn difference_name(difference: Difference) -> String {
    difference.as_str().to_owned()
}

/// How an invite differs from what is asked for at an instant.
#[uniffi::export]
pub fn invite_differs_from(
    invite: &Invite,
    asked: &NewInvite,
    now: Timestamp,
) -> Result<Vec<Difference>, Failure> {
    Ok(invite.differs_from(asked, now))
}

/// How the invite or the membership that an ensure returned differs from what is asked for at an instant.
#[uniffi::export]
pub fn ensured_differs_from(
    ensured: &Ensured,
    asked: &NewInvite,
    now: Timestamp,
) -> Result<Vec<Difference>, Failure> {
    Ok(ensured.differs_from(asked, now))
}
