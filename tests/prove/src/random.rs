//! Random faults over many operations: the results of each caller compared with the counts of the sandbox.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use icepanel_sandbox::{API_KEY, ORGANIZATION_ID, Report, Sandbox, State};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::driver::{Answer, Driver};
use crate::table::{Part, Table, Tried};
use crate::told::{self, Told};
use crate::{Sizes, guest, matrix, with};

/// How many operations share a sandbox and a client, so that the list, which has them all, is short.
const OPERATIONS: u64 = 500;

const AT_ONCE: usize = 48;

const HANGS: Duration = Duration::from_secs(90);

/// Addresses that several operations want at once.
const SHARED: u64 = 20;

/// Addresses that the service never invites, each with a 403 of its own.
const REFUSED: u64 = 5;

/// The admins: all of them are demoted at once, and then promoted, again and again.
const ADMINS: [&str; 2] = ["admin0@example.com", "admin1@example.com"];

/// One operation, and the addresses it is about.
#[derive(Clone, Debug)]
enum Operation {
    Create(String),
    Ensure(String),
    /// A create or an ensure for an address that the service refuses.
    Refused(&'static str, String),
    /// A create, and then the taking back.
    CreateAndRevoke(String),
    Read(&'static str),
    Update(String),
    Remove(String),
    /// An update, while another client removes the member.
    UpdateAndRemove(String),
    /// A removal, while another client removes the member too.
    RemoveTwice(String),
    /// Both admins are demoted at once, and then promoted.
    DemoteAdmins,
}

pub(crate) async fn run(driver: &Arc<Driver>, sizes: &Sizes, table: &mut Table) {
    let tried = Tried::new(
        Part::Random,
        "1, 3, 5, 6",
        "random calls, 48 at once; one request in five meets a random fault, and a few addresses a 403; fields, letter case, clock and `Date` change",
        "nobody invited twice, nobody who is refused invited, nothing lost, an admin at every moment, nothing reported wrongly, nothing hanging; half of the calls have a result",
    );
    for (round, from) in (0..sizes.operations)
        .step_by(OPERATIONS as usize)
        .enumerate()
    {
        let many = OPERATIONS.min(sizes.operations - from);
        let seed = sizes.seed.wrapping_add(round as u64);
        let verdict = rounds(driver, round, seed, many).await;
        let verdict = verdict.map_err(|why| format!("round {round}, seed {seed}: {why}"));
        table.add_many(&tried, &driver.language, many, verdict);
    }
}

async fn rounds(driver: &Arc<Driver>, round: usize, seed: u64, many: u64) -> Result<(), String> {
    let mut rng = Rng::with_seed(seed);
    let state: State = serde_json::from_value(json!({
        "rateLimit": null,
        "seats": 1_000_000,
        "members": members(many),
        "faults": faults(&mut rng),
        "behaviour": world(round, &mut rng),
    }))
    .map_err(|why| why.to_string())?;
    let sandbox = Sandbox::start(state).map_err(|why| why.to_string())?;
    let clients = [format!("random-{seed}"), format!("other-{seed}")];
    let options = json!({
        "apiKey": API_KEY, "organizationId": ORGANIZATION_ID, "baseUrl": sandbox.base_url(), "pacing": "none",
        "skipWaits": true, "timeoutMs": 60_000, "readTimeoutMs": 2_000, "connectTimeoutMs": 10_000,
    });
    for client in &clients {
        let made = driver.client(client, &options).await;
        if let Answer::Error(_) | Answer::Broken(_) = made {
            return Err(format!("no client: {made}"));
        }
    }
    let permits = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    for number in 0..many {
        let operation = operation(&mut rng, number);
        let (driver, clients) = (driver.clone(), clients.clone());
        let Ok(permit) = permits.clone().acquire_owned().await else {
            break;
        };
        running.spawn(async move {
            let answers = perform(&driver, &clients, &operation).await;
            drop(permit);
            (operation, answers)
        });
    }
    let ended = running.join_all().await;
    for client in &clients {
        driver.close(client).await;
    }
    // What acts late has acted by then.
    tokio::time::sleep(Duration::from_millis(300)).await;
    judge(&ended, &sandbox.report())
}

/// The admins, and a member for each operation.
fn members(many: u64) -> Vec<Value> {
    let of = |email: String, permission: &str| json!({"email": email, "permission": permission});
    let admins = ADMINS
        .map(|admin| of(admin.to_owned(), "admin"))
        .into_iter();
    let others = (0..many).map(|number| of(member(number), "read"));
    admins.chain(others).collect()
}

fn member(number: u64) -> String {
    format!("m{number}@example.com")
}

/// How the service may change, in turn: fields that nobody knows in the first round already. The clock of `Date` is off
/// by up to 30 s.
fn world(round: usize, rng: &mut Rng) -> Value {
    json!({
        "extraFields": round.is_multiple_of(2),
        "gzip": round % 4 > 1,
        "emailCase": if round.is_multiple_of(2) { "kept" } else { "lower" },
        "clockSkewSeconds": ([0, 3600, -3600][round % 3]),
        "dateSkewSeconds": rng.i32(-30..=30),
    })
}

/// One request in five meets one of them. Those that act late do so before the client's limit passes: what acts after a
/// caller got outcome_unknown is beyond any client.
fn faults(rng: &mut Rng) -> Vec<Value> {
    let mut fault = |name: &str, probability: f64, more: Value| {
        with(
            json!({"fault": name, "times": null, "probability": probability, "seed": rng.u64(..u64::from(u32::MAX))}),
            more,
        )
    };
    let random = vec![
        fault("status", 0.03, json!({"status": 503})),
        fault(
            "status",
            0.01,
            json!({"status": 429, "headers": {"retry-after": "1"}}),
        ),
        fault("status", 0.005, json!({"status": 422})),
        fault("status", 0.005, json!({"status": 504})),
        fault("act_then_status", 0.03, json!({"status": 502})),
        fault("act_then_status", 0.01, json!({"status": 504})),
        fault("cut", 0.02, json!({})),
        fault("act_then_cut", 0.03, json!({})),
        fault("short_body", 0.01, json!({})),
        fault("truncated_json", 0.01, json!({})),
        fault("html", 0.01, json!({})),
        fault(
            "missing_fields",
            0.005,
            json!({"fields": ["organizationUserInvite", "organizationUserInvites", "organizationUser"]}),
        ),
        fault("hang", 0.005, json!({})),
        fault("act_then_hang", 0.005, json!({})),
        fault("late_act", 0.005, json!({"delayMs": 50})),
        fault("stall_body", 0.005, json!({})),
        fault("slow_headers", 0.01, json!({"delayMs": 20})),
        fault("duplicate_entries", 0.01, json!({})),
        fault("next_page", 0.01, json!({"on": "read"})),
    ];
    // First, so that no other fault comes before them.
    let refusals = (0..REFUSED).map(|number| {
        json!({"fault": "status", "status": 403, "on": "create", "times": null, "email": refused(number)})
    });
    refusals.chain(random).collect()
}

fn refused(number: u64) -> String {
    format!("Refused{number}@example.com")
}

fn operation(rng: &mut Rng, number: u64) -> Operation {
    let alone = format!("p{number}@example.com");
    match rng.u32(..17) {
        0..=5 => Operation::Create(alone),
        6..=8 => Operation::Ensure(match rng.bool() {
            true => format!("shared{}@example.com", rng.u64(..SHARED)),
            false => alone,
        }),
        9 => Operation::CreateAndRevoke(alone),
        10 => Operation::Update(member(number)),
        11 => Operation::Remove(member(number)),
        12 => Operation::UpdateAndRemove(member(number)),
        13 if rng.bool() => Operation::RemoveTwice(member(number)),
        13 => Operation::DemoteAdmins,
        14 => {
            let call = ["create", "ensure"][rng.usize(..2)];
            Operation::Refused(call, refused(rng.u64(..REFUSED)).to_lowercase())
        }
        _ => Operation::Read(["list", "members", "seats"][rng.usize(..3)]),
    }
}

async fn perform(
    driver: &Driver,
    [client, other]: &[String; 2],
    operation: &Operation,
) -> Vec<Answer> {
    let update =
        |member: &str, permission: &str| json!({"member": member, "permission": permission});
    let call = async |name: &str, args: &Value| driver.call(client, name, args, HANGS).await.0;
    match operation {
        Operation::Create(email) => vec![call("create", &guest(email)).await],
        Operation::Ensure(email) => vec![call("ensure", &guest(email)).await],
        Operation::Refused(name, email) => vec![call(name, &guest(email)).await],
        Operation::CreateAndRevoke(email) => vec![
            call("create", &guest(email)).await,
            call("revoke_active", &json!({"email": email})).await,
        ],
        Operation::Read(name) => vec![call(name, &json!({})).await],
        Operation::Update(email) => vec![call("update_member", &update(email, "write")).await],
        Operation::Remove(email) => vec![call("remove_member", &json!({"member": email})).await],
        Operation::DemoteAdmins => {
            let mut answers = Vec::new();
            for permission in ["read", "admin"] {
                let [one, another] = ADMINS.map(|admin| update(admin, permission));
                let (one, another) =
                    tokio::join!(call("update_member", &one), call("update_member", &another));
                answers.extend([one, another]);
            }
            answers
        }
        Operation::RemoveTwice(email) => {
            let removal = json!({"member": email});
            let (one, another) = tokio::join!(
                call("remove_member", &removal),
                driver.call(other, "remove_member", &removal, HANGS)
            );
            vec![one, another.0]
        }
        Operation::UpdateAndRemove(email) => {
            let (update, removal) = (update(email, "write"), json!({"member": email}));
            let (updated, removed) = tokio::join!(
                call("update_member", &update),
                driver.call(other, "remove_member", &removal, HANGS)
            );
            vec![updated, removed.0]
        }
    }
}

fn judge(ended: &[(Operation, Vec<Answer>)], report: &Report) -> Result<(), String> {
    told::always(report)?;
    if report.fewest_admins == 0 {
        return Err("the organization was without an admin".to_owned());
    }
    enough(ended, report)?;
    let mut wrong = Vec::new();
    let mut shared = BTreeMap::<&str, Vec<&Answer>>::new();
    for (operation, answers) in ended {
        let verdict = match (operation, answers.as_slice()) {
            (_, answers)
                if answers
                    .iter()
                    .any(|answer| matches!(answer, Answer::Broken(_))) =>
            {
                Err("broken".to_owned())
            }
            (Operation::Create(email), [answer]) => told::consistent("create", answer)
                .and_then(|()| told::agrees(told::of("create", answer), email, report)),
            (Operation::CreateAndRevoke(email), [made, revoked]) => {
                taken_back(email, made, revoked, report)
            }
            (Operation::Ensure(email), [answer]) => {
                shared.entry(email).or_default().push(answer);
                told::consistent("ensure", answer)
            }
            (Operation::Refused(call, email), [answer]) => is_refused(call, email, answer, report),
            (Operation::Read(name), [answer]) => told::consistent(name, answer),
            (Operation::Update(email), [answer]) => changed(email, Some(answer), None, report),
            (Operation::Remove(email), [answer]) => changed(email, None, Some(answer), report),
            (Operation::UpdateAndRemove(email), [updated, removed]) => {
                changed(email, Some(updated), Some(removed), report)
            }
            (Operation::RemoveTwice(email), answers) => removed_twice(email, answers, report),
            // Several calls change these members, and the one that came last is not known.
            (Operation::DemoteAdmins, answers) => answers
                .iter()
                .try_for_each(|answer| told::consistent("update_member", answer)),
            _ => Err("not this number of responses".to_owned()),
        };
        if let Err(why) = verdict {
            let answers: Vec<String> = answers.iter().map(Answer::to_string).collect();
            wrong.push(format!("{operation:?}: {why}; reported {answers:?}"));
        }
    }
    for (email, answers) in shared {
        if let Err(why) = ensured(email, &answers, report) {
            wrong.push(format!("ensure {email}: {why}"));
        }
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "{} wrong, as {}; {}",
            wrong.len(),
            wrong[..wrong.len().min(3)].join("; "),
            matrix::log(report)
        )),
    }
}

