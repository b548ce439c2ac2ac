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
//!     _ => {}
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

mod abandoned;
mod apply;
mod body;
mod builder;
mod call;
mod client;
mod client_roster;
mod clock;
mod connect_probe;
mod create;
mod ensure;
mod error;
mod event;
mod exchange_error;
mod expiry;
mod filter;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod guard;
mod headers;
mod history;
mod http;
mod input;
mod json;
mod known;
mod list;
mod list_decoder;
mod lookup;
mod members;
mod misfit;
mod model;
mod more;
mod others;
mod pacing;
mod perform;
mod places;
mod plan;
mod proxy;
mod rate_limiter;
mod refusal;
mod renew;
mod report;
mod retry;
mod revoke;
mod roster;
mod run;
mod settle;
mod signal;
mod snapshot;
mod spawned;
mod splitter;
mod steps;
mod tls;
mod transport;
mod trust;
mod turns;
mod unpack;
mod verdict;

pub use builder::InviteClientBuilder;
pub use client::InviteClient;
pub use clock::Clock;
pub use ensure::Ensured;
pub use error::{ErrorKind, InviteError};
pub use event::{Event, Next, Operation};
pub use filter::InviteFilter;
pub use list_decoder::InviteSink;
pub use model::{
    Actor, Expiry, Invite, InviteStatus, LandscapePermissions, Member, NewInvite, Permission, Seats,
};
pub use pacing::{Pacing, RateLimit};
pub use plan::{Action, Held, Plan, PlanOptions, PlanPruning, PlanSeats, Step};
pub use renew::Renewed;
pub use report::{ApplyOptions, Outcome, Progress, PruneGuard, Report, ReportLine, Stop};
pub use retry::RetryPolicy;
pub use roster::{Roster, RosterProblem};
pub use trust::CaVariable;

/// Compiles the examples of the page.
#[cfg(doctest)]
#[doc = include_str!("../docs/roster.md")]
struct Page;
