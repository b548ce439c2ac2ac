//! A client for the invites of an IcePanel organization. Each person gets one invite, even if a response is lost.
//!
//! ```no_run
//! use chrono::TimeDelta;
//! use icepanel_invites::{Ensured, InviteClient, NewInvite, Permission};
//!
//! # async fn example() -> Result<(), icepanel_invites::InviteError> {
//! // ICEPANEL_API_KEY and ICEPANEL_ORGANIZATION_ID
//! let client = InviteClient::from_env()?;
//! match client.ensure(&NewInvite::new("ada@example.com", Permission::Read, TimeDelta::days(14))).await? {
//!     Ensured::Created(invite) => println!("invited until {}", invite.expires_at),
//!     Ensured::Existing(invite) => println!("invited already, until {}", invite.expires_at),
//!     Ensured::Member(member) => println!("already a member, with {}", member.permission),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | to | call |
//! |---|---|
//! | invite somebody who may be invited or already a member | [`InviteClient::ensure`] |
//! | send one invite, without checking for an existing one | [`InviteClient::create`] |
//! | list invites | [`InviteClient::list`], [`InviteClient::find_active`] |
//! | revoke invites | [`InviteClient::revoke`], [`InviteClient::revoke_active`] |
//! | list members, and count the free seats | [`InviteClient::members`], [`InviteClient::seats`] |
//! | change a member's permission; remove a member | [`InviteClient::update_member`], [`InviteClient::remove_member`] |
//! | make the organization match a list of people | [`Roster`], [`InviteClient::plan`], [`InviteClient::apply`], [`InviteClient::dump`] |
//! | extend an invite | [`InviteFilter::expiring_within`], [`InviteClient::renew`] |
//!
//! **One person, one invite.** The API has no idempotency key. If the response to a create is lost, the client
//! reads the list of invites. It sends the create again only if the list shows no invite and the service no
//! longer works on the request. If it cannot find out, it returns [`ErrorKind::OutcomeUnknown`]. With any
//! other error no invite was made.
//!
//! **Every call ends.** There is a time limit for the connection (10 s), the first byte and each read (30 s), and
//! the whole call (120 s). Dropping the future of a call stops its request.
//!
//! **The API key does not leak.** The client sends it over https, or over http to the local machine, and never
//! after a redirect. No error, event, log line or `Debug` output contains it.

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
pub use engine::rate_limit::{Pacing, RateLimit};
pub use engine::retry_policy::RetryPolicy;
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
pub use roster::plan::{Action, Held, Plan, PlanOptions, Step};
pub use roster::plan_figures::{
    PlanDomain, PlanExpiring, PlanPruning, PlanRemoval, PlanSeats, PlanSummary,
};
pub use roster::reason::StepReason;
pub use roster::report::{ApplyOptions, Outcome, Progress, PruneGuard, Report, ReportLine};
pub use roster::stop::Stop;

/// Compiles the examples of the page.
#[cfg(doctest)]
#[doc = include_str!("../docs/roster.md")]
struct Page;
