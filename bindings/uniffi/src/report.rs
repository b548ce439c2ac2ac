//! A report that a language holds in its own types: what is printed of it, and its JSON. Both are the core's.

use icepanel_invites::{Action, Invite, Outcome, Report, ReportLine, StepReason};
use serde::{Serialize, Serializer};

use crate::error::{ErrorParts, Failure};
use crate::json::write;

/// A line of a report. As JSON it is the core's `ReportLine`.
#[derive(Clone, Debug, Serialize, uniffi::Record)]
#[serde(rename_all = "camelCase")]
pub struct LineParts {
    /// The person's address.
    pub email: String,
    /// What was planned.
    pub action: Action,
    /// The outcome of the step.
    pub outcome: Outcome,
    /// The outcome in words.
    pub note: String,
    /// The invite that was made, or the one that the person has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invite: Option<Invite>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorParts>,
    /// The service's id of the request that decided the outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The note for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason_code: Option<StepReason>,
}

/// What is printed of a line of a report.
#[uniffi::export]
#[must_use]
pub fn report_line_text(line: &LineParts) -> String {
    ReportLine::text(line.outcome, &line.email, &line.note)
}

/// What is printed of a report.
#[uniffi::export]
#[allow(
    clippy::needless_pass_by_value,
    reason = "UniFFI hands a list over by value"
)]
#[must_use]
pub fn report_text(lines: Vec<LineParts>, stopped: bool) -> String {
    let lines = lines.iter();
    Report::text(
        lines.map(|line| (line.outcome, &*line.email, &*line.note)),
        stopped,
    )
}

/// The JSON of a report.
#[uniffi::export]
pub fn write_report(lines: Vec<LineParts>, stopped: bool) -> Result<String, Failure> {
    struct Written(Vec<LineParts>, bool);
    impl Serialize for Written {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            Report::serialize_lines(&self.0, |line| line.outcome, self.1, serializer)
        }
    }
    Ok(write(&Written(lines, stopped))?)
}

/// The JSON of a line of a report.
#[uniffi::export]
pub fn write_report_line(line: &LineParts) -> Result<String, Failure> {
    Ok(write(line)?)
}

/// The JSON of an error.
#[uniffi::export]
pub fn write_error(error: &ErrorParts) -> Result<String, Failure> {
    Ok(write(error)?)
}
