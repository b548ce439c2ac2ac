//! Options, arguments and results in JSON, and the calls themselves.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Utc;
use icepanel_invites::{
    ApplyOptions, ClientOptions, Clock, Expiry, InviteClient, InviteClientBuilder, InviteError,
    InviteFilter, NewInvite, Plan, PlanOptions, Roster, Spelling, Stop,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// The arguments of a call.
#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Args {
    id: String,
    email: Option<String>,
    permission: Option<String>,
    status: Option<String>,
    created_by: Option<String>,
    expires_at: Option<String>,
    expires_in_ms: Option<i64>,
    landscape_permissions: Option<BTreeMap<String, bool>>,
    expiring_within_ms: Option<i64>,
    no_invites: Option<bool>,
    target: String,
    member: String,
    people: Option<Vec<Args>>,
    /// The JSON of a roster.
    roster: Option<Value>,
    margin_ms: Option<u64>,
    prune: bool,
    skip_revoked: Option<bool>,
    max_invites: Option<u64>,
    allow_empty: Option<bool>,
    partial: bool,
    prune_at_most: Option<u64>,
    prune_share: Option<f64>,
    manage_members: bool,
    prune_members: bool,
    protect: Vec<String>,
    min_admins: Option<u64>,
    allow_domains: Option<Vec<String>>,
    remove_at_most: Option<u64>,
    remove_share: Option<f64>,
    invite_at_most: Option<u64>,
    admins_at_most: Option<u64>,
    until: Option<String>,
    stop_after: Option<usize>,
    members_expire_in_ms: Option<i64>,
    /// What a `plan` returned.
    plan: Option<Value>,
}

/// The options of a client: what is no data, and the rest, which the client reads.
#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Options {
    api_key: String,
    organization_id: String,
    proxy: Option<String>,
    ca_certificate_pem: Option<String>,
    client_certificate_pem: Option<String>,
    skip_waits: bool,
    #[serde(flatten)]
    data: Map<String, Value>,
}

impl Options {
    /// The builder that these options say.
    pub(crate) fn builder(self) -> Result<InviteClientBuilder, InviteError> {
        let data = ClientOptions::read(&Value::Object(self.data).to_string(), Spelling::Json)?;
        let mut builder = InviteClient::builder(self.api_key, self.organization_id)
            .options(data, Spelling::Json)?;
        if self.skip_waits {
            builder = builder.clock(Clock::skipping());
        }
        if let Some(proxy) = self.proxy {
            builder = builder.proxy(proxy);
        }
        if let Some(pem) = self.ca_certificate_pem {
            builder = builder.ca_certificate_pem(pem);
        }
        if let Some(pem) = self.client_certificate_pem {
            builder = builder.client_certificate_pem(pem);
        }
        Ok(builder)
    }
}

/// What came out of a call: its result in JSON, or its error.
pub(crate) type Outcome = Result<Value, InviteError>;

/// Makes one call. The outer error is no outcome: a call that makes no sense.
pub(crate) async fn perform(
    client: &InviteClient,
    call: &str,
    args: Args,
) -> Result<Outcome, String> {
    Ok(match call {
        "close" => {
            client.close();
            Ok(json!({}))
        }
        "list" => outcome(client.list(&args.filter()).await),
        "find_active" => outcome(client.find_active(&args.email()).await),
        "create" => outcome(client.create(&args.new_invite()?).await),
        "ensure" => {
            let asked = args.new_invite()?;
            client.ensure(&asked).await.map(|ensured| {
                let mut fields = json_of(&ensured);
                fields["differs"] = json!(ensured.differs_from(&asked, Utc::now()));
                fields
            })
        }
        "revoke" => outcome(client.revoke(&args.id).await),
        "revoke_active" => outcome(client.revoke_active(&args.email()).await),
        "members" => outcome(client.members().await),
        "update_member" => {
            let permission = args.permission.as_deref().unwrap_or_default();
            let landscapes = args.landscape_permissions.clone();
            outcome(
                client
                    .update_member(&args.member, permission, landscapes)
                    .await,
            )
        }
        "remove_member" => outcome(client.remove_member(&args.member).await),
        "seats" => outcome(client.seats().await),
        "plan" => outcome(plan(client, &args).await?),
        "apply" => {
            let plan = match &args.plan {
                Some(plan) => Plan::from_json(&plan.to_string()),
                None => plan(client, &args).await?,
            };
            match plan {
                Ok(plan) => apply(client, &plan, &args).await?,
                Err(error) => Err(error),
            }
        }
        "dump" => {
            let members = args
                .members_expire_in_ms
                .map(chrono::TimeDelta::milliseconds);
            let roster = client.dump(members.map(Expiry::In)).await;
            outcome(roster)
        }
        "renew" => outcome(client.renew(&args.target, args.expiry()?).await),
        _ => return Err(format!("there is no call {call}")),
    })
}

