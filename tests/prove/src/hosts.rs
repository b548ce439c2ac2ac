//! What hosts do to a call: cancel it, close its client, end or kill its process.

use std::sync::Arc;
use std::time::{Duration, Instant};

use fastrand::Rng;
use icepanel_sandbox::{API_KEY, ORGANIZATION_ID, Report, Sandbox, State};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::driver::{Answer, Driver};
use crate::launch::{Language, Surroundings};
use crate::table::{Part, Table, Tried};
use crate::told;
use crate::{Sizes, own_tests, resumed, with};

pub(crate) const PART: Part = Part::Hosts;

/// By when the service must see that a request is gone. A busy machine is late, but less than this; and the client itself
/// waits longer for an answer, so that a request which is not given up is still there.
const GONE: Duration = Duration::from_secs(20);

const HANGS: Duration = Duration::from_secs(60);

/// How many calls are cancelled at random points.
const MANY: u64 = 200;

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";

pub(crate) async fn run(
    language: &Language,
    sizes: &Sizes,
    table: &mut Table,
) -> Result<(), String> {
    let driver = Driver::start(language, &Surroundings::default()).await?;
    cancelled(&driver, table).await;
    changes_cancelled(&driver, table).await;
    cancelled_anywhere(&driver, sizes, table).await;
    closed(&driver, table).await;
    ended(&driver, table).await;
    let driver = Driver::start(language, &Surroundings::default()).await?;
    killed(&driver, table).await;
    #[cfg(unix)]
    {
        let driver = Driver::start(language, &Surroundings::default()).await?;
        terminated(&driver, table).await;
    }
    resumed::run(language, sizes, table).await?;
    // Those run among the language's own tests as well.
    if !sizes.quick && language.spoil.is_none() {
        for tests in &language.hosts {
            own_tests::run(language, tests, table).await;
        }
    }
    Ok(())
}

/// Ends a driver, which has to end by itself.
pub(crate) async fn orderly_end(driver: &Driver, table: &mut Table) {
    let tried = Tried::new(
        PART,
        "3",
        "a driver ends once its stdin has",
        "exit code 0, no crash, no hang",
    );
    table.add(&tried, &driver.language, driver.end().await);
}

/// Two admins, and a member for each call that is cancelled.
fn members() -> Vec<Value> {
    let admin = |email: &str| json!({"email": email, "permission": "admin"});
    let mut members = vec![admin(ADA), admin(BOB)];
    members.extend((0..MANY).map(|number| json!({"email": member(number), "permission": "read"})));
    members
}

fn member(number: u64) -> String {
    format!("m{number}@example.com")
}

fn sandbox(faults: &Value) -> Result<Sandbox, String> {
    let state: State =
        serde_json::from_value(json!({
        "rateLimit": null, "seats": 1_000_000, "faults": faults, "members": members(),
        "invites": [{"id": "old-invite-0000000001", "email": "old@example.com", "permission": "read"}],
    }))
            .map_err(|why| why.to_string())?;
    Sandbox::start(state).map_err(|why| why.to_string())
}

/// A sandbox that never answers.
fn hanging() -> Result<Sandbox, String> {
    sandbox(&json!([{"fault": "hang", "times": null}]))
}

async fn client(driver: &Driver, name: &str, sandbox: &Sandbox, more: Value) -> Result<(), String> {
    let options = with(
        json!({
            "apiKey": API_KEY, "organizationId": ORGANIZATION_ID, "baseUrl": sandbox.base_url(), "pacing": "none",
        }),
        more,
    );
    match driver.client(name, &options).await {
        Answer::Result(_) => Ok(()),
        other => Err(format!("no client: {other}")),
    }
}

