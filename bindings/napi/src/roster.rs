//! The types that a roster's calls need in addition to the client.

use icepanel_invites::{InviteError, Roster};
use napi_derive::napi;

use crate::error;

/// Stops a run: running steps are finished, further steps do not begin, and the report is returned.
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

/// The result of reading a roster: one of both.
#[napi(object)]
pub struct RosterRead {
    /// The roster, as the core writes it.
    pub roster: Option<String>,
    /// The error, as JSON, of an invalid roster.
    pub error: Option<String>,
}

/// Reads the JSON of a roster. All problems with its entries are reported together.
#[napi]
pub fn read_roster(json: String) -> RosterRead {
    let read = Roster::from_json(&json).and_then(|roster| {
        serde_json::to_string(&roster).map_err(|why| {
            InviteError::invalid_input(format!("the roster cannot be written as JSON: {why}"))
        })
    });
    match read {
        Ok(roster) => RosterRead {
            roster: Some(roster),
            error: None,
        },
        Err(wrong) => RosterRead {
            roster: None,
            error: Some(error::json(&wrong)),
        },
    }
}
