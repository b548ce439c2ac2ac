//! The page on recipes: its commands, and the workflow that people copy from it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "../common/mod.rs"]
mod common;
#[cfg(target_os = "linux")]
mod github;
mod page;
#[cfg(target_os = "linux")]
mod workflow;
