//! The events that a client reports: one for each attempt.

use std::sync::Arc;
use std::time::Duration;

use icepanel_invites::{Event as CoreEvent, Next as CoreNext};

use crate::error::ErrorKind;
use crate::outbox::Outbox;

/// A request of the API.
#[derive(Clone, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum Operation {
    /// Reads the list of invites.
    ListInvites,
    /// Makes an invite.
    CreateInvite,
    /// Revokes an invite.
    RevokeInvite,
    /// Reads the members.
    ListMembers,
    /// `PATCH /organizations/{organizationId}/users/{userId}`
    UpdateMember,
    /// `DELETE /organizations/{organizationId}/users/{userId}`
    RemoveMember,
    /// Reads the organization, for its seats.
    ReadOrganization,
    /// One that this version does not know.
    Other {
        /// Its name.
        text: String,
    },
}

impl From<icepanel_invites::Operation> for Operation {
    fn from(operation: icepanel_invites::Operation) -> Self {
        use icepanel_invites::Operation as Core;
        match operation {
            Core::ListInvites => Self::ListInvites,
            Core::CreateInvite => Self::CreateInvite,
            Core::RevokeInvite => Self::RevokeInvite,
            Core::ListMembers => Self::ListMembers,
            Core::UpdateMember => Self::UpdateMember,
            Core::RemoveMember => Self::RemoveMember,
            Core::ReadOrganization => Self::ReadOrganization,
            other => Self::Other {
                text: other.as_str().to_owned(),
            },
        }
    }
}

/// What the client does after an attempt.
#[derive(Clone, Debug, PartialEq, uniffi::Enum)]
pub enum Next {
    /// The request succeeded.
    Done,
    /// It is retried after this wait.
    Retry {
        /// In milliseconds.
        wait_ms: f64,
    },
    /// It was a create, or a change of a member, without a clear answer: a list is read to find out whether it was
    /// carried out.
    LookUp,
    /// The call ends with an error.
    Fail,
    /// A step that this version does not know.
    Other {
        /// Its name.
        text: String,
    },
}

impl From<CoreNext> for Next {
    fn from(next: CoreNext) -> Self {
        match next {
            CoreNext::Done => Self::Done,
            CoreNext::Retry(wait) => Self::Retry {
                wait_ms: milliseconds(wait),
            },
            CoreNext::LookUp => Self::LookUp,
            CoreNext::Fail => Self::Fail,
            other => Self::Other {
                text: other.as_str().to_owned(),
            },
        }
    }
}

/// One attempt at a request, reported when it has ended.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Event {
    /// The request.
    pub operation: Operation,
    /// The number of this attempt at this request, from 1.
    pub attempt: u32,
    /// The HTTP status, if there was a response.
    pub status: Option<u16>,
    /// The time from before the request was sent until its response was read or it failed.
    pub latency_ms: f64,
    /// What went wrong, if something did.
    pub error: Option<ErrorKind>,
    /// The service's id of the request.
    pub request_id: Option<String>,
    /// What happens next.
    pub next: Next,
}

impl From<&CoreEvent> for Event {
    fn from(event: &CoreEvent) -> Self {
        Self {
            operation: event.operation.into(),
            attempt: event.attempt,
            status: event.status,
            latency_ms: milliseconds(event.latency),
            error: event.error.map(Into::into),
            request_id: event.request_id.clone(),
            next: event.next.into(),
        }
    }
}

fn milliseconds(span: Duration) -> f64 {
    span.as_secs_f64() * 1e3
}

/// Receives each attempt when it has ended, in order, on its own thread. A call's result follows its events, so a slow
/// listener slows down only its client.
#[uniffi::export(callback_interface)]
pub trait EventListener: Send + Sync {
    /// An attempt has ended. Errors here do not affect the call and are ignored.
    fn on_event(&self, event: Event) -> Result<(), ListenerFailure>;
}

/// A client's listener, and the messages for it.
#[derive(Clone)]
pub(crate) struct Listener {
    listener: Arc<dyn EventListener>,
    pub(crate) outbox: Arc<Outbox>,
}

impl Listener {
    pub(crate) fn new(listener: Box<dyn EventListener>) -> Self {
        Self {
            listener: Arc::from(listener),
            outbox: Arc::default(),
        }
    }

    pub(crate) fn tell(&self, event: &CoreEvent) {
        let (listener, event) = (self.listener.clone(), event.into());
        self.outbox.put(move || {
            // An error of the listener does not affect the call.
            let _ = listener.on_event(event);
        });
    }
}

/// An error of a listener.
#[derive(Debug, uniffi::Error)]
pub enum ListenerFailure {
    /// It threw.
    Threw {
        /// What.
        reason: String,
    },
}

impl std::fmt::Display for ListenerFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self::Threw { reason } = self;
        f.write_str(reason)
    }
}

impl std::error::Error for ListenerFailure {}

/// Without this, a listener that throws would be a panic.
impl From<uniffi::UnexpectedUniFFICallbackError> for ListenerFailure {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Threw {
            reason: error.reason,
        }
    }
}
