//! The handle that `node/lib/client.js` wraps.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use icepanel_invites::{
    ApplyOptions, ClientChanges, InviteClient, InviteError, InviteFilter, Plan, PlanOptions,
    Progress, Roster, Spelling,
};
use napi::bindgen_prelude::Either;
use napi_derive::napi;
use serde::Serialize;
use tokio::task::AbortHandle;

use crate::list::{Columns, InviteColumns};
use crate::mailbox::Post;
use crate::model::{Expiry, NewInvite};
use crate::roster::Stop;
use crate::{error, runtime};

/// A client of one organization. Each of its calls has a number, given by JavaScript, with which its outcome arrives as
/// a message. Options are the core's JSON; those of a call are left out if there are none.
#[napi]
pub struct Client {
    core: InviteClient,
    post: Arc<Post>,
    calls: Arc<Calls>,
}

#[napi]
impl Client {
    /// The organization's id.
    #[napi]
    pub fn organization_id(&self) -> &str {
        self.core.organization_id()
    }

    /// The invites that match a filter, which is the core's JSON, as columns.
    #[napi]
    pub fn list(&self, call: u32, options: Option<String>, filter: String) {
        self.start(call, options, Post::list, async move |client| {
            let filter = InviteFilter::read(&filter, Spelling::JavaScript)?;
            let columns = client.list_into(&filter, Columns::default).await?;
            Ok(InviteColumns::from(columns))
        });
    }

    /// The active invite of an address, or null.
    #[napi]
    pub fn find_active(&self, call: u32, options: Option<String>, email: String) {
        self.json(call, options, async move |client| {
            client.find_active(&email).await
        });
    }

    /// Sends one invite, once. The invite is JSON.
    #[napi]
    pub fn create(&self, call: u32, options: Option<String>, invite: String) {
        self.json(call, options, async move |client| {
            client.create(&NewInvite::read(&invite)?).await
        });
    }

    /// Makes sure that the person is a member or has an active invite. The invite is JSON.
    #[napi]
    pub fn ensure(&self, call: u32, options: Option<String>, invite: String) {
        self.json(call, options, async move |client| {
            client.ensure(&NewInvite::read(&invite)?).await
        });
    }

    /// Revokes an invite.
    #[napi]
    pub fn revoke(&self, call: u32, options: Option<String>, invite_id: String) {
        self.json(call, options, async move |client| {
            client.revoke(&invite_id).await
        });
    }

    /// Revokes every active invite of an address.
    #[napi]
    pub fn revoke_active(&self, call: u32, options: Option<String>, email: String) {
        self.json(call, options, async move |client| {
            client.revoke_active(&email).await
        });
    }

    /// The members of the organization.
    #[napi]
    pub fn members(&self, call: u32, options: Option<String>) {
        self.json(call, options, async |client| client.members().await);
    }

    /// Changes the permission of a member, and the landscapes if they are given.
    #[napi]
    pub fn update_member(
        &self,
        call: u32,
        options: Option<String>,
        member: String,
        permission: String,
        landscapes: Option<HashMap<String, bool>>,
    ) {
        self.json(call, options, async move |client| {
            let landscapes = landscapes.map(|landscapes| landscapes.into_iter().collect());
            client
                .update_member(&member, permission.as_str(), landscapes)
                .await
        });
    }

    /// Removes a member: the member, or null if there is none.
    #[napi]
    pub fn remove_member(&self, call: u32, options: Option<String>, member: String) {
        self.json(call, options, async move |client| {
            client.remove_member(&member).await
        });
    }

    /// Paid seats.
    #[napi]
    pub fn seats(&self, call: u32, options: Option<String>) {
        self.json(call, options, async |client| client.seats().await);
    }

    /// What `apply` would change (a dry run). Roster and options are the core's JSON.
    #[napi]
    pub fn plan(&self, call: u32, options: Option<String>, roster: String, plan_options: String) {
        self.json(call, options, async move |client| {
            let options = PlanOptions::read(&plan_options, Spelling::JavaScript)?;
            client.plan(&Roster::from_json(&roster)?, &options).await
        });
    }

