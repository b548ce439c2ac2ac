//! The driver for Rust: requests as JSON lines on stdin, answers on stdout. `tests/prove/README.md` has the forms.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "stdout carries the answers, and stderr what a talkative run shows"
)]

#[path = "../../../../crates/icepanel-invites/tests/scenarios/calls.rs"]
mod calls;
#[allow(dead_code, reason = "a driver needs the reading of times alone")]
#[path = "../../../../crates/icepanel-invites/tests/scenarios/pattern.rs"]
mod pattern;

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use calls::{Args, Options, Outcome, perform};
use icepanel_invites::{InviteClient, InviteError};
use serde::Deserialize;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::task::JoinSet;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Request {
    id: u64,
    client: Option<String>,
    options: Option<Options>,
    call: Option<String>,
    #[serde(default)]
    args: Args,
    cancel_after_ms: Option<u64>,
    repeat: Option<u64>,
    #[serde(default)]
    from: u64,
    in_flight: Option<usize>,
    close: Option<String>,
}

type Clients = Arc<Mutex<HashMap<String, InviteClient>>>;

#[tokio::main]
async fn main() {
    let talkative = std::env::var_os("PROVE_TALKATIVE").is_some();
    if talkative {
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(std::io::stderr)
            .init();
    }
    let clients = Clients::default();
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        match serde_json::from_str::<Request>(&line) {
            Ok(request) => {
                tokio::spawn(answer(request, clients.clone(), talkative));
            }
            Err(why) => println!("{}", json!({"id": null, "crash": why.to_string()})),
        }
    }
}

async fn answer(request: Request, clients: Clients, talkative: bool) {
    let id = request.id;
    // A task of its own: a panic in it is told, and does not take the driver along.
    let done = tokio::spawn(done(request, clients, talkative)).await;
    let mut answer = match done {
        Ok(Ok(Ok(result))) => json!({"result": result}),
        Ok(Ok(Err(error))) => {
            shown(talkative, &error);
            json!({"error": error})
        }
        Ok(Err(why)) => json!({"crash": why}),
        Err(panic) => json!({"crash": panic.to_string()}),
    };
    answer["id"] = id.into();
    println!("{answer}");
}

/// Does what is asked. The outer error is a request that makes no sense.
async fn done(request: Request, clients: Clients, talkative: bool) -> Result<Outcome, String> {
    if let Some(name) = request.close {
        if let Some(client) = lock(&clients).remove(&name) {
            client.close();
        }
        return Ok(Ok(json!({})));
    }
    let name = request.client.ok_or("neither client nor close")?;
    if let Some(options) = request.options {
        let mut builder = options.builder("", "", "");
        if talkative {
            eprintln!("{builder:?}");
            builder = builder.on_event(|event| eprintln!("{event:?} {}", calls::json_of(event)));
        }
        return Ok(match builder.build() {
            Ok(client) => {
                show(talkative, &client);
                lock(&clients).insert(name, client);
                Ok(json!({}))
            }
            Err(error) => Err(error),
        });
    }
    let held = lock(&clients).get(&name).cloned();
    let client = held.ok_or_else(|| format!("there is no client {name}"))?;
    let call = request.call.ok_or("no call")?;
    if let Some(repeat) = request.repeat {
        let numbers = request.from..request.from + repeat;
        return many(
            &client,
            call,
            request.args,
            numbers,
            request.in_flight.unwrap_or(1),
        )
        .await;
    }
    let limit = request.cancel_after_ms.map(Duration::from_millis);
    let outcome = one(&client, &call, request.args, limit).await?;
    show(talkative, &outcome);
    Ok(outcome)
}

/// One call, until it ends or its time to be cancelled has come.
async fn one(
    client: &InviteClient,
    call: &str,
    args: Args,
    limit: Option<Duration>,
) -> Result<Outcome, String> {
    let cancelled = async {
        match limit {
            Some(limit) => tokio::time::sleep(limit).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        outcome = perform(client, call, args) => outcome,
        () = cancelled => Ok(Err(InviteError::cancelled(call))),
    }
}

/// The same call many times, so many at once, and how often it ended how.
async fn many(
    client: &InviteClient,
    call: String,
    args: Args,
    numbers: std::ops::Range<u64>,
    in_flight: usize,
) -> Result<Outcome, String> {
    let next = Arc::new(AtomicU64::new(numbers.start));
    let mut workers = JoinSet::new();
    for _ in 0..in_flight.max(1) {
        let (client, call, args, next) = (client.clone(), call.clone(), args.clone(), next.clone());
        workers.spawn(async move {
            let mut counted = BTreeMap::<String, u64>::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= numbers.end {
                    return Ok::<_, String>(counted);
                }
                let args = args.numbered(usize::try_from(number).unwrap_or_default());
                let kind = match one(&client, &call, args, None).await? {
                    Ok(_) => "",
                    Err(error) => error.kind().as_str(),
                };
                match counted.get_mut(kind) {
                    Some(count) => *count += 1,
                    None => drop(counted.insert(kind.to_owned(), 1)),
                }
            }
        });
    }
    let mut errors = BTreeMap::<String, u64>::new();
    while let Some(counted) = workers.join_next().await {
        for (kind, count) in counted.map_err(|panic| panic.to_string())?? {
            *errors.entry(kind).or_default() += count;
        }
    }
    let ok = errors.remove("").unwrap_or_default();
    Ok(Ok(json!({"ok": ok, "errors": errors})))
}

/// All that Rust can show of a value.
fn show(talkative: bool, value: &dyn std::fmt::Debug) {
    if talkative {
        eprintln!("{value:?}\n{value:#?}");
    }
}

fn shown(talkative: bool, error: &InviteError) {
    show(talkative, error);
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(deeper) = cause.filter(|_| talkative) {
        eprintln!("{deeper}\n{deeper:?}");
        cause = deeper.source();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
