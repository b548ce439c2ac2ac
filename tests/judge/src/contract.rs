//! Checks what the client sends and what the sandbox answers against the published OpenAPI document.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::{Value, json};

/// Scenarios whose requests or answers differ from the document on purpose, and why.
const DIFFERS: &[(&str, &str)] = &[
    (
        "change/ensure-keeps-unknown-permission",
        "an invite has a permission that is not documented",
    ),
    (
        "change/unknown-values-in-list",
        "an invite has a permission and an actor that are not documented",
    ),
    (
        "create/unknown-permission",
        "the client is asked for a permission that is not documented",
    ),
    (
        "member-changes/update-without-a-free-seat",
        "the response to an update without a free seat is not documented",
    ),
    (
        "members-seats/new-permission-of-a-member",
        "a member has a permission that is not documented",
    ),
    (
        "roster/unusual-entries-are-preserved",
        "an invite has an empty permission",
    ),
];

/// Checks the sandbox's log of a scenario. An entry that met a fault is checked for its request alone.
pub(crate) fn check(scenario: &str, log: &Value) -> Result<(), String> {
    let found: Vec<String> = log
        .as_array()
        .into_iter()
        .flatten()
        .filter(|entry| entry["operation"] != "other")
        .flat_map(violations)
        .collect();
    let why = DIFFERS.iter().find(|(name, _)| *name == scenario);
    match (found.as_slice(), why) {
        ([], None) | ([_, ..], Some(_)) => Ok(()),
        ([], Some((_, why))) => Err(format!(
            "everything is as the contract says, although: {why}"
        )),
        (found, None) => Err(format!("not as the contract says:\n{}", found.join("\n"))),
    }
}

/// How an entry of the log differs from the document.
fn violations(entry: &Value) -> Vec<String> {
    let path = template(&entry["path"]);
    let method = text(&entry["method"]).to_lowercase();
    let operation = format!("/paths/{}/{method}", path.replace('/', "~1"));
    let mut found = Vec::new();
    let mut compare = |what: &str, place: &str, value: &Value| {
        let place = format!("{operation}/{place}/content/application~1json/schema");
        let Some(validator) = validator(&place) else {
            found.push(format!("{method} {path}: the document has no {what}"));
            return;
        };
        // The log cuts what is longer than it keeps.
        if !value.is_string() {
            found.extend(validator.iter_errors(value).map(|error| {
                let place = error.instance_path();
                format!("{method} {path}, {what}, at {place}: {error}")
            }));
        }
    };
    let takes_a_body = document().pointer(&format!("{operation}/requestBody"));
    if takes_a_body.is_some() || !entry["body"].is_null() {
        compare("request", "requestBody", &entry["body"]);
    }
    if entry["fault"].is_null()
        && let Some(status) = entry["status"].as_u64()
    {
        let (what, place) = (format!("answer {status}"), format!("responses/{status}"));
        compare(&what, &place, &entry["answer"]);
    }
    found
}

/// `/v1/organizations/sandbox/users/invites` as the document writes it.
fn template(path: &Value) -> String {
    let path = text(path).strip_prefix("/v1").unwrap_or_default();
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["", "organizations", _] => "/organizations/{organizationId}".to_owned(),
        ["", "organizations", _, "users", rest @ ..] => {
            let rest = match rest {
                [] => "",
                ["invites"] => "/invites",
                ["invites", _] => "/invites/{organizationUserInviteId}",
                _ => "/{userId}",
            };
            format!("/organizations/{{organizationId}}/users{rest}")
        }
        _ => path.to_owned(),
    }
}

fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
        let text = include_str!("../../contract/icepanel-invites.openapi.json");
        serde_json::from_str(text).expect("the document is JSON")
    });
    &DOCUMENT
}

/// The validator of the schema at a place of the document, made when it is first needed: a process may judge one
/// scenario alone.
fn validator(place: &str) -> Option<Arc<Validator>> {
    static MADE: Mutex<BTreeMap<String, Arc<Validator>>> = Mutex::new(BTreeMap::new());
    let document = document();
    document.pointer(place)?;
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(validator) = made.get(place) {
        return Some(Arc::clone(validator));
    }
    let schema = json!({
        "$ref": format!("#{}", place.replace('{', "%7B").replace('}', "%7D")),
        "paths": document["paths"],
        "components": document["components"],
    });
    let validator = jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap_or_else(|why| panic!("no schema at {place}: {why}"));
    let validator = Arc::new(validator);
    made.insert(place.to_owned(), Arc::clone(&validator));
    Some(validator)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
