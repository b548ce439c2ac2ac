//! Checks what the client sends and what the sandbox answers against the published OpenAPI document.

use std::collections::HashMap;
use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Value, json};

const DOCUMENT: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../tests/contract/icepanel-invites.openapi.json"
));

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
        "members-seats/new-permission-of-a-member",
        "a member has a permission that is not documented",
    ),
    (
        "roster/hostile-entries-are-told-as-they-are",
        "an invite has an empty permission",
    ),
];

/// A schema of the document: of a request, or of the answer with a status.
struct Contract {
    requests: HashMap<(String, String), Validator>,
    answers: HashMap<(String, String, u16), Validator>,
}

/// Checks the sandbox's log of a scenario. An entry that met a fault is checked for its request alone.
pub(crate) fn check(scenario: &str, log: &Value) -> Result<(), String> {
    let found: Vec<String> = log
        .as_array()
        .into_iter()
        .flatten()
        .filter(|entry| entry["operation"] != "other")
        .flat_map(|entry| violations(contract(), entry))
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

fn violations(contract: &Contract, entry: &Value) -> Vec<String> {
    let path = template(&entry["path"]);
    let method = text(&entry["method"]).to_lowercase();
    let mut found = Vec::new();
    let mut compare = |what: &str, validator: Option<&Validator>, value: &Value| match validator {
        None => found.push(format!("{method} {path}: the document has no {what}")),
        // The log cuts what is longer than it keeps.
        Some(_) if value.is_string() => {}
        Some(validator) => found.extend(validator.iter_errors(value).map(|error| {
            let place = error.instance_path();
            format!("{method} {path}, {what}, at {place}: {error}")
        })),
    };
    let operation = (method.clone(), path.clone());
    match contract.requests.get(&operation) {
        Some(validator) => compare("request", Some(validator), &entry["body"]),
        None if entry["body"].is_null() => {}
        None => compare("request", None, &entry["body"]),
    }
    if entry["fault"].is_null()
        && let Some(status) = entry["status"]
            .as_u64()
            .and_then(|status| u16::try_from(status).ok())
    {
        let answer = contract
            .answers
            .get(&(method.clone(), path.clone(), status));
        compare(&format!("answer {status}"), answer, &entry["answer"]);
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

fn contract() -> &'static Contract {
    static CONTRACT: OnceLock<Contract> = OnceLock::new();
    CONTRACT.get_or_init(|| {
        let document: Value = serde_json::from_str(DOCUMENT).expect("the document is JSON");
        let mut contract = Contract {
            requests: HashMap::new(),
            answers: HashMap::new(),
        };
        for (path, operations) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in operations.as_object().into_iter().flatten() {
                let place = format!("/paths/{}/{method}", path.replace('/', "~1"));
                let body = |place: String| {
                    validator(
                        &document,
                        &format!("{place}/content/application~1json/schema"),
                    )
                };
                if operation["requestBody"].is_object() {
                    let request = body(format!("{place}/requestBody"));
                    contract
                        .requests
                        .insert((method.clone(), path.clone()), request);
                }
                for (status, _) in operation["responses"].as_object().into_iter().flatten() {
                    let answer = body(format!("{place}/responses/{status}"));
                    let status = status.parse().expect("a status is a number");
                    contract
                        .answers
                        .insert((method.clone(), path.clone(), status), answer);
                }
            }
        }
        contract
    })
}

/// The schema at a place of the document.
fn validator(document: &Value, place: &str) -> Validator {
    let place = place.replace('{', "%7B").replace('}', "%7D");
    let schema = json!({
        "$ref": format!("#{place}"),
        "paths": document["paths"],
        "components": document["components"],
    });
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap_or_else(|why| panic!("no schema at {place}: {why}"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
