//! What is printed of plans: the core's text.

use icepanel_invites::Plan;

use crate::error::Failure;

/// What is printed of a plan, which is handed over as its JSON.
#[uniffi::export]
pub fn plan_text(plan: &str) -> Result<String, Failure> {
    Ok(Plan::from_json(plan)?.to_string())
}
