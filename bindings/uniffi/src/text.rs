//! The text of plans, from the core.

use icepanel_invites::Plan;

use crate::error::Failure;

/// The text of a plan, given as JSON.
#[uniffi::export]
pub fn plan_text(plan: &str) -> Result<String, Failure> {
    Ok(Plan::from_json(plan)?.to_string())
}
