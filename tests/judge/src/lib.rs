//! Judges whether a client does what a file of `tests/scenarios` says. The README there says what is in a file.
//!
//! The sandbox, the steps, the patterns and the comparison are here, once. A language has a driver, which makes clients
//! and calls as it is asked to, in the forms of `tests/prove/README.md`. For Rust it is in the process of the tests; for
//! the other languages it is a program or a test, to which the program `scenario-judge` talks in [`Lines`].

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test whose own files are not as they should be has nothing better to do"
)]

mod contract;
mod lines;
mod pattern;
mod run;
mod scenario;
mod schema;

pub use lines::Lines;
pub use pattern::{Mismatch, check};
pub use run::judge;
pub use schema::{schema, valid};

use serde_json::Value;

/// Makes clients and calls: a language's own part.
pub trait Driver: Clone + Send + Sync + 'static {
    /// The answer to a request: an object with `result`, with `error`, or, for anything that is not an error of the
    /// client's, with `crash`.
    fn answer(&self, request: Value) -> impl Future<Output = Value> + Send;
}
