//! The sandbox inside the process: what `Sandbox` wraps in Kotlin and Swift.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use icepanel_sandbox::{API_KEY, Fault, ORGANIZATION_ID, Sandbox, State};
use serde::de::DeserializeOwned;

/// A running sandbox. Its states, faults and reports are JSON, as in the control API.
#[derive(Debug, uniffi::Object)]
pub struct SandboxServer(Mutex<Option<Sandbox>>);

#[uniffi::export]
impl SandboxServer {
    /// Starts a sandbox with a state.
    #[uniffi::constructor]
    pub fn start(state: &str) -> Result<Self, SandboxFailure> {
        let sandbox = Sandbox::start(read::<State>(state)?).map_err(SandboxFailure::new)?;
        Ok(Self(Mutex::new(Some(sandbox))))
    }

    /// The base URL of the API.
    pub fn base_url(&self) -> Result<String, SandboxFailure> {
        self.running(|sandbox| Ok(sandbox.base_url()))
    }

    /// Deletes its data and starts from this state.
    pub fn set_state(&self, state: &str) -> Result<(), SandboxFailure> {
        let state = read::<State>(state)?;
        self.running(|sandbox| sandbox.set_state(state).map_err(SandboxFailure::new))
    }

    /// Adds faults after the existing ones.
    pub fn add_faults(&self, faults: &str) -> Result<(), SandboxFailure> {
        let faults = read::<Vec<Fault>>(faults)?;
        self.running(|sandbox| sandbox.add_faults(faults).map_err(SandboxFailure::new))
    }

    /// Marks the active invite with this address or id as used.
    pub fn mark_used(&self, email_or_id: &str) -> Result<(), SandboxFailure> {
        self.running(|sandbox| sandbox.mark_used(email_or_id).map_err(SandboxFailure::new))
    }

    /// What happened since the state was set.
    pub fn report(&self) -> Result<String, SandboxFailure> {
        self.running(|sandbox| {
            serde_json::to_string(&sandbox.report()).map_err(SandboxFailure::new)
        })
    }

    /// Ends the server; connections may take a second.
    pub fn close(&self) -> Result<(), SandboxFailure> {
        let sandbox = self.locked().take();
        drop(sandbox);
        Ok(())
    }
}

impl SandboxServer {
    fn locked(&self) -> MutexGuard<'_, Option<Sandbox>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn running<T>(
        &self,
        what: impl FnOnce(&Sandbox) -> Result<T, SandboxFailure>,
    ) -> Result<T, SandboxFailure> {
        match self.locked().as_ref() {
            Some(sandbox) => what(sandbox),
            None => Err(SandboxFailure::new("it is closed")),
        }
    }
}

/// The API key of a sandbox unless its state has another.
#[uniffi::export]
pub fn sandbox_api_key() -> String {
    API_KEY.to_owned()
}

/// The organization that a sandbox has unless its state has another.
#[uniffi::export]
pub fn sandbox_organization_id() -> String {
    ORGANIZATION_ID.to_owned()
}

/// Why a call of the sandbox failed.
#[derive(Debug, uniffi::Error)]
pub enum SandboxFailure {
    /// It rejects a state, a fault or an invite, or cannot start.
    Refused {
        /// In a sentence.
        reason: String,
    },
}

impl SandboxFailure {
    #[allow(
        clippy::needless_pass_by_value,
        reason = "the shape that map_err calls"
    )]
    pub(crate) fn new(why: impl fmt::Display) -> Self {
        Self::Refused {
            reason: format!("the sandbox refuses: {why}"),
        }
    }
}

impl fmt::Display for SandboxFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Refused { reason } = self;
        f.write_str(reason)
    }
}

impl std::error::Error for SandboxFailure {}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, SandboxFailure> {
    serde_json::from_str(json).map_err(SandboxFailure::new)
}
