//! Faults, and the requests that they affect.

use std::{collections::BTreeMap, time::Duration};

use hyper::header::{HeaderName, HeaderValue};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::{Operation, Refusal};

/// A fault. The fields from [`Fault::status`] on belong to single faults and are rejected on others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// The fault.
    pub fault: FaultName,
    /// Which requests match.
    #[serde(default)]
    pub on: On,
    /// How many matching requests it may hit; `None`: all.
    #[serde(default = "once")]
    pub times: Option<u64>,
    /// How many matching requests pass before the first.
    #[serde(default)]
    pub skip: u64,
    /// Only requests whose body has this address, letter case ignored, match: creates alone have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The chance that it hits one of them.
    #[serde(default = "certain")]
    pub probability: f64,
    /// Where the chances are drawn from.
    #[serde(default)]
    pub seed: u64,
    /// The status of `status` (503) and `act_then_status` (502).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// More headers for `status` and `act_then_status`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<BTreeMap<String, String>>,
    /// The body of `status` and `act_then_status`: JSON, a string as it is, or `Value::Null` for none. Default: the
    /// documented error body of the status.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "present"
    )]
    pub body: Option<Value>,
    /// How long `slow_headers` (1000), `late_act` (1000) and `drip` (100) wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// The names of the fields that `missing_fields` and `null_fields` change, at any place in the JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<String>>,
    /// Where `redirect` points (`/elsewhere`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

fn once() -> Option<u64> {
    Some(1)
}

fn certain() -> f64 {
    1.0
}

/// `null` is a body of its own kind, not a body that was left out.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// The fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultName {
    /// Responds with a status without acting.
    Status,
    /// Acts, then responds with a status.
    ActThenStatus,
    /// Closes the connection before acting.
    Cut,
    /// Acts, then closes the connection without a response.
    ActThenCut,
    /// Never responds, does not act.
    Hang,
    /// Acts, then never responds.
    ActThenHang,
    /// Acts, then responds after a while.
    SlowHeaders,
    /// Never responds; acts after a while, even if the client has disconnected.
    LateAct,
    /// Acts, sends the headers and half of the body, then nothing.
    StallBody,
    /// Acts, sends half of the promised body and closes.
    ShortBody,
    /// Acts, sends the body byte by byte.
    Drip,
    /// Acts, responds with 200 and an HTML page.
    Html,
    /// Acts, responds with 200 and valid HTTP whose JSON stops in the middle.
    TruncatedJson,
    /// Acts, responds without some fields.
    MissingFields,
    /// Acts, responds with `null` in some fields.
    NullFields,
    /// Acts, responds with `permission` `observer` and `createdBy` `robot`.
    UnknownValues,
    /// The list has every entry twice.
    DuplicateEntries,
    /// The list of invites or of members has the first half of its entries, and a cursor for the next page.
    NextPage,
    /// Does not act, responds with 307.
    Redirect,
}

/// Which requests a fault matches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum On {
    /// List invites.
    List,
    /// Create an invite.
    Create,
    /// Revoke an invite.
    Revoke,
    /// Read the organization.
    Organization,
    /// List members.
    Members,
    /// Change a member's permission.
    UpdateMember,
    /// Remove a member.
    RemoveMember,
    /// Every operation that changes nothing.
    Read,
    /// Every operation that changes something.
    Write,
    /// All seven.
    #[default]
    Any,
}

impl On {
    pub(crate) fn matches(self, operation: Operation) -> bool {
        match self {
            Self::List => operation == Operation::List,
            Self::Create => operation == Operation::Create,
            Self::Revoke => operation == Operation::Revoke,
            Self::Organization => operation == Operation::Organization,
            Self::Members => operation == Operation::Members,
            Self::UpdateMember => operation == Operation::UpdateMember,
            Self::RemoveMember => operation == Operation::RemoveMember,
            Self::Read => !operation.is_write() && operation != Operation::Other,
            Self::Write => operation.is_write(),
            Self::Any => operation != Operation::Other,
        }
    }
}

impl FaultName {
    /// The name as JSON has it: `act_then_cut`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::ActThenStatus => "act_then_status",
            Self::Cut => "cut",
            Self::ActThenCut => "act_then_cut",
            Self::Hang => "hang",
            Self::ActThenHang => "act_then_hang",
            Self::SlowHeaders => "slow_headers",
            Self::LateAct => "late_act",
            Self::StallBody => "stall_body",
            Self::ShortBody => "short_body",
            Self::Drip => "drip",
            Self::Html => "html",
            Self::TruncatedJson => "truncated_json",
            Self::MissingFields => "missing_fields",
            Self::NullFields => "null_fields",
            Self::UnknownValues => "unknown_values",
            Self::DuplicateEntries => "duplicate_entries",
            Self::NextPage => "next_page",
            Self::Redirect => "redirect",
        }
    }
}

impl Fault {
    const LONGEST_DELAY_MS: u64 = 3_600_000;