/// Waits until the sandbox has seen every request go.
pub(crate) async fn gone(sandbox: &Sandbox) -> Result<Report, String> {
    let began = Instant::now();
    loop {
        let report = sandbox.report();
        if report.in_flight == 0 {
            return Ok(report);
        }
        if began.elapsed() > GONE {
            return Err(format!(
                "{} requests are still under way after {GONE:?}",
                report.in_flight
            ));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Waits until requests of all these calls are running, one of each.
async fn under_way(
    sandbox: &Sandbox,
    calls: &mut JoinSet<Answer>,
    many: u64,
) -> Result<(), String> {
    let began = Instant::now();
    while sandbox.report().in_flight < many {
        if let Some(Ok(answer)) = calls.try_join_next() {
            return Err(format!("a call has ended before its time: {answer}"));
        }
        if began.elapsed() > Duration::from_secs(20) {
            return Err(format!(
                "only {} of {many} requests came",
                sandbox.report().in_flight
            ));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}

pub(crate) fn guest(number: impl std::fmt::Display) -> Value {
    crate::guest(&format!("p{number}@example.com"))
}

fn args_of(call: &str, number: u64) -> Value {
    match call {
        "create" | "ensure" => guest(number),
        "apply" | "plan" => json!({"people": [guest(number)]}),
        "renew" => json!({"target": "old@example.com", "expiresInMs": 86_400_000}),
        "find_active" | "revoke_active" => json!({"email": "old@example.com"}),
        "revoke" => json!({"id": "old-invite-0000000001"}),
        "update_member" => json!({"member": member(number), "permission": "write"}),
        "remove_member" => json!({"member": member(number)}),
        _ => json!({}),
    }
}

const CALLS: [&str; 14] = [
    "list",
    "find_active",
    "members",
    "seats",
    "plan",
    "dump",
    "create",
    "ensure",
    "apply",
    "renew",
    "revoke",
    "revoke_active",
    "update_member",
    "remove_member",
];

/// When a call is cancelled; later, if it was not even sent by then, on a machine that is busy.
const CANCELLED_AFTER_MS: [u64; 3] = [150, 1_500, 6_000];

/// Each call, while it waits for a service that never answers.
async fn cancelled(driver: &Arc<Driver>, table: &mut Table) {
    let tried = Tried::new(
        PART,
        "3",
        "each call, cancelled while it waits",
        "reported as cancelled, the request gone",
    );
    for (number, call) in CALLS.into_iter().enumerate() {
        let verdict = async {
            let sandbox = hanging()?;
            let name = format!("cancelled-{number}");
            client(driver, &name, &sandbox, json!({})).await?;
            let mut report = Report::default();
            for after_ms in CANCELLED_AFTER_MS {
                let request = json!({
                    "client": name, "call": call, "args": args_of(call, 1), "cancelAfterMs": after_ms,
                });
                let answer = driver.request(request, HANGS).await;
                if answer.kind() != Some("cancelled") {
                    return Err(format!("{call}: {answer}"));
                }
                report = gone(&sandbox).await?;
                if !report.log.is_empty() {
                    break;
                }
            }
            driver.close(&name).await;
            match report.abandoned {
                0 => Err(format!("{call}: no request was abandoned")),
                _ => Ok(()),
            }
        };
        table.add(&tried, &driver.language, verdict.await);
    }
}

/// A change that takes an admin away, cancelled while the service works on it: the client remembers that it may have been
/// made, so the other admin is not taken too.
async fn changes_cancelled(driver: &Arc<Driver>, table: &mut Table) {
    let tried = Tried::new(
        PART,
        "3, 6",
        "the demotion and the removal of an admin, cancelled while the service works on it",
        "reported as cancelled, the request gone; the same change of the other admin is a conflict, the same call again succeeds",
    );
    for (number, (call, fault)) in [
        ("update_member", "hang"),
        ("update_member", "act_then_hang"),
        ("remove_member", "hang"),
        ("remove_member", "act_then_hang"),
    ]
    .into_iter()
    .enumerate()
    {
        let verdict = change_cancelled(driver, &format!("change-{number}"), call, fault).await;
        let verdict = verdict.map_err(|why| format!("{call} with {fault}: {why}"));
        table.add(&tried, &driver.language, verdict);
    }
}

async fn change_cancelled(
    driver: &Driver,
    name: &str,
    call: &str,
    fault: &str,
) -> Result<(), String> {
    let sandbox = sandbox(&json!([{"fault": fault, "on": "write"}]))?;
    client(driver, name, &sandbox, json!({})).await?;
    let of = |member: &str| match call {
        "update_member" => json!({"member": member, "permission": "read"}),
        _ => json!({"member": member}),
    };
    let writes = |report: &Report| report.requests.update_member + report.requests.remove_member;
    for after_ms in CANCELLED_AFTER_MS {
        let request =
            json!({"client": name, "call": call, "args": of(BOB), "cancelAfterMs": after_ms});
        let answer = driver.request(request, HANGS).await;
        if answer.kind() != Some("cancelled") {
            return Err(answer.to_string());
        }
        if writes(&gone(&sandbox).await?) > 0 {
            break;
        }
    }
    let again = async |member: &str| driver.call(name, call, &of(member), HANGS).await.0;
    let other = again(ADA).await;
    if other.kind() != Some("conflict") || writes(&sandbox.report()) != 1 {
        return Err(format!("of the other admin: {other}"));
    }
    let same = again(BOB).await;
    driver.close(name).await;
    let report = sandbox.report();
    let has = |email: &str| {
        let mut members = report.members.iter();
        let member = members.find(|member| member.email == email);
        member.map(|member| member.permission.clone())
    };
    let wanted = (call == "update_member").then(|| "read".to_owned());
    match same {
        Answer::Result(_) if has(BOB) == wanted && has(ADA).as_deref() == Some("admin") => Ok(()),
        other => Err(format!("again: {other}; the member has {:?}", has(BOB))),
    }
}

/// Creates and changes of members, cancelled at any point of their life.
async fn cancelled_anywhere(driver: &Arc<Driver>, sizes: &Sizes, table: &mut Table) {
    // A run that cancels nothing, or everything, does not test the states in between.
    const LEAST: usize = 5;
    let tried = Tried::new(
        PART,
        "1, 3",
        "creates, ensures, updates and removals of members, 16 at once, each cancelled at a random point",
        format!(
            "a result or cancelled, {LEAST} of each at the least; never two invites, no other member changed; the requests gone"
        ),
    );
    let verdict = async {
        let faults = json!([
            {"fault": "slow_headers", "delayMs": 15, "times": null, "probability": 0.7, "seed": sizes.seed % 1000},
            {"fault": "act_then_cut", "times": null, "probability": 0.1, "seed": sizes.seed % 1000, "on": "write"},
        ]);
        let sandbox = sandbox(&faults)?;
        client(driver, "anywhere", &sandbox, json!({"skipWaits": true})).await?;
        let mut rng = Rng::with_seed(sizes.seed);
        let permits = Arc::new(tokio::sync::Semaphore::new(16));
        let mut running = JoinSet::new();
        for number in 0..MANY {
            let call = ["create", "ensure", "update_member", "remove_member"][rng.usize(..4)];
            let request = json!({
                "client": "anywhere", "call": call, "args": args_of(call, number),
                "cancelAfterMs": soon_or_late(&mut rng),
            });
            let (driver, permits) = (driver.clone(), permits.clone());
            running.spawn(async move {
                let _permit = permits.acquire_owned().await;
                (number, call, driver.request(request, HANGS).await)
            });
        }
        let ended = running.join_all().await;
        let report = gone(&sandbox).await?;
        driver.close("anywhere").await;
        told::always(&report)?;
        let ended_as = |word: &str| {
            let ended = ended.iter().map(|(_, _, answer)| answer.word());
            ended.filter(|ended| ended == word).count()
        };
        let (results, cancelled) = (ended_as("result"), ended_as("cancelled"));
        if results < LEAST || cancelled < LEAST {
            return Err(format!(
                "{results} had a result, {cancelled} were cancelled"
            ));
        }
        for (number, call, answer) in ended {
            if let Answer::Broken(why) = &answer {
                return Err(format!("{call} {number}: {why}"));
            }
            let verdict = match call {
                "update_member" | "remove_member" => changed(call, number, &answer, &report),
                _ => told::agrees(
                    told::of(call, &answer),
                    &format!("p{number}@example.com"),
                    &report,
                )
                .and_then(|()| untouched(number, &report)),
            };
            verdict.map_err(|why| format!("{call}: {why}: {answer}"))?;
        }
        Ok(())
    };
    table.add_many(&tried, &driver.language, MANY, verdict.await);
}

/// Whether the member of this number is as the answer says. No other call is about this member.
fn changed(call: &str, number: u64, answer: &Answer, report: &Report) -> Result<(), String> {
    let email = member(number);
    let mut members = report.members.iter();
    let found = members.find(|member| member.email == email);
    let (now, wanted) = match call {
        "update_member" => (found.map(|found| &*found.permission), Some("write")),
        _ => (found.map(|found| &*found.permission), None),
    };
    if now != wanted && now != Some("read") {
        return Err(format!("{email} has {now:?}"));
    }
    told::is_changed(told::of_change(answer), now == wanted, call)
}

/// Whether the member of this number, whom no call is about, is as before.
fn untouched(number: u64, report: &Report) -> Result<(), String> {
    let email = member(number);
    let mut members = report.members.iter();
    match members.any(|member| member.email == email && member.permission == "read") {
        true => Ok(()),
        false => Err(format!(
            "{email} was changed, and no call is about that member"
        )),
    }
}

/// From no time up to 3 s, in milliseconds: one in four is less than 12, and one in four more than 900. So on the fastest
/// machine some calls are cancelled, and on one that is very busy some are not.
fn soon_or_late(rng: &mut Rng) -> u64 {
    (3_000.0 * rng.f64().powi(4)) as u64
}

/// Sends calls that will get no response; the receiver still gets their outcomes.
async fn waiting(
    driver: &Arc<Driver>,
    name: &str,
    sandbox: &Sandbox,
    options: Value,
) -> Result<JoinSet<Answer>, String> {
    const MANY: u64 = 8;
    client(driver, name, sandbox, options).await?;
    let mut calls = JoinSet::new();
    for number in 0..MANY {
        let call = if number % 2 == 0 { "members" } else { "list" };
        let request = json!({"client": name, "call": call, "args": args_of(call, number)});
        let driver = driver.clone();
        calls.spawn(async move { driver.request(request, HANGS).await });
    }
    under_way(sandbox, &mut calls, MANY).await?;
    Ok(calls)
}

async fn closed(driver: &Arc<Driver>, table: &mut Table) {
    let tried = Tried::new(
        PART,
        "3",
        "a client closed with 8 calls under way",
        "each reported as closed, the requests gone",
    );
    let verdict = async {
        let sandbox = hanging()?;
        let calls = waiting(driver, "closed", &sandbox, json!({})).await?;
        driver.close("closed").await;
        for answer in calls.join_all().await {
            if answer.kind() != Some("closed") {
                return Err(answer.to_string());
            }
        }
        gone(&sandbox).await.map(drop)
    };
    table.add(&tried, &driver.language, verdict.await);
}

/// Of the calls of a process that ends: even a host that waits for its calls waits no longer than that.
fn soon_over() -> Value {
    json!({"timeoutMs": 12_000, "readTimeoutMs": 10_000, "maxAttempts": 1})
}

async fn ended(driver: &Arc<Driver>, table: &mut Table) {
    let what = "a process that ends with 8 calls under way";
    let tried = Tried::new(
        PART,
        "3",
        what,
        "exit code 0, no crash, no hang, the requests gone",
    );
    let verdict = async {
        let sandbox = hanging()?;
        let calls = waiting(driver, "ended", &sandbox, soon_over()).await?;
        driver.end().await?;
        drop(calls);
        gone(&sandbox).await.map(drop)
    };
    table.add(&tried, &driver.language, verdict.await);
}

async fn killed(driver: &Arc<Driver>, table: &mut Table) {
    let tried = Tried::new(
        PART,
        "3",
        "a process killed with 8 calls under way",
        "the requests gone",
    );
    let verdict = async {
        let sandbox = hanging()?;
        let calls = waiting(driver, "killed", &sandbox, soon_over()).await?;
        driver.kill().await;
        drop(calls);
        gone(&sandbox).await.map(drop)
    };
    table.add(&tried, &driver.language, verdict.await);
}

#[cfg(unix)]
async fn terminated(driver: &Arc<Driver>, table: &mut Table) {
    let tried = Tried::new(
        PART,
        "3",
        "a process that gets SIGTERM with 8 calls under way",
        "it ends, without a crash, and the requests are gone",
    );
    let verdict = async {
        let sandbox = hanging()?;
        let calls = waiting(driver, "terminated", &sandbox, soon_over()).await?;
        let ended = driver.terminate().await?;
        drop(calls);
        gone(&sandbox).await?;
        match is_orderly(ended) {
            true => Ok(()),
            false => Err(format!("it ended with {ended}\n{}", driver.printed())),
        }
    };
    table.add(&tried, &driver.language, verdict.await);
}

/// Whether a process ended as SIGTERM asks: by this signal, or with the exit code that a virtual machine has for it.
#[cfg(unix)]
fn is_orderly(ended: std::process::ExitStatus) -> bool {
    const SIGTERM: i32 = 15;
    let signal = std::os::unix::process::ExitStatusExt::signal(&ended);
    signal == Some(SIGTERM) || matches!(ended.code(), Some(0 | 143))
}