/// Nobody who is refused is invited, and no call says so. What ends a call before the 403 comes is any other error.
fn is_refused(call: &str, email: &str, answer: &Answer, report: &Report) -> Result<(), String> {
    told::consistent(call, answer)?;
    told::agrees(Told::NotMade, email, report)?;
    match answer {
        Answer::Error(_) => Ok(()),
        _ => Err("not reported as refused".to_owned()),
    }
}

/// A member is as the answers to the update and to the removal say: updated and removed at once, it is gone.
fn changed(
    email: &str,
    update: Option<&Answer>,
    removal: Option<&Answer>,
    report: &Report,
) -> Result<(), String> {
    for answer in [update, removal].into_iter().flatten() {
        told::consistent("a change of a member", answer)?;
        if let Answer::Result(Value::Null) = answer {
            return Err("reported as no member, and it was one".to_owned());
        }
    }
    let told = |answer: Option<&Answer>| answer.map_or(Told::NotMade, told::of_change);
    let mut members = report.members.iter();
    let found = members.find(|member| member.email == email);
    told::is_changed(told(removal), found.is_none(), "the removal")?;
    match found {
        Some(member) => told::is_changed(told(update), member.permission == "write", "the update"),
        None => Ok(()),
    }
}

/// Whoever is removed by another is removed: a 404 is no failure then.
fn removed_twice(email: &str, answers: &[Answer], report: &Report) -> Result<(), String> {
    let is_there = report.members.iter().any(|member| member.email == email);
    for answer in answers {
        told::consistent("remove_member", answer)?;
        match answer {
            Answer::Result(_) if is_there => {
                return Err("reported as removed, and it is there".to_owned());
            }
            // Where the list of members cannot be read, nobody can say so.
            Answer::Error(error)
                if error["kind"] == "not_found" && told::of_change(answer) == Told::NotMade =>
            {
                return Err("removed by another, and reported as not found".to_owned());
            }
            _ => {}
        }
    }
    Ok(())
}

