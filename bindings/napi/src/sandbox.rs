//! The sandbox inside the process: what `icepanel-invites/testing` wraps.

use icepanel_invites::InviteError;
use icepanel_sandbox::{Fault, Sandbox, State};
use napi::bindgen_prelude::{AsyncTask, Either};
use napi::{Env, Task};
use napi_derive::napi;
use serde::de::DeserializeOwned;

use crate::error;

/// The key that a sandbox takes unless set otherwise.
#[napi]
pub const SANDBOX_API_KEY: &str = icepanel_sandbox::API_KEY;

/// The organization that a sandbox has unless set otherwise.
#[napi]
pub const SANDBOX_ORGANIZATION_ID: &str = icepanel_sandbox::ORGANIZATION_ID;

/// A running sandbox. Its states, faults and reports are JSON, as in the control API.
#[napi]
pub struct SandboxServer {
    sandbox: Option<Sandbox>,
}

/// Starts a sandbox with a state, or returns the error, as JSON, if the state is invalid.
#[napi]
pub fn start_sandbox(state: String) -> Either<SandboxServer, String> {
    let started = read::<State>(&state).and_then(|state| Sandbox::start(state).map_err(refused));
    match started {
        Ok(sandbox) => Either::A(SandboxServer {
            sandbox: Some(sandbox),
        }),
        Err(wrong) => Either::B(error::json(&wrong)),
    }
}

/// Each method returns nothing if it succeeded, otherwise the error as JSON.
#[napi]
impl SandboxServer {
    /// The base URL of the API.
    #[napi]
    pub fn base_url(&self) -> String {
        self.sandbox
            .as_ref()
            .map(Sandbox::base_url)
            .unwrap_or_default()
    }

    /// Deletes its data and starts from this state.
    #[napi]
    pub fn set_state(&self, state: String) -> Option<String> {
        self.wrong(|sandbox| sandbox.set_state(read::<State>(&state)?).map_err(refused))
    }

    /// Adds faults after the existing ones.
    #[napi]
    pub fn add_faults(&self, faults: String) -> Option<String> {
        self.wrong(|sandbox| {
            sandbox
                .add_faults(read::<Vec<Fault>>(&faults)?)
                .map_err(refused)
        })
    }

    /// Marks an invite as used.
    #[napi]
    pub fn mark_used(&self, email_or_id: String) -> Option<String> {
        self.wrong(|sandbox| sandbox.mark_used(&email_or_id).map_err(refused))
    }

    /// What happened since the state was set; none if the sandbox is closed.
    #[napi]
    pub fn report(&self) -> Option<String> {
        serde_json::to_string(&self.sandbox.as_ref()?.report()).ok()
    }

    /// Ends the server, on a thread of its own: connections may take a moment.
    #[napi]
    pub fn close(&mut self) -> AsyncTask<Closing> {
        AsyncTask::new(Closing(self.sandbox.take()))
    }
}

/// A sandbox that is about to end.
pub struct Closing(Option<Sandbox>);

impl Task for Closing {
    type Output = ();
    type JsValue = ();

    fn compute(&mut self) -> napi::Result<()> {
        drop(self.0.take());
        Ok(())
    }

    fn resolve(&mut self, _: Env, (): ()) -> napi::Result<()> {
        Ok(())
    }
}

impl SandboxServer {
    /// The error of what cannot be done, as JSON.
    fn wrong(&self, run: impl FnOnce(&Sandbox) -> Result<(), InviteError>) -> Option<String> {
        let done = match &self.sandbox {
            Some(sandbox) => run(sandbox),
            None => Err(InviteError::invalid_input("the sandbox is closed")),
        };
        done.err().map(|wrong| error::json(&wrong))
    }
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, InviteError> {
    serde_json::from_str(json).map_err(refused)
}

fn refused(why: impl std::fmt::Display) -> InviteError {
    InviteError::invalid_input(format!("the sandbox refuses: {why}"))
}
