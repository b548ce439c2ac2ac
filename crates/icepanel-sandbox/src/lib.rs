//! A local server that imitates the documented IcePanel invites API from memory, fails on request, and reports
//! afterwards what really happened.
//!
//! A [`State`] is the data of the service at the start: members, invites, seats, limits, the form of times, and the
//! [`Fault`]s of the next requests. A [`Sandbox`] is the running server; it listens on loopback, on its own threads,
//! and ends when it is dropped. A [`Report`] has the requests that came and the invites that exist now, so that a test
//! can compare a client's results with what happened.
//!
//! ```
//! use icepanel_sandbox::{Fault, FaultName, Member, On, Sandbox, State};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sandbox = Sandbox::start(State {
//!     seats: 3,
//!     members: vec![Member::new("ada@example.com", "admin")],
//!     faults: vec![Fault::new(FaultName::ActThenCut).on(On::Create)],
//!     ..State::default()
//! })?;
//!
//! assert!(sandbox.base_url().starts_with("http://127.0.0.1:"));
//! // … a client works against `sandbox.base_url()` with `icepanel_sandbox::API_KEY` …
//! assert_eq!(sandbox.report().invites_made_total, 0);
//! # Ok(())
//! # }
//! ```
//!
//! The same is available over HTTP, for other languages: `docs/control-api.md` in this crate describes the state, the
//! faults and the report in full.

mod behaviour;
mod clock;
mod control;
mod delivery;
mod fault;
mod faults;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
#[path = "../../../tests/fuzz/sandbox.rs"]
pub mod fuzzing;
mod generate;
mod handlers;
mod json;
mod lag;
mod limits;
mod message;
mod operation;
mod pace;
mod record;
mod refusal;
mod reply;
mod report;
mod route;
mod server;
mod shared;
mod state;
mod store;
mod times;
mod transform;
mod watch;
mod world;
mod write;

pub use behaviour::{Behaviour, DateHeader, EmailCase, TimePrecision, TimeRounding};
pub use fault::{Fault, FaultName, On};
pub use operation::Operation;
pub use refusal::Refusal;
pub use report::{LogEntry, Report, Requests};
pub use server::Sandbox;
pub use state::{API_KEY, Generate, Invite, Member, ORGANIZATION_ID, RateLimit, State, WindowKind};
pub use times::When;
pub use watch::Served;
