//! The client's calls for many people, and the renewal of an invite.

use crate::client::handle::InviteClient;
use crate::error::InviteError;
use crate::http::options;
use crate::invites::renew;
use crate::invites::renew::Renewed;
use crate::model::Expiry;
use crate::roster::people::Roster;
use crate::roster::plan::{Plan, PlanOptions};
use crate::roster::report::{ApplyOptions, Progress, Report};
use crate::roster::{apply, dump, make_plan};

impl InviteClient {
    /// Replaces the active invite of a person by one that expires later, with the same permission and landscapes.
    /// `target` is the invite's id, or an address (anything with an `@`). Invites of the person with another permission
    /// or other landscapes are not changed.
    ///
    /// The new invite is made first and the old one is revoked after it, so that the person always has one. A paid
    /// invite therefore needs a free seat while both exist. An invite that already expires late enough remains active,
    /// and nothing is sent. If several workers renew at the same time, one new invite remains active, and all return
    /// it: the oldest one, whose expiry may be that of another worker.
    ///
    /// The whole call has one time-out; each revoke has its own.
    ///
    /// # Errors
    /// Those of [`create`](Self::create). Not found if there is no such active invite; conflict, with the ids,
    /// if an address has several active invites that differ in permission or landscapes;
    /// [`OutcomeUnknown`](crate::ErrorKind::OutcomeUnknown), with the ids of both, if the new invite was made and the
    /// old one could not be revoked. After an error, make the same call again to continue.
    pub async fn renew(
        &self,
        target: &str,
        expiry: impl Into<Expiry>,
    ) -> Result<Renewed, InviteError> {
        let target = options::bare_value("the invite id or address", target)?;
        let expiry = expiry.into();
        self.0
            .run("renew", async move |session| {
                renew::renew(&session, &target, expiry).await
            })
            .await
    }

    /// The organization as a roster: everybody with an active invite, the oldest first, and before them the members if
    /// `members` is given. A member has no expiry; `members` is the expiry that is written into the roster for members.
    /// It would apply if the person had to be invited again.
    ///
    /// # Errors
    /// Those of [`list`](Self::list).
    pub async fn dump(&self, members: Option<Expiry>) -> Result<Roster, InviteError> {
        self.0
            .run("dump", async move |session| {
                dump::dump(&session, members).await
            })
            .await
    }

    /// Compares the organization with a roster, and returns what `apply` would change (a dry run). Reads
    /// members, invites and seats at the same time, and changes nothing.
    ///
    /// # Errors
    /// Those of [`list`](Self::list); invalid input, with a line for each, for entries whose end has
    /// passed; invalid input, before anything is sent, for a roster of nobody with `prune` or `prune_members`, unless
    /// [`allow_empty`](PlanOptions::allow_empty) is set, for `prune_members` without `protect`, and for entries in other
    /// domains than [`allow_domains`](PlanOptions::allow_domains). Invalid input too if `prune_members` is set and `protect`
    /// names somebody who is no member.
    pub async fn plan(&self, roster: &Roster, options: &PlanOptions) -> Result<Plan, InviteError> {
        let (roster, options) = (roster.clone(), options.clone());
        self.0
            .run("plan", async move |session| {
                make_plan::plan(&session, &roster, &options).await
            })
            .await
    }

    /// Applies a plan, and reports the result for every person. `on_progress` is called when a step has ended.
    ///
    /// The client reads everything again first. What has changed since the plan was made is reported and not
    /// overwritten. Each step has the client's whole time-out, counted from its permit of the rate limit. A run
    /// that was stopped continues when the same plan or a new one of the same roster is applied: the client
    /// reads its progress from the service's list. `docs/roster.md` has the order and the reasons.
    ///
    /// # Errors
    /// Before anything is sent: those of [`list`](Self::list); invalid input for a plan of another
    /// organization or one that prunes, removes or invites more people than the options allow; seats exhausted where the seats do
    /// not suffice and partial work was not asked for. Later errors are in the report.
    pub async fn apply(
        &self,
        plan: &Plan,
        options: &ApplyOptions,
        mut on_progress: impl FnMut(&Progress<'_>) + Send,
    ) -> Result<Report, InviteError> {
        // On the heap, so that the future is small.
        let run = Box::pin(apply::apply(&self.0, plan, options, &mut on_progress));
        self.0.until_closed("apply", run).await
    }
}
