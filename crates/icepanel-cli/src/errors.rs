//! The errors of the command, and their output.

use std::fmt::Write as _;
use std::io::{self, Write};

use icepanel_invites::{ErrorKind, InviteError};
use serde::Serialize;
use serde_json::json;

use crate::advice::{Context, advice, flags, whereto};
use crate::exit::{self, OK, OTHER, USAGE};
use crate::format::{Format, styled};
use crate::text::{printable, shell_word};

/// How many problems are shown; further ones are only counted, because one mistake in a table is often in all its
/// lines.
const SHOWN: usize = 30;

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The client's error, and the command that shows more.
    Invite(InviteError, Option<String>),
    /// The command's own: what happened, what to do, the exit code.
    Own(String, String, u8),
    /// Several problems: what they are about, each of them, what to do. The exit code is that of a usage error.
    Problems(String, Vec<String>, &'static str),
    /// A run has ended without completing everything; its report has been written. The exit code.
    Incomplete(u8),
    /// The reader of the output has closed it, which is not an error.
    ClosedPipe,
}

impl Failure {
    /// An argument, an option or the environment is invalid.
    pub(crate) fn usage(message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::Own(message.into(), advice.into(), USAGE)
    }

    /// An error without a kind.
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
            "The command was carried out, but its output was lost. Check the result with icepanel-invites list.",
        )
    }

    /// The client's error in a call that was about this address, if it was about one.
    pub(crate) fn invite(error: InviteError, email: Option<&str>) -> Self {
        let look = look(&error, email);
        Self::Invite(error, look)
    }

    /// The client's error in a call that was about a member.
    pub(crate) fn member(error: InviteError) -> Self {
        let look = match error.kind() {
            ErrorKind::SeatsExhausted => Some("icepanel-invites seats"),
            ErrorKind::Conflict | ErrorKind::NotFound => Some("icepanel-invites members"),
            _ => None,
        };
        Self::Invite(error, look.map(str::to_owned))
    }

    /// Tells it on the error output, and returns the exit code.
    pub(crate) fn report(&self, format: Format, color: bool, context: Option<&Context>) -> u8 {
        let code = match self {
            Self::Invite(error, _) => exit::code(error.kind()),
            Self::Own(.., code) => *code,
            Self::Problems(..) => USAGE,
            Self::Incomplete(code) => return *code,
            Self::ClosedPipe => return OK,
        };
        let text = match format {
            Format::Json => self.json(context),
            Format::Table | Format::Markdown | Format::Csv => self.lines(color, context),
        };
        // If this fails, nothing else can be done.
        let _ = io::stderr().lock().write_all(text.as_bytes());
        code
    }

    fn json(&self, context: Option<&Context>) -> String {
        #[derive(Serialize)]
        struct Document<T> {
            error: T,
        }
        let text = match self {
            Self::Invite(error, _) => {
                let mut text = json!(error);
                let (message, advice) = (flags(error.message()), advice(error, context));
                let end = if message.ends_with(['!', '?']) {
                    ""
                } else {
                    "."
                };
                text["full"] = json!(format!("{message}{end} {advice}"));
                text["message"] = json!(message);
                text["advice"] = json!(advice);
                serde_json::to_string(&Document { error: text })
            }
            Self::Own(message, advice, code) => {
                let kind = match *code {
                    USAGE => ErrorKind::InvalidInput.as_str(),
                    _ => "other",
                };
                serde_json::to_string(&Document {
                    error: json!({
                        "kind": kind, "message": message, "advice": advice,
                        "full": format!("{message}. {advice}"), "status": null, "code": null, "errors": [], "requestId": null, "attempts": 0, "retryable": false,
                        "retryAfterMs": null, "inviteMayExist": false,
                    }),
                })
            }
            Self::Problems(message, lines, advice) => serde_json::to_string(&Document {
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

    fn lines(&self, color: bool, context: Option<&Context>) -> String {
        let mut lines = String::new();
        let mut line = |name: &str, text: &str| {
            let name = match name {
                "error" => styled(color, "31;1", "error:"),
                name => styled(color, "1", &format!("{name}:")),
            };
            // Writing to a string cannot fail.
            let _ = writeln!(lines, "{name} {}", printable(text));
        };
        match self {
            Self::Invite(error, look) => {
                line("error", &flags(error.message()));
                for reason in error.errors() {
                    if !error.message().contains(reason.as_str()) {
                        line("  because", reason);
                    }
                }
                line("next", &advice(error, context));
                if let Some(url) = whereto(error, context) {
                    line("url", &url);
                }
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
                for problem in lines.iter().take(SHOWN) {
                    line("  because", problem);
                }
                if lines.len() > SHOWN {
                    let more = lines.len() - SHOWN;
                    line("  because", &format!("{more} more; --output json has all"));
                }
                line("next", advice);
            }
            Self::Incomplete(_) | Self::ClosedPipe => {}
        }
        lines
    }
}

/// The command that shows more about the problem.
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
        _ => None,
    }
}