/// The plan for the people in the arguments. The outer error is no outcome.
async fn plan(client: &InviteClient, args: &Args) -> Result<Result<Plan, InviteError>, String> {
    let mut options = json!({
        "prune": args.prune, "marginMs": args.margin_ms, "maxInvites": args.max_invites,
        "manageMembers": args.manage_members, "pruneMembers": args.prune_members, "protect": args.protect,
        "minAdmins": args.min_admins, "allowDomains": args.allow_domains,
        "expiringWithinMs": args.expiring_within_ms,
    });
    for (name, flag) in [
        ("skipRevoked", args.skip_revoked),
        ("allowEmpty", args.allow_empty),
        ("noInvites", args.no_invites),
    ] {
        if let Some(flag) = flag {
            options[name] = flag.into();
        }
    }
    let options = match PlanOptions::from_json(&options.to_string()) {
        Ok(options) => options,
        Err(error) => return Ok(Err(error)),
    };
    let roster = match &args.roster {
        Some(roster) => roster.clone(),
        None => {
            let people = args.people.iter().flatten().map(Args::new_invite);
            json_of(&people.collect::<Result<Vec<_>, _>>()?)
        }
    };
    Ok(match Roster::from_json(&roster.to_string()) {
        Ok(roster) => client.plan(&roster, &options).await,
        Err(error) => Err(error),
    })
}

/// Applies, and looks whether there was an event for each person. The outer error is no outcome.
async fn apply(client: &InviteClient, plan: &Plan, args: &Args) -> Result<Outcome, String> {
    let stop = Stop::new();
    let options = ApplyOptions::from_json(&args.apply_options().to_string());
    let options = match options {
        Ok(options) => options.stop(&stop),
        Err(error) => return Ok(Err(error)),
    };
    let mut told = BTreeSet::new();
    let result = client.apply(plan, &options, |progress| {
        told.insert(progress.index);
        if args.stop_after == Some(progress.done) {
            stop.stop();
        }
    });
    let result = result.await;
    if result.is_ok() && told.len() != plan.steps.len() {
        return Err(format!("events for {} people only", told.len()));
    }
    Ok(outcome(result))
}

fn outcome<T: Serialize>(result: Result<T, InviteError>) -> Outcome {
    result.map(|value| json_of(&value))
}

impl Args {
    fn email(&self) -> String {
        self.email.clone().unwrap_or_default()
    }

    fn filter(self) -> InviteFilter {
        let mut filter = InviteFilter::default();
        if let Some(status) = self.status {
            filter = filter.status(status.as_str());
        }
        if let Some(email) = self.email {
            filter = filter.email(email);
        }
        if let Some(permission) = self.permission {
            filter = filter.permission(permission.as_str());
        }
        if let Some(actor) = self.created_by {
            filter = filter.created_by(actor.as_str());
        }
        if let Some(ms) = self.expiring_within_ms {
            filter = filter.expiring_within(chrono::TimeDelta::milliseconds(ms));
        }
        filter
    }

    fn apply_options(&self) -> Value {
        let mut options = json!({"partial": self.partial});
        for (name, number) in [
            ("pruneAtMost", self.prune_at_most),
            ("removeAtMost", self.remove_at_most),
            ("inviteAtMost", self.invite_at_most),
            ("adminsAtMost", self.admins_at_most),
        ] {
            if let Some(number) = number {
                options[name] = number.into();
            }
        }
        for (name, share) in [
            ("pruneShare", self.prune_share),
            ("removeShare", self.remove_share),
        ] {
            if let Some(share) = share {
                options[name] = share.into();
            }
        }
        options
    }

    fn expiry(&self) -> Result<Expiry, String> {
        Ok(match (&self.expires_at, self.expires_in_ms) {
            (Some(text), None) => {
                let time = text.parse().map_err(|why| format!("{text}: {why}"))?;
                Expiry::At(time)
            }
            (None, Some(ms)) => Expiry::In(chrono::TimeDelta::milliseconds(ms)),
            _ => return Err("expiresAt or expiresInMs".to_owned()),
        })
    }

    fn new_invite(&self) -> Result<NewInvite, String> {
        let expiry = self.expiry()?;
        let invite = NewInvite::new(
            self.email(),
            self.permission.as_deref().unwrap_or_default(),
            expiry,
        );
        let invite = match &self.until {
            Some(until) => invite.until(until.parse().map_err(|why| format!("{until}: {why}"))?),
            None => invite,
        };
        let landscapes = self.landscape_permissions.iter().flatten();
        Ok(landscapes.fold(invite, |invite, (id, allowed)| {
            invite.landscape_permission(id, *allowed)
        }))
    }

    /// The arguments of the n-th of many calls: `{n}` is its number.
    pub(crate) fn numbered(&self, n: usize) -> Self {
        Self {
            email: self
                .email
                .as_ref()
                .map(|email| email.replace("{n}", &n.to_string())),
            ..self.clone()
        }
    }
}

pub(crate) fn json_of<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value)
        .unwrap_or_else(|why| format!("cannot be written as JSON: {why}").into())
}
