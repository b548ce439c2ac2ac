//! Which operation a request is.

use hyper::{
    Method, StatusCode,
    header::{self, HeaderValue},
};

use crate::{
    Operation,
    reply::{Problem, Reply},
};

/// What a request asks for. The ids are unescaped.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Route {
    List {
        organization: String,
    },
    Create {
        organization: String,
    },
    Revoke {
        organization: String,
        invite: String,
    },
    Organization {
        organization: String,
    },
    Members {
        organization: String,
    },
    UpdateMember {
        organization: String,
        user: String,
    },
    RemoveMember {
        organization: String,
        user: String,
    },
    /// A path of the published API, by a method that it does not have.
    NotAllowed {
        /// The methods that it has.
        allow: &'static str,
    },
    /// Any other path.
    Other,
}

impl Route {
    pub(crate) fn of(method: &Method, path: &str) -> Self {
        let Some(path) = path.strip_prefix("/v1/organizations/") else {
            return Self::Other;
        };
        let mut segments = path.split('/');
        let organization = segments.next().map(unescape).unwrap_or_default();
        let rest: [Option<&str>; 4] = std::array::from_fn(|_| segments.next());
        match (method, rest) {
            (&Method::GET, [None, ..]) => Self::Organization { organization },
            (&Method::GET, [Some("users"), None, ..]) => Self::Members { organization },
            (_, [None, ..] | [Some("users"), None, ..]) => Self::NotAllowed { allow: "GET" },
            (&Method::GET, [Some("users"), Some("invites"), None, _]) => {
                Self::List { organization }
            }
            (&Method::POST, [Some("users"), Some("invites"), None, _]) => {
                Self::Create { organization }
            }
            (_, [Some("users"), Some("invites"), None, _]) => {
                Self::NotAllowed { allow: "GET, POST" }
            }
            (&Method::PATCH, [Some("users"), Some(user), None, _]) if !user.is_empty() => {
                Self::UpdateMember {
                    organization,
                    user: unescape(user),
                }
            }
            (&Method::DELETE, [Some("users"), Some(user), None, _]) if !user.is_empty() => {
                Self::RemoveMember {
                    organization,
                    user: unescape(user),
                }
            }
            (_, [Some("users"), Some(user), None, _]) if !user.is_empty() => Self::NotAllowed {
                allow: "PATCH, DELETE",
            },
            (&Method::POST, [Some("users"), Some("invites"), Some(invite), None])
                if !invite.is_empty() =>
            {
                Self::Revoke {
                    organization,
                    invite: unescape(invite),
                }
            }
            (_, [Some("users"), Some("invites"), Some(invite), None]) if !invite.is_empty() => {
                Self::NotAllowed { allow: "POST" }
            }
            _ => Self::Other,
        }
    }

    pub(crate) fn operation(&self) -> Operation {
        match self {
            Self::List { .. } => Operation::List,
            Self::Create { .. } => Operation::Create,
            Self::Revoke { .. } => Operation::Revoke,
            Self::Organization { .. } => Operation::Organization,
            Self::Members { .. } => Operation::Members,
            Self::UpdateMember { .. } => Operation::UpdateMember,
            Self::RemoveMember { .. } => Operation::RemoveMember,
            Self::NotAllowed { .. } | Self::Other => Operation::Other,
        }
    }

    pub(crate) fn organization(&self) -> Option<&str> {
        match self {
            Self::List { organization }
            | Self::Create { organization }
            | Self::Revoke { organization, .. }
            | Self::Organization { organization }
            | Self::Members { organization }
            | Self::UpdateMember { organization, .. }
            | Self::RemoveMember { organization, .. } => Some(organization),
            Self::NotAllowed { .. } | Self::Other => None,
        }
    }

    /// The response to a request that is not one of the seven operations.
    pub(crate) fn refusal(&self, unknown_fields: bool) -> Reply {
        let plain = |status| Problem::plain(status).reply(unknown_fields);
        match self {
            Self::NotAllowed { allow } => plain(StatusCode::METHOD_NOT_ALLOWED)
                .with(header::ALLOW, HeaderValue::from_static(allow)),
            _ => plain(StatusCode::NOT_FOUND),
        }
    }
}

pub(crate) fn unescape(segment: &str) -> String {
    if !segment.contains('%') {
        return segment.to_owned();
    }
    let bytes = segment.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%')
            .then(|| segment.get(at + 1..at + 3))
            .flatten()
            .filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(escaped.unwrap_or(bytes[at]));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operations_are_recognised_by_method_and_path() {
        for (method, path, operation) in [
            (Method::GET, "/v1/organizations/o", Operation::Organization),
            (Method::GET, "/v1/organizations/o/users", Operation::Members),
            (
                Method::GET,
                "/v1/organizations/o/users/invites",
                Operation::List,
            ),
            (
                Method::POST,
                "/v1/organizations/o/users/invites",
                Operation::Create,
            ),
            (
                Method::POST,
                "/v1/organizations/o/users/invites/i",
                Operation::Revoke,
            ),
            (
                Method::GET,
                "/v1/organizations/o/users/invites/i",
                Operation::Other,
            ),
            (
                Method::POST,
                "/v1/organizations/o/users/invites/",
                Operation::Other,
            ),
            (
                Method::POST,
                "/v1/organizations/o/users/invites/i/j",
                Operation::Other,
            ),
            (
                Method::PATCH,
                "/v1/organizations/o/users/u",
                Operation::UpdateMember,
            ),
            (
                Method::DELETE,
                "/v1/organizations/o/users/u",
                Operation::RemoveMember,
            ),
            (Method::GET, "/v1/organizations/o/users/u", Operation::Other),
            (
                Method::DELETE,
                "/v1/organizations/o/users/",
                Operation::Other,
            ),
            (Method::GET, "/v1/organizations/o/users/", Operation::Other),
            (
                Method::DELETE,
                "/v1/organizations/o/users/invites/i",
                Operation::Other,
            ),
            (Method::POST, "/v1/organizations/o", Operation::Other),
            (Method::GET, "/organizations/o", Operation::Other),
            (Method::GET, "/", Operation::Other),
        ] {
            assert_eq!(
                Route::of(&method, path).operation(),
                operation,
                "{method} {path}"
            );
        }
    }

    #[test]
    fn ids_are_unescaped_segment_by_segment() {
        let route = Route::of(
            &Method::POST,
            "/v1/organizations/a%2Fb/users/invites/100%25%C3%A9%zz%4",
        );
        assert_eq!(
            route,
            Route::Revoke {
                organization: "a/b".into(),
                invite: "100%é%zz%4".into()
            }
        );
    }
}
