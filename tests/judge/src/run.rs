//! Runs one scenario: a sandbox, the calls that the driver makes, the comparison.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{Duration, Instant};

use chrono::SecondsFormat;
use icepanel_sandbox::{Fault, Sandbox, State};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio::task::JoinSet;

use crate::scenario::{Call, Parallel, Scenario, Step, Waits};
use crate::{Driver, Mismatch, contract, pattern, schema};

/// No scenario takes a tenth of it: a call that does not return must fail, not hang the run.
const LONGEST: Duration = Duration::from_secs(60);

/// The name of the client that the steps share.
const SHARED: &str = "shared";

/// Runs the scenario of this name, `GROUP/NAME`. It needs a runtime of tokio's, with its clock.
///
/// # Errors
/// The text that a developer needs: what is not as the scenario says, and what the sandbox saw.
pub async fn judge<D: Driver>(name: &str, scenario: &Value, driver: &D) -> Result<(), String> {
    schema::valid(scenario)?;
    let scenario: Scenario = read(scenario)?;
    let state: State = serde_json::from_value(scenario.sandbox.clone())
        .map_err(|why| format!("the sandbox refuses its state: {why}"))?;
    let (api_key, organization_id) = (state.api_key.clone(), state.organization_id.clone());
    let sandbox =
        Sandbox::start(state).map_err(|why| format!("the sandbox refuses its state: {why}"))?;
    let mut options = Map::from_iter([
        ("apiKey".to_owned(), api_key.into()),
        ("organizationId".to_owned(), organization_id.into()),
        ("baseUrl".to_owned(), sandbox.base_url().into()),
    ]);
    if let Waits::Skip = scenario.waits {
        options.insert("skipWaits".to_owned(), true.into());
    }
    options.extend(scenario.client);
    let mut run = Run {
        driver: driver.clone(),
        sandbox,
        options,
        shared: false,
        requests: 0,
        last_invite: Value::Null,
        last_roster: Value::Null,
        last_plan: None,
    };
    let steps = run.steps(&scenario.steps, scenario.counted.as_ref());
    let outcome = tokio::time::timeout(LONGEST, steps)
        .await
        .unwrap_or_else(|_| Err(format!("still running after {LONGEST:?}")));
    let outcome = outcome.and_then(|()| contract::check(name, &run.report()["log"]));
    outcome.map_err(|why| format!("{}\n\n{why}\n\n{}", scenario.title, run.log()))
}

struct Run<D> {
    driver: D,
    sandbox: Sandbox,
    /// What a client has that a step does not say otherwise.
    options: Map<String, Value>,
    /// Whether the client that the steps share is made.
    shared: bool,
    /// How many requests there were: the id of the last.
    requests: u64,
    last_invite: Value,
    /// What the last `dump` returned.
    last_roster: Value,
    last_plan: Option<Value>,
}

