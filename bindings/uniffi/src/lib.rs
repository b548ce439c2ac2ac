//! Rust to Kotlin and Swift: the shared library under `bindings/kotlin` and `bindings/swift`.
//!
//! It converts, calls and maps; every decision about invites is made in `icepanel-invites`. The
//! files have the same names. The public API is written by hand in the two languages, on top of
//! what UniFFI generates from this:
//!
//! ```
//! use icepanel_invites_ffi::{Client, ClientSetup, ErrorKind, Failure};
//!
//! let setup = ClientSetup { options: Default::default(), skip_waits: false };
//! let refused = Client::new("no key".into(), "acme".to_owned(), setup, None, None, None);
//! let Err(Failure::Core { error }) = refused else {
//!     unreachable!("a key has two parts")
//! };
//! assert_eq!(error.kind, ErrorKind::InvalidInput);
//! ```
//!
//! - **A call is a task** on a runtime of this library (see `runtime`), so that no JSON is decoded on
//!   the caller's thread, and the language is woken once, when the call has ended.
//! - **No code of the user runs there**: listeners have a thread of their own (see `outbox`).
//! - **Dropping a call's future stops the task**, and with it the request. That is how a coroutine of
//!   Kotlin is cancelled. Swift never drops a future early: each call takes a [`CancelHandle`].
//! - **One error crosses**, flat and with all its parts: [`Failure`]. The languages make their own
//!   types of it.
//! - **Durations are whole milliseconds, and signed, as all numbers that are limits**: Kotlin and Swift each have their
//!   own type for them, and what is negative is rejected here, for both alike. Instants are the language's own.
//! - **Nothing panics on purpose**, and what can fail returns a [`Result`]: a panic is then an error
//!   in both languages.

#![allow(
    unsafe_code,
    reason = "the macros of UniFFI write it around each export; none of it is written by hand"
)]
#![allow(
    clippy::result_large_err,
    reason = "UniFFI takes an error by value, and an error is made once a call"
)]

#[cfg(target_os = "android")]
mod android;
mod cancel;
mod client;
mod difference;
mod ensure;
mod error;
mod event;
mod json;
mod limits;
mod log;
mod model;
mod options;
mod outbox;
mod reason;
mod report;
mod roster;
pub mod runtime;
mod text;

pub use cancel::CancelHandle;
pub use client::{Client, ClientSetup};
pub use difference::{difference_name, ensured_differs_from, invite_differs_from};
pub use error::{ErrorDetails, ErrorKind, ErrorParts, Failure, cancelled, closed, invalid_input};
pub use event::{Event, EventListener, ListenerFailure, Next, Operation};
pub use json::{
    read_invite, read_member, read_new_invite, read_renewed, read_seats, write_invite,
    write_member, write_new_invite, write_renewed, write_seats,
};
pub use log::{LogEntry, LogLevel, LogListener, start_log, stop_log};
pub use model::{
    ExpiryParts, NewInviteParts, Seats, actor_spelling, invite_status_at, permission_is_paid,
    permission_spelling, status_spelling,
};
pub use options::documented_pacing;
pub use reason::step_reason_name;
pub use report::{
    LineParts, report_line_text, report_text, write_error, write_report, write_report_line,
};
pub use roster::{
    Plan, PlanDomain, PlanPruning, PlanRemoval, PlanSeats, PlanSummary, Progress, ProgressListener,
    Report, ReportLine, Stop, check_plan, check_roster, format_version, read_plan, read_roster,
    write_roster,
};
pub use text::plan_text;

uniffi::setup_scaffolding!("icepanel_invites");
