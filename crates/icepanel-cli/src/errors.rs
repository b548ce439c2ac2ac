//! What can go wrong, the exit code that it has, and how it is told.

use std::fmt::Write as _;
use std::io::{self, Write};

use icepanel_invites::{ErrorKind, InviteError};
use serde::Serialize;
use serde_json::json;

use crate::output::{Format, Output};
use crate::text::{printable, shell_word};

/// All went well.
pub(crate) const OK: u8 = 0;
/// Something that none of the kinds names: a file, the output, the demo.
pub(crate) const OTHER: u8 = 1;
/// An argument or an option cannot be right.
pub(crate) const USAGE: u8 = 2;

/// `apply` has ended, and somebody is not as the roster wants.
pub(crate) const INCOMPLETE: u8 = 3;

/// The exit code of each kind of error. `docs/exit-codes.md` has the same table.
pub(crate) const CODES: &[(ErrorKind, u8, &str)] = &[
    (
        ErrorKind::InvalidInput,
        USAGE,
        "an argument or an option cannot be right; nothing was sent",
    ),
    (
        ErrorKind::Unauthorized,
        10,
        "the service does not know the key",
    ),
    (ErrorKind::Forbidden, 11, "the key may not do this"),
    (ErrorKind::NotFound, 12, "no such organization or invite"),
    (
        ErrorKind::SeatsExhausted,
        13,
        "all paid seats are assigned; no invite was made",
    ),
    (
        ErrorKind::Conflict,
        14,
        "another conflict: the message says which",
    ),
    (
        ErrorKind::Rejected,
        15,
        "the service did not accept the request",
    ),
    (
        ErrorKind::RateLimited,
        16,
        "the service asked for a longer wait than --timeout allows",
    ),
    (ErrorKind::Server, 17, "the service failed"),
    (ErrorKind::Timeout, 18, "a limit on time passed"),
    (
        ErrorKind::Connection,
        19,
        "no connection could be made, or it broke",
    ),
    (
        ErrorKind::UnexpectedAnswer,
        20,
        "the answer is not what the API documents",
    ),
    (
        ErrorKind::OutcomeUnknown,
        21,
        "an invite may have been made, and that could not be found out",
    ),
    (ErrorKind::Closed, 22, "the client was closed"),
    (
        ErrorKind::Cancelled,
        130,
        "stopped by Ctrl-C; a create may have been carried out",
    ),
];

/// The exit code of a kind; one that did not exist when this was built is `1`.
pub(crate) fn exit_code(kind: ErrorKind) -> u8 {
    CODES
        .iter()
        .find(|(known, ..)| *known == kind)
        .map_or(OTHER, |(_, code, _)| *code)
}

/// The exit codes for the help.
pub(crate) fn exit_codes_help() -> String {
    let mut rows = vec![
        (OK, "done"),
        (OTHER, "something else: a file, the output, the demo"),
        (
            INCOMPLETE,
            "apply has ended, and its report names people who are not as the roster wants",
        ),
    ];
    rows.extend(CODES.iter().map(|(_, code, meaning)| (*code, *meaning)));
    rows.sort_unstable();
    let mut help = String::from("Exit codes:\n");
    for (code, meaning) in rows {
        // Writing to a string cannot fail.
        let _ = writeln!(help, "  {code:>3}  {meaning}");
    }
    help.truncate(help.trim_end().len());
    help
}

/// Why a command ended without doing what it should.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The client's error, and the command that shows more.
    Invite(InviteError, Option<String>),
    /// The command's own: what happened, what to do, the exit code.
    Own(String, String, u8),
    /// Several things at once: what they are of, each of them, what to do. The exit code is that of a usage error.
    Problems(String, Vec<String>, &'static str),
    /// A run has ended and not brought everything about; its report has been written. The exit code.
    Incomplete(u8),
    /// Whoever read the output has gone, which is nobody's fault.
    ClosedPipe,
}

impl Failure {
    /// An argument, an option or the environment cannot be right.
    pub(crate) fn usage(message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::Own(message.into(), advice.into(), USAGE)
    }

    /// What no kind names.
    pub(crate) fn other(message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::Own(message.into(), advice.into(), OTHER)
    }

