//! Every fault at every call.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use icepanel_sandbox::{API_KEY, LogEntry, ORGANIZATION_ID, Operation, Report, Sandbox, State};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::Sizes;
use crate::driver::{Answer, Driver};
use crate::faults::{self, Expected, FaultCase, Nature, Reach};
use crate::table::{Part, Table, Tried};
use crate::told::{self, Told};

const NEW: &str = "new@example.com";
const OLD: &str = "old@example.com";
const OLD_ID: &str = "old-invite-0000000001";

/// A member whose permission is changed, or who is removed.
const BOB: &str = "bob@example.com";
/// A member whom a run removes.
const EVE: &str = "eve@example.com";

/// A run that invites somebody, updates Bob and removes Eve.
const RUN_WITH_MEMBERS: &str = "apply, with members";

/// How many cells run at the same time: most of their time is waiting.
const AT_ONCE: usize = 128;

/// What answers late is late by so much: no machine is so busy.
const HANGS: Duration = Duration::from_secs(60);

/// By how much a call may outlast its time, on a machine that has other things to do.
pub(crate) const SLACK: Duration = Duration::from_secs(20);

/// Of a call with waits that are slept.
const REAL_TIME: Duration = Duration::from_millis(1500);

/// If not all cells are tried: one in this number for each fault and each world.
const ONE_IN: usize = 4;

/// Which of the cells are tried.
struct Sample(Option<Rng>);

impl Sample {
    /// All in a whole run. In a quick one all for Rust, and some for each other language: they share the client that
    /// decides the outcome of a fault, and each tries others.
    fn new(language: &str, sizes: &Sizes) -> Self {
        let own = |seed: u64, byte: u8| seed.wrapping_mul(31).wrapping_add(byte.into());
        let seed = language.bytes().fold(sizes.seed, own);
        let sampled = sizes.sampled && language != "Rust";
        Self(sampled.then(|| Rng::with_seed(seed)))
    }

    fn of(&mut self, cells: Vec<Cell>) -> Vec<Cell> {
        let Some(rng) = &mut self.0 else {
            return cells;
        };
        let mut faults = BTreeMap::<String, Vec<Cell>>::new();
        for cell in cells {
            faults
                .entry(cell.fault_name.clone())
                .or_default()
                .push(cell);
        }
        let sampled = faults.into_values().flat_map(|mut cells| {
            rng.shuffle(&mut cells);
            cells.truncate(cells.len().div_ceil(ONE_IN));
            cells
        });
        sampled.collect()
    }
}

/// A call of the client, with arguments.
#[derive(Clone)]
struct Called {
    /// As in the table: the call, or what it is about.
    name: &'static str,
    call: &'static str,
    args: Value,
    /// The write among its requests, in the words of a fault.
    write: Option<&'static str>,
}

fn calls() -> Vec<Called> {
    let called = |name: &'static str, args, write| Called {
        name,
        call: name.split(',').next().unwrap_or(name),
        args,
        write,
    };
    let guest = json!({"email": NEW, "permission": "read", "expiresInMs": 86_400_000});
    let kept = json!({"email": OLD, "permission": "read", "expiresInMs": 86_400_000});
    let people = json!({"people": [guest, kept]});
    let with_members = json!({
        "people": [
            guest,
            kept,
            {"email": "ada@example.com", "permission": "admin", "expiresInMs": 86_400_000},
            {"email": BOB, "permission": "write", "expiresInMs": 86_400_000},
        ],
        "manageMembers": true, "pruneMembers": true, "protect": ["ada@example.com"],
    });
    vec![
        called("list", json!({}), None),
        called("find_active", json!({"email": OLD}), None),
        called("members", json!({}), None),
        called("seats", json!({}), None),
        called("plan", people.clone(), None),
        called("dump", json!({}), None),
        called("create", guest.clone(), Some("create")),
        called("ensure", guest, Some("create")),
        called("apply", people, Some("create")),
        called(
            "renew",
            json!({"target": OLD, "expiresInMs": 30 * 86_400_000_u64}),
            Some("create"),
        ),
        called("revoke", json!({"id": OLD_ID}), Some("revoke")),
        called("revoke_active", json!({"email": OLD}), Some("revoke")),
        called(
            "update_member",
            json!({"member": BOB, "permission": "write"}),
            Some("updateMember"),
        ),
        called(
            "remove_member",
            json!({"member": BOB}),
            Some("removeMember"),
        ),
        called(RUN_WITH_MEMBERS, with_members, Some("write")),
    ]
}

