//! The public handle.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::retry_policy::RetryPolicy;
use crate::engine::session::Session;
use crate::error::InviteError;
use crate::event::{Event, Hook};
use crate::http::options;
use crate::invites::ensure::Ensured;
use crate::invites::{create, ensure, find_active, list, member_changes, members, revoke};
use crate::model::{
    Invite, InviteFilter, LandscapePermissions, Member, NewInvite, Permission, Seats,
};

/// A handle on the invites of one organization.
///
/// Cheap to clone. All clones share connections, the state of the rate limits, and the list of recently made invites.
/// Must be used inside a tokio runtime. A call runs as its own task from the first poll of its future. Dropping the
/// future cancels the call; a create that is dropped during its request may have been carried out.
#[derive(Clone)]
pub struct InviteClient(pub(crate) Session);

impl InviteClient {
    /// How long a whole call may take, unless set.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(120);

    /// The same client with another time limit for its calls. If a shorter limit for making a connection follows (0.3
    /// of the time), the client has its own connections.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if the limit is zero.
    pub fn with_timeout(&self, timeout: Duration) -> Result<Self, InviteError> {
        options::time_limit("time-out", timeout)?;
        Ok(Self(Session {
            timeout,
            ..self.0.clone()
        }))
    }

    /// The same client with another retry policy.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if it has no attempt.
    pub fn with_retry(&self, retry: RetryPolicy) -> Result<Self, InviteError> {
        retry.check()?;
        Ok(Self(Session {
            retry,
            ..self.0.clone()
        }))
    }

    /// The same client with another function that receives each attempt: for a single call, for example.
    #[must_use]
    pub fn with_on_event(&self, hook: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        Self(Session {
            hook: Some(Hook(Arc::new(hook))),
            ..self.0.clone()
        })
    }

    /// The organization's id.
    pub fn organization_id(&self) -> &str {
        &self.0.state.organization_id
    }

    /// Closes this client and all clients that share its state: its clones, the clients that it was made from, and
    /// those that were made from it by [`with_timeout`](Self::with_timeout) and [`with_retry`](Self::with_retry).
    ///
    /// Running calls end immediately with [`Closed`](crate::ErrorKind::Closed); after a call that creates, an invite
    /// may exist. Later calls fail with the same kind, and nothing is sent. Closing a second time has no effect. In
    /// Rust a client need not be closed; languages without ownership end it by closing.
    pub fn close(&self) {
        self.0.state.closed.give();
    }

    /// Whether the client was closed.
    pub fn is_closed(&self) -> bool {
        self.0.state.closed.is_given()
    }

    /// The invites that match a filter, in the service's order.
    ///
    /// The service has no paging: its response has every invite that ever existed. It is decoded while it downloads,
    /// and only what matches the filter is stored. If the service repeats an entry, the last one is returned. A list
    /// with a sign of further pages is an unexpected answer.
    ///
    /// # Errors
    /// Those of every read: unauthorized, forbidden, not found, rate limited, server, timeout,
    /// connection, unexpected answer.
    pub async fn list(&self, filter: &InviteFilter) -> Result<Vec<Invite>, InviteError> {
        let filter = filter.clone();
        self.0
            .run("list", async move |session| {
                list::list(&session.call(), &filter).await
            })
            .await
    }

    /// The active invite of an address, letter case ignored. If there are several, the oldest: the
    /// one that [`ensure`](Self::ensure) would return.
    ///
    /// # Errors
    /// Those of [`list`](Self::list), and invalid input for an invalid address.
    pub async fn find_active(&self, email: &str) -> Result<Option<Invite>, InviteError> {
        let email = email.to_owned();
        self.0
            .run("find_active", async move |session| {
                find_active::find_active(&session.call(), &email).await
            })
            .await
    }

    /// Sends one invite, once. The service e-mails the person.
    ///
    /// If the response is lost, the client reads the list to find out whether the invite was made,
    /// and sends the create again only if it was not. `create` does not check whether the person is
    /// already invited or a member: [`ensure`](Self::ensure) does.
    ///
    /// If an earlier create of this client for the same person was dropped, or had an unknown outcome, the client first
    /// reads the list until it had the time to show the invite. An invite as requested is returned; another one is a
    /// conflict, once, that names the invite.
    ///
    /// # Errors
    /// Those of [`list`](Self::list); invalid input, seats exhausted, conflict, rejected; and
    /// [`OutcomeUnknown`](crate::ErrorKind::OutcomeUnknown) if the call's time was too short to find out. With any
    /// other error no invite was made.
    pub async fn create(&self, invite: &NewInvite) -> Result<Invite, InviteError> {
        let invite = invite.clone();
        self.0
            .run("create", async move |session| {
                create::create(&session.call(), &invite).await
            })
            .await
    }

