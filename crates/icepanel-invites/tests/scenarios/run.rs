//! Runs one scenario: a sandbox, a client, the calls, the comparison.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{Duration, Instant};

use icepanel_invites::{InviteClient, InviteError, Plan};
use icepanel_sandbox::{Fault, Sandbox, State};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::task::JoinSet;

use crate::calls::{self, Args, Options, json_of, perform};
use crate::contract;
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
    Close {
        #[serde(rename = "close")]
        _close: bool,
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

/// Runs a scenario; the error is the text that a developer needs.
pub(crate) fn run(name: &str, scenario: &Value) -> Result<(), String> {
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
    let outcome = outcome.and_then(|()| contract::check(name, &run.report()["log"]));
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
                Step::Close { .. } => self.close(),
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
            Ok(client) => told(perform(&client, &step.call, step.args).await?),
            Err(error) => told(Err(error)),
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
            calls.spawn(async move { perform(&client, &name, args).await.map(told) });
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

    fn close(&self) -> Result<(), String> {
        let client = self.client.as_ref().ok_or("no call has made the client")?;
        client.close();
        Ok(())
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

    fn build(&self, mut options: Options) -> Result<InviteClient, InviteError> {
        let port = self.sandbox.address().port().to_string();
        options.base_url = options.base_url.map(|url| url.replace("{port}", &port));
        options.skip_waits = matches!(self.waits, Waits::Skip);
        options
            .builder(
                &self.sandbox.base_url(),
                &self.api_key,
                &self.organization_id,
            )
            .build()
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

fn told(outcome: calls::Outcome) -> Outcome {
    outcome.map_err(|error| json_of(&error))
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