fn state(cell: &Cell) -> Result<State, String> {
    let faults: Vec<&Value> = Some(&cell.fault)
        .filter(|fault| !fault.is_null())
        .into_iter()
        .collect();
    let state = json!({
        "rateLimit": null,
        "members": [
            {"email": "ada@example.com", "permission": "admin"},
            {"email": BOB, "permission": "read", "name": "Bob", "landscapePermissions": {"landscape-1": true}},
            {"email": EVE, "permission": "billing"},
        ],
        "invites": [
            {"id": OLD_ID, "email": OLD, "permission": "read"},
            {"email": "gone@example.com", "permission": "write", "revokedAt": "-1h"},
            {"email": "in@example.com", "permission": "read", "usedAt": "-1h"},
        ],
        "faults": faults,
        "behaviour": cell.behaviour,
    });
    serde_json::from_value(state).map_err(|why| why.to_string())
}

/// A call that reads only has no writes to be hit.
fn reaches(called: &Called) -> impl Iterator<Item = Reach> + use<> {
    let writes = called.write.is_some();
    let only_a_write = called.call == "revoke";
    Reach::ALL.into_iter().filter(move |reach| match reach {
        // Which of several requests is the first does not matter here.
        Reach::Once => !writes || only_a_write,
        Reach::Always => true,
        Reach::OnceOnWrite | Reach::AlwaysOnWrite => writes && !only_a_write,
    })
}

fn expected(called: &Called, case: &str, nature: Nature, reach: Reach) -> Expected {
    let always = matches!(reach, Reach::Always | Reach::AlwaysOnWrite);
    match (called.call, reach) {
        ("create", Reach::Always) => faults::of_create_in_the_dark(nature),
        // A run reports each person; it fails as a whole only if nothing can be read.
        ("apply", Reach::OnceOnWrite | Reach::AlwaysOnWrite) => Expected::Result,
        // A permission that nobody knows is asked for again, and the service refuses it.
        ("renew", Reach::Always) if case == "unknown_values" => Expected::Kind("rejected"),
        // Nor can anybody see whether it was updated.
        ("update_member", Reach::Always) if case == "unknown_values" => {
            Expected::Kind("unexpected_answer")
        }
        ("update_member" | "remove_member", Reach::OnceOnWrite | Reach::AlwaysOnWrite) => {
            faults::of_member_change(nature, always)
        }
        ("create" | "ensure" | "renew", Reach::OnceOnWrite | Reach::AlwaysOnWrite) => {
            faults::of_create(nature, always)
        }
        _ => faults::of_idempotent(nature, always),
    }
}

/// Waits between tries take no time here, so that what comes out is sure.
fn matrix() -> Vec<Cell> {
    let mut cells = Vec::new();
    for case in faults::all() {
        for called in calls() {
            for reach in reaches(&called) {
                let read_timeout_ms = match (case.nature, reach) {
                    // No request is answered: none can be late because the machine is busy, but it takes a moment to arrive.
                    (Nature::Silent { .. }, Reach::Always) => 500,
                    (Nature::Silent { .. }, _) => 3_000,
                    _ => 20_000,
                };
                let options = json!({
                    "timeoutMs": 60_000, "readTimeoutMs": read_timeout_ms, "skipWaits": true,
                });
                let expected = expected(&called, &case.name, case.nature, reach);
                cells.push(Cell::new(
                    Part::Faults,
                    &case,
                    &called,
                    reach,
                    options,
                    Some(expected),
                    HANGS,
                ));
            }
        }
    }
    cells
}