    /// This fault, once, for the next request of any operation.
    pub fn new(fault: FaultName) -> Self {
        Self {
            fault,
            on: On::default(),
            times: once(),
            skip: 0,
            email: None,
            probability: certain(),
            seed: 0,
            status: None,
            headers: None,
            body: None,
            delay_ms: None,
            fields: None,
            location: None,
        }
    }

    /// The same for these requests.
    #[must_use]
    pub fn on(self, on: On) -> Self {
        Self { on, ..self }
    }

    /// The same for every matching request.
    #[must_use]
    pub fn always(self) -> Self {
        Self {
            times: None,
            ..self
        }
    }

    pub(crate) fn check(&self) -> Result<(), Refusal> {
        use FaultName::*;
        let (answers, waits, picks) = (
            matches!(self.fault, Status | ActThenStatus),
            matches!(self.fault, SlowHeaders | LateAct | Drip),
            matches!(self.fault, MissingFields | NullFields),
        );
        for (field, given, belongs) in [
            ("status", self.status.is_some(), answers),
            ("headers", self.headers.is_some(), answers),
            ("body", self.body.is_some(), answers),
            ("delayMs", self.delay_ms.is_some(), waits),
            ("fields", self.fields.is_some(), picks),
            ("location", self.location.is_some(), self.fault == Redirect),
        ] {
            if given && !belongs {
                return self.refuse(&format!("has no field `{field}`"));
            }
        }
        if self.email.is_some() && !self.on.matches(Operation::Create) {
            return self.refuse("has an `email`, which only the body of a create has");
        }
        if !(0.0..=1.0).contains(&self.probability) {
            return self.refuse("has a `probability` outside 0 to 1");
        }
        if self
            .status
            .is_some_and(|status| !(200..=599).contains(&status))
        {
            return self.refuse("has a `status` outside 200 to 599");
        }
        if self
            .delay_ms
            .is_some_and(|delay| delay > Self::LONGEST_DELAY_MS)
        {
            return self.refuse("has a `delayMs` of more than an hour");
        }
        if picks && self.fields.as_ref().is_none_or(Vec::is_empty) {
            return self.refuse("needs `fields`");
        }
        if self
            .location
            .as_ref()
            .is_some_and(|location| HeaderValue::from_str(location).is_err())
        {
            return self.refuse("has a `location` that no header can carry");
        }
        let headers = self.headers.iter().flatten();
        for (name, value) in headers {
            if header(name, value).is_none() {
                return self.refuse(&format!("cannot send the header `{name}`"));
            }
        }
        Ok(())
    }

    fn refuse(&self, why: &str) -> Result<(), Refusal> {
        let name = self.fault.as_str();
        Err(Refusal::new(format!("the fault \"{name}\" {why}")))
    }

    pub(crate) fn delay(&self, default_ms: u64) -> Duration {
        Duration::from_millis(self.delay_ms.unwrap_or(default_ms))
    }

    pub(crate) fn parsed_headers(&self) -> Vec<(HeaderName, HeaderValue)> {
        self.headers
            .iter()
            .flatten()
            .filter_map(|(name, value)| header(name, value))
            .collect()
    }
}

/// A header that may be sent: a fault must not change the framing of the response.
fn header(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    let name = HeaderName::try_from(name).ok()?;
    let framing = matches!(name.as_str(), "content-length" | "transfer-encoding");
    (!framing).then_some((name, HeaderValue::from_str(value).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_fields_and_ranges_are_checked() {
        use FaultName::*;
        let refused = [
            Fault {
                delay_ms: Some(1),
                ..Fault::new(Cut)
            },
            Fault {
                status: Some(99),
                ..Fault::new(Status)
            },
            Fault {
                probability: 1.5,
                ..Fault::new(Cut)
            },
            Fault {
                probability: f64::NAN,
                ..Fault::new(Cut)
            },
            Fault {
                headers: Some(BTreeMap::from([("a b".into(), String::new())])),
                ..Fault::new(Status)
            },
            Fault {
                headers: Some(BTreeMap::from([("Content-Length".into(), "1".into())])),
                ..Fault::new(Status)
            },
            Fault::new(MissingFields),
            Fault {
                email: Some("ada@example.com".into()),
                ..Fault::new(Status).on(On::List)
            },
            Fault {
                location: Some("\n".into()),
                ..Fault::new(Redirect)
            },
        ];
        for fault in refused {
            assert!(fault.check().is_err(), "{fault:?}");
        }
        assert_eq!(Fault::new(Status).check(), Ok(()));
    }

    #[test]
    fn a_fault_has_one_name() {
        use FaultName::*;
        for fault in [
            Status,
            ActThenStatus,
            Cut,
            ActThenCut,
            Hang,
            ActThenHang,
            SlowHeaders,
            LateAct,
            StallBody,
            ShortBody,
            Drip,
            Html,
            TruncatedJson,
            MissingFields,
            NullFields,
            UnknownValues,
            DuplicateEntries,
            NextPage,
            Redirect,
        ] {
            assert_eq!(
                serde_json::to_value(fault).ok(),
                Some(fault.as_str().into())
            );
        }
    }
}
