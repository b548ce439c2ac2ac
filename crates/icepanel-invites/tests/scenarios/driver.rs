//! The driver for Rust: it carries out the requests of `tests/prove/README.md`. The scenarios and the proof, which
//! includes this file, are both driven with it.
#![allow(
    clippy::print_stderr,
    reason = "stderr is where a verbose run shows things"
)]

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use icepanel_invites::{InviteClient, InviteError};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::calls::{self, Args, Options, Outcome, perform};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Request {
    #[serde(rename = "id")]
    _id: u64,
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

/// The clients by name.
#[derive(Clone, Default)]
pub(crate) struct Driver {
    clients: Arc<Mutex<HashMap<String, InviteClient>>>,
    /// Whether all that Rust can show goes to stderr.
    verbose: bool,
}

impl Driver {
    pub(crate) fn new(verbose: bool) -> Self {
        Self {
            verbose,
            ..Self::default()
        }
    }

    /// The answer to a request.
    pub(crate) async fn answer(&self, request: Value) -> Value {
        let id = request["id"].clone();
        let driver = self.clone();
        // A separate task: a panic in it becomes an answer, and the driver goes on.
        let done = tokio::spawn(async move {
            let request = Request::deserialize(request).map_err(|why| why.to_string())?;
            driver.done(request).await
        });
        let mut answer = match done.await {
            Ok(Ok(Ok(result))) => json!({"result": result}),
            Ok(Ok(Err(error))) => {
                shown(self.verbose, &error);
                json!({"error": error})
            }
            Ok(Err(why)) => json!({"crash": why}),
            Err(panic) => json!({"crash": panic.to_string()}),
        };
        answer["id"] = id;
        answer
    }

    /// Does what is asked. The outer error is a request that makes no sense.
    async fn done(&self, request: Request) -> Result<Outcome, String> {
        if let Some(name) = request.close {
            if let Some(client) = lock(&self.clients).remove(&name) {
                client.close();
            }
            return Ok(Ok(json!({})));
        }
        let name = request.client.ok_or("neither client nor close")?;
        if let Some(options) = request.options {
            let mut builder = match options.builder() {
                Ok(builder) => builder,
                Err(error) => return Ok(Err(error)),
            };
            if self.verbose {
                eprintln!("{builder:?}");
                builder =
                    builder.on_event(|event| eprintln!("{event:?} {}", calls::json_of(event)));
            }
            return Ok(match builder.build() {
                Ok(client) => {
                    show(self.verbose, &client);
                    lock(&self.clients).insert(name, client);
                    Ok(json!({}))
                }
                Err(error) => Err(error),
            });
        }
        let held = lock(&self.clients).get(&name).cloned();
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
        show(self.verbose, &outcome);
        Ok(outcome)
    }
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

/// The same call many times, at most this number at the same time, and how often it ended how.
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
fn show(verbose: bool, value: &dyn std::fmt::Debug) {
    if verbose {
        eprintln!("{value:?}\n{value:#?}");
    }
}

fn shown(verbose: bool, error: &InviteError) {
    show(verbose, error);
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(deeper) = cause.filter(|_| verbose) {
        eprintln!("{deeper}\n{deeper:?}");
        cause = deeper.source();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
