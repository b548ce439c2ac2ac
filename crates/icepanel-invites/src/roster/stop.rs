//! Stopping a run from outside.

use std::sync::Arc;

use crate::engine::signal::Signal;

/// Stops a run: what is under way is finished, what has not begun is left, and the report is made.
///
/// Clones stop the same run. Dropping the run's future instead stops it at once, without a report;
/// applied again, it goes on in both cases.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<Signal>);

impl Stop {
    /// Nothing is stopped yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Stops the run. Once more does nothing.
    pub fn stop(&self) {
        self.0.give();
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.0.is_given()
    }

    /// Comes back once it is stopped.
    pub(crate) async fn stopped(&self) {
        self.0.given().await;
    }
}
