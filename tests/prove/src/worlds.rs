//! Services that differ from what is documented, or that treat one person differently: each call, and what must come
//! of it.

use icepanel_sandbox::{Operation, Report};
use serde_json::{Value, json};

use crate::cells::{self, BOB, Called, Cell, NEW, OLD, RUN_WITH_MEMBERS, managed};
use crate::driver::Answer;
use crate::guest;
use crate::matrix::{self, emails, line};
use crate::table::Part;
use crate::told::{self, Told};

/// Another person who is invited.
const OTHER: &str = "other@example.com";

/// The address of the member who accepted the invite to [`NEW`], and the user id.
const HOME: &str = "new@home.example";
const HOME_ID: &str = "u-home";

/// Every call in each world.
pub(crate) fn cells() -> Vec<Cell> {
    let mut cells = changed();
    cells.extend(refused());
    cells.extend(accepted());
    cells.extend(hidden());
    cells
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

/// The right answer, and nothing else.
fn changed() -> Vec<Cell> {
    let mut cells = Vec::new();
    for (name, behaviour) in worlds() {
        for called in cells::calls() {
            let world = format!("no fault, and {name}");
            let state = json!({"behaviour": behaviour});
            cells.push(Cell::of_world(
                Part::Changed,
                world,
                state,
                called,
                matrix::judge,
            ));
        }
    }
    cells
}

/// A service that refuses to invite one address, however it is written.
fn refused() -> Vec<Cell> {
    let cell = |refused: &str, called, judge| {
        let fault = json!({
            "fault": "status", "status": 403, "on": "create", "times": null, "email": refused.to_uppercase(),
        });
        let world = "403 for one address, and for no other".to_owned();
        let state = json!({"faults": [fault]});
        Cell::of_world(Part::Changed, world, state, called, judge)
    };
    let called = |name, args| Called::new(name, args, Some("create"));
    let renewal = json!({"target": OLD, "expiresInMs": 30 * 86_400_000_u64});
    let people = || vec![guest(NEW), guest(OTHER), guest(OLD)];
    vec![
        cell(NEW, called("create", guest(NEW)), is_refused),
        cell(NEW, called("ensure", guest(NEW)), is_refused),
        cell(OLD, called("renew", renewal), is_refused),
        cell(
            NEW,
            called("create, of another", guest(OTHER)),
            other_is_invited,
        ),
        cell(
            NEW,
            called("ensure, of another", guest(OTHER)),
            other_is_invited,
        ),
        cell(
            NEW,
            called("apply", json!({"people": people()})),
            all_but_one_are_invited,
        ),
        cell(
            NEW,
            called(RUN_WITH_MEMBERS, managed(people())),
            all_but_one_are_invited,
        ),
    ]
}

/// The address is refused, once, and nothing has changed.
fn is_refused(cell: &Cell, answer: &Answer, report: &Report) -> Result<(), String> {
    ends_as(cell, answer, report, "forbidden")?;
    refusals(report, 1)?;
    unchanged(report)
}

fn other_is_invited(cell: &Cell, answer: &Answer, report: &Report) -> Result<(), String> {
    ends_as(cell, answer, report, "result")?;
    told::agrees(told::of(cell.called.call, answer), OTHER, report)?;
    refusals(report, 0)
}

/// The one is reported as refused, and the run goes on.
fn all_but_one_are_invited(cell: &Cell, answer: &Answer, report: &Report) -> Result<(), String> {
    let result = ends_as(cell, answer, report, "result")?;
    let refused = line(result, NEW)?;
    if (&refused["outcome"], &refused["error"]["kind"]) != (&json!("failed"), &json!("forbidden")) {
        return Err(format!("reported as {refused}"));
    }
    told::agrees(Told::NotMade, NEW, report)?;
    told::agrees(Told::Made, OTHER, report)?;
    told::agrees(told::of_line(line(result, OTHER)?), OTHER, report)?;
    if (&result["complete"], &line(result, OLD)?["outcome"]) != (&json!(false), &json!("kept")) {
        return Err("that is not what happened".to_owned());
    }
    if cell.called.name == RUN_WITH_MEMBERS {
        told::is_changed(
            Told::Made,
            told::of_change_line(line(result, BOB)?) == Told::Made,
            "the update",
        )?;
    }
    matrix::members(cell, answer, report)?;
    refusals(report, 1)
}

/// How many creates got a 403.
fn refusals(report: &Report, expected: usize) -> Result<(), String> {
    let refused = report
        .log
        .iter()
        .filter(|entry| entry.operation == Operation::Create && entry.status == Some(403));
    match refused.count() {
        many if many == expected => Ok(()),
        many => Err(format!("{many} creates were refused")),
    }
}

/// An invite that was accepted with another address than the invited one: the person is a member.
fn accepted() -> Vec<Cell> {
    let state = json!({
        "members": [{
            "userId": HOME_ID, "email": HOME, "permission": "read", "landscapePermissions": {"landscape-1": true},
        }],
        "invites": [{
            "email": NEW, "permission": "write", "createdAt": "-3d", "usedAt": "-2d", "usedByUserId": HOME_ID,
        }],
    });
    let email = json!({"email": NEW});
    let people = vec![guest(NEW), guest(OLD)];
    let mut raised = people.clone();
    raised[0]["permission"] = "write".into();
    let renewal = json!({"target": NEW, "expiresInMs": 30 * 86_400_000_u64});
    let calls = [
        ("list", json!({})),
        ("find_active", email.clone()),
        ("members", json!({})),
        ("seats", json!({})),
        ("plan", json!({"people": people})),
        ("dump", json!({})),
        ("create", guest(NEW)),
        ("ensure", guest(NEW)),
        ("apply", json!({"people": people})),
        (RUN_WITH_MEMBERS, managed(raised)),
        ("renew", renewal),
        ("revoke_active", email),
        (
            "update_member, by the invited address",
            json!({"member": NEW, "permission": "write"}),
        ),
        (
            "update_member, by the member's address",
            json!({"member": HOME, "permission": "write"}),
        ),
        (
            "remove_member, by the invited address",
            json!({"member": NEW}),
        ),
        (
            "remove_member, by the member's address",
            json!({"member": HOME}),
        ),
    ];
    let cell = |(name, args)| {
        let world = "no fault, and an invite accepted with another address".to_owned();
        let called = Called::new(name, args, None);
        Cell::of_world(
            Part::Changed,
            world,
            state.clone(),
            called,
            is_known_as_member,
        )
    };
    calls.into_iter().map(cell).collect()
}

fn is_known_as_member(cell: &Cell, answer: &Answer, report: &Report) -> Result<(), String> {
    let name = cell.called.name;
    let ends = match name {
        // There is no active invite, and no member has this address.
        "renew" | "update_member, by the invited address" => "not_found",
        _ => "result",
    };
    let result = ends_as(cell, answer, report, ends)?;
    let is = |value: &Value, expected: &str| value == expected;
    let line_of_new = |action, outcome| {
        let line = line(result, NEW);
        line.map(|line| is(&line["action"], action) && is(&line["outcome"], outcome))
    };
    let first = &result["steps"][0];
    let right = match name {
        "list" => emails(result) == ["gone@example.com", "in@example.com", NEW, OLD],
        "find_active" | "remove_member, by the invited address" => result.is_null(),
        "members" => emails(result) == ["ada@example.com", BOB, cells::EVE, HOME],
        "seats" => result["paid"] == 10 && result["free"] == 9,
        "plan" => emails(&result["steps"]) == [NEW, OLD] && is(&first["action"], "member"),
        "dump" => emails(&result["people"]) == [OLD],
        // It is sent whoever is a member.
        "create" => is(&result["status"], "active"),
        "ensure" => is(&result["outcome"], "member") && is(&result["member"]["userId"], HOME_ID),
        "apply" => line_of_new("member", "kept")?,
        RUN_WITH_MEMBERS => line_of_new("update", "done")?,
        "revoke_active" => *result == json!([]),
        "update_member, by the member's address" | "remove_member, by the member's address" => {
            is(&result["userId"], HOME_ID)
        }
        _ => ends == "not_found",
    };
    if !right {
        return Err("that is not what the service knows".to_owned());
    }
    let mut members = report.members.iter();
    let now = members.find(|member| member.email == HOME);
    let expected = match name {
        "remove_member, by the member's address" => None,
        RUN_WITH_MEMBERS | "update_member, by the member's address" => Some("write"),
        _ => Some("read"),
    };
    if now.map(|member| &*member.permission) != expected {
        return Err(format!("the member is now {now:?}"));
    }
    matrix::members(cell, answer, report)?;
    match name {
        "create" => told::agrees(Told::Made, NEW, report),
        _ => unchanged(report),
    }
}

/// A create without a clear response, and a list whose first page does not have the invite: whether there is one is not
/// known, and none is sent again.
fn hidden() -> Vec<Cell> {
    let renewal = json!({"target": OLD, "expiresInMs": 30 * 86_400_000_u64});
    // How many lists are read before the create, all their entries included: a run reads one for its plan, and two more.
    let calls = [
        ("create", guest(NEW), 0),
        ("ensure", guest(NEW), 1),
        ("renew", renewal, 1),
        ("apply", json!({"people": [guest(NEW), guest(OLD)]}), 3),
    ];
    let mut cells = Vec::new();
    for fault in [
        json!({"fault": "cut"}),
        json!({"fault": "act_then_cut"}),
        json!({"fault": "status", "status": 503}),
        json!({"fault": "act_then_status", "status": 502}),
        json!({"fault": "html"}),
    ] {
        for (name, args, before) in calls.clone() {
            let mut fault = fault.clone();
            fault["on"] = "create".into();
            let page = json!({"fault": "next_page", "on": "list", "times": null, "skip": before});
            let called = Called::new(name, args, Some("create"));
            let state = json!({"faults": [fault, page]});
            let world = "a lost create, and a list whose first page does not show it".to_owned();
            cells.push(Cell::of_world(
                Part::Faults,
                world,
                state,
                called,
                is_unknown,
            ));
        }
    }
    cells
}

fn is_unknown(cell: &Cell, answer: &Answer, report: &Report) -> Result<(), String> {
    let call = cell.called.call;
    match call {
        "apply" => {
            let result = ends_as(cell, answer, report, "result")?;
            let line = line(result, NEW)?;
            if line["outcome"] != "unknown" {
                return Err(format!("reported as {line}"));
            }
        }
        _ => drop(ends_as(cell, answer, report, "outcome_unknown")?),
    }
    if call != "renew" {
        told::agrees(Told::Maybe, NEW, report)?;
    }
    let old = report.active_invites.get(OLD).copied().unwrap_or_default();
    match (report.requests.create, old) {
        (1, 1) => Ok(()),
        (1, 2) if call == "renew" => Ok(()),
        (creates, old) => Err(format!("{creates} creates, {old} active invites of {OLD}")),
    }
}

/// An end as this word says, and what is always true; the result, or null.
fn ends_as<'a>(
    cell: &Cell,
    answer: &'a Answer,
    report: &Report,
    word: &str,
) -> Result<&'a Value, String> {
    if answer.word() != word {
        return Err(format!("expected {word}, came {}", answer.word()));
    }
    told::always(report)?;
    told::consistent(cell.called.call, answer)?;
    Ok(match answer {
        Answer::Result(result) => result,
        _ => &Value::Null,
    })
}

/// No invite was made, and the one that there was is active.
fn unchanged(report: &Report) -> Result<(), String> {
    let active = report.active_invites.get(OLD).copied().unwrap_or_default();
    match (report.invites_made_total, active) {
        (0, 1) => Ok(()),
        (made, active) => Err(format!("{made} were made, {active} active of {OLD}")),
    }
}