/// The same with waits that are slept: whatever comes, it comes within the time of the call.
fn in_time() -> Vec<Cell> {
    let mut cells = Vec::new();
    for case in faults::all() {
        for called in calls() {
            for reach in reaches(&called)
                .filter(|reach| matches!(reach, Reach::Always | Reach::AlwaysOnWrite))
            {
                // A run that gets a wait waits twenty times, each time as long as requested: that is tried above, where
                // waits take no time.
                if called.call == "apply" && case.name == "status 429" {
                    continue;
                }
                // A run has no time-out of its own, but each of its steps; a renewal is two calls.
                let parts = match called.name {
                    RUN_WITH_MEMBERS => 8,
                    "apply" => 4,
                    "renew" => 3,
                    _ => 1,
                };
                // What is not tried again comes out as it does without waits.
                let expected =
                    at_once(case.nature).then(|| expected(&called, &case.name, case.nature, reach));
                // And it ends by itself: its time must not pass because the machine is busy.
                let options = match expected {
                    Some(_) => json!({}),
                    None => json!({
                        "timeoutMs": u64::try_from(REAL_TIME.as_millis()).unwrap_or_default(),
                        "readTimeoutMs": 600,
                    }),
                };
                cells.push(Cell::new(
                    Part::InTime,
                    &case,
                    &called,
                    reach,
                    options,
                    expected,
                    REAL_TIME * parts + SLACK,
                ));
            }
        }
    }
    cells
}

/// Whether nothing waits for this status, so that the time of a call does not end it.
fn at_once(nature: Nature) -> bool {
    matches!(nature, Nature::Status { status: 400..=499, .. } if !nature.is_tried_again())
}

