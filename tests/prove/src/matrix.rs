//! Every fault at every call: tries the cells, and compares what came out with what the sandbox saw.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use icepanel_sandbox::{API_KEY, LogEntry, ORGANIZATION_ID, Operation, Report, Sandbox};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::Sizes;
use crate::cells::{self, BOB, Cell, EVE, NEW, OLD, OLD_ID, RUN_WITH_MEMBERS, Sample};
use crate::driver::{Answer, Driver};
use crate::faults::Nature;
use crate::table::{Table, Tried};
use crate::told::{self, Told};
use crate::worlds;

/// How many cells run at the same time: most of their time is waiting.
const AT_ONCE: usize = 128;

/// By how much a call may outlast its time, on a machine that has other things to do.
pub(crate) const SLACK: Duration = Duration::from_secs(20);

/// Tries every cell of the sample; all are under way at once.
pub(crate) async fn run(driver: &Arc<Driver>, sizes: &Sizes, table: &mut Table) {
    let mut sample = Sample::new(&driver.language, sizes);
    let cells = [cells::matrix(), cells::in_time(), worlds::cells()].map(|cells| sample.of(cells));
    let mut cells: Vec<Cell> = cells.into_iter().flatten().collect();
    cells.sort_by_key(|cell| !cell.is_slow());
    let permits = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    for (number, cell) in cells.into_iter().enumerate() {
        let (driver, permits) = (driver.clone(), permits.clone());
        running.spawn(async move {
            let _permit = permits.acquire_owned().await;
            let verdict = one(&driver, number, &cell).await;
            (cell, verdict)
        });
    }
    let mut ended: Vec<(Tried, Result<(), String>)> = Vec::new();
    while let Some(Ok((cell, verdict))) = running.join_next().await {
        let verdict = verdict.map_err(|why| format!("{}: {why}", cell.name()));
        ended.push((cell.row(), verdict));
    }
    ended.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (tried, verdict) in ended {
        table.add(&tried, &driver.language, verdict);
    }
}

/// What begins the verdict if nothing reached the sandbox.
const NO_REQUEST: &str = "no request was sent";

async fn one(driver: &Driver, number: usize, cell: &Cell) -> Result<(), String> {
    match once(driver, number, cell).await {
        // On a very busy machine the time of the call is over before the sandbox has read its first request.
        Err(why) if why.starts_with(NO_REQUEST) && cell.is_in_real_time() => {
            once(driver, number, cell).await
        }
        verdict => verdict,
    }
}

async fn once(driver: &Driver, number: usize, cell: &Cell) -> Result<(), String> {
    let sandbox = Sandbox::start(cells::state(cell)?).map_err(|why| why.to_string())?;
    let client = format!("matrix-{number}");
    let mut options = cell.options.clone();
    options["apiKey"] = API_KEY.into();
    options["organizationId"] = ORGANIZATION_ID.into();
    options["baseUrl"] = sandbox.base_url().into();
    options["pacing"] = "none".into();
    if let made @ (Answer::Error(_) | Answer::Broken(_)) = driver.client(&client, &options).await {
        return Err(format!("no client: {made}"));
    }
    let called = &cell.called;
    let (answer, took) = driver
        .call(&client, called.call, &called.args, cell.allowed)
        .await;
    driver.close(&client).await;
    if sandbox.report().log.is_empty() {
        return Err(format!("{NO_REQUEST}; {answer}"));
    }
    if cell.has_fault("late_act") {
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
    let report = sandbox.report();
    (cell.judge)(cell, &answer, &report)
        .map_err(|why| format!("{why}; {answer}; after {took:?}; {}", log(&report)))
}

/// What is true of every cell whose world has the usual people.
pub(crate) fn judge(cell: &Cell, answer: &Answer, report: &Report) -> Result<(), String> {
    if let Answer::Broken(why) = answer {
        return Err(why.clone());
    }
    if let Some(expected) = &cell.expected
        && answer.word() != expected.to_string()
    {
        return Err(format!("expected {expected}, came {}", answer.word()));
    }
    told::always(report)?;
    told::consistent(cell.called.call, answer)?;
    if let Answer::Result(result) = answer {
        right(cell.called.name, result, cell.nature)?;
    }
    counted(cell.called.name, answer, report)?;
    members(cell, answer, report)
}

/// The line of a run about this person.
pub(crate) fn line<'a>(result: &'a Value, email: &str) -> Result<&'a Value, String> {
    let lines = result["lines"].as_array();
    let is = |line: &&Value| address(&line["email"]) == email;
    lines
        .into_iter()
        .flatten()
        .find(is)
        .ok_or_else(|| format!("no line for {email}"))
}

