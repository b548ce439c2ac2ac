//! What a person may do and which landscapes a person may see.

use std::collections::BTreeMap;

use crate::error::InviteError;
use crate::model::open_enum::Permission;

/// Which landscapes a person may see: from landscape id to true or false.
pub type LandscapePermissions = BTreeMap<String, bool>;

/// Rejects an empty permission and an empty landscape id.
pub(crate) fn check_access(
    permission: &Permission,
    landscapes: Option<&LandscapePermissions>,
) -> Result<(), InviteError> {
    if permission.as_str().trim().is_empty() {
        return Err(InviteError::invalid_input("the permission is empty"));
    }
    if landscapes.is_some_and(|landscapes| landscapes.keys().any(|id| id.trim().is_empty())) {
        return Err(InviteError::invalid_input("a landscape id is empty"));
    }
    Ok(())
}
