//! The people who should be in the organization: plan, apply, report.

pub(crate) mod apply;
pub(crate) mod current_state;
pub(crate) mod decide_step;
pub(crate) mod deduplicate_at_end;
pub(crate) mod drift;
pub(crate) mod dump;
pub(crate) mod execute_step;
pub(crate) mod executor;
pub(crate) mod format_version;
pub(crate) mod guard;
pub(crate) mod history;
pub(crate) mod json;
pub(crate) mod make_plan;
pub(crate) mod people;
pub(crate) mod plan;
pub(crate) mod plan_check;
pub(crate) mod plan_figures;
pub(crate) mod reason;
pub(crate) mod report;
pub(crate) mod stop;
pub(crate) mod summary;
pub(crate) mod text;
pub(crate) mod write_permits;
