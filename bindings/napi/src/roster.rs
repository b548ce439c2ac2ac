//! What a roster's calls need beside the client.

use icepanel_invites::Roster;
use napi_derive::napi;

use crate::error;

/// Stops a run: what is under way is finished, what has not begun is left, and the report is made.
#[napi]
#[derive(Default)]
pub struct Stop(pub(crate) icepanel_invites::Stop);

#[napi]
impl Stop {
    /// Nothing is stopped yet.
    #[napi(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Stops the run.
    #[napi]
    pub fn stop(&self) {
        self.0.stop();
    }
}

/// The error, as JSON, of entries that cannot be right.
#[napi]
pub fn check_roster(entries: String) -> Option<String> {
    let checked = Roster::from_json(&entries);
    checked.err().map(|wrong| error::json(&wrong))
}
