//! Invites people to an IcePanel organization: list, create, ensure and revoke, one invite a person.
//!
//! ```no_run
//! use chrono::TimeDelta;
//! use icepanel_invites::{Ensured, InviteClient, NewInvite, Permission};
//!
//! # async fn example() -> Result<(), icepanel_invites::InviteError> {
//! // ICEPANEL_API_KEY and ICEPANEL_ORGANIZATION_ID
//! let client = InviteClient::from_env()?;
//! let guest = NewInvite::new("ada@example.com", Permission::Read, TimeDelta::days(14));
//! match client.ensure(&guest).await? {
//!     Ensured::Created(invite) => println!("invited until {}", invite.expires_at),
//!     Ensured::Existing(invite) => println!("invited already, until {}", invite.expires_at),
//!     Ensured::Member(member) => println!("a member already, with {}", member.permission),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | to | call |
//! |---|---|
//! | invite somebody who may be invited or in already | [`InviteClient::ensure`] |
//! | send one invite, come what may | [`InviteClient::create`] |
//! | see invites | [`InviteClient::list`], [`InviteClient::find_active`] |
//! | take invites back | [`InviteClient::revoke`], [`InviteClient::revoke_active`] |
//! | see who is in, and what is left | [`InviteClient::members`], [`InviteClient::seats`] |
//! | make a list of people true | [`Roster`], [`InviteClient::plan`], [`InviteClient::apply`], [`InviteClient::dump`] |
//! | let a guest stay longer | [`InviteFilter::expiring_within`], [`InviteClient::renew`] |
//!
//! **A lost answer is not a failed create.** The API has no idempotency key, so a create is sent
//! again only where the first is known not to have happened. Where the answer is lost, the client
//! reads the list and finds out; where it cannot find out, it says so with an error of its own,
//! [`ErrorKind::OutcomeUnknown`]. With any other error no invite was made.
//!
//! **Every wait is bounded**: connecting (10 s), the first byte and each read (30 s), the whole call
//! (120 s). Dropping a call's future stops its request.
//!
//! **The key stays in.** It is sent over https (or on loopback), never after a redirect, and stands
//! in no error, event, log line or `Debug` output.

#![forbid(unsafe_code)]

mod client;
mod clock;
mod engine;
mod error;
mod event;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
#[path = "../../../tests/fuzz/client.rs"]
pub mod fuzzing;
mod http;
mod invites;
mod model;
mod roster;
mod task;

pub use client::builder::InviteClientBuilder;
pub use client::call_options::{ApplyOptionsData, InviteFilterData, PlanOptionsData};
pub use client::handle::InviteClient;
pub use client::options::{ClientChanges, ClientOptions, PacingOptions, RateLimitOption};
pub use client::read::Spelling;
#[cfg(any(test, feature = "test-util"))]
pub use clock::Clock;
pub use engine::pacing::{Pacing, RateLimit};
pub use engine::retry::RetryPolicy;
pub use error::{ErrorKind, InviteError};
pub use event::{Event, EventHeader, Next, Operation};
#[cfg(target_os = "android")]
pub use http::android::init_android;
pub use http::authorities::CaVariable;
pub use http::secret::Secret;
pub use invites::difference::Difference;
pub use invites::ensure::Ensured;
pub use invites::list_decoder::InviteSink;
pub use invites::renew::Renewed;
pub use model::{
    Actor, Expiry, Invite, InviteFilter, InviteStatus, LandscapePermissions, Member, NewInvite,
    Permission, Seats, UnknownValue,
};
pub use roster::people::{Roster, RosterProblem};
pub use roster::plan::{Action, Held, Plan, PlanOptions, PlanPruning, PlanSeats, Step};
pub use roster::reason::StepReason;
pub use roster::report::{ApplyOptions, Outcome, Progress, PruneGuard, Report, ReportLine};
pub use roster::stop::Stop;

/// Compiles the examples of the page.
#[cfg(doctest)]
#[doc = include_str!("../docs/roster.md")]
struct Page;
