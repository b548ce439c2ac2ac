//! Panics on request, in the two places where one could happen.

#![allow(clippy::panic, reason = "it is what they are for")]

use icepanel_invites_ffi::runtime;

use crate::sandbox::SandboxFailure;

/// Panics on the caller's thread.
#[uniffi::export]
pub fn panic_at_once() -> Result<(), SandboxFailure> {
    panic!("a panic on request")
}

/// Panics in a task of the client's runtime, where calls run.
#[uniffi::export]
pub async fn panic_in_a_call() -> Result<(), SandboxFailure> {
    let outcome = runtime::run("the call", None, async {
        panic!("a panic on request, in a call")
    });
    outcome.await.map_err(SandboxFailure::new)
}