/// How the service may change, or differ from what is documented.
fn worlds() -> [(&'static str, Value); 10] {
    [
        ("fields that nobody knows", json!({"extraFields": true})),
        (
            "times in whole seconds",
            json!({"timePrecision": "seconds"}),
        ),
        (
            "times in microseconds",
            json!({"timePrecision": "microseconds"}),
        ),
        (
            "addresses in capital letters",
            json!({"emailCase": "upper"}),
        ),
        ("a clock an hour ahead", json!({"clockSkewSeconds": 3600})),
        ("a clock an hour behind", json!({"clockSkewSeconds": -3600})),
        ("`Date` 30 s ahead", json!({"dateSkewSeconds": 30})),
        ("`Date` 30 s behind", json!({"dateSkewSeconds": -30})),
        ("no `Date`", json!({"dateHeader": "absent"})),
        ("answers in gzip", json!({"gzip": true})),
    ]
}

/// Every call in each world: the right answer, and nothing else.
fn changed() -> Vec<Cell> {
    let mut cells = Vec::new();
    for (name, behaviour) in worlds() {
        for called in calls() {
            cells.push(Cell {
                part: Part::Changed,
                fault_name: name.to_owned(),
                fault: Value::Null,
                behaviour: behaviour.clone(),
                nature: Nature::Harmless,
                called,
                reach: Reach::Always,
                options: json!({"timeoutMs": 60_000, "skipWaits": true}),
                expected: Some(Expected::Result),
                allowed: HANGS,
            });
        }
    }
    cells
}

struct Cell {
    part: Part,
    fault_name: String,
    fault: Value,
    behaviour: Value,
    nature: Nature,
    called: Called,
    reach: Reach,
    options: Value,
    expected: Option<Expected>,
    allowed: Duration,
}

impl Cell {
    fn new(
        part: Part,
        case: &FaultCase,
        called: &Called,
        reach: Reach,
        options: Value,
        expected: Option<Expected>,
        allowed: Duration,
    ) -> Self {
        Self {
            part,
            fault_name: case.name.clone(),
            fault: reach.of(&case.fault, called.write),
            behaviour: json!({}),
            nature: case.nature,
            called: called.clone(),
            reach,
            options,
            expected,
            allowed,
        }
    }

    /// The row that it is a try of.
    fn row(&self) -> Tried {
        let (promises, what, expected) = match self.part {
            Part::InTime => (
                "1, 3",
                format!(
                    "every fault, for good, at `{}`, with real waits",
                    self.called.name
                ),
                "an end within the time of the call; counted as reported",
            ),
            Part::Changed => (
                "5",
                format!("no fault, and {}", self.fault_name),
                "the right answer; counted as reported",
            ),
            _ => (
                "1, 3, 5",
                self.fault_name.clone(),
                "the typed error or the right answer; counted as reported",
            ),
        };
        Tried::new(self.part, promises, what, expected)
    }

    /// Whether it takes seconds: such cells begin first.
    fn is_slow(&self) -> bool {
        let in_time = self.part == Part::InTime && matches!(self.called.call, "apply" | "renew");
        in_time || matches!(self.nature, Nature::Silent { .. }) || self.fault["fault"] == "drip"
    }

    fn name(&self) -> String {
        format!(
            "`{}` with `{}` {:?}",
            self.called.name, self.fault_name, self.reach
        )
    }
}

/// Tries every cell of the sample; all are under way at once.
pub(crate) async fn run(driver: &Arc<Driver>, sizes: &Sizes, table: &mut Table) {
    let mut sample = Sample::new(&driver.language, sizes);
    let cells = [matrix(), in_time(), changed()].map(|cells| sample.of(cells));
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

async fn one(driver: &Driver, number: usize, cell: &Cell) -> Result<(), String> {
    let sandbox = Sandbox::start(state(cell)?).map_err(|why| why.to_string())?;
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
        return Err(format!("no request was sent; {answer}"));
    }
    if cell.fault["fault"] == "late_act" {
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
    let report = sandbox.report();
    judge(cell, &answer, &report)
        .map_err(|why| format!("{why}; {answer}; after {took:?}; {}", log(&report)))
}

fn judge(cell: &Cell, answer: &Answer, report: &Report) -> Result<(), String> {
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
fn line<'a>(result: &'a Value, email: &str) -> Result<&'a Value, String> {
    let lines = result["lines"].as_array();
    let is = |line: &&Value| address(&line["email"]) == email;
    lines
        .into_iter()
        .flatten()
        .find(is)
        .ok_or_else(|| format!("no line for {email}"))
}

/// The members as they have to be: changed as reported, with the landscapes that they had, and nobody else touched.
fn members(cell: &Cell, answer: &Answer, report: &Report) -> Result<(), String> {
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

/// Whether a result is the truth.
fn right(call: &str, result: &Value, nature: Nature) -> Result<(), String> {
    let emails = |list: &Value| -> Vec<String> {
        let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
        let mut emails: Vec<String> = list.iter().map(|one| address(&one["email"])).collect();
        emails.sort();
        emails
    };
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

#[cfg(test)]
mod tests {
    use super::*;

    fn cells() -> Vec<Cell> {
        let mut cells = Vec::new();
        for case in faults::all() {
            for called in calls() {
                let reach = Reach::Always;
                let (part, options) = (Part::Faults, json!({}));
                let cell = Cell::new(part, &case, &called, reach, options, None, HANGS);
                cells.push(cell);
            }
        }
        cells
    }

    fn names(language: &str, seed: u64, sampled: bool) -> Vec<String> {
        let sizes = Sizes {
            seed,
            operations: 0,
            calls: 0,
            quick: sampled,
            sampled,
        };
        let cells = Sample::new(language, &sizes).of(cells());
        cells.iter().map(Cell::name).collect()
    }

    #[test]
    fn a_sample_has_every_fault_and_comes_again_with_its_seed() {
        let all = cells();
        assert_eq!(names("Rust", 1, true).len(), all.len());
        assert_eq!(names("Node", 1, false).len(), all.len());
        let sample = names("Node", 1, true);
        let of_each = calls().len().div_ceil(ONE_IN);
        for case in faults::all() {
            let named = |name: &&String| name.contains(&format!("`{}`", case.name));
            let found = sample.iter().filter(named).count();
            assert_eq!(found, of_each, "{}", case.name);
        }
        assert_eq!(sample.len(), faults::all().len() * of_each);
        assert_eq!(sample, names("Node", 1, true));
        assert_ne!(sample, names("Node", 2, true));
        assert_ne!(sample, names("Kotlin", 1, true));
    }
}
