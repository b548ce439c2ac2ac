//! How a caller names a member: by user id or by address.

use crate::error::{ErrorKind, InviteError};
use crate::http::url;
use crate::model::Member;
use crate::model::email::{check_address, same_address};

/// How a caller names a member.
pub(crate) enum MemberName<'a> {
    /// The member's own address. The address of an invite that the member accepted does not count.
    Address(&'a str),
    UserId(&'a str),
}

impl<'a> MemberName<'a> {
    /// A text with an `@` is an address.
    pub(crate) fn new(name: &'a str) -> Result<Self, InviteError> {
        match name.contains('@') {
            true => check_address(name).map(|()| Self::Address(name)),
            false => url::check_id("user", name).map(|()| Self::UserId(name)),
        }
    }

    /// The member with this name. Two of them are a conflict.
    pub(crate) fn find(&self, members: &[Member]) -> Result<Option<Member>, InviteError> {
        let found: Vec<&Member> = members.iter().filter(|member| self.is_of(member)).collect();
        match found[..] {
            [] => Ok(None),
            [member] => Ok(Some(member.clone())),
            _ => {
                let ids: Vec<&str> = found.iter().map(|member| &*member.user_id).collect();
                let what = format!(
                    "{} members have the address {}: {}; nothing was sent",
                    ids.len(),
                    found[0].email,
                    ids.join(", ")
                );
                Err(InviteError::new(ErrorKind::Conflict, what)
                    .with_advice("Use the user id of the member instead of the address."))
            }
        }
    }

    fn is_of(&self, member: &Member) -> bool {
        match self {
            Self::Address(email) => same_address(&member.email, email),
            Self::UserId(id) => member.user_id == *id,
        }
    }

    pub(crate) fn not_found(&self) -> InviteError {
        let what = match self {
            Self::Address(email) => format!("no member has the address {email}"),
            Self::UserId(id) => format!("no member has the user id {id}"),
        };
        InviteError::new(ErrorKind::NotFound, what)
            .with_advice("Nothing was sent. Look for the person in the list of members.")
    }
}
