//! The events that a client reports: one for each attempt.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::error::ErrorKind;

/// A request of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// `GET /organizations/{organizationId}/users/invites`
    ListInvites,
    /// `POST /organizations/{organizationId}/users/invites`
    CreateInvite,
    /// `POST /organizations/{organizationId}/users/invites/{organizationUserInviteId}`
    RevokeInvite,
    /// `GET /organizations/{organizationId}/users`
    ListMembers,
    /// `PATCH /organizations/{organizationId}/users/{userId}`
    UpdateMember,
    /// `DELETE /organizations/{organizationId}/users/{userId}`
    RemoveMember,
    /// `GET /organizations/{organizationId}`
    ReadOrganization,
}

impl Operation {
    /// The operation's name in JSON and logs, the same in every language: `create_invite`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ListInvites => "list_invites",
            Self::CreateInvite => "create_invite",
            Self::RevokeInvite => "revoke_invite",
            Self::ListMembers => "list_members",
            Self::UpdateMember => "update_member",
            Self::RemoveMember => "remove_member",
            Self::ReadOrganization => "read_organization",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the client does after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Next {
    /// The request succeeded.
    Done,
    /// It is retried after this wait.
    Retry(Duration),
    /// It was a create, or a change of a member, without a clear answer: the list is read to find out whether
    /// the service has carried it out.
    LookUp,
    /// The call ends with an error.
    Fail,
}

/// One attempt at a request, reported when it has ended. No part of it contains the API key.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Event {
    /// The request.
    pub operation: Operation,
    /// The number of the attempt at this request, from 1.
    pub attempt: u32,
    /// The HTTP status, if there was a response.
    pub status: Option<u16>,
    /// The time from before the request was sent until its response was read or it failed.
    pub latency: Duration,
    /// What went wrong, if something did.
    pub error: Option<ErrorKind>,
    /// The service's id of the request.
    pub request_id: Option<String>,
    /// What happens next.
    pub next: Next,
    pub(crate) request: EventRequest,
}

/// The request and the response headers of an event.
#[derive(Clone, Debug, Default)]
pub(crate) struct EventRequest {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<EventHeader>,
}

/// A header of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventHeader {
    /// The name, in lower case.
    pub name: String,
    /// The value, for the headers of a fixed list, none of which has a secret. For others only the name is known.
    pub value: Option<String>,
}

impl Event {
    /// The HTTP method of the request: `POST`.
    pub fn method(&self) -> &str {
        &self.request.method
    }

    /// The URL of the request.
    pub fn url(&self) -> &str {
        &self.request.url
    }

    /// The headers of the response, if there was one.
    pub fn headers(&self) -> &[EventHeader] {
        &self.request.headers
    }
}

impl Next {
    /// The step's name in JSON and logs, the same in every language: `look_up`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Retry(_) => "retry",
            Self::LookUp => "look_up",
            Self::Fail => "fail",
        }
    }
}

/// `{"operation", "attempt", "status", "latencyMs", "error", "requestId", "next", "waitMs"}`; a value that
/// does not exist is null.
impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let wait = match self.next {
            Next::Retry(wait) => Some(milliseconds(wait)),
            _ => None,
        };
        let mut map = serializer.serialize_map(Some(8))?;
        map.serialize_entry("operation", self.operation.as_str())?;
        map.serialize_entry("attempt", &self.attempt)?;
        map.serialize_entry("status", &self.status)?;
        map.serialize_entry("latencyMs", &milliseconds(self.latency))?;
        map.serialize_entry("error", &self.error.map(ErrorKind::as_str))?;
        map.serialize_entry("requestId", &self.request_id)?;
        map.serialize_entry("next", self.next.as_str())?;
        map.serialize_entry("waitMs", &wait)?;
        map.end()
    }
}

fn milliseconds(span: Duration) -> f64 {
    span.as_secs_f64() * 1e3
}

/// The caller's function that receives each event.
#[derive(Clone)]
pub(crate) struct Hook(pub(crate) Arc<dyn Fn(&Event) + Send + Sync>);

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("on_event")
    }
}
