//! The faults of the sandbox, and the expected result of each at each call.

use serde_json::{Value, json};

use crate::with;

/// What a fault does to the request that it hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nature {
    /// An answer with this status.
    Status { status: u16, acts: bool },
    /// The connection breaks.
    Breaks { acts: bool },
    /// No answer, or not all of it; the client's limit passes.
    Silent { acts: bool, begins: bool },
    /// A 2xx that cannot be read.
    Garbled,
    /// A redirect.
    Elsewhere,
    /// A list that has a next page.
    HalfAList,
    /// What changes nothing for the caller.
    Harmless,
}

impl Nature {
    /// Whether a request that may be sent again is sent again.
    pub(crate) fn is_tried_again(self) -> bool {
        match self {
            Self::Status { status, .. } => kind_of(status).1,
            Self::Breaks { .. } | Self::Silent { .. } => true,
            Self::Garbled | Self::Elsewhere | Self::HalfAList | Self::Harmless => false,
        }
    }
}

pub(crate) struct FaultCase {
    /// As in the table.
    pub(crate) name: String,
    pub(crate) fault: Value,
    pub(crate) nature: Nature,
}

/// Every fault that the sandbox has, and of `status` every status that means something else to the client.
pub(crate) fn all() -> Vec<FaultCase> {
    let mut cases = Vec::new();
    let mut add = |name: &str, more: Value, nature| {
        let fault = with(json!({"fault": name.split([' ', '(']).next()}), more);
        cases.push(FaultCase {
            name: name.to_owned(),
            fault,
            nature,
        });
    };
    for status in [
        400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504, 524,
    ] {
        let nature = Nature::Status {
            status,
            acts: false,
        };
        add(
            &format!("status {status}"),
            json!({"status": status}),
            nature,
        );
    }
    add(
        "status 503 (HTML)",
        json!({"status": 503, "headers": {"content-type": "text/html"}, "body": "<h1>Down</h1>"}),
        Nature::Status {
            status: 503,
            acts: false,
        },
    );
    for status in [500, 502, 504] {
        let nature = Nature::Status { status, acts: true };
        add(
            &format!("act_then_status {status}"),
            json!({"status": status}),
            nature,
        );
    }
    add("cut", json!({}), Nature::Breaks { acts: false });
    add("act_then_cut", json!({}), Nature::Breaks { acts: true });
    add("short_body", json!({}), Nature::Breaks { acts: true });
    add(
        "hang",
        json!({}),
        Nature::Silent {
            acts: false,
            begins: false,
        },
    );
    add(
        "act_then_hang",
        json!({}),
        Nature::Silent {
            acts: true,
            begins: false,
        },
    );
    add(
        "late_act",
        json!({"delayMs": 100}),
        Nature::Silent {
            acts: true,
            begins: false,
        },
    );
    add(
        "stall_body",
        json!({}),
        Nature::Silent {
            acts: true,
            begins: true,
        },
    );
    add("html", json!({}), Nature::Garbled);
    add("truncated_json", json!({}), Nature::Garbled);
    let envelopes = [
        "organizationUserInvites",
        "organizationUserInvite",
        "organization",
        "organizationUsers",
        "organizationUser",
    ];
    add(
        "missing_fields",
        json!({"fields": envelopes}),
        Nature::Garbled,
    );
    add("null_fields", json!({"fields": envelopes}), Nature::Garbled);
    let optional = ["landscapePermissions", "name", "jobRole", "usedByUserId"];
    add(
        "null_fields (optional)",
        json!({"fields": optional}),
        Nature::Harmless,
    );
    add("slow_headers", json!({"delayMs": 50}), Nature::Harmless);
    add("drip", json!({"delayMs": 1}), Nature::Harmless);
    add("unknown_values", json!({}), Nature::Harmless);
    add("duplicate_entries", json!({}), Nature::Harmless);
    add("redirect", json!({}), Nature::Elsewhere);
    add("next_page", json!({}), Nature::HalfAList);
    cases
}

/// Which requests of a call a fault hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The first request.
    Once,
    /// Every request.
    Always,
    /// The first write.
    OnceOnWrite,
    /// Every write; reads are answered.
    AlwaysOnWrite,
}

impl Reach {
    pub(crate) const ALL: [Self; 4] = [
        Self::Once,
        Self::Always,
        Self::OnceOnWrite,
        Self::AlwaysOnWrite,
    ];

