//! What the files have in common: that they are there, that the schema refuses slips, that nothing the sandbox can do
//! is left out.

use std::collections::BTreeSet;
use std::sync::Arc;

use icepanel_invites::StepReason;
use libtest_mimic::{Failed, Trial};
use scenario_judge::{schema, valid};
use serde_json::{Value, json};

type Scenarios = Arc<Vec<(String, Value)>>;

pub(crate) fn trials(scenarios: &Scenarios, files: u64) -> Vec<Trial> {
    let (one, other) = (Arc::clone(scenarios), Arc::clone(scenarios));
    vec![
        Trial::test("files/titles-differ", move || titles_differ(&one, files)),
        Trial::test("files/nothing-is-left-out", move || {
            nothing_is_left_out(&other)
        }),
        Trial::test("files/slips-are-refused", slips_are_refused),
    ]
}

fn titles_differ(scenarios: &Scenarios, expected: u64) -> Result<(), Failed> {
    let titles: BTreeSet<_> = scenarios
        .iter()
        .filter_map(|(_, scenario)| scenario["title"].as_str())
        .collect();
    match (scenarios.len(), titles.len()) {
        (files, titles) if files == titles && files as u64 == expected => Ok(()),
        (files, titles) => {
            Err(format!("{files} files with {titles} titles; patterns.json says {expected}").into())
        }
    }
}

/// Every fault happens to a create and to a list; every value of every behaviour, every kind of error and every reason of
/// a step occurs.
fn nothing_is_left_out(scenarios: &Scenarios) -> Result<(), Failed> {
    let schema = schema();
    let mut missing = BTreeSet::new();
    for fault in values(&schema["$defs"]["fault"]["properties"]["fault"]["enum"]) {
        for operation in ["create", "list"] {
            missing.insert(format!("the fault {fault} on {operation}"));
        }
    }
    for (field, definition) in schema["$defs"]["behaviour"]["properties"]
        .as_object()
        .into_iter()
        .flatten()
    {
        match &definition["enum"] {
            Value::Null => drop(missing.insert(format!("the behaviour {field}"))),
            values_of => missing
                .extend(values(values_of).map(|value| format!("the behaviour {field} {value}"))),
        }
    }
    for kind in values(&schema["$defs"]["errorPattern"]["properties"]["kind"]["enum"]) {
        missing.insert(format!("the error {kind}"));
    }
    for reason in StepReason::ALL {
        missing.insert(format!("the reason {reason}"));
    }
    // Only a list has entries and pages; a default is an absent field; a data file cannot stop a call.
    for covered in [
        "the fault duplicate_entries on create",
        "the fault next_page on create",
        "the behaviour timePrecision milliseconds",
        "the behaviour timeRounding down",
        "the behaviour emailCase kept",
        "the behaviour dateHeader present",
        "the error cancelled",
    ] {
        missing.remove(covered);
    }
    for (_, scenario) in scenarios.iter() {
        tick_off(scenario, &mut missing);
    }
    if missing.is_empty() {
        Ok(())
    } else {
        Err(format!("no scenario has {missing:#?}").into())
    }
}

fn tick_off(value: &Value, missing: &mut BTreeSet<String>) {
    if let (Some(fault), on) = (
        value["fault"].as_str(),
        value["on"].as_str().unwrap_or("any"),
    ) {
        for (operation, class) in [("create", "write"), ("list", "read")] {
            if [operation, class, "any"].contains(&on) {
                missing.remove(&format!("the fault {fault} on {operation}"));
            }
        }
    }
    for (field, setting) in value["behaviour"].as_object().into_iter().flatten() {
        missing.remove(&format!("the behaviour {field}"));
        missing.remove(&format!(
            "the behaviour {field} {}",
            setting.as_str().unwrap_or_default()
        ));
    }
    if let Some(kind) = value["error"]["kind"].as_str() {
        missing.remove(&format!("the error {kind}"));
    }
    if let Some(reason) = value["reasonCode"].as_str() {
        missing.remove(&format!("the reason {reason}"));
    }
    match value {
        Value::Array(list) => list.iter().for_each(|value| tick_off(value, missing)),
        Value::Object(map) => map.values().for_each(|value| tick_off(value, missing)),
        _ => {}
    }
}

fn values(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

fn slips_are_refused() -> Result<(), Failed> {
    let good = json!({"title": "A title that is long enough", "promises": ["basics"], "sandbox": {}, "steps": [{"call": "list"}]});
    if let Err(why) = valid(&good) {
        return Err(format!("a good scenario is refused: {why}").into());
    }
    for (field, slip) in [
        ("promise", json!(["basics"])),
        ("sandbox", json!({"seat": 1})),
        (
            "sandbox",
            json!({"invites": [{"email": "ada@example.com", "permission": "read", "expiresAt": "soon"}]}),
        ),
        (
            "sandbox",
            json!({"faults": [{"fault": "cut", "delayMs": 1}]}),
        ),
        ("sandbox", json!({"faults": [{"fault": "slash"}]})),
        ("sandbox", json!({"behaviour": {"emailCase": "mixed"}})),
        ("client", json!({"timeout": 1})),
        ("steps", json!([])),
        ("steps", json!([{"call": "lists"}])),
        ("steps", json!([{"call": "create"}])),
        (
            "steps",
            json!([{"call": "create", "args": {"email": "ada@example.com", "permission": "read"}}]),
        ),
        (
            "steps",
            json!([{"call": "list", "args": {"state": "active"}}]),
        ),
        ("steps", json!([{"call": "list", "expects": {}}])),
        (
            "steps",
            json!([{"call": "list", "expect": {"result": [], "error": {"kind": "server"}}}]),
        ),
        (
            "steps",
            json!([{"call": "list", "expect": {"result": {"$almost": 1}}}]),
        ),
        (
            "steps",
            json!([{"call": "list", "expect": {"error": {"kind": "failed"}}}]),
        ),
        ("steps", json!([{"parallel": 2, "call": "list"}])),
        (
            "steps",
            json!([{"control": "faults", "body": [{"fault": "redirect", "fields": ["id"]}]}]),
        ),
        ("counted", json!({"requests": {"creates": 1}})),
    ] {
        let mut scenario = good.clone();
        scenario[field] = slip;
        if valid(&scenario).is_ok() {
            return Err(format!("the schema lets this pass: {scenario}").into());
        }
    }
    Ok(())
}
