//! Runs one scenario: a sandbox, a client, the calls, the comparison.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::time::{Duration, Instant};

use icepanel_invites::{
    ApplyOptions, Clock, Expiry, InviteClient, InviteError, InviteFilter, NewInvite, Plan,
    PlanOptions, RetryPolicy, Roster, Stop,
};
use icepanel_sandbox::{Fault, Sandbox, State};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio::task::JoinSet;

use crate::pattern::{self, Mismatch};

/// No scenario takes a tenth of it: a call that does not return must fail, not hang the run.
const LONGEST: Duration = Duration::from_secs(60);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    #[serde(rename = "$schema")]
    _schema: Option<String>,
    title: String,
    #[serde(rename = "promises")]
    _promises: Vec<String>,
    sandbox: Value,
    #[serde(default)]
    client: Map<String, Value>,
    #[serde(default)]
    waits: Waits,
    steps: Vec<Value>,
    counted: Option<Value>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Waits {
    #[default]
    Skip,
    Real,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Step {
    Parallel(Parallel),
    Call(Call),
    Control {
        control: String,
        body: Value,
    },
    Report {
        report: Value,
    },
    Pause {
        #[serde(rename = "pauseMs")]
        pause_ms: u64,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Call {
    call: String,
    #[serde(default)]
    args: Args,
    client: Option<Map<String, Value>>,
    expect: Option<Value>,
    took_ms: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parallel {
    parallel: usize,
    clients: String,
    call: String,
    #[serde(default)]
    args: Args,
    expect_each: Option<Vec<Value>>,
    expect_count: Option<Value>,
    took_ms: Option<Value>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct Args {
    id: String,
    email: Option<String>,
    permission: Option<String>,
    status: Option<String>,
    created_by: Option<String>,
    expires_at: Option<String>,
    expires_in_ms: Option<i64>,
    landscape_permissions: BTreeMap<String, bool>,
    expiring_within_ms: Option<i64>,
    target: String,
    people: Option<Vec<Args>>,
    margin_ms: Option<u64>,
    prune: bool,
    partial: bool,
    prune_at_most: Option<u64>,
    prune_share: Option<f64>,
    stop_after: Option<usize>,
    members_expire_in_ms: Option<i64>,
    /// What the last `plan` returned.
    #[serde(skip)]
    last_plan: Option<Plan>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct Options {
    api_key: Option<String>,
    organization_id: Option<String>,
    base_url: Option<String>,
    timeout_ms: Option<u64>,
    connect_timeout_ms: Option<u64>,
    read_timeout_ms: Option<u64>,
    max_attempts: Option<u32>,
    max_body_bytes: Option<u64>,
    user_agent_suffix: Option<String>,
}

/// Runs a scenario; the error is the text that a developer needs.
pub(crate) fn run(scenario: &Value) -> Result<(), String> {
    let scenario: Scenario = read(scenario)?;
    let state: State = serde_json::from_value(scenario.sandbox.clone())
        .map_err(|why| format!("the sandbox refuses its state: {why}"))?;
    let mut run = Run {
        organization_id: state.organization_id.clone(),
        api_key: state.api_key.clone(),
        sandbox: Sandbox::start(state)
            .map_err(|why| format!("the sandbox refuses its state: {why}"))?,
        options: scenario.client,
        waits: scenario.waits,
        client: None,
        last_invite: Value::Null,
        last_plan: None,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let outcome = runtime.map_err(|why| why.to_string())?.block_on(async {
        let steps = run.steps(&scenario.steps, scenario.counted.as_ref());
        tokio::time::timeout(LONGEST, steps)
            .await
            .unwrap_or_else(|_| Err(format!("still running after {LONGEST:?}")))
    });
    outcome.map_err(|why| format!("{}\n\n{why}\n\n{}", scenario.title, run.log()))
}

struct Run {
    sandbox: Sandbox,
    organization_id: String,
    api_key: String,
    options: Map<String, Value>,
    waits: Waits,
    client: Option<InviteClient>,
    last_invite: Value,
    last_plan: Option<Plan>,
}

impl Run {
    async fn steps(&mut self, steps: &[Value], counted: Option<&Value>) -> Result<(), String> {
        for (i, step) in steps.iter().enumerate() {
            let step = self.fill_in(step);
            let outcome = match read(&step)? {
                Step::Call(call) => self.call(call).await,
                Step::Parallel(calls) => self.parallel(calls).await,
                Step::Control { control, body } => self.control(&control, &body),
                Step::Report { report } => compare(&report, &self.report()),
                Step::Pause { pause_ms } => {
                    tokio::time::sleep(Duration::from_millis(pause_ms)).await;
                    Ok(())
                }
            };
            outcome.map_err(|why| format!("step {} of {}: {step}\n{why}", i + 1, steps.len()))?;
        }
        let Some(counted) = counted else {
            return Ok(());
        };
        compare(&self.fill_in(counted), &self.report()).map_err(|why| format!("counted:\n{why}"))
    }

    async fn call(&mut self, mut step: Call) -> Result<(), String> {
        step.args.last_plan.clone_from(&self.last_plan);
        let began = Instant::now();
        let outcome = match self.client_for(step.client.as_ref())? {
            Ok(client) => perform(&client, &step.call, step.args).await?,
            Err(error) => Err(json_of(&error)),
        };
        let took = began.elapsed();
        if let Some(invite) = outcome.as_ref().ok().and_then(invite_in) {
            self.last_invite = invite.clone();
        }
        if let ("plan", Ok(plan)) = (step.call.as_str(), &outcome) {
            self.last_plan =
                Some(Plan::from_json(&plan.to_string()).map_err(|why| why.to_string())?);
        }
        let any_result = json!({"result": {}});
        match (&step.expect, outcome) {
            (None, Ok(_)) => {}
            (expect, outcome) => expected(expect.as_ref().unwrap_or(&any_result), &outcome)?,
        }
        took_as_told(step.took_ms.as_ref(), took)
    }

    async fn parallel(&mut self, step: Parallel) -> Result<(), String> {
        let mut calls = JoinSet::new();
        for n in 0..step.parallel {
            let alone = (step.clients == "separate").then(Map::new);
            let client = self
                .client_for(alone.as_ref())?
                .map_err(|error| json_of(&error).to_string())?;
            let (name, args) = (step.call.clone(), step.args.numbered(n));
            calls.spawn(async move { perform(&client, &name, args).await });
        }
        let began = Instant::now();
        let outcomes: Vec<Outcome> = calls
            .join_all()
            .await
            .into_iter()
            .collect::<Result<_, _>>()?;
        let took = began.elapsed();

        let mut count: BTreeMap<&str, u64> = BTreeMap::new();
        for outcome in &outcomes {
            let (value, key, otherwise) = match outcome {
                Ok(result) => (result, "outcome", "result"),
                Err(error) => (error, "kind", "error"),
            };
            *count
                .entry(value[key].as_str().unwrap_or(otherwise))
                .or_default() += 1;
            if let Some(each) = &step.expect_each {
                let misses: Vec<String> = each
                    .iter()
                    .filter_map(|expect| expected(expect, outcome).err())
                    .collect();
                if misses.len() == each.len() {
                    return Err(format!("one of {}\n{}", outcomes.len(), misses.join("\n")));
                }
            }
        }
        if let Some(expected) = &step.expect_count {
            compare(expected, &json_of(&count)).map_err(|why| format!("expectCount:\n{why}"))?;
        }
        took_as_told(step.took_ms.as_ref(), took)
    }

    fn control(&self, what: &str, body: &Value) -> Result<(), String> {
        let refused = |why: &dyn std::fmt::Display| format!("the sandbox refuses: {why}");
        match what {
            "faults" => self
                .sandbox
                .add_faults(read::<Vec<Fault>>(body)?)
                .map_err(|why| refused(&why)),
            "state" => self
                .sandbox
                .set_state(read(body)?)
                .map_err(|why| refused(&why)),
            _ => {
                let whom = body["email"]
                    .as_str()
                    .or(body["id"].as_str())
                    .unwrap_or_default();
                self.sandbox.mark_used(whom).map_err(|why| refused(&why))
            }
        }
    }

    /// The scenario's client, made by the first call that needs it, or one of its own for options of its own.
    fn client_for(
        &mut self,
        own: Option<&Map<String, Value>>,
    ) -> Result<Result<InviteClient, InviteError>, String> {
        if let (None, Some(client)) = (own, &self.client) {
            return Ok(Ok(client.clone()));
        }
        let mut options = self.options.clone();
        options.extend(own.cloned().unwrap_or_default());
        let made = self.build(read(&Value::from(options))?);
        if own.is_none() {
            self.client = made.as_ref().ok().cloned();
        }
        Ok(made)
    }

    fn build(&self, options: Options) -> Result<InviteClient, InviteError> {
        let port = self.sandbox.address().port().to_string();
        let base_url = options.base_url.map_or_else(
            || self.sandbox.base_url(),
            |url| url.replace("{port}", &port),
        );
        let mut builder = InviteClient::builder(
            options.api_key.unwrap_or_else(|| self.api_key.clone()),
            options
                .organization_id
                .unwrap_or_else(|| self.organization_id.clone()),
        )
        .base_url(base_url);
        if let Waits::Skip = self.waits {
            builder = builder.clock(Clock::skipping());
        }
        if let Some(ms) = options.timeout_ms {
            builder = builder.timeout(Duration::from_millis(ms));
        }
        if let Some(ms) = options.connect_timeout_ms {
            builder = builder.connect_timeout(Duration::from_millis(ms));
        }
        if let Some(ms) = options.read_timeout_ms {
            builder = builder.read_timeout(Duration::from_millis(ms));
        }
        if let Some(attempts) = options.max_attempts {
            builder = builder.retry(RetryPolicy::default().max_attempts(attempts));
        }
        if let Some(bytes) = options.max_body_bytes {
            builder = builder.max_body_bytes(bytes);
        }
        if let Some(suffix) = options.user_agent_suffix {
            builder = builder.user_agent_suffix(suffix);
        }
        builder.build()
    }

    /// Puts the last invite's fields where a scenario says `$lastInvite.FIELD`.
    fn fill_in(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => match text.strip_prefix("$lastInvite.") {
                Some(field) => self.last_invite[field].clone(),
                None => value.clone(),
            },
            Value::Array(list) => list.iter().map(|value| self.fill_in(value)).collect(),
            Value::Object(map) => map
                .iter()
                .map(|(key, value)| (key.clone(), self.fill_in(value)))
                .collect(),
            _ => value.clone(),
        }
    }

    fn report(&self) -> Value {
        json_of(&self.sandbox.report())
    }

    /// What the sandbox saw, a line a request.
    fn log(&self) -> String {
        let mut report = self.report();
        let requests = report
            .as_object_mut()
            .and_then(|report| report.remove("log"))
            .unwrap_or_default();
        let mut text = format!("the sandbox: {report}");
        for request in requests.as_array().into_iter().flatten() {
            // Writing to a string does not fail.
            let _ = write!(text, "\n  {request}");
        }
        text
    }
}

/// What came out of a call: its result or its error, in JSON.
type Outcome = Result<Value, Value>;

/// Makes one call. The outer error is a scenario's: a call that does not exist.
async fn perform(client: &InviteClient, call: &str, args: Args) -> Result<Outcome, String> {
    Ok(match call {
        "client" => Ok(json!({})),
        "list" => outcome(client.list(&args.filter()).await),
        "find_active" => outcome(client.find_active(&args.email()).await),
        "create" => outcome(client.create(&args.new_invite()?).await),
        "ensure" => outcome(client.ensure(&args.new_invite()?).await),
        "revoke" => outcome(client.revoke(&args.id).await),
        "revoke_active" => outcome(client.revoke_active(&args.email()).await),
        "members" => outcome(client.members().await),
        "seats" => outcome(client.seats().await),
        "plan" => outcome(plan(client, &args).await?),
        "apply" => {
            let plan = match (&args.people, &args.last_plan) {
                (Some(_), _) => plan(client, &args).await?,
                (None, Some(plan)) => Ok(plan.clone()),
                (None, None) => return Err("there is no plan yet".to_owned()),
            };
            match plan {
                Ok(plan) => apply(client, &plan, &args).await?,
                Err(error) => Err(json_of(&error)),
            }
        }
        "dump" => {
            let members = args
                .members_expire_in_ms
                .map(chrono::TimeDelta::milliseconds);
            outcome(client.dump(members.map(Expiry::In)).await)
        }
        "renew" => outcome(client.renew(&args.target, args.expiry()?).await),
        _ => return Err(format!("there is no call {call}")),
    })
}

/// The plan for the people in the arguments. The outer error is a scenario's.
async fn plan(client: &InviteClient, args: &Args) -> Result<Result<Plan, InviteError>, String> {
    let people: Vec<NewInvite> = args
        .people
        .iter()
        .flatten()
        .map(Args::new_invite)
        .collect::<Result<_, _>>()?;
    let options = json!({"prune": args.prune, "marginMs": args.margin_ms}).to_string();
    let options = PlanOptions::from_json(&options).map_err(|why| why.to_string())?;
    Ok(match Roster::from_json(&json_of(&people).to_string()) {
        Ok(roster) => client.plan(&roster, &options).await,
        Err(error) => Err(error),
    })
}

/// Applies, and looks whether there was an event for each person. The outer error is a scenario's.
async fn apply(client: &InviteClient, plan: &Plan, args: &Args) -> Result<Outcome, String> {
    let stop = Stop::new();
    let options = ApplyOptions::from_json(&args.apply_options().to_string());
    let options = match options {
        Ok(options) => options.stop(&stop),
        Err(error) => return Ok(Err(json_of(&error))),
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
    result
        .map(|value| json_of(&value))
        .map_err(|error| json_of(&error))
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
        if let Some(most) = self.prune_at_most {
            options["pruneAtMost"] = most.into();
        }
        if let Some(share) = self.prune_share {
            options["pruneShare"] = share.into();
        }
        options
    }

    fn expiry(&self) -> Result<Expiry, String> {
        Ok(match (&self.expires_at, self.expires_in_ms) {
            (Some(text), None) => {
                Expiry::At(pattern::time(text).ok_or_else(|| format!("{text} is no time"))?)
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
        let landscapes = self.landscape_permissions.iter();
        Ok(landscapes.fold(invite, |invite, (id, allowed)| {
            invite.landscape_permission(id, *allowed)
        }))
    }

    /// The arguments of the n-th of many calls: `{n}` is its number.
    fn numbered(&self, n: usize) -> Self {
        Self {
            email: self
                .email
                .as_ref()
                .map(|email| email.replace("{n}", &n.to_string())),
            ..self.clone()
        }
    }
}

/// The invite that a result is or has; of a list the last.
fn invite_in(result: &Value) -> Option<&Value> {
    let invite = match result {
        Value::Array(list) => list.last()?,
        _ if result["outcome"].is_string() => &result["invite"],
        _ => result,
    };
    invite["expiresAt"].is_string().then_some(invite)
}

fn expected(expect: &Value, outcome: &Outcome) -> Result<(), String> {
    match (expect.get("result"), expect.get("error"), outcome) {
        (Some(pattern), _, Ok(result)) => compare(pattern, result),
        (_, Some(pattern), Err(error)) => compare(pattern, error),
        (_, _, Ok(result)) => Err(format!("expected {expect}\nfound the result {result}")),
        (_, _, Err(error)) => Err(format!("expected {expect}\nfound the error {error}")),
    }
}

fn took_as_told(expected: Option<&Value>, took: Duration) -> Result<(), String> {
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    expected.map_or(Ok(()), |expected| {
        compare(expected, &ms.into()).map_err(|why| format!("tookMs:\n{why}"))
    })
}

fn compare(expected: &Value, actual: &Value) -> Result<(), String> {
    pattern::check(expected, actual).map_err(|Mismatch { path, why }| {
        let path = if path.is_empty() { "the top" } else { &path };
        // The log has a place of its own in the text.
        let actual = match actual.get("log") {
            Some(_) if expected.get("log").is_none() => {
                &json!({"requests": actual["requests"], "…": "see below"})
            }
            _ => actual,
        };
        format!("expected {expected}\nfound    {actual}\nat {path}: {why}")
    })
}

fn read<T: for<'de> Deserialize<'de>>(value: &Value) -> Result<T, String> {
    T::deserialize(value).map_err(|why| format!("cannot be read: {why}: {value}"))
}

fn json_of<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value)
        .unwrap_or_else(|why| format!("cannot be written as JSON: {why}").into())
}
