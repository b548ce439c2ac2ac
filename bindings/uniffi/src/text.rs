//! The text of plans and reports, from the core.

use icepanel_invites::{Outcome, Plan, Report, ReportLine};

use crate::error::Failure;

/// The printed parts of a person's line of a report.
#[derive(Clone, Debug, uniffi::Record)]
pub struct PrintedLine {
    /// The outcome of the step.
    pub outcome: Outcome,
    /// The person's address.
    pub email: String,
    /// The outcome, as text.
    pub note: String,
}

/// The text of a plan, given as JSON.
#[uniffi::export]
pub fn plan_text(plan: &str) -> Result<String, Failure> {
    Ok(Plan::from_json(plan)?.to_string())
}

/// The text of a line of a report.
#[uniffi::export]
#[must_use]
pub fn report_line_text(line: &PrintedLine) -> String {
    ReportLine::text(line.outcome, &line.email, &line.note)
}

/// The text of a report.
#[uniffi::export]
#[allow(
    clippy::needless_pass_by_value,
    reason = "UniFFI hands a list over by value"
)]
#[must_use]
pub fn report_text(lines: Vec<PrintedLine>, stopped: bool) -> String {
    let lines = lines.iter();
    Report::text(
        lines.map(|line| (line.outcome, &*line.email, &*line.note)),
        stopped,
    )
}
