//! The handle that the languages wrap.

use std::future::Future;
use std::sync::Arc;

use icepanel_invites::{
    ApplyOptions, ApplyOptionsData, ClientChanges, ClientOptions, Clock, Ensured, Expiry, Invite,
    InviteClient as Core, InviteClientBuilder, InviteError, InviteFilter, InviteFilterData,
    LandscapePermissions, Member, NewInvite, Permission, Plan as CorePlan, PlanOptions,
    PlanOptionsData, Progress as CoreProgress, Renewed, Roster, Secret, Spelling,
};

use crate::cancel::CancelHandle;
use crate::error::Failure;
use crate::event::{EventListener, Listener};
use crate::model::Seats;
use crate::outbox::Outbox;
use crate::roster::{Plan, ProgressListener, Report, RunListener, Stop};
use crate::runtime::{self, Outcome};

/// A client of one organization. Each call takes the handle that stops it, for languages that do not
/// drop the future of a call that is cancelled.
#[derive(Debug, uniffi::Object)]
pub struct Client {
    core: Core,
    /// The messages for the client's listener, if it has one.
    outbox: Option<Arc<Outbox>>,
}

/// The options of a client, and what only tests need.
#[derive(Clone, Debug, uniffi::Record)]
pub struct ClientSetup {
    /// The options.
    pub options: ClientOptions,
    /// Whether waits between attempts take no time: for tests.
    pub skip_waits: bool,
}

type Cancel = Option<Arc<CancelHandle>>;

#[uniffi::export]
impl Client {
    /// A client with these options. Nothing is sent.
    #[uniffi::constructor]
    pub fn new(
        api_key: Secret,
        organization_id: String,
        setup: ClientSetup,
        proxy: Option<Secret>,
        client_certificate_pem: Option<Secret>,
        listener: Option<Box<dyn EventListener>>,
    ) -> Result<Self, Failure> {
        let builder = Core::builder(api_key, organization_id);
        Self::build(builder, setup, proxy, client_certificate_pem, listener)
    }

    /// A client with the key and organization from the environment, unless an option overrides them.
    #[uniffi::constructor]
    pub fn from_env(
        setup: ClientSetup,
        proxy: Option<Secret>,
        client_certificate_pem: Option<Secret>,
        listener: Option<Box<dyn EventListener>>,
    ) -> Result<Self, Failure> {
        let builder = Core::builder_from_env()?;
        Self::build(builder, setup, proxy, client_certificate_pem, listener)
    }

    /// The organization's id.
    pub fn organization_id(&self) -> String {
        self.core.organization_id().to_owned()
    }

    /// Closes this client, those made from it and those it was made from: running calls end as closed, and later ones
    /// send nothing.
    pub fn close(&self) {
        self.core.close();
    }

    /// Whether the client was closed.
    pub fn is_closed(&self) -> bool {
        self.core.is_closed()
    }

    /// The same client with other limits.
    pub fn with_options(&self, changes: ClientChanges) -> Result<Self, Failure> {
        Ok(self.with(self.core.with_options(&changes, Spelling::Typed)?))
    }

    /// The invites that match a filter, in the service's order.
    #[uniffi::method(default(cancel = None))]
    pub async fn list(
        &self,
        filter: InviteFilterData,
        cancel: Cancel,
    ) -> Result<Vec<Invite>, Failure> {
        let filter = InviteFilter::of(filter, Spelling::Typed)?;
        self.call("list", cancel, async move |core| core.list(&filter).await)
            .await
    }

    /// The active invite of an address.
    #[uniffi::method(default(cancel = None))]
    pub async fn find_active(
        &self,
        email: String,
        cancel: Cancel,
    ) -> Result<Option<Invite>, Failure> {
        self.call("find_active", cancel, async move |core| {
            core.find_active(&email).await
        })
        .await
    }

    /// Sends one invite, once.
    #[uniffi::method(default(cancel = None))]
    pub async fn create(&self, invite: NewInvite, cancel: Cancel) -> Result<Invite, Failure> {
        self.call("create", cancel, async move |core| {
            core.create(&invite).await
        })
        .await
    }

    /// Makes sure that the person is a member or has exactly one active invite.
    #[uniffi::method(default(cancel = None))]
    pub async fn ensure(&self, invite: NewInvite, cancel: Cancel) -> Result<Ensured, Failure> {
        self.call("ensure", cancel, async move |core| {
            core.ensure(&invite).await
        })
        .await
    }

    /// Revokes an invite.
    #[uniffi::method(default(cancel = None))]
    pub async fn revoke(&self, invite_id: String, cancel: Cancel) -> Result<Invite, Failure> {
        self.call("revoke", cancel, async move |core| {
            core.revoke(&invite_id).await
        })
        .await
    }

    /// Revokes every active invite of an address.
    #[uniffi::method(default(cancel = None))]
    pub async fn revoke_active(
        &self,
        email: String,
        cancel: Cancel,
    ) -> Result<Vec<Invite>, Failure> {
        self.call("revoke_active", cancel, async move |core| {
            core.revoke_active(&email).await
        })
        .await
    }