    /// The fault with its reach.
    pub(crate) fn of(self, fault: &Value, write: Option<&str>) -> Value {
        let mut fault = fault.clone();
        fault["on"] = match self {
            Self::Once | Self::Always => "any".into(),
            Self::OnceOnWrite | Self::AlwaysOnWrite => write.unwrap_or("write").into(),
        };
        fault["times"] = match self {
            Self::Once | Self::OnceOnWrite => 1.into(),
            Self::Always | Self::AlwaysOnWrite => Value::Null,
        };
        fault
    }
}

/// What must come out of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    Result,
    Kind(&'static str),
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Result => f.write_str("result"),
            Self::Kind(kind) => f.write_str(kind),
        }
    }
}

/// A request that may be sent again without harm: reads and revokes.
pub(crate) fn of_idempotent(nature: Nature, always: bool) -> Expected {
    let (kind, retryable) = match nature {
        Nature::Status { status, .. } => kind_of(status),
        Nature::Breaks { .. } => ("connection", true),
        Nature::Silent { .. } => ("timeout", true),
        Nature::Garbled | Nature::Elsewhere | Nature::HalfAList => ("unexpected_answer", false),
        Nature::Harmless => return Expected::Result,
    };
    match retryable && !always {
        true => Expected::Result,
        false => Expected::Kind(kind),
    }
}

/// A create, while the list can be read.
pub(crate) fn of_create(nature: Nature, always: bool) -> Expected {
    match nature {
        // No answer, and the service or a proxy before it may still be at work: the list cannot show that it is not.
        Nature::Status {
            status: 408 | 504 | 524,
            acts: false,
        }
        | Nature::Silent {
            acts: false,
            begins: false,
        } => Expected::Kind("outcome_unknown"),
        // It acted, and the list shows it.
        Nature::Status { acts: true, .. }
        | Nature::Breaks { acts: true }
        | Nature::Silent { acts: true, .. }
        | Nature::Garbled => Expected::Result,
        _ => of_idempotent(nature, always),
    }
}

/// A change of a member, while the list of members can be read. It may be sent again, and the list shows what acted.
pub(crate) fn of_member_change(nature: Nature, always: bool) -> Expected {
    match nature {
        Nature::Status { acts: true, .. }
        | Nature::Breaks { acts: true }
        | Nature::Silent { acts: true, .. }
        | Nature::Garbled => Expected::Result,
        _ => of_idempotent(nature, always),
    }
}

/// A create, where what befalls it befalls the reading of the list as well.
pub(crate) fn of_create_in_the_dark(nature: Nature) -> Expected {
    match nature {
        Nature::Status { status, .. } if matches!(status, 400..=499) && status != 408 => {
            of_idempotent(nature, true)
        }
        Nature::Harmless => Expected::Result,
        _ => Expected::Kind("outcome_unknown"),
    }
}

/// The kind of error of a status, and whether the request is sent again.
fn kind_of(status: u16) -> (&'static str, bool) {
    match status {
        401 => ("unauthorized", false),
        403 => ("forbidden", false),
        404 => ("not_found", false),
        408 => ("timeout", true),
        409 => ("conflict", false),
        429 => ("rate_limited", true),
        400..=499 => ("rejected", false),
        _ => ("server", true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_the_sandbox_is_tried() {
        let page = include_str!("../../../crates/icepanel-sandbox/docs/control-api.md");
        let (_, faults) = page.split_once("## Faults").expect("a chapter on faults");
        let (faults, _) = faults
            .split_once("## Report")
            .expect("a chapter on the report");
        let names: Vec<&str> = faults
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
            .collect();
        assert!(names.len() >= 18, "{names:?}");
        let tried = all();
        for name in names {
            assert!(
                tried.iter().any(|case| case.fault["fault"] == name),
                "{name}"
            );
        }
    }

    #[test]
    fn a_create_is_sent_again_only_where_the_first_is_known_not_to_have_happened() {
        let status = |status, acts| Nature::Status { status, acts };
        assert_eq!(of_create(status(503, false), false), Expected::Result);
        assert_eq!(
            of_create(status(503, false), true),
            Expected::Kind("server")
        );
        assert_eq!(
            of_create(status(504, false), false),
            Expected::Kind("outcome_unknown")
        );
        assert_eq!(of_create(status(504, true), true), Expected::Result);
        assert_eq!(
            of_create_in_the_dark(status(401, false)),
            Expected::Kind("unauthorized")
        );
        assert_eq!(
            of_create_in_the_dark(Nature::Garbled),
            Expected::Kind("outcome_unknown")
        );
    }
}
