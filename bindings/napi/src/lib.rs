//! Rust to Node: the addon under the npm package in `node/`.
//!
//! It converts, calls and maps; every decision about invites is made in `icepanel-invites`. The
//! classes that users see (the client, its errors) are made in `node/lib`, which calls this:
//!
//! ```js
//! const mailbox = new native.Mailbox((letters, lists) => { … })
//! const client = native.Account.of(apiKey, organizationId).open(mailbox, '{"timeoutMs":5000}')
//! client.create(1, undefined, '{"email":"ada@example.com","permission":"read","expiry":{"expiresInMs":86400000}}')
//! // later, in one turn of the loop with others that have ended: letters = '[[1,"ok",{"id":…}]]'
//! ```
//!
//! - **A call is a number.** JavaScript numbers its calls, [`Client`] starts a task for each, and
//!   [`Client::cancel`] drops that task and with it the request. No promise and no token crosses.
//! - **Outcomes are messages.** The [`Mailbox`] has one queue and wakes the loop once for all that
//!   is in it, events and outcomes in the order in which they happened.
//! - **Small things are JSON, lists are columns.** One invite, an error or an event is JSON as the
//!   core writes it. A list crosses as [`InviteColumns`]: texts and numbers from which JavaScript
//!   makes an invite when it is read.

#![allow(
    unsafe_code,
    reason = "the macros of napi write it around each export; none of it is written by hand"
)]
#![allow(
    clippy::needless_pass_by_value,
    reason = "what comes from JavaScript is converted into a value of our own"
)]

mod builder;
mod client;
mod command;
mod difference;
mod error;
mod list;
mod mailbox;
mod model;
mod roster;
mod runtime;
mod sandbox;

pub use builder::{Account, variables};
pub use client::Client;
pub use command::{VERSION, run_command};
pub use difference::differs_from;
pub use error::{cancelled, error_kinds, invalid_input};
pub use list::InviteColumns;
pub use mailbox::Mailbox;
pub use model::Expiry;
pub use roster::{RosterRead, Stop, read_roster};
pub use sandbox::{
    Closing, SANDBOX_API_KEY, SANDBOX_ORGANIZATION_ID, SandboxServer, start_sandbox,
};
