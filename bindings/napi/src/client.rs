//! The handle that `node/lib/client.js` wraps.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use icepanel_invites::{
    ApplyOptions, InviteClient, InviteError, Plan, PlanOptions, Progress, RetryPolicy, Roster,
};
use napi::bindgen_prelude::Either;
use napi_derive::napi;
use serde::Serialize;
use tokio::task::AbortHandle;

use crate::builder::{self, ClientOptions};
use crate::list::{Columns, InviteColumns};
use crate::mailbox::{Mailbox, Post};
use crate::model::{Expiry, InviteFilter, NewInvite, limit};
use crate::roster::Stop;
use crate::{error, runtime};

/// A client of one organization. Each of its calls has a number, given by JavaScript, under which its
/// outcome comes by mail.
#[napi]
pub struct Client {
    core: InviteClient,
    retry: RetryPolicy,
    post: Arc<Post>,
    calls: Arc<Calls>,
}

/// What a client made from another one has of its own.
#[napi(object)]
pub struct ClientChanges {
    /// The limit for a whole call.
    pub timeout_ms: Option<f64>,
    /// How often one request may be sent.
    pub max_attempts: Option<f64>,
    /// The longest wait after the first failure.
    pub base_delay_ms: Option<f64>,
    /// The longest wait after any failure.
    pub max_delay_ms: Option<f64>,
}

/// A client with these options, or the error, as JSON, of one that cannot be right.
#[napi]
pub fn open_client(mailbox: &Mailbox, options: ClientOptions) -> Either<Client, String> {
    let post = mailbox.post();
    let open = || {
        let events = options.events;
        let (mut builder, retry) = options.builder()?;
        if let Some(number) = events {
            let post = Arc::clone(&post);
            builder = builder.on_event(move |event| post.event(number, event));
        }
        Ok((builder.build()?, retry))
    };
    either(open().map(|(core, retry)| Client::new(core, retry, Arc::clone(&post))))
}

#[napi]
impl Client {
    /// The invites that a filter lets through, as columns.
    #[napi]
    pub fn list(&self, call: u32, timeout_ms: Option<f64>, filter: InviteFilter) {
        let filter = filter.into_core();
        self.start(call, timeout_ms, Post::list, async move |client| {
            let columns = client.list_into(&filter, Columns::default).await?;
            Ok(InviteColumns::from(columns))
        });
    }

    /// The active invite of an address, or null.
    #[napi]
    pub fn find_active(&self, call: u32, timeout_ms: Option<f64>, email: String) {
        self.json(call, timeout_ms, async move |client| {
            client.find_active(&email).await
        });
    }

    /// Sends one invite, once. The invite is JSON.
    #[napi]
    pub fn create(&self, call: u32, timeout_ms: Option<f64>, invite: String) {
        self.json(call, timeout_ms, async move |client| {
            client.create(&NewInvite::read(&invite)?).await
        });
    }

    /// Sees to it that the person is invited. The invite is JSON.
    #[napi]
    pub fn ensure(&self, call: u32, timeout_ms: Option<f64>, invite: String) {
        self.json(call, timeout_ms, async move |client| {
            client.ensure(&NewInvite::read(&invite)?).await
        });
    }

    /// Revokes an invite.
    #[napi]
    pub fn revoke(&self, call: u32, timeout_ms: Option<f64>, invite_id: String) {
        self.json(call, timeout_ms, async move |client| {
            client.revoke(&invite_id).await
        });
    }

    /// Revokes every active invite of an address.
    #[napi]
    pub fn revoke_active(&self, call: u32, timeout_ms: Option<f64>, email: String) {
        self.json(call, timeout_ms, async move |client| {
            client.revoke_active(&email).await
        });
    }

    /// Who is in the organization.
    #[napi]
    pub fn members(&self, call: u32, timeout_ms: Option<f64>) {
        self.json(call, timeout_ms, async |client| client.members().await);
    }

    /// Paid seats.
    #[napi]
    pub fn seats(&self, call: u32, timeout_ms: Option<f64>) {
        self.json(call, timeout_ms, async |client| client.seats().await);
    }

    /// What would have to change for a roster to be true. Roster and options are the core's JSON.
    #[napi]
    pub fn plan(&self, call: u32, timeout_ms: Option<f64>, roster: String, options: String) {
        self.json(call, timeout_ms, async move |client| {
            let options = PlanOptions::from_json(&options)?;
            client.plan(&Roster::from_json(&roster)?, &options).await
        });
    }

    /// Carries out a plan. Plan and options are the core's JSON; each step is told by a letter.
    #[napi]
    pub fn apply(
        &self,
        call: u32,
        timeout_ms: Option<f64>,
        plan: String,
        options: String,
        stop: &Stop,
    ) {
        let (stop, post) = (stop.0.clone(), Arc::clone(&self.post));
        self.json(call, timeout_ms, async move |client| {
            let options = ApplyOptions::from_json(&options)?.stop(&stop);
            let plan = Plan::from_json(&plan)?;
            let tell = |progress: &Progress<'_>| post.progress(call, progress);
            client.apply(&plan, &options, tell).await
        });
    }

