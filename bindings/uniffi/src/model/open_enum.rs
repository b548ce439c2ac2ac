//! The values of the API, which cross in the API's spelling: each language has its own type, which preserves values
//! that are added later.

use icepanel_invites::{Actor, InviteStatus, Permission};

uniffi::custom_type!(Permission, String, {
    remote,
    lower: |permission| permission.as_str().to_owned(),
    try_lift: |text| Ok(Permission::from(text.as_str())),
});

uniffi::custom_type!(Actor, String, {
    remote,
    lower: |actor| actor.as_str().to_owned(),
    try_lift: |text| Ok(Actor::from(text.as_str())),
});

uniffi::custom_type!(InviteStatus, String, {
    remote,
    lower: |status| status.as_str().to_owned(),
    try_lift: |text| Ok(InviteStatus::from(text.as_str())),
});

/// Whether a permission costs a paid seat.
#[uniffi::export]
pub fn permission_is_paid(permission: &Permission) -> bool {
    permission.is_paid()
}

/// The known value of any spelling of it, in the API's; another text as it is.
#[uniffi::export]
pub fn permission_spelling(text: &Permission) -> String {
    text.to_string()
}

/// As [`permission_spelling`].
#[uniffi::export]
pub fn actor_spelling(text: &Actor) -> String {
    text.to_string()
}

/// As [`permission_spelling`].
#[uniffi::export]
pub fn status_spelling(text: &InviteStatus) -> String {
    text.to_string()
}
