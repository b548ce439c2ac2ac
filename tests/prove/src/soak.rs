//! A great many calls, one in a hundred failing, from services whose `Date` is off: what they leave behind.

use std::sync::Arc;
use std::time::{Duration, Instant};

use icepanel_sandbox::{API_KEY, ORGANIZATION_ID, Sandbox, State};
use serde_json::json;

use crate::driver::{Answer, Driver, Usage};
use crate::table::{Part, Table, Tried, grouped};
use crate::{Sizes, guest};

/// The calls between two looks at the driver. The sandbox starts again after each, so that its list does not grow.
const CHUNK: u64 = 5_000;

const IN_FLIGHT: u64 = 64;

/// A call that finds no free connection begins one, and takes another if that is free sooner: then both remain open.
const CONNECTIONS: u64 = 2 * IN_FLIGHT;

/// A chunk on the busiest machine, and no hang.
const LONGEST: Duration = Duration::from_secs(600);

/// What is called in turn.
const CALLS: [&str; 5] = ["create", "find_active", "members", "create", "revoke"];

/// Growth after the first calls that is no leak: an allocator's and a collector's room to breathe.
const GROWTH_KIB: u64 = 16 * 1024;

/// With fewer calls a virtual machine is still at its compiling and at the growing of its heap.
const FEW: u64 = 100_000;
const GROWTH_OF_FEW_KIB: u64 = 96 * 1024;

pub(crate) async fn run(driver: &Arc<Driver>, sizes: &Sizes, table: &mut Table) {
    let what = "calls in turn, 64 at once, one in a hundred failing; `Date` is up to 30 s off";
    let counted = Tried::new(
        Part::Soak,
        "1, 3",
        what,
        "each reported as it was; counted as reported",
    );
    let growth_kib = if sizes.calls < FEW {
        GROWTH_OF_FEW_KIB
    } else {
        GROWTH_KIB
    };
    let flat = Tried::new(
        Part::Growth,
        "3",
        "memory, threads and descriptors of these calls",
        format!(
            "flat after the first tenth: less than {} MiB more, at most {IN_FLIGHT} more threads, one for each call at once, and {CONNECTIONS} more descriptors, two for each",
            growth_kib / 1024
        ),
    );
    let began = Instant::now();
    let mut usage = Vec::new();
    let mut made = 0;
    let mut whole = true;
    for (round, from) in (0..sizes.calls).step_by(CHUNK as usize).enumerate() {
        let many = CHUNK.min(sizes.calls - from);
        let verdict = chunk(driver, CALLS[round % CALLS.len()], from, many).await;
        whole &= verdict.is_ok();
        table.add_many(&counted, &driver.language, many, verdict);
        made += many;
        usage.extend(driver.usage());
        if !whole {
            break;
        }
    }
    let speed = made as f64 / began.elapsed().as_secs_f64();
    table.figure(
        &counted,
        &driver.language,
        format!("{} a second", grouped(speed as u64)),
    );
    match growth(&usage, growth_kib) {
        Some((figure, verdict)) => {
            let verdict = match whole {
                true => verdict,
                false => Err("not every call was made".to_owned()),
            };
            table.add(&flat, &driver.language, verdict);
            table.figure(&flat, &driver.language, figure);
        }
        None => table.add(
            &flat,
            &driver.language,
            Err("the driver is gone".to_owned()),
        ),
    }
}

