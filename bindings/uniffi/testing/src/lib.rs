//! The sandbox for tests in Kotlin and Swift: a separate library, which no app ships.
//!
//! [`SandboxServer`] is what the languages' `Sandbox` wraps. The two functions that panic are for the
//! tests which show that a panic is an error and not the end of the process.

#![allow(
    unsafe_code,
    reason = "the macros of UniFFI write it around each export; none of it is written by hand"
)]

mod panics;
mod sandbox;

pub use panics::{panic_at_once, panic_in_a_call};
pub use sandbox::{SandboxFailure, SandboxServer, sandbox_api_key, sandbox_organization_id};

uniffi::setup_scaffolding!("icepanel_sandbox");
