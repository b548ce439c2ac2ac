//! A run that invites people, and updates, demotes and removes members: its process is killed at each of many points,
//! and the run is started again.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use fastrand::Rng;
use icepanel_sandbox::{API_KEY, ORGANIZATION_ID, Report, Sandbox, State};
use serde_json::{Value, json};

use crate::Sizes;
use crate::driver::{Answer, Driver};
use crate::hosts::{PART, gone};
use crate::launch::{Language, Surroundings};
use crate::table::{Table, Tried};
use crate::told;

const POINTS: u64 = 20;

/// Of those, in a quick run of another language than Rust: they share the client.
const FEW: usize = 5;

const HANGS: Duration = Duration::from_secs(120);

/// How often a run may have to be repeated: members are counted anew each time.
const RUNS: u32 = 3;

pub(crate) async fn run(
    language: &Language,
    sizes: &Sizes,
    table: &mut Table,
) -> Result<(), String> {
    let tried = Tried::new(
        PART,
        "1, 3, 6",
        "a run that invites people, and updates, demotes and removes members: killed at a write, and started again",
        "the organization is as the roster says; nobody invited twice, nobody lost, an admin at every moment",
    );
    let mut driver = Driver::start(language, &Surroundings::default()).await?;
    let roster = roster();
    let writes = match whole(&driver, &roster).await {
        Ok(writes) => writes,
        Err(why) => {
            let why = format!("a run that is not killed: {why}");
            table.add(&tried, &language.name, Err(why));
            let _ = driver.end().await;
            return Ok(());
        }
    };
    let mut rng = Rng::with_seed(sizes.seed);
    let mut points: Vec<u64> = (0..POINTS).map(|nth| nth * writes / POINTS).collect();
    if sizes.sampled && language.name != "Rust" {
        rng.shuffle(&mut points);
        points.truncate(FEW);
    }
    for point in points {
        // The writes from this one on are carried out, or are not; in either case nobody learns of it.
        let fault = ["hang", "act_then_hang"][rng.usize(..2)];
        let verdict = async {
            let sandbox = start(&json!([{
                "fault": fault, "on": "write", "skip": point, "times": null,
            }]))?;
            killed(&driver, &sandbox, &roster, point).await?;
            driver = Driver::start(language, &Surroundings::default()).await?;
            sandbox.clear_faults();
            applied(&driver, &sandbox, &roster).await.map(drop)
        };
        let verdict = verdict.await;
        let verdict = verdict.map_err(|why| format!("killed at write {point}, {fault}: {why}"));
        table.add(&tried, &language.name, verdict);
    }
    let _ = driver.end().await;
    Ok(())
}

fn start(faults: &Value) -> Result<Sandbox, String> {
    let mut state = before();
    state["faults"] = faults.clone();
    let state: State = serde_json::from_value(state).map_err(|why| why.to_string())?;
    Sandbox::start(state).map_err(|why| why.to_string())
}

/// People of one kind, and how many there are.
const KINDS: [(&str, u64); 8] = [
    ("new", 10),
    ("invited", 3),
    ("replaced", 3),
    ("stranger", 3),
    ("same", 4),
    ("raised", 8),
    ("lowered", 5),
    ("leaving", 6),
];

fn people(kind: &str) -> impl Iterator<Item = String> + use<> {
    let many = KINDS.iter().find(|(name, _)| *name == kind);
    let kind = kind.to_owned();
    (0..many.map_or(0, |(_, many)| *many)).map(move |number| format!("{kind}{number}@example.com"))
}

/// Nobody stays an admin but who is made one by the run.
fn before() -> Value {
    let of = |kind: &str, permission: &str| -> Vec<Value> {
        let one = |email| json!({"email": email, "permission": permission});
        people(kind).map(one).collect()
    };
    let mut members = vec![
        json!({"email": "key@example.com", "permission": "read"}),
        json!({"email": "demoted@example.com", "permission": "admin"}),
        json!({"email": "removed@example.com", "permission": "admin"}),
        json!({"email": "promoted@example.com", "permission": "write"}),
        json!({"email": "ended@example.com", "permission": "write"}),
        json!({"userId": "u-other", "email": "other@example.com", "permission": "read"}),
    ];
    members.extend(of("same", "read"));
    members.extend(of("lowered", "write"));
    members.extend(of("leaving", "write"));
    for mut raised in of("raised", "read") {
        raised["landscapePermissions"] = json!({"landscape-1": true});
        members.push(raised);
    }
    let mut invites = vec![
        // Who is on the roster under this address is a member under another.
        json!({"email": "known@example.com", "permission": "read", "usedAt": "-1d", "usedByUserId": "u-other"}),
        json!({"email": "leaving0@example.com", "permission": "read"}),
        json!({"email": "ended@example.com", "permission": "read"}),
        json!({"email": "over@example.com", "permission": "read"}),
    ];
    for kind in ["invited", "replaced", "stranger"] {
        invites.extend(of(kind, "read"));
    }
    json!({"rateLimit": null, "seats": 1_000_000, "members": members, "invites": invites})
}

