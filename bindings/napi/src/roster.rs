//! What a roster's calls need beside the client.

use icepanel_invites::{InviteError, Roster};
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

/// A roster that was read: one of both.
#[napi(object)]
pub struct RosterRead {
    /// The roster, as the core writes it.
    pub roster: Option<String>,
    /// The error, as JSON, of a roster that cannot be right.
    pub error: Option<String>,
}

/// Reads the JSON of a roster. All that is wrong with its entries is told at once.
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
