//! The service's limits: a client remains below them, and after a 429 all of its calls wait.

use std::sync::Arc;
use std::time::Duration;

use icepanel_sandbox::{API_KEY, ORGANIZATION_ID, Operation, Report, Sandbox, State};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::driver::{Answer, Driver};
use crate::hosts::guest;
use crate::table::{Part, Table, Tried};
use crate::told::{self, Told};

const PART: Part = Part::Limits;

const HANGS: Duration = Duration::from_secs(60);

/// The documented limit of writes in a minute.
const LIMIT: u64 = 60;

/// More than the limit lets through in a minute. Few more: a language that cancels on one thread takes one after another.
const MANY: u64 = 62;

pub(crate) async fn run(driver: &Arc<Driver>, table: &mut Table) {
    let calls = Tried::new(
        PART,
        "2",
        format!("{MANY} creates at the documented limit, each given four seconds"),
        format!("no 429; at most {LIMIT} sent; the others cancelled, and not made"),
    );
    // Both wait for most of their time.
    let (created, run) = tokio::join!(creates_below_the_limit(driver), run_below_the_limit(driver));
    table.add_many(&calls, &driver.language, MANY, created);

    let bulk = Tried::new(
        PART,
        "2",
        format!(
            "a run of {MANY} people at the documented limit, cancelled in the middle of its minute"
        ),
        format!("no 429; at most {LIMIT} sent; nobody invited twice"),
    );
    table.add(&bulk, &driver.language, run);

    let waits = Tried::new(
        PART,
        "1, 2",
        format!(
            "{MANY} creates, one begun after another, without a pace, at a limit of 20 a second"
        ),
        "all made, once; after a 429 nothing is sent before its time, but what was under way",
    );
    let verdict = all_calls_wait_after_one_429(driver).await;
    table.add_many(&waits, &driver.language, MANY, verdict);
}

/// A sandbox and a client of this name: with the documented limit and pace, or with another limit and no pace.
async fn client(driver: &Driver, name: &str, limit: Option<Value>) -> Result<Sandbox, String> {
    let (mut state, mut options) = (json!({"seats": 1_000_000}), json!({}));
    if let Some(limit) = limit {
        state["rateLimit"] = limit;
        options["pacing"] = "none".into();
    }
    let state: State = serde_json::from_value(state).map_err(|why| why.to_string())?;
    let sandbox = Sandbox::start(state).map_err(|why| why.to_string())?;
    options["apiKey"] = API_KEY.into();
    options["organizationId"] = ORGANIZATION_ID.into();
    options["baseUrl"] = sandbox.base_url().into();
    options["timeoutMs"] = 60_000.into();
    match driver.client(name, &options).await {
        Answer::Result(_) => Ok(sandbox),
        other => Err(format!("no client: {other}")),
    }
}

fn address(number: u64) -> String {
    format!("p{number}@example.com")
}

/// Time enough for what the limit lets through; the rest would have to wait for most of a minute.
const CANCELLED_AFTER_MS: u64 = 4_000;

async fn creates_below_the_limit(driver: &Arc<Driver>) -> Result<(), String> {
    let sandbox = client(driver, "paced", None).await?;
    let mut running = JoinSet::new();
    for number in 0..MANY {
        let driver = driver.clone();
        let request = json!({
            "client": "paced", "call": "create", "args": guest(number), "cancelAfterMs": CANCELLED_AFTER_MS,
        });
        running.spawn(async move { (number, driver.request(request, HANGS).await) });
    }
    let ended = running.join_all().await;
    driver.close("paced").await;
    let report = sandbox.report();
    below_the_limit(&report)?;
    let mut cancelled = 0;
    for (number, answer) in ended {
        cancelled += u64::from(told::of("create", &answer) != Told::Made);
        told::agrees(told::of("create", &answer), &address(number), &report)
            .map_err(|why| format!("{why}: {answer}"))?;
    }
    match cancelled {
        // The client was not paced at all, and the limit just not met.
        0 => Err("none had to wait".to_owned()),
        _ => Ok(()),
    }
}

async fn run_below_the_limit(driver: &Arc<Driver>) -> Result<(), String> {
    let sandbox = client(driver, "run", None).await?;
    let people: Vec<Value> = (0..MANY).map(guest).collect();
    let request = json!({
        "client": "run", "call": "apply", "args": {"people": people}, "cancelAfterMs": CANCELLED_AFTER_MS,
    });
    let answer = driver.request(request, HANGS).await;
    driver.close("run").await;
    match answer.kind() {
        Some("cancelled") => below_the_limit(&sandbox.report()),
        _ => Err(format!("the run did not have to wait: {answer}")),
    }
}

fn below_the_limit(report: &Report) -> Result<(), String> {
    told::always(report)?;
    match (report.rate_limited, report.requests.create) {
        (0, 1..=LIMIT) => Ok(()),
        (refused, sent) => Err(format!(
            "{sent} creates were sent, {refused} requests answered 429"
        )),
    }
}

async fn all_calls_wait_after_one_429(driver: &Arc<Driver>) -> Result<(), String> {
    // A request that was under way may come late on a busy machine: one of ten trials has to be right. Whoever
    // does not wait is wrong in each.
    let mut wrong = String::new();
    for trial in 0..10 {
        match requested_wait(driver, &format!("waiting-{trial}")).await? {
            Ok(()) => return Ok(()),
            Err(why) => wrong = why,
        }
    }
    Err(wrong)
}

const BETWEEN: Duration = Duration::from_millis(25);

/// The results of the caller must be right; whether nothing was sent too early is checked elsewhere.
async fn requested_wait(driver: &Arc<Driver>, name: &str) -> Result<Result<(), String>, String> {
    let limit = json!({"reads": 1000, "writes": 20, "windowMs": 1000});
    let sandbox = client(driver, name, Some(limit)).await?;
    let mut running = JoinSet::new();
    for number in 0..MANY {
        let (driver, client) = (driver.clone(), name.to_owned());
        running.spawn(async move {
            // Some begin while others wait.
            tokio::time::sleep(BETWEEN * u32::try_from(number).unwrap_or(u32::MAX)).await;
            let args = guest(number);
            (number, driver.call(&client, "create", &args, HANGS).await.0)
        });
    }
    let ended = running.join_all().await;
    driver.close(name).await;
    let report = sandbox.report();
    told::always(&report)?;
    for (number, answer) in ended {
        if told::of("create", &answer) != Told::Made {
            return Err(format!("not made: {answer}"));
        }
        told::agrees(Told::Made, &address(number), &report)?;
    }
    if report.rate_limited == 0 {
        return Err("nothing was answered 429".to_owned());
    }
    Ok(nothing_too_early(&report))
}

/// What was under way when a 429 was sent comes within this time; the next may come a second after the 429.
const UNDER_WAY_MS: f64 = 200.0;
const TOLD_MS: f64 = 950.0;

fn nothing_too_early(report: &Report) -> Result<(), String> {
    let creates = || {
        let log = report.log.iter();
        log.filter(|entry| entry.operation == Operation::Create)
    };
    for refused in creates().filter(|entry| entry.status == Some(429)) {
        let mut after = creates().map(|entry| entry.at_ms - refused.at_ms);
        if let Some(early) = after.find(|after| (UNDER_WAY_MS..TOLD_MS).contains(after)) {
            return Err(format!(
                "a create came {early:.0} ms after a 429 that requested a wait of a second"
            ));
        }
    }
    Ok(())
}