fn text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// The roster, and how it is applied.
fn roster() -> Value {
    let now = Utc::now();
    let mut roster = Vec::new();
    let mut add = |email: String, permission: &str, until: Option<TimeDelta>| {
        let until = until.map(|until| text(now + until));
        let mut entry =
            json!({"email": email, "permission": permission, "expiresInMs": 3 * 86_400_000});
        if let Some(until) = until {
            entry["until"] = until.into();
        }
        roster.push(entry);
    };
    for (kind, permission) in [
        ("new", "write"),
        ("invited", "read"),
        ("replaced", "write"),
        ("same", "read"),
        ("raised", "write"),
        ("lowered", "read"),
    ] {
        let until = (kind == "new").then(|| TimeDelta::days(1));
        people(kind).for_each(|email| add(email, permission, until));
    }
    for (name, permission, until) in [
        ("key", "read", None),
        ("known", "read", None),
        ("demoted", "read", None),
        ("promoted", "admin", None),
        ("ended", "write", Some(TimeDelta::days(-1))),
        ("over", "read", Some(TimeDelta::days(-1))),
    ] {
        add(format!("{name}@example.com"), permission, until);
    }
    json!({
        "people": roster, "prune": true, "pruneAtMost": 100, "manageMembers": true, "pruneMembers": true,
        "removeAtMost": 100, "protect": ["key@example.com"],
    })
}

/// The members with their permissions as they have to be in the end.
fn members_after() -> BTreeMap<String, String> {
    let mut after = BTreeMap::new();
    for (kind, permission) in [("same", "read"), ("raised", "write"), ("lowered", "read")] {
        after.extend(people(kind).map(|email| (email, permission.to_owned())));
    }
    for (name, permission) in [
        ("key", "read"),
        ("other", "read"),
        ("demoted", "read"),
        ("promoted", "admin"),
    ] {
        after.insert(format!("{name}@example.com"), permission.to_owned());
    }
    after
}

async fn client(driver: &Driver, sandbox: &Sandbox) -> Result<(), String> {
    let options = json!({
        "apiKey": API_KEY, "organizationId": ORGANIZATION_ID, "baseUrl": sandbox.base_url(), "pacing": "none",
        // A run that begins later than all that was sent before has nothing to wait for.
        "skipWaits": true, "timeoutMs": 60_000,
    });
    match driver.client("resumed", &options).await {
        Answer::Result(_) => Ok(()),
        other => Err(format!("no client: {other}")),
    }
}

/// A run that is not killed, and how many writes it sends.
async fn whole(driver: &Driver, roster: &Value) -> Result<u64, String> {
    let sandbox = start(&json!([]))?;
    let writes = applied(driver, &sandbox, roster).await?;
    match writes {
        40.. => Ok(writes),
        few => Err(format!("it sent only {few} writes")),
    }
}

/// Applies the roster until nothing is left to be done, and returns how many writes were sent to the sandbox in all.
async fn applied(driver: &Driver, sandbox: &Sandbox, roster: &Value) -> Result<u64, String> {
    client(driver, sandbox).await?;
    for _ in 0..RUNS {
        let (answer, _) = driver.call("resumed", "apply", roster, HANGS).await;
        let Answer::Result(result) = &answer else {
            return Err(answer.to_string());
        };
        if result["complete"] == true {
            break;
        }
    }
    let (plan, _) = driver.call("resumed", "plan", roster, HANGS).await;
    driver.close("resumed").await;
    match &plan {
        Answer::Result(plan) if plan["writes"] == 0 => {}
        plan => return Err(format!("then the plan is {plan}")),
    }
    let report = sandbox.report();
    as_the_roster_says(&report)?;
    Ok(writes(&report))
}

fn as_the_roster_says(report: &Report) -> Result<(), String> {
    told::always(report)?;
    if report.fewest_admins == 0 {
        return Err("the organization was without an admin".to_owned());
    }
    let members: BTreeMap<String, String> = report
        .members
        .iter()
        .map(|member| (member.email.clone(), member.permission.clone()))
        .collect();
    let (wanted, many) = (members_after(), report.members.len());
    if members != wanted || many != wanted.len() {
        return Err(format!("the {many} members are {members:?}"));
    }
    let landscapes = |email: &str| {
        let mut members = report.members.iter();
        let member = members.find(|member| member.email == email);
        member.is_some_and(|member| member.landscape_permissions.is_some())
    };
    if let Some(email) = people("raised").find(|email| !landscapes(email)) {
        return Err(format!("{email} has lost the landscapes"));
    }
    let active = ["new", "invited", "replaced"];
    let active: BTreeMap<String, u64> = active
        .into_iter()
        .flat_map(|kind| people(kind).map(|email| (email, 1)))
        .collect();
    match report.active_invites == active {
        true => Ok(()),
        false => Err(format!("active are {:?}", report.active_invites)),
    }
}

fn writes(report: &Report) -> u64 {
    let requests = &report.requests;
    requests.create + requests.revoke + requests.update_member + requests.remove_member
}

/// Kills the process once it waits for the response to the write after so many.
async fn killed(
    driver: &Driver,
    sandbox: &Sandbox,
    roster: &Value,
    after: u64,
) -> Result<(), String> {
    client(driver, sandbox).await?;
    let request = json!({"client": "resumed", "call": "apply", "args": roster});
    let began = Instant::now();
    let mut apply = Box::pin(driver.request(request, HANGS));
    loop {
        let pause = tokio::time::sleep(Duration::from_millis(2));
        tokio::select! {
            answer = &mut apply => return Err(format!("the run has ended before: {answer}")),
            () = pause => {}
        }
        if writes(&sandbox.report()) > after {
            break;
        }
        if began.elapsed() > HANGS {
            return Err("the run did not come to this write".to_owned());
        }
    }
    driver.kill().await;
    gone(sandbox).await.map(drop)
}
