//! The arguments of the commands on invites.

use chrono::TimeDelta;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueHint};
use icepanel_invites::{Actor, Expiry, InviteStatus, Permission};

use crate::roster::permission;
use crate::time;

/// Which invites to list.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only active invites: those that can still be accepted
    #[arg(long, conflicts_with = "status")]
    pub(crate) active: bool,
    /// Only invites with this status, according to the clock of the service
    #[arg(long, value_parser = words::<InviteStatus>(), ignore_case = true)]
    pub(crate) status: Option<InviteStatus>,
    /// Only invites for this address; upper and lower case are the same
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) email: Option<String>,
    /// Only invites with this permission
    #[arg(long, value_parser = permissions(), ignore_case = true)]
    pub(crate) permission: Option<Permission>,
    /// Only invites created by this kind of actor: a user, an API key or the like
    #[arg(long, value_name = "ACTOR", value_parser = words::<Actor>(), ignore_case = true)]
    pub(crate) created_by: Option<Actor>,
    /// Only active invites that expire within this time: 12h, 7d, 2w
    #[arg(long, value_name = "DURATION", value_parser = time::from_now)]
    pub(crate) expiring_within: Option<TimeDelta>,
}

/// The people to invite, their permission and the expiry.
#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// The addresses of the people; - reads them from stdin, one per line
    #[arg(value_name = "EMAIL", required = true, value_hint = ValueHint::EmailAddress)]
    pub(crate) emails: Vec<String>,
    /// What the person may do. Viewer (read) and Editor (write) work too
    #[arg(long, value_parser = permissions(), ignore_case = true)]
    pub(crate) permission: Permission,
    /// When the invite expires: 12h, 7d, 2026-12-31 (the end of that day, UTC), 2026-12-31T18:00:00Z
    ///
    /// A time from now (90m, 12h, 7d, 2w), an instant (2026-12-31T18:00:00Z), or a date
    /// (2026-12-31), which means the last second of that day in UTC.
    #[arg(long, verbatim_doc_comment, value_name = "WHEN", default_value = "7d", value_parser = time::expiry, allow_hyphen_values = true, value_hint = ValueHint::Other)]
    pub(crate) expires: Expiry,
    /// Allow (true) or deny (false) one landscape; repeat the option for more
    #[arg(long = "landscape", value_name = "ID=true|false", value_parser = landscape, value_hint = ValueHint::Other)]
    pub(crate) landscapes: Vec<(String, bool)>,
    /// Show what would be done, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// The people to invite if they are not members or invited.
#[derive(Debug, Args)]
pub(crate) struct EnsureArgs {
    #[command(flatten)]
    pub(crate) new: NewArgs,
    /// If the active invite has another permission, other landscapes or an earlier expiry, replace it
    #[arg(long)]
    pub(crate) replace: bool,
}

/// What to revoke.
#[derive(Debug, Args)]
pub(crate) struct RevokeArgs {
    /// Invite ids or addresses, or - to read them from stdin, one per line. For an address, all active invites are revoked
    #[arg(value_name = "ID_OR_EMAIL", required = true, value_hint = ValueHint::EmailAddress)]
    pub(crate) targets: Vec<String>,
    /// Do not ask. Without this option the command asks before it revokes more than one invite
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Show what would be revoked, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Which invite to renew, and for how long.
#[derive(Debug, Args)]
pub(crate) struct RenewArgs {
    /// The id of an active invite, or an address
    #[arg(value_name = "ID_OR_EMAIL", value_hint = ValueHint::EmailAddress)]
    pub(crate) target: String,
    /// When the new invite expires: 12h, 7d, 2026-12-31, 2026-12-31T18:00:00Z
    #[arg(long, value_name = "WHEN", value_parser = time::expiry, value_hint = ValueHint::Other)]
    pub(crate) expires: Expiry,
    /// Show what would be replaced, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// A set of values that the library knows.
trait Words: Sized + Clone + Send + Sync + 'static {
    fn known() -> Vec<&'static str>;
    fn of(word: &str) -> Self;
}

macro_rules! words {
    ($($name:ty),+) => { $(
        impl Words for $name {
            fn known() -> Vec<&'static str> {
                <$name>::KNOWN.iter().map(<$name>::as_str).collect()
            }
            fn of(word: &str) -> Self {
                Self::from(word)
            }
        }
    )+ };
}
words!(Actor, InviteStatus);

/// Accepts the documented values. The library accepts any text, but a typing mistake would give an empty list without
/// an error.
fn words<T: Words>() -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(T::known()).map(|word| T::of(&word))
}

/// Accepts the API's names of permissions, and those of IcePanel's user interface.
pub(crate) fn permissions() -> impl TypedValueParser<Value = Permission> {
    let words = Permission::KNOWN.iter().map(|permission| {
        let words = PossibleValue::new(permission.as_str());
        match permission {
            Permission::Read => words.alias("viewer").help("IcePanel's Viewer; free"),
            Permission::Write => words
                .alias("editor")
                .help("IcePanel's Editor; costs a paid seat"),
            Permission::Admin => words.help("costs a paid seat"),
            Permission::Billing => words.help("free"),
            _ => words,
        }
    });
    let words: Vec<PossibleValue> = words.collect();
    PossibleValuesParser::new(words)
        .map(|word| permission(&word).unwrap_or_else(|| Permission::from(word.as_str())))
}

/// A landscape's id, and whether it may be seen.
pub(crate) fn landscape(text: &str) -> Result<(String, bool), String> {
    let (id, allowed) = text
        .rsplit_once('=')
        .ok_or("write it as ID=true or ID=false")?;
    match allowed {
        "true" => Ok((id.to_owned(), true)),
        "false" => Ok((id.to_owned(), false)),
        _ => Err("write it as ID=true or ID=false".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_landscape_is_an_id_and_a_yes_or_no() {
        assert_eq!(landscape("abc=true").unwrap(), ("abc".to_owned(), true));
        assert_eq!(landscape("a=b=false").unwrap(), ("a=b".to_owned(), false));
        for wrong in ["abc", "abc=", "abc=yes", "=", ""] {
            assert!(landscape(wrong).is_err(), "{wrong:?}");
        }
    }
}
