//! The handle that people hold.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::Method;

use crate::abandoned::Abandoned;
use crate::builder::InviteClientBuilder;
use crate::call::Call;
use crate::clock::Clock;
use crate::ensure::{Ensured, Turns};
use crate::error::InviteError;
use crate::event::{Event, Hook, Operation};
use crate::filter::InviteFilter;
use crate::input;
use crate::known::Known;
use crate::model::{Invite, Member, NewInvite, Seats};
use crate::rate_limiter::Lane;
use crate::retry::{RetryBudget, RetryPolicy};
use crate::signal::Signal;
use crate::spawned::spawned;
use crate::transport::{Outgoing, Transport};
use crate::{create, ensure, list, members, revoke};

/// A handle on the invites of one organization.
///
/// Cheap to clone; all clones share connections, the view of the limits, and the memory of invites
/// made a moment ago. Must be used inside a tokio runtime. A call runs as a task of its own from the
/// first time its future is polled, and is cancelled by dropping that; a create that is dropped in mid-flight
/// may have been carried out.
#[derive(Clone)]
pub struct InviteClient {
    pub(crate) shared: Arc<Shared>,
    pub(crate) retry: RetryPolicy,
    pub(crate) timeout: Duration,
    pub(crate) hook: Option<Hook>,
}

/// What all clones of a client share.
pub(crate) struct Shared {
    pub(crate) transport: Transport,
    pub(crate) organization_id: String,
    /// Without a slash at its end.
    pub(crate) organization_url: String,
    pub(crate) reads: Lane,
    pub(crate) writes: Lane,
    pub(crate) budget: RetryBudget,
    pub(crate) known: Known,
    pub(crate) abandoned: Abandoned,
    pub(crate) ensuring: Mutex<Turns>,
    pub(crate) waits: Clock,
    /// The client is closed.
    pub(crate) closed: Signal,
}

impl Shared {
    /// A request to `path` below the organization.
    pub(crate) fn request(
        &self,
        operation: Operation,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> Result<Outgoing, InviteError> {
        let url = format!("{}{path}", self.organization_url);
        let url = url.parse().map_err(|error| {
            InviteError::invalid_input(format!(
                "the address of the request cannot be made: {error}"
            ))
        })?;
        Ok(Outgoing {
            operation,
            method,
            url,
            body,
        })
    }
}

impl InviteClient {
    /// Options for a client of one organization. The key is `<id>:<hex secret>`; only an admin of
    /// the organization can make one.
    pub fn builder(
        api_key: impl Into<String>,
        organization_id: impl Into<String>,
    ) -> InviteClientBuilder {
        InviteClientBuilder::new(api_key.into(), organization_id.into())
    }

    /// A client from the environment: `ICEPANEL_API_KEY`, `ICEPANEL_ORGANIZATION_ID`, and
    /// `ICEPANEL_BASE_URL` if it is set.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if one is missing or cannot be right.
    pub fn from_env() -> Result<Self, InviteError> {
        Self::builder_from_env()?.build()
    }

    /// As [`from_env`](Self::from_env), for options to be added.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if a variable is missing.
    pub fn builder_from_env() -> Result<InviteClientBuilder, InviteError> {
        let required = |name: &str| match std::env::var(name) {
            Ok(value) if !value.is_empty() => Ok(value),
            Err(std::env::VarError::NotUnicode(_)) => {
                Err(InviteError::invalid_input(format!("{name} is not text")))
            }
            _ => Err(InviteError::invalid_input(format!(
                "{name} is not set in the environment"
            ))),
        };
        let builder = Self::builder(
            required("ICEPANEL_API_KEY")?,
            required("ICEPANEL_ORGANIZATION_ID")?,
        );
        Ok(match std::env::var("ICEPANEL_BASE_URL") {
            Ok(url) if !url.is_empty() => builder.base_url(url),
            _ => builder,
        })
    }

    pub(crate) fn new(
        shared: Shared,
        retry: RetryPolicy,
        timeout: Duration,
        hook: Option<Hook>,
    ) -> Self {
        Self {
            shared: Arc::new(shared),
            retry,
            timeout,
            hook,
        }
    }

    /// How long a whole call may take, unless set.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(120);

    /// The same client with another limit for its whole calls. Where a connection has to be made sooner for
    /// that, in 0.3 of the time, it has connections of its own.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if the limit is zero.
    pub fn with_timeout(&self, timeout: Duration) -> Result<Self, InviteError> {
        input::time_limit("time-out", timeout)?;
        Ok(Self {
            timeout,
            ..self.clone()
        })
    }

    /// The same client with another retry policy.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if it has no attempt.
    pub fn with_retry(&self, retry: RetryPolicy) -> Result<Self, InviteError> {
        retry.check()?;
        Ok(Self {
            retry,
            ..self.clone()
        })
    }

    /// The same client with another function that sees each attempt: of one call, say.
    #[must_use]
    pub fn with_on_event(&self, hook: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        Self {
            hook: Some(Hook(Arc::new(hook))),
            ..self.clone()
        }
    }

    /// The organization's id.
    pub fn organization_id(&self) -> &str {
        &self.shared.organization_id
    }

    /// Closes this client, and all that share its state: its clones, those that it was made from and those
    /// that were made from it by [`with_timeout`](Self::with_timeout) and [`with_retry`](Self::with_retry).
    ///
    /// Calls under way end at once with [`Closed`](crate::ErrorKind::Closed): of one that creates, an invite
    /// may exist. Later calls end with the same kind, and nothing is sent. Closing a second time does
    /// nothing. In Rust a client need not be closed; for languages without ownership this is how it ends.
    pub fn close(&self) {
        self.shared.closed.give();
    }