/// Most faults are overcome: half of the calls have a result, or the 403 of an address that is refused; a third of each
/// kind; and each has sent a request.
fn enough(ended: &[(Operation, Vec<Answer>)], report: &Report) -> Result<(), String> {
    let mut kinds = BTreeMap::<&str, (usize, usize)>::new();
    for (operation, answers) in ended {
        let kind = match operation {
            Operation::Create(_) | Operation::CreateAndRevoke(_) => "create",
            Operation::Ensure(_) => "ensure",
            Operation::Refused(..) => "refused",
            Operation::Read(_) => "read",
            Operation::Update(_) | Operation::Remove(_) => "change of a member",
            // They are rejected where the member is gone, or is the last admin.
            Operation::UpdateAndRemove(_) | Operation::RemoveTwice(_) | Operation::DemoteAdmins => {
                continue;
            }
        };
        let (all, results) = kinds.entry(kind).or_default();
        *all += 1;
        let is_result = match (operation, answers.first()) {
            (Operation::Refused(..), answer) => answer.and_then(Answer::kind) == Some("forbidden"),
            (_, answer) => matches!(answer, Some(Answer::Result(_))),
        };
        *results += usize::from(is_result);
    }
    let sum = |of: fn(&(usize, usize)) -> usize| kinds.values().map(of).sum::<usize>();
    let (all, results) = (sum(|kind| kind.0), sum(|kind| kind.1));
    if results * 2 < all {
        return Err(format!("{results} of {all} calls had a result"));
    }
    for (kind, (all, results)) in kinds {
        // Of a few operations chance may take more.
        if results * 3 < all && all >= 20 {
            return Err(format!("{results} of {all} calls ({kind}) had a result"));
        }
    }
    let sent: u64 = report.answers.values().sum::<u64>() + report.abandoned;
    match sent < ended.len() as u64 {
        true => Err(format!("{} operations sent {sent} requests", ended.len())),
        false => Ok(()),
    }
}