    /// The output could not be written.
    pub(crate) fn output(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::ClosedPipe;
        }
        Self::other(
            format!("the output cannot be written: {error}"),
            "What was asked for has been done; look with icepanel-invites list.",
        )
    }

    /// The client's error in a call that was about this address, if it was about one.
    pub(crate) fn invite(error: InviteError, email: Option<&str>) -> Self {
        let look = look(&error, email);
        Self::Invite(error, look)
    }

    /// Tells it on the error output, and returns the exit code.
    pub(crate) fn report(&self, output: &Output) -> u8 {
        let code = match self {
            Self::Invite(error, _) => exit_code(error.kind()),
            Self::Own(.., code) => *code,
            Self::Problems(..) => USAGE,
            Self::Incomplete(code) => return *code,
            Self::ClosedPipe => return OK,
        };
        let text = match output.format {
            Format::Json => self.json(),
            Format::Table | Format::Csv => self.lines(output),
        };
        // There is nobody left to tell if this fails.
        let _ = io::stderr().lock().write_all(text.as_bytes());
        code
    }

    fn json(&self) -> String {
        #[derive(Serialize)]
        struct Told<T> {
            error: T,
        }
        let text = match self {
            Self::Invite(error, _) => serde_json::to_string(&Told { error }),
            Self::Own(message, advice, code) => {
                let kind = match *code {
                    USAGE => ErrorKind::InvalidInput.as_str(),
                    _ => "other",
                };
                serde_json::to_string(&Told {
                    error: json!({
                        "kind": kind, "message": message, "advice": advice,
                        "full": format!("{message}. {advice}"), "status": null, "code": null, "errors": [], "requestId": null, "attempts": 0, "retryable": false,
                        "retryAfterMs": null, "inviteMayExist": false,
                    }),
                })
            }
            Self::Problems(message, lines, advice) => serde_json::to_string(&Told {
                error: json!({
                    "kind": ErrorKind::InvalidInput.as_str(), "message": message, "advice": advice,
                    "full": format!("{message}. {advice}"), "status": null, "code": null, "errors": lines, "requestId": null, "attempts": 0, "retryable": false,
                    "retryAfterMs": null, "inviteMayExist": false,
                }),
            }),
            Self::Incomplete(_) | Self::ClosedPipe => return String::new(),
        };
        text.map(|text| text + "\n").unwrap_or_default()
    }

    fn lines(&self, output: &Output) -> String {
        let mut told = String::new();
        let mut line = |name: &str, text: &str| {
            let name = match name {
                "error" => output.stderr_style("31;1", "error:"),
                name => output.stderr_style("1", &format!("{name}:")),
            };
            // Writing to a string cannot fail.
            let _ = writeln!(told, "{name} {}", printable(text));
        };
        match self {
            Self::Invite(error, look) => {
                line("error", error.message());
                for reason in error.errors() {
                    if !error.message().contains(reason.as_str()) {
                        line("  because", reason);
                    }
                }
                line("next", error.advice());
                if let Some(look) = look {
                    line("try", look);
                }
                if let Some(id) = error.request_id() {
                    line("request id", id);
                }
            }
            Self::Own(message, advice, _) => {
                line("error", message);
                line("next", advice);
            }
            Self::Problems(message, lines, advice) => {
                line("error", message);
                for problem in lines {
                    line("  because", problem);
                }
                line("next", advice);
            }
            Self::Incomplete(_) | Self::ClosedPipe => {}
        }
        told
    }
}

/// The command that shows more of what is in the way.
fn look(error: &InviteError, email: Option<&str>) -> Option<String> {
    let person = |rest: &str| {
        email.map(|email| {
            format!(
                "icepanel-invites list --email {}{rest}",
                shell_word(&printable(email))
            )
        })
    };
    if error.invite_may_exist() {
        return person(" --status active");
    }
    match error.kind() {
        ErrorKind::SeatsExhausted => Some("icepanel-invites seats".to_owned()),
        ErrorKind::Conflict => person(""),
        ErrorKind::InvalidInput => Some("icepanel-invites --help".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn each_kind_has_a_code_of_its_own() {
        let codes: HashSet<u8> = CODES.iter().map(|(_, code, _)| *code).collect();
        let kinds: HashSet<ErrorKind> = CODES.iter().map(|(kind, ..)| *kind).collect();
        assert_eq!(codes.len(), CODES.len());
        assert_eq!(kinds, ErrorKind::ALL.iter().copied().collect());
        assert!(!codes.contains(&OK) && !codes.contains(&OTHER));
        assert!(
            CODES
                .iter()
                .all(|(kind, code, _)| exit_code(*kind) == *code)
        );
    }

    #[test]
    fn the_page_on_exit_codes_says_what_the_code_does() {
        let page = include_str!("../docs/exit-codes.md");
        let rows: Vec<&str> = page.lines().filter(|row| row.starts_with("| ")).collect();
        // A heading and the three codes that belong to no kind.
        assert_eq!(rows.len(), CODES.len() + 4);
        for (kind, code, meaning) in CODES {
            let row = format!("| {code} | `{kind}` | {meaning} |");
            assert!(rows.contains(&row.as_str()), "no row {row}");
        }
    }
}
