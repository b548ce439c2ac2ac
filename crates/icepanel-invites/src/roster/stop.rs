//! Stopping a run from outside.

use std::sync::Arc;

use crate::engine::signal::Signal;

/// Stops a run: running steps are finished, further steps do not begin, and the report is returned.
///
/// Clones stop the same run. Dropping the run's future stops it immediately, without a report. In
/// both cases the run continues when the plan is applied again.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<Signal>);

impl Stop {
    /// Nothing is stopped yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Stops the run. A second time has no effect.
    pub fn stop(&self) {
        self.0.give();
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.0.is_given()
    }

    /// Returns once it is stopped.
    pub(crate) async fn stopped(&self) {
        self.0.given().await;
    }
}