    /// The members of the organization.
    #[uniffi::method(default(cancel = None))]
    pub async fn members(&self, cancel: Cancel) -> Result<Vec<Member>, Failure> {
        self.call("members", cancel, async |core| core.members().await)
            .await
    }

    /// Changes the permission of a member, and the landscapes if they are given.
    #[uniffi::method(default(cancel = None))]
    pub async fn update_member(
        &self,
        member: String,
        permission: Permission,
        landscape_permissions: Option<LandscapePermissions>,
        cancel: Cancel,
    ) -> Result<Member, Failure> {
        self.call("update_member", cancel, async move |core| {
            core.update_member(&member, permission, landscape_permissions)
                .await
        })
        .await
    }

    /// Removes a member, and returns this member, if there is one.
    #[uniffi::method(default(cancel = None))]
    pub async fn remove_member(
        &self,
        member: String,
        cancel: Cancel,
    ) -> Result<Option<Member>, Failure> {
        self.call("remove_member", cancel, async move |core| {
            core.remove_member(&member).await
        })
        .await
    }

    /// Paid seats: bought, taken, promised, free.
    #[uniffi::method(default(cancel = None))]
    pub async fn seats(&self, cancel: Cancel) -> Result<Seats, Failure> {
        self.call("seats", cancel, async |core| Ok(core.seats().await?.into()))
            .await
    }

    /// The plan for the entries of a roster.
    #[uniffi::method(default(cancel = None))]
    pub async fn plan(
        &self,
        roster: Vec<NewInvite>,
        options: PlanOptionsData,
        cancel: Cancel,
    ) -> Result<Plan, Failure> {
        let roster = Roster::new(roster)?;
        let options = PlanOptions::of(options, Spelling::Typed)?;
        self.call("plan", cancel, async move |core| {
            Plan::of(core.plan(&roster, &options).await?)
        })
        .await
    }

    /// Applies a plan, given as JSON.
    #[uniffi::method(default(cancel = None))]
    pub async fn apply(
        &self,
        plan: String,
        options: ApplyOptionsData,
        stop: Option<Arc<Stop>>,
        listener: Option<Box<dyn ProgressListener>>,
        cancel: Cancel,
    ) -> Result<Report, Failure> {
        let plan = CorePlan::from_json(&plan)?;
        let mut options = ApplyOptions::of(options, Spelling::Typed)?;
        if let Some(stop) = stop {
            options = options.stop(&stop.0);
        }
        self.call("apply", cancel, async move |core| {
            let run = listener.map(RunListener::start).transpose()?;
            let tell = |progress: &CoreProgress<'_>| {
                if let Some(run) = &run {
                    run.report(progress);
                }
            };
            let ended = core.apply(&plan, &options, tell).await;
            if let Some(run) = &run {
                run.outbox.delivered().await;
            }
            Ok(ended?.into())
        })
        .await
    }

    /// The organization as a roster; its members too, if they get an expiry.
    #[uniffi::method(default(cancel = None))]
    pub async fn dump(
        &self,
        members: Option<Expiry>,
        cancel: Cancel,
    ) -> Result<Vec<NewInvite>, Failure> {
        self.call("dump", cancel, async move |core| {
            Ok(core.dump(members).await?.into())
        })
        .await
    }

    /// Replaces an active invite, named by its id or its address, by one that expires later.
    #[uniffi::method(default(cancel = None))]
    pub async fn renew(
        &self,
        target: String,
        expiry: Expiry,
        cancel: Cancel,
    ) -> Result<Renewed, Failure> {
        self.call("renew", cancel, async move |core| {
            core.renew(&target, expiry).await
        })
        .await
    }
}

impl Client {
    fn build(
        mut builder: InviteClientBuilder,
        setup: ClientSetup,
        proxy: Option<Secret>,
        client_certificate_pem: Option<Secret>,
        listener: Option<Box<dyn EventListener>>,
    ) -> Result<Self, Failure> {
        builder = builder.options(setup.options, Spelling::Typed)?;
        if let Some(url) = proxy {
            builder = builder.proxy(url);
        }
        if let Some(pem) = client_certificate_pem {
            builder = builder.client_certificate_pem(pem);
        }
        if setup.skip_waits {
            builder = builder.clock(Clock::skipping());
        }
        let listener = listener.map(Listener::new);
        let outbox = listener.as_ref().map(|listener| listener.outbox.clone());
        if let Some(listener) = listener {
            builder = builder.on_event(move |event| listener.tell(event));
        }
        let core = builder.build()?;
        Ok(Self { core, outbox })
    }

    /// The same listener with another handle of the core.
    fn with(&self, core: Core) -> Self {
        let outbox = self.outbox.clone();
        Self { core, outbox }
    }

    /// Runs a call of the core until it ends, is cancelled, or nobody waits for it any more.
    fn call<T, F>(
        &self,
        operation: &'static str,
        cancel: Cancel,
        run: impl FnOnce(Core) -> F,
    ) -> Outcome<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, InviteError>> + Send + 'static,
    {
        runtime::run_telling(
            operation,
            cancel,
            self.outbox.clone(),
            run(self.core.clone()),
        )
    }
}