impl<D: Driver> Run<D> {
    async fn steps(&mut self, steps: &[Value], counted: Option<&Value>) -> Result<(), String> {
        for (i, step) in steps.iter().enumerate() {
            let step = self.fill_in(step);
            let outcome = match read(&step)? {
                Step::Call(call) => self.call(call).await,
                Step::Parallel(calls) => self.parallel(calls).await,
                Step::Control { control, body } => self.control(&control, &body),
                Step::Report { report } => compare(&report, &self.report()),
                Step::Close { .. } => self.close().await,
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

    async fn call(&mut self, step: Call) -> Result<(), String> {
        let mut args = step.args;
        if step.call == "apply" && !args.contains_key("people") && !args.contains_key("roster") {
            let mut plan = self.last_plan.clone().ok_or("there is no plan yet")?;
            if let (Some(plan), Some(Value::Object(fields))) =
                (plan.as_object_mut(), args.remove("planWith"))
            {
                plan.extend(fields);
                plan.retain(|_, value| !value.is_null());
            }
            args.insert("plan".to_owned(), plan);
        }
        let began = Instant::now();
        let outcome = match self.client_for(step.client.as_ref()).await? {
            Ok(_) if step.call == "client" => Ok(json!({})),
            Ok(client) => {
                let request = self.request(&client, &step.call, args.into());
                sent(&self.driver, request).await?
            }
            Err(error) => Err(error),
        };
        let took = began.elapsed();
        if let Some(invite) = outcome.as_ref().ok().and_then(invite_in) {
            self.last_invite = invite.clone();
        }
        if let ("plan", Ok(plan)) = (step.call.as_str(), &outcome) {
            self.last_plan = Some(plan.clone());
        }
        if let ("dump", Ok(roster)) = (step.call.as_str(), &outcome) {
            self.last_roster = roster.clone();
        }
        let any_result = json!({"result": {}});
        match (&step.expect, outcome) {
            (None, Ok(_)) => {}
            (expect, outcome) => expected(expect.as_ref().unwrap_or(&any_result), &outcome)?,
        }
        took_the_expected_time(step.took_ms.as_ref(), took)
    }

    async fn parallel(&mut self, step: Parallel) -> Result<(), String> {
        let mut requests = Vec::new();
        for n in 0..step.parallel {
            let alone = (step.clients == "separate").then(Map::new);
            let client = self.client_for(alone.as_ref()).await?;
            let client = client.map_err(|error| format!("a client cannot be made: {error}"))?;
            let mut args = step.args.clone();
            for name in ["email", "member"] {
                if let Some(Value::String(address)) = args.get_mut(name) {
                    *address = address.replace("{n}", &n.to_string());
                }
            }
            requests.push(self.request(&client, &step.call, args.into()));
        }
        let mut calls = JoinSet::new();
        let began = Instant::now();
        for request in requests {
            let driver = self.driver.clone();
            calls.spawn(async move { sent(&driver, request).await });
        }
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
        took_the_expected_time(step.took_ms.as_ref(), took)
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

    async fn close(&mut self) -> Result<(), String> {
        if !self.shared {
            return Err("no call has made the client".to_owned());
        }
        let request = self.request(SHARED, "close", json!({}));
        expected(&json!({"result": {}}), &sent(&self.driver, request).await?)
    }

    /// The name of the scenario's client, made by the first call that needs it, or of one with options of its own; or
    /// the error of the client that cannot be made.
    async fn client_for(
        &mut self,
        own: Option<&Map<String, Value>>,
    ) -> Result<Result<String, Value>, String> {
        if own.is_none() && self.shared {
            return Ok(Ok(SHARED.to_owned()));
        }
        let id = self.id();
        let name = own.map_or(SHARED.to_owned(), |_| format!("client {id}"));
        let mut options = self.options.clone();
        options.extend(own.cloned().unwrap_or_default());
        let port = self.sandbox.address().port().to_string();
        if let Some(Value::String(url)) = options.get_mut("baseUrl") {
            *url = url.replace("{port}", &port);
        }
        let request = json!({"id": id, "client": name, "options": options});
        let made = sent(&self.driver, request).await?;
        self.shared |= own.is_none() && made.is_ok();
        Ok(made.map(|_| name))
    }

    fn request(&mut self, client: &str, call: &str, mut args: Value) -> Value {
        resolve_times(&mut args);
        json!({"id": self.id(), "client": client, "call": call, "args": args})
    }

    fn id(&mut self) -> u64 {
        self.requests += 1;
        self.requests
    }

    /// Puts the last invite's fields where a scenario says `$lastInvite.FIELD`, and the last roster for `$lastRoster`.
    fn fill_in(&self, value: &Value) -> Value {
        match value {
            Value::String(text) if text == "$lastRoster" => self.last_roster.clone(),
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

/// Has a request answered. What is neither a result nor an error is a scenario's failure.
async fn sent<D: Driver>(driver: &D, request: Value) -> Result<Outcome, String> {
    let answer = driver.answer(request).await;
    let field = |name: &str| answer.get(name).cloned();
    match (field("result"), field("error"), field("crash")) {
        (Some(result), None, None) => Ok(Ok(result)),
        (None, Some(error @ Value::Object(_)), None) => Ok(Err(error)),
        (_, _, Some(Value::String(crash))) => Err(format!("the driver failed: {crash}")),
        _ => Err(format!(
            "the driver sent no response that can be read: {answer}"
        )),
    }
}

/// Makes each `expiresAt` and `until` that is relative to now an instant: no driver needs to know how.
fn resolve_times(args: &mut Value) {
    match args {
        Value::Object(map) => {
            for (key, value) in map {
                match value.as_str() {
                    Some(text)
                        if matches!(&**key, "expiresAt" | "until")
                            && text.starts_with(['+', '-']) =>
                    {
                        if let Some(time) = pattern::time(text) {
                            *value = time.to_rfc3339_opts(SecondsFormat::Millis, true).into();
                        }
                    }
                    _ => resolve_times(value),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(resolve_times),
        _ => {}
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

fn took_the_expected_time(expected: Option<&Value>, took: Duration) -> Result<(), String> {
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
