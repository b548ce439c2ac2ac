//! The sandbox inside the process: what `icepanel-invites/testing` wraps.

use icepanel_sandbox::{Fault, Sandbox, State};
use napi::bindgen_prelude::AsyncTask;
use napi::{Env, Task};
use napi_derive::napi;
use serde::de::DeserializeOwned;

/// The key that a sandbox takes unless told otherwise.
#[napi]
pub const SANDBOX_API_KEY: &str = icepanel_sandbox::API_KEY;

/// The organization that a sandbox has unless told otherwise.
#[napi]
pub const SANDBOX_ORGANIZATION_ID: &str = icepanel_sandbox::ORGANIZATION_ID;

/// A running sandbox. Its states, faults and reports are JSON, as in the control API.
#[napi]
pub struct SandboxServer {
    sandbox: Option<Sandbox>,
}

/// Starts a sandbox with a state.
#[napi]
pub fn start_sandbox(state: String) -> napi::Result<SandboxServer> {
    let sandbox = Sandbox::start(read::<State>(&state)?).map_err(refused)?;
    Ok(SandboxServer {
        sandbox: Some(sandbox),
    })
}

#[napi]
impl SandboxServer {
    /// The base URL of the API.
    #[napi]
    pub fn base_url(&self) -> napi::Result<String> {
        Ok(self.running()?.base_url())
    }

    /// Forgets everything and starts from this state.
    #[napi]
    pub fn set_state(&self, state: String) -> napi::Result<()> {
        self.running()?
            .set_state(read::<State>(&state)?)
            .map_err(refused)
    }

    /// Adds faults behind those there are.
    #[napi]
    pub fn add_faults(&self, faults: String) -> napi::Result<()> {
        let faults = read::<Vec<Fault>>(&faults)?;
        self.running()?.add_faults(faults).map_err(refused)
    }

    /// Marks an invite as used.
    #[napi]
    pub fn mark_used(&self, email_or_id: String) -> napi::Result<()> {
        self.running()?.mark_used(&email_or_id).map_err(refused)
    }

    /// What happened since the state was set.
    #[napi]
    pub fn report(&self) -> napi::Result<String> {
        serde_json::to_string(&self.running()?.report()).map_err(refused)
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
    fn running(&self) -> napi::Result<&Sandbox> {
        self.sandbox
            .as_ref()
            .ok_or_else(|| napi::Error::from_reason("the sandbox is closed"))
    }
}

fn read<T: DeserializeOwned>(json: &str) -> napi::Result<T> {
    serde_json::from_str(json).map_err(refused)
}

fn refused(why: impl std::fmt::Display) -> napi::Error {
    napi::Error::from_reason(format!("the sandbox refuses: {why}"))
}