    /// Carries out a plan. Plan and options are the core's JSON; each step is reported by a letter.
    #[napi]
    pub fn apply(
        &self,
        call: u32,
        options: Option<String>,
        plan: String,
        apply_options: String,
        stop: &Stop,
    ) {
        let (stop, post) = (stop.0.clone(), Arc::clone(&self.post));
        self.json(call, options, async move |client| {
            let options = ApplyOptions::read(&apply_options, Spelling::JavaScript)?.stop(&stop);
            let plan = Plan::from_json(&plan)?;
            let tell = |progress: &Progress<'_>| post.progress(call, progress);
            client.apply(&plan, &options, tell).await
        });
    }

    /// The organization as a roster; the members too, if they get an expiry. `dump_options` are the other options.
    #[napi]
    pub fn dump(
        &self,
        call: u32,
        options: Option<String>,
        members: Option<Expiry>,
        dump_options: String,
    ) {
        self.json(call, options, async move |client| {
            Spelling::JavaScript.no_options(&dump_options, &["membersExpire"])?;
            client
                .dump(members.map(Expiry::into_core).transpose()?)
                .await
        });
    }

    /// Replaces an active invite by one that expires later.
    #[napi]
    pub fn renew(&self, call: u32, options: Option<String>, target: String, expiry: Expiry) {
        self.json(call, options, async move |client| {
            client.renew(&target, expiry.into_core()?).await
        });
    }

    /// Drops a call and its request. No message arrives for it any more, except one that was sent before.
    #[napi]
    pub fn cancel(&self, call: u32) {
        if let Some(task) = self.calls.locked().remove(&call) {
            task.abort();
        }
    }

    /// Ends the running calls of this client, and of all clients made from it or from which it was made: their errors
    /// arrive as messages. Later calls fail as well.
    #[napi]
    pub fn close(&self) {
        self.core.close();
    }

    /// Another client on the same connections, or the error, as JSON, if a change is invalid.
    #[napi]
    pub fn with_options(&self, changes: String) -> Either<Client, String> {
        let changes = ClientChanges::read(&changes, Spelling::JavaScript);
        match changes.and_then(|changes| self.core.with_options(&changes, Spelling::JavaScript)) {
            Ok(core) => Either::A(Self::new(core, Arc::clone(&self.post))),
            Err(wrong) => Either::B(error::json(&wrong)),
        }
    }
}

impl Client {
    pub(crate) fn new(core: InviteClient, post: Arc<Post>) -> Self {
        Self {
            core,
            post,
            calls: Arc::default(),
        }
    }

    /// The core's client with the options of a call.
    fn core(&self, options: Option<&str>) -> Result<InviteClient, InviteError> {
        let Some(options) = options else {
            return Ok(self.core.clone());
        };
        let changes = ClientChanges::read_call(options, Spelling::JavaScript)?;
        self.core.with_options(&changes, Spelling::JavaScript)
    }

    /// Starts a call whose result crosses as JSON.
    fn json<T, F>(&self, call: u32, options: Option<String>, run: impl FnOnce(InviteClient) -> F)
    where
        T: Serialize + 'static,
        F: Future<Output = Result<T, InviteError>> + Send + 'static,
    {
        self.start(
            call,
            options,
            |post, call, value| post.result(call, &value),
            run,
        );
    }

    /// Starts a call; `send` mails its result.
    fn start<T, F>(
        &self,
        call: u32,
        options: Option<String>,
        send: impl FnOnce(&Post, u32, T) + Send + 'static,
        run: impl FnOnce(InviteClient) -> F,
    ) where
        F: Future<Output = Result<T, InviteError>> + Send + 'static,
    {
        let core = match self.core(options.as_deref()) {
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
        // Locked until the task is stored: a task that ends immediately must find its entry, to remove it.
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
    /// Nothing waits any more: the client was garbage-collected, or its worker thread has ended.
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

/// Dropped when a call has ended, in any way.
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
