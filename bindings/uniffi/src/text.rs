//! What is printed of plans and reports: the core's text.

use icepanel_invites::{Outcome, Plan, Report, ReportLine};

use crate::error::Failure;

/// A person's line of a report, as far as it is printed.
#[derive(Clone, Debug, uniffi::Record)]
pub struct PrintedLine {
    /// What became of the step.
    pub outcome: Outcome,
    /// The person's address.
    pub email: String,
    /// The outcome in words.
    pub note: String,
}

/// What is printed of a plan, which is handed over as its JSON.
#[uniffi::export]
pub fn plan_text(plan: &str) -> Result<String, Failure> {
    Ok(Plan::from_json(plan)?.to_string())
}

/// What is printed of a line of a report.
#[uniffi::export]
#[must_use]
pub fn report_line_text(line: &PrintedLine) -> String {
    ReportLine::text(line.outcome, &line.email, &line.note)
}

/// What is printed of a report.
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