fn taken_back(email: &str, made: &Answer, revoked: &Answer, report: &Report) -> Result<(), String> {
    told::consistent("create", made)?;
    told::consistent("revoke_active", revoked)?;
    let count = report.invites_made.get(email).copied().unwrap_or_default();
    let active = report
        .active_invites
        .get(email)
        .copied()
        .unwrap_or_default();
    let right = match told::of("create", made) {
        Told::Made => count == 1,
        Told::NotMade => count == 0,
        Told::Maybe => count <= 1,
    };
    match (right, revoked) {
        (false, _) => Err(format!("reported {}, and {count} were made", made.word())),
        (true, Answer::Result(_)) if active > 0 => {
            Err("reported as revoked, and it is active".to_owned())
        }
        _ => Ok(()),
    }
}

/// Everybody who wanted the same person got the same invite.
fn ensured(email: &str, answers: &[&Answer], report: &Report) -> Result<(), String> {
    let made = report.invites_made.get(email).copied().unwrap_or_default();
    let active = report
        .active_invites
        .get(email)
        .copied()
        .unwrap_or_default();
    let mut ids = Vec::new();
    let mut created = 0;
    let mut may = false;
    for answer in answers {
        match answer {
            Answer::Result(result) => {
                ids.push(result["invite"]["id"].as_str().unwrap_or_default());
                created += u64::from(result["outcome"] == "created");
            }
            other => may |= told::of("ensure", other) == Told::Maybe,
        }
    }
    ids.sort_unstable();
    ids.dedup();
    let right = match ids.len() {
        0 => made == 0 || (may && made == 1),
        1 => made == 1 && active == 1 && created <= 1 && (created == 1 || may),
        _ => false,
    };
    match right {
        true => Ok(()),
        false => {
            let words: Vec<String> = answers.iter().map(|answer| answer.to_string()).collect();
            Err(format!("{made} made, {active} active, reported {words:?}"))
        }
    }
}