    /// Whether the client was closed.
    pub fn is_closed(&self) -> bool {
        self.shared.closed.is_given()
    }

    /// Makes a call as a task of its own, and ends it when the client is closed or the future dropped.
    pub(crate) async fn run<T: Send + 'static, F>(
        &self,
        operation: &'static str,
        call: impl FnOnce(Self) -> F,
    ) -> Result<T, InviteError>
    where
        F: Future<Output = Result<T, InviteError>> + Send + 'static,
    {
        let call = spawned(operation, call(self.clone()));
        self.until_closed(operation, call).await
    }

    /// Makes a call, and ends it when the client is closed.
    pub(crate) async fn until_closed<T>(
        &self,
        operation: &str,
        call: impl Future<Output = Result<T, InviteError>>,
    ) -> Result<T, InviteError> {
        if self.is_closed() {
            return Err(InviteError::closed(None));
        }
        tokio::select! {
            biased;
            () = self.shared.closed.given() => Err(InviteError::closed(Some(operation))),
            ended = call => ended,
        }
    }

    /// A call whose time begins now.
    pub(crate) fn call(&self) -> Call<'_> {
        Call::new(&self.shared, self.retry, self.timeout, self.hook.as_ref())
    }

    /// The invites that a filter lets through, in the service's order.
    ///
    /// The service has no paging: its answer has every invite there ever was. It is decoded while
    /// it comes, and only what the filter lets through is kept. An entry that the service repeats
    /// comes out once, as it came last. A list that says there is more elsewhere is an unexpected answer.
    ///
    /// # Errors
    /// Those of every read: unauthorized, forbidden, not found, rate limited, server, timeout,
    /// connection, unexpected answer.
    pub async fn list(&self, filter: &InviteFilter) -> Result<Vec<Invite>, InviteError> {
        let filter = filter.clone();
        self.run("list", async move |client| {
            list::list(&client.call(), &filter).await
        })
        .await
    }

    /// The active invite of an address, letter case ignored. If there are several, the one that was
    /// made first: the one that [`ensure`](Self::ensure) would return.
    ///
    /// # Errors
    /// Those of [`list`](Self::list), and invalid input for what is no address.
    pub async fn find_active(&self, email: &str) -> Result<Option<Invite>, InviteError> {
        let email = email.to_owned();
        self.run("find_active", async move |client| {
            list::find_active(&client.call(), &email).await
        })
        .await
    }

    /// Sends one invite, once. The service e-mails the person.
    ///
    /// Where the answer is lost, the client reads the list to find out whether the invite was made,
    /// and sends it again only if it was not. It does not look whether the person is invited or a
    /// member already: [`ensure`](Self::ensure) does.
    ///
    /// If an earlier create of this client for the same person was dropped, or had an unknown outcome, the
    /// list first gets its time to show the invite. One that is as asked is returned; another one is a
    /// conflict that names it, once.
    ///
    /// # Errors
    /// Those of [`list`](Self::list); invalid input, seats exhausted, conflict, rejected; and
    /// [`OutcomeUnknown`](crate::ErrorKind::OutcomeUnknown) where the call's time did not suffice to
    /// find out. With any other error no invite was made.
    pub async fn create(&self, invite: &NewInvite) -> Result<Invite, InviteError> {
        let invite = invite.clone();
        self.run("create", async move |client| {
            create::create(&client.call(), &invite).await
        })
        .await
    }

    /// Sees to it that the person is invited, by one invite and no more.
    ///
    /// A member is told as such and a person with an active invite gets that one back, whatever its
    /// permission or end. Else one is made. If several workers, on one machine or many, do this at
    /// once, all return the same invite and the others are revoked.
    ///
    /// # Errors
    /// Those of [`create`](Self::create).
    pub async fn ensure(&self, invite: &NewInvite) -> Result<Ensured, InviteError> {
        let invite = invite.clone();
        self.run("ensure", async move |client| {
            ensure::ensure(&client.call(), &invite).await
        })
        .await
    }

    /// Revokes an invite. One that is revoked already comes back as it is.
    ///
    /// # Errors
    /// Those of [`list`](Self::list), conflict and rejected. Not found if there is no such invite.
    pub async fn revoke(&self, invite_id: &str) -> Result<Invite, InviteError> {
        let invite_id = input::bare_value("the invite id", invite_id)?;
        self.run("revoke", async move |client| {
            revoke::revoke(&client.call(), &invite_id).await
        })
        .await
    }

    /// Revokes every active invite of an address, and returns them as revoked. None is no error.
    ///
    /// # Errors
    /// Those of [`revoke`](Self::revoke) and of [`list`](Self::list). Some may have been revoked by
    /// then; the same call goes on with the others.
    pub async fn revoke_active(&self, email: &str) -> Result<Vec<Invite>, InviteError> {
        let email = email.to_owned();
        self.run("revoke_active", async move |client| {
            revoke::revoke_active(&client.call(), &email).await
        })
        .await
    }

    /// Who is in the organization, by user id.
    ///
    /// # Errors
    /// Those of [`list`](Self::list).
    pub async fn members(&self) -> Result<Vec<Member>, InviteError> {
        self.run("members", async move |client| {
            members::members(&client.call()).await
        })
        .await
    }

    /// Paid seats: bought, taken by members, promised to active invites, free.
    ///
    /// # Errors
    /// Those of [`list`](Self::list).
    pub async fn seats(&self) -> Result<Seats, InviteError> {
        self.run("seats", async move |client| {
            members::seats(&client.call()).await
        })
        .await
    }
}

impl std::fmt::Debug for InviteClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InviteClient")
            .field("organization_url", &self.shared.organization_url)
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
