//! What happened.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use hyper::{Method, body::Bytes};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{FaultName, Member, Operation};

/// What happened since the state was set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Report {
    /// How many requests arrived, by operation.
    pub requests: Requests,
    /// How many responses had each status.
    pub answers: BTreeMap<u16, u64>,
    /// How many invites a create made, by address in lower case.
    pub invites_made: BTreeMap<String, u64>,
    /// How many invites are active now, by address in lower case.
    pub active_invites: BTreeMap<String, u64>,
    /// The sum of `invites_made`.
    pub invites_made_total: u64,
    /// The sum of `active_invites`.
    pub active_invites_total: u64,
    /// The addresses for which more than one invite was made.
    pub addresses_invited_twice: Vec<String>,
    /// The members now, each with the user id.
    pub members: Vec<Member>,
    /// The smallest number of members with `admin` at any time since the state was set.
    pub fewest_admins: u64,
    /// How many requests the rate limit rejected.
    pub rate_limited: u64,
    /// How many clients disconnected before their response was complete.
    pub abandoned: u64,
    /// How many requests have no complete response yet.
    pub in_flight: u64,
    /// How many connections carried a request.
    pub connections: u64,
    /// Whether the key came with a request to a path outside `/v1`.
    pub key_sent_elsewhere: bool,
    /// The names, in lower case, of request headers that the API does not need.
    pub unexpected_headers: Vec<String>,
    /// The last requests, oldest first.
    pub log: Vec<LogEntry>,
}

/// How many requests arrived, by operation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Requests {
    /// List invites.
    pub list: u64,
    /// Create an invite.
    pub create: u64,
    /// Revoke an invite.
    pub revoke: u64,
    /// Read the organization.
    pub organization: u64,
    /// List members.
    pub members: u64,
    /// Change a member's permission.
    pub update_member: u64,
    /// Remove a member.
    pub remove_member: u64,
    /// Every other path or method.
    pub other: u64,
}

impl Requests {
    pub(crate) fn count(&mut self, operation: Operation) {
        *match operation {
            Operation::List => &mut self.list,
            Operation::Create => &mut self.create,
            Operation::Revoke => &mut self.revoke,
            Operation::Organization => &mut self.organization,
            Operation::Members => &mut self.members,
            Operation::UpdateMember => &mut self.update_member,
            Operation::RemoveMember => &mut self.remove_member,
            Operation::Other => &mut self.other,
        } += 1;
    }
}

/// One request and its response.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    /// What it was.
    pub operation: Operation,
    /// The HTTP method.
    pub method: String,
    /// Path and query as they came, still escaped.
    pub path: String,
    /// The status that was sent, if one was.
    pub status: Option<u16>,
    /// The fault of the request, if it had one.
    pub fault: Option<FaultName>,
    /// When it arrived, in milliseconds since the state was set.
    pub at_ms: f64,
    /// Its body: JSON, otherwise a string, `null` for none.
    pub body: Value,
    /// The body of the response, also if a fault stopped it: JSON, otherwise a string, `null` for none.
    pub answer: Value,
}

/// The last requests, bodies still unparsed: parsing waits until someone asks.
pub(crate) struct Log {
    entries: VecDeque<RawEntry>,
    dropped: u64,
}

#[derive(Clone)]
pub(crate) struct RawEntry {
    pub(crate) operation: Operation,
    pub(crate) method: Method,
    pub(crate) path: Box<str>,
    pub(crate) status: Option<u16>,
    pub(crate) fault: Option<FaultName>,
    pub(crate) at_ms: f64,
    pub(crate) body: Bytes,
    pub(crate) answer: Bytes,
}

impl Log {
    const MOST_ENTRIES: usize = 10_000;
    const MOST_BYTES: usize = 4096;

    pub(crate) fn new() -> Self {
        Self {
            entries: VecDeque::new(),
            dropped: 0,
        }
    }

    /// Adds a request, and returns the number with which its response can be added.
    pub(crate) fn push(&mut self, entry: RawEntry) -> u64 {
        if self.entries.len() == Self::MOST_ENTRIES {
            self.entries.pop_front();
            self.dropped += 1;
        }
        self.entries.push_back(entry);
        self.dropped + self.entries.len() as u64 - 1
    }

    pub(crate) fn entry(&mut self, number: u64) -> Option<&mut RawEntry> {
        self.entries
            .get_mut(number.checked_sub(self.dropped)? as usize)
    }

    pub(crate) fn entries(&self) -> Vec<RawEntry> {
        self.entries.iter().cloned().collect()
    }

    /// The part of a request's body in the log: a copy, because the original shares hyper's whole read buffer.
    pub(crate) fn keep(body: &[u8]) -> Bytes {
        Bytes::copy_from_slice(&body[..body.len().min(Self::MOST_BYTES)])
    }

    /// The part of a response in the log. A long one is copied in part, so that the rest can be freed.
    pub(crate) fn keep_answer(body: &Bytes) -> Bytes {
        if body.len() > Self::MOST_BYTES {
            Self::keep(body)
        } else {
            body.clone()
        }
    }
}

impl From<RawEntry> for LogEntry {
    fn from(raw: RawEntry) -> Self {
        Self {
            operation: raw.operation,
            method: raw.method.as_str().to_owned(),
            path: raw.path.into(),
            status: raw.status,
            fault: raw.fault,
            at_ms: raw.at_ms,
            body: readable(&raw.body),
            answer: readable(&raw.answer),
        }
    }
}

fn readable(bytes: &[u8]) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(bytes)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(bytes).into_owned()))
}

/// The headers that a plain HTTP client of this API may send.
pub(crate) fn note_unexpected_headers(headers: &hyper::HeaderMap, seen: &mut BTreeSet<String>) {
    for name in headers.keys() {
        match name.as_str() {
            "host" | "accept" | "accept-encoding" | "authorization" | "connection"
            | "cache-control" | "content-length" | "content-type" | "user-agent" | "x-api-key" => {}
            other if seen.contains(other) => {}
            other => {
                seen.insert(other.to_owned());
            }
        }
    }
}
