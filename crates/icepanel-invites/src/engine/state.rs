//! What all clones of a client share.

use reqwest::{Method, Url};

use crate::clock::Clock;
use crate::engine::keyed_lock::KeyedLocks;
use crate::engine::rate_limiter::RateLimiter;
use crate::engine::recent_invites::RecentInvites;
use crate::engine::recent_members::RecentMembers;
use crate::engine::retry_policy::RetryBudget;
use crate::engine::signal::Signal;
use crate::engine::unfinished_creates::UnfinishedCreates;
use crate::event::Operation;
use crate::http::exchange::ApiRequest;
use crate::http::transport::Transport;
use crate::http::url;

/// How many changes of members can run at the same time.
pub(crate) const ALL_CHANGES: u32 = 1 << 16;

/// What all clones of a client share.
pub(crate) struct State {
    pub(crate) transport: Transport,
    pub(crate) organization_id: String,
    /// The address of the organization.
    pub(crate) organization_url: Url,
    pub(crate) reads: RateLimiter,
    pub(crate) writes: RateLimiter,
    pub(crate) budget: RetryBudget,
    pub(crate) recent: RecentInvites,
    pub(crate) unfinished: UnfinishedCreates,
    /// The addresses for which an ensure or a renewal is running.
    pub(crate) addresses: KeyedLocks,
    /// A change of a member holds one of [`ALL_CHANGES`] permits from before it reads the members until its
    /// outcome is known. A change that takes the permission `admin` away holds all of them: otherwise two such
    /// changes could take the last two admins.
    pub(crate) member_changes: tokio::sync::Semaphore,
    pub(crate) recent_members: RecentMembers,
    pub(crate) waits: Clock,
    /// The client is closed.
    pub(crate) closed: Signal,
}

impl State {
    /// A request for a path below the organization.
    pub(crate) fn request(
        &self,
        operation: Operation,
        method: Method,
        path: &[&str],
        body: Option<Vec<u8>>,
    ) -> ApiRequest {
        ApiRequest {
            operation,
            method,
            url: url::below(&self.organization_url, path),
            body,
        }
    }
}
