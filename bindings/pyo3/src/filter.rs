//! Which invites a list keeps.

use std::time::Duration;

use chrono::TimeDelta;
use icepanel_invites::InviteFilter;

/// The filter that these keywords of `list` make.
pub(crate) fn filter(
    status: Option<&str>,
    email: Option<String>,
    permission: Option<&str>,
    created_by: Option<&str>,
    expiring_within: Option<Duration>,
) -> InviteFilter {
    let mut filter = InviteFilter::default();
    filter.status = status.map(Into::into);
    filter.email = email;
    filter.permission = permission.map(Into::into);
    filter.created_by = created_by.map(Into::into);
    filter.expiring_within =
        expiring_within.map(|span| TimeDelta::from_std(span).unwrap_or(TimeDelta::MAX));
    filter
}