/// The members as they have to be: changed as reported, with the landscapes that they had, and nobody else touched.
pub(crate) fn members(cell: &Cell, answer: &Answer, report: &Report) -> Result<(), String> {
    let (mut update, mut removal) = (Told::NotMade, Told::NotMade);
    let mut removed = BOB;
    match (cell.called.name, answer) {
        ("update_member", _) => update = told::of_change(answer),
        ("remove_member", _) => removal = told::of_change(answer),
        (RUN_WITH_MEMBERS, Answer::Result(result)) => {
            removed = EVE;
            update = told::of_change_line(line(result, BOB)?);
            removal = told::of_change_line(line(result, EVE)?);
        }
        _ => {}
    }
    let found = |email: &str| report.members.iter().find(|member| member.email == email);
    let permission = |email| found(email).map(|member| &*member.permission);
    told::is_changed(update, permission(BOB) == Some("write"), "the update")?;
    told::is_changed(removal, permission(removed).is_none(), "the removal")?;
    let before = [
        ("ada@example.com", "admin"),
        (BOB, "read"),
        (EVE, "billing"),
    ];
    for (email, before) in before {
        let may_differ = match email {
            BOB => update != Told::NotMade,
            _ => false,
        };
        let is_gone = email == removed && removal != Told::NotMade;
        match permission(email) {
            None if is_gone => {}
            Some(now) if now == before || (may_differ && now == "write") => {}
            now => return Err(format!("{email} had {before}, and has {now:?}")),
        }
    }
    let limits = |email| found(email).and_then(|member| member.landscape_permissions.clone());
    let landscapes: BTreeMap<String, bool> = [("landscape-1".to_owned(), true)].into();
    if found(BOB).is_some() && limits(BOB) != Some(landscapes.clone()) {
        return Err(format!("Bob's landscapes are {:?}", limits(BOB)));
    }
    // A member who is read without landscapes has none to be sent.
    let sent = |entry: &&LogEntry| entry.operation == Operation::UpdateMember;
    let updates = report.log.iter().filter(sent);
    let mut bodies = updates.map(|entry| &entry.body["landscapePermissions"]);
    match bodies.find(|sent| **sent != json!(landscapes)) {
        Some(sent) if !cell.fault_name.starts_with("null_fields") => {
            Err(format!("the update was sent with the landscapes {sent}"))
        }
        _ => Ok(()),
    }
}

/// The results for the people who are invited, compared with the counts.
fn counted(call: &str, answer: &Answer, report: &Report) -> Result<(), String> {
    let active = report.active_invites.get(OLD).copied().unwrap_or_default();
    match (call, answer) {
        ("create" | "ensure", _) => told::agrees(told::of(call, answer), NEW, report),
        ("apply" | RUN_WITH_MEMBERS, Answer::Result(result)) => {
            told::agrees(told::of_line(line(result, NEW)?), NEW, report)
        }
        ("apply" | RUN_WITH_MEMBERS, _) => told::agrees(told::of(call, answer), NEW, report),
        ("renew", Answer::Result(_)) if active == 1 => Ok(()),
        // Never without one, and never with a third.
        ("renew", Answer::Error(_)) if (1..=2).contains(&active) => Ok(()),
        ("renew", _) => Err(format!(
            "{active} active invites of the person after {}",
            answer.word()
        )),
        ("revoke" | "revoke_active", Answer::Result(_)) if active == 0 => Ok(()),
        ("revoke" | "revoke_active", Answer::Error(_)) => Ok(()),
        ("revoke" | "revoke_active", _) => Err("reported as revoked, and it is active".to_owned()),
        _ if report.invites_made_total == 0 && active == 1 => Ok(()),
        _ => Err("a call that only reads has changed something".to_owned()),
    }
}

fn address(email: &Value) -> String {
    email.as_str().unwrap_or_default().to_lowercase()
}

/// The addresses of a list, in lower case and sorted.
pub(crate) fn emails(list: &Value) -> Vec<String> {
    let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut emails: Vec<String> = list.iter().map(|one| address(&one["email"])).collect();
    emails.sort();
    emails
}

/// Whether a result is the truth.
fn right(call: &str, result: &Value, nature: Nature) -> Result<(), String> {
    let right = match call {
        "list" => emails(result) == ["gone@example.com", "in@example.com", OLD],
        "find_active" => result["id"] == OLD_ID,
        "members" => emails(result) == ["ada@example.com", BOB, EVE],
        // With a permission that nobody knows nobody can say which seats are taken.
        "seats" => result["paid"] == 10 && (nature == Nature::Harmless || result["free"] == 9),
        "plan" => emails(&result["steps"]) == [NEW, OLD],
        "dump" => emails(&result["people"]) == [OLD],
        "create" => address(&result["email"]) == NEW && result["status"] == "active",
        "ensure" => result["outcome"] == "created" && address(&result["invite"]["email"]) == NEW,
        "apply" => emails(&result["lines"]) == [NEW, OLD],
        RUN_WITH_MEMBERS => emails(&result["lines"]) == ["ada@example.com", BOB, EVE, NEW, OLD],
        "update_member" => address(&result["email"]) == BOB && result["permission"] == "write",
        "remove_member" => address(&result["email"]) == BOB,
        "renew" => !result.is_null(),
        "revoke" => result["id"] == OLD_ID && result["status"] == "revoked",
        "revoke_active" => emails(result) == [OLD],
        _ => false,
    };
    match right {
        true => Ok(()),
        false => Err("that is not what the service knows".to_owned()),
    }
}

/// What the sandbox saw, in few words.
pub(crate) fn log(report: &Report) -> String {
    let lines: Vec<String> = report
        .log
        .iter()
        .take(30)
        .map(|entry| format!("{:?} {:?} {:?}", entry.operation, entry.fault, entry.status))
        .collect();
    format!("the sandbox saw [{}]", lines.join(", "))
}