    /// Makes sure that the person is a member or has exactly one active invite.
    ///
    /// A member is returned as a member, and a person with an active invite gets that invite, regardless of
    /// its permission or expiry. Otherwise an invite is created. If several workers, on one machine or many,
    /// do this at the same time, all return the same invite and the others are revoked.
    ///
    /// # Errors
    /// Those of [`create`](Self::create).
    pub async fn ensure(&self, invite: &NewInvite) -> Result<Ensured, InviteError> {
        let invite = invite.clone();
        self.0
            .run("ensure", async move |session| {
                ensure::ensure(&session.call(), &invite).await
            })
            .await
    }

    /// Revokes an invite. One that is already revoked is returned unchanged.
    ///
    /// # Errors
    /// Those of [`list`](Self::list), conflict and rejected. Not found if there is no such invite.
    pub async fn revoke(&self, invite_id: &str) -> Result<Invite, InviteError> {
        let invite_id = options::bare_value("the invite id", invite_id)?;
        self.0
            .run("revoke", async move |session| {
                revoke::revoke(&session.call(), &invite_id).await
            })
            .await
    }

    /// Revokes every active invite of an address, and returns them as revoked. It is not an error if there is none.
    ///
    /// # Errors
    /// Those of [`revoke`](Self::revoke) and of [`list`](Self::list). Some may have been
    /// revoked by then; make the same call again to revoke the others.
    pub async fn revoke_active(&self, email: &str) -> Result<Vec<Invite>, InviteError> {
        let email = email.to_owned();
        self.0
            .run("revoke_active", async move |session| {
                revoke::revoke_active(&session.call(), &email).await
            })
            .await
    }

    /// The members of the organization, by user id.
    ///
    /// # Errors
    /// Those of [`list`](Self::list).
    pub async fn members(&self) -> Result<Vec<Member>, InviteError> {
        self.0
            .run("members", async move |session| {
                members::members(&session.call()).await
            })
            .await
    }

    /// Changes the permission of a member, and the landscapes if they are given. `member` is a user id or the
    /// member's own address, letter case ignored.
    ///
    /// The client reads the list of members and sends the permission and the landscapes: those that are given,
    /// otherwise those that the member has. If the member has all this already, nothing is sent. The call may be
    /// made twice without harm; after a lost response the list of members shows whether the change was made.
    ///
    /// `write` and `admin` need a paid seat; `read` and `billing` make it free again. The change is effective at once.
    ///
    /// The organization keeps an admin: the only one cannot get another permission. Calls of one client are checked
    /// together; another program that demotes the other admin at the same moment is not seen.
    ///
    /// # Errors
    /// Those of [`list`](Self::list), invalid input and rejected. Seats exhausted if no paid seat is free. Not found if
    /// there is no such member. Conflict, before anything is sent, if several members have the address or if the
    /// member is the only admin.
    pub async fn update_member(
        &self,
        member: &str,
        permission: impl Into<Permission>,
        landscapes: Option<LandscapePermissions>,
    ) -> Result<Member, InviteError> {
        let member = options::bare_value("the member", member)?;
        let permission = permission.into();
        self.0
            .run("update_member", async move |session| {
                let call = session.call();
                member_changes::update_member(&call, &member, &permission, landscapes.as_ref())
                    .await
            })
            .await
    }

    /// Removes a member from the organization, and returns this member; none if there is no such member.
    /// `member` is a user id or the member's own address, letter case ignored.
    ///
    /// The person loses access at once, and the paid seat is free again. There is no undo: the person needs a new
    /// invite. An active invite of the person is not revoked: see [`revoke_active`](Self::revoke_active). Nobody
    /// documents whether an API key still works after the member who created it is removed.
    ///
    /// The client reads the list of members first. If the person is not in it, nothing else is sent. The call may be
    /// made twice without harm; after a lost response the list of members shows whether the member is gone.
    ///
    /// The organization keeps an admin: the only one cannot be removed. Calls of one client are checked together;
    /// another program that removes the other admin at the same moment is not seen.
    ///
    /// # Errors
    /// Those of [`list`](Self::list), invalid input and rejected. Conflict, before anything is sent, if several
    /// members have the address or if the member is the only admin.
    pub async fn remove_member(&self, member: &str) -> Result<Option<Member>, InviteError> {
        let member = options::bare_value("the member", member)?;
        self.0
            .run("remove_member", async move |session| {
                member_changes::remove_member(&session.call(), &member).await
            })
            .await
    }

    /// Paid seats: bought, taken by members, promised to active invites, free.
    ///
    /// # Errors
    /// Those of [`list`](Self::list).
    pub async fn seats(&self) -> Result<Seats, InviteError> {
        self.0
            .run("seats", async move |session| {
                members::seats(&session.call()).await
            })
            .await
    }
}

impl std::fmt::Debug for InviteClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InviteClient")
            .field("organization_url", &self.0.state.organization_url.as_str())
            .field("timeout", &self.0.timeout)
            .field("retry", &self.0.retry)
            .finish_non_exhaustive()
    }
}