    /// The organization as a roster; the members too, if they are given an end.
    #[napi]
    pub fn dump(&self, call: u32, timeout_ms: Option<f64>, members: Option<Expiry>) {
        self.json(call, timeout_ms, async move |client| {
            client
                .dump(members.map(Expiry::into_core).transpose()?)
                .await
        });
    }

    /// Replaces an active invite by one that lives longer.
    #[napi]
    pub fn renew(&self, call: u32, timeout_ms: Option<f64>, target: String, expiry: Expiry) {
        self.json(call, timeout_ms, async move |client| {
            client.renew(&target, expiry.into_core()?).await
        });
    }

    /// Drops a call and its request. No letter comes for it any more, or one that is on its way.
    #[napi]
    pub fn cancel(&self, call: u32) {
        if let Some(task) = self.calls.locked().remove(&call) {
            task.abort();
        }
    }

    /// Ends the calls that are under way, and those of all clients made from this one or from which it was
    /// made: their errors come by mail. Later ones fail as well.
    #[napi]
    pub fn close(&self) {
        self.core.close();
    }

    /// Another client on the same connections, or the error, as JSON, of a change that cannot be right.
    #[napi]
    pub fn with_options(&self, changes: ClientChanges) -> Either<Client, String> {
        either(self.changed(&changes))
    }
}

impl Client {
    fn new(core: InviteClient, retry: RetryPolicy, post: Arc<Post>) -> Self {
        Self {
            core,
            retry,
            post,
            calls: Arc::default(),
        }
    }

    fn changed(&self, changes: &ClientChanges) -> Result<Self, InviteError> {
        let retry = builder::retry(
            self.retry,
            changes.max_attempts,
            changes.base_delay_ms,
            changes.max_delay_ms,
        )?;
        let core = self.core(changes.timeout_ms)?.with_retry(retry)?;
        Ok(Self::new(core, retry, Arc::clone(&self.post)))
    }

    /// The core's client with this limit for its calls.
    fn core(&self, timeout_ms: Option<f64>) -> Result<InviteClient, InviteError> {
        Ok(match timeout_ms {
            None => self.core.clone(),
            Some(0.0) => return Err(InviteError::invalid_input("timeoutMs is zero")),
            Some(ms) => self.core.with_timeout(limit("timeoutMs", ms)?)?,
        })
    }

    /// Starts a call whose result crosses as JSON.
    fn json<T, F>(&self, call: u32, timeout_ms: Option<f64>, run: impl FnOnce(InviteClient) -> F)
    where
        T: Serialize + 'static,
        F: Future<Output = Result<T, InviteError>> + Send + 'static,
    {
        self.start(
            call,
            timeout_ms,
            |post, call, value| post.result(call, &value),
            run,
        );
    }

    /// Starts a call; `send` mails its result.
    fn start<T, F>(
        &self,
        call: u32,
        timeout_ms: Option<f64>,
        send: impl FnOnce(&Post, u32, T) + Send + 'static,
        run: impl FnOnce(InviteClient) -> F,
    ) where
        F: Future<Output = Result<T, InviteError>> + Send + 'static,
    {
        let core = match self.core(timeout_ms) {
            Ok(core) => core,
            Err(wrong) => return self.post.error(call, &error::json(&wrong)),
        };
        let runtime = match runtime::handle() {
            Ok(runtime) => runtime,
            Err(why) => {
                let failed = InviteError::no_thread(&why);
                return self.post.error(call, &error::json(&failed));
            }
        };
        let outcome = run(core);
        let under_way = UnderWay {
            call,
            post: Arc::clone(&self.post),
            calls: Arc::clone(&self.calls),
        };
        // Held until the task is noted: a task that ends at once must find its note, to remove it.
        let mut calls = self.calls.locked();
        let task = runtime.spawn(async move {
            let post = &under_way.post;
            match outcome.await {
                Ok(value) => send(post, call, value),
                Err(failed) => post.error(call, &error::json(&failed)),
            }
        });
        calls.insert(call, task.abort_handle());
    }
}

impl Drop for Client {
    /// Nobody waits any more: the client was collected, or its worker thread has ended.
    fn drop(&mut self) {
        for (_, task) in self.calls.locked().drain() {
            task.abort();
        }
    }
}

/// The calls that have not ended.
#[derive(Default)]
struct Calls(Mutex<HashMap<u32, AbortHandle>>);

impl Calls {
    fn locked(&self) -> MutexGuard<'_, HashMap<u32, AbortHandle>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Dropped when a call has ended, in whatever way.
struct UnderWay {
    call: u32,
    post: Arc<Post>,
    calls: Arc<Calls>,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.calls.locked().remove(&self.call);
        if std::thread::panicking() {
            self.post.panic(self.call);
        }
    }
}

fn either(made: Result<Client, InviteError>) -> Either<Client, String> {
    match made {
        Ok(client) => Either::A(client),
        Err(wrong) => Either::B(error::json(&wrong)),
    }
}