async fn chunk(driver: &Driver, call: &str, from: u64, many: u64) -> Result<(), String> {
    // A create that is refused was not made; a read is not sent again here.
    let status = if call == "create" { 422 } else { 503 };
    let on = if call == "find_active" { "list" } else { call };
    // From 30 s behind to 30 s ahead.
    let date_skew_seconds = i64::try_from(from / CHUNK * 7 % 61).unwrap_or_default() - 30;
    let state: State = serde_json::from_value(json!({
        "rateLimit": null,
        "seats": 1_000_000,
        "members": [{"email": "ada@example.com", "permission": "admin"}],
        "invites": [{"id": "soak-invite-000000001", "email": "old@example.com", "permission": "read"}],
        "faults": [{"fault": "status", "status": status, "times": null, "probability": 0.01, "seed": from,
            "on": on}],
        "behaviour": {"dateSkewSeconds": date_skew_seconds},
    }))
    .map_err(|why| why.to_string())?;
    let sandbox = Sandbox::start(state).map_err(|why| why.to_string())?;
    let options = json!({
        "apiKey": API_KEY, "organizationId": ORGANIZATION_ID, "baseUrl": sandbox.base_url(), "pacing": "none", "maxAttempts": 1,
    });
    // The same name: a client that takes another's place, as many in a program's life do.
    if let made @ (Answer::Error(_) | Answer::Broken(_)) = driver.client("soak", &options).await {
        return Err(format!("no client: {made}"));
    }
    let args = match call {
        "create" => guest("p{n}@example.com"),
        "find_active" => json!({"email": "old@example.com"}),
        "revoke" => json!({"id": "soak-invite-000000001"}),
        _ => json!({}),
    };
    let request = json!({
        "client": "soak", "call": call, "args": args, "repeat": many, "inFlight": IN_FLIGHT, "from": from,
    });
    let answer = driver.request(request, LONGEST).await;
    let Answer::Result(result) = &answer else {
        return Err(format!("{call}: {answer}"));
    };
    let ok = result["ok"].as_u64().unwrap_or_default();
    let kind = if call == "create" {
        "rejected"
    } else {
        "server"
    };
    let failed = result["errors"][kind].as_u64().unwrap_or_default();
    let report = sandbox.report();
    let refused = report.answers.get(&status).copied().unwrap_or_default();
    let made = if call == "create" { ok } else { 0 };
    let requests = &report.requests;
    let sent = match call {
        "create" => requests.create,
        "find_active" => requests.list,
        "members" => requests.members,
        _ => requests.revoke,
    };
    let right = ok + failed == many
        && ok * 100 >= many * 95
        && failed == refused
        && refused > 0
        && sent >= many
        && report.invites_made_total == made;
    if !right {
        return Err(format!(
            "{call}, {many} times: {result}; {sent} requests, {refused} were answered {status}, {} invites made",
            report.invites_made_total
        ));
    }
    if !report.addresses_invited_twice.is_empty() {
        return Err(format!(
            "invited twice: {:?}",
            report.addresses_invited_twice.first()
        ));
    }
    Ok(())
}

/// What was there after the first tenth of the calls, and what at the end: the highest of the last tenth, against
/// the highest of the second.
fn growth(usage: &[Usage], growth_kib: u64) -> Option<(String, Result<(), String>)> {
    let tenth = usage.len().div_ceil(10);
    let early =
        usage.get(tenth.min(usage.len().saturating_sub(1))..(2 * tenth).min(usage.len()))?;
    let early = if early.is_empty() { usage } else { early };
    let late = usage.get(usage.len().saturating_sub(tenth)..)?;
    let most = |of: &[Usage], what: fn(&Usage) -> u64| of.iter().map(what).max();
    let memory = (
        most(early, |usage| usage.resident_kib)?,
        most(late, |usage| usage.resident_kib)?,
    );
    let threads = (
        most(early, |usage| usage.threads)?,
        most(late, |usage| usage.threads)?,
    );
    let files = (
        most(early, |usage| usage.descriptors)?,
        most(late, |usage| usage.descriptors)?,
    );
    let figure = format!(
        "{} to {} MiB, {} to {} threads, {} to {} descriptors",
        memory.0 / 1024,
        memory.1 / 1024,
        threads.0,
        threads.1,
        files.0,
        files.1
    );
    let verdict = match memory.1 < memory.0 + growth_kib
        && threads.1 <= threads.0 + IN_FLIGHT
        && files.1 <= files.0 + CONNECTIONS
    {
        true => Ok(()),
        false => Err(figure.clone()),
    };
    Some((figure, verdict))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(resident_kib: u64, threads: u64, descriptors: u64) -> Usage {
        Usage {
            resident_kib,
            peak_kib: resident_kib,
            threads,
            descriptors,
        }
    }

    #[test]
    fn what_grows_is_seen() {
        let verdict = |of: fn(u64) -> Usage| {
            let usage: Vec<Usage> = (0..100).map(of).collect();
            growth(&usage, GROWTH_KIB).expect("a verdict").1
        };
        assert_eq!(verdict(|_| usage(50_000, 20, 80)), Ok(()));
        assert!(verdict(|round| usage(50_000 + round * 300, 20, 80)).is_err());
        assert!(verdict(|round| usage(50_000, 20 + round, 80)).is_err());
        assert!(verdict(|round| usage(50_000, 20, 80 + 2 * round)).is_err());
        assert!(growth(&[], 0).is_none());
        assert!(growth(&[usage(1, 1, 1)], 1).is_some());
    }
}
