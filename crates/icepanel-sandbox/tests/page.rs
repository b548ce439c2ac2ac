//! The examples on the page on the control API, each sent to a sandbox.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::*;
use icepanel_sandbox::{Sandbox, State};
use serde_json::{Value, json};

const PAGE: &str = include_str!("../docs/control-api.md");

/// The part of the page below a heading.
fn chapter(heading: &str) -> &'static str {
    let (_, part) = PAGE.split_once(&format!("{heading}\n")).unwrap();
    part.split("\n#").next().unwrap()
}

/// The cells of each row of a chapter's table, without its head.
fn rows(chapter: &str) -> Vec<Vec<&str>> {
    let rows = chapter.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect()
}

/// The first code in a cell.
fn code(cell: &str) -> Option<&str> {
    cell.split('`').nth(1)
}

/// A default: JSON, or a name.
fn value(default: &str) -> Value {
    serde_json::from_str(default).unwrap_or_else(|_| json!(default))
}

#[test]
fn the_commands_on_the_page_are_accepted() {
    let sandbox = Sandbox::start(State::default()).unwrap();
    let mut client = Client::new(&sandbox).without_headers();
    let (_, block) = PAGE.split_once("```console\n").unwrap();
    let block = block.split("\n```").next().unwrap();
    let mut sent = Vec::new();
    for line in block
        .lines()
        .filter_map(|line| line.strip_prefix("$ curl "))
    {
        let (url, body) = line.split_once(" -d ").unwrap_or((line, ""));
        let (_, path) = url.split_once("localhost:8080").unwrap();
        let body = body.trim_matches('\'');
        let method = if body.is_empty() { "GET" } else { "POST" };
        let answer = client.try_send(method, path, body.as_bytes()).unwrap();
        assert_eq!(answer.status, 200, "{line}: {}", answer.text());
        sent.push(path);
    }
    assert_eq!(sent, ["/control/state", "/control/report"]);
    assert_eq!(client.get("/control/report").json()["connections"], 0);
}

#[test]
fn the_defaults_of_the_state_are_those_on_the_page() {
    let sandbox = Sandbox::start(State::default()).unwrap();
    let mut client = Client::new(&sandbox);
    let mut state = serde_json::Map::new();
    for row in rows(chapter("## State")) {
        let Some(default) = code(row[1]).or(Some(row[1]).filter(|cell| *cell != "none")) else {
            continue;
        };
        state.insert(code(row[0]).unwrap().to_owned(), value(default));
    }
    let mut behaviour = serde_json::Map::new();
    for row in rows(chapter("### Behaviour")) {
        let default = code(row[1]).unwrap_or(row[1]);
        if default != "none" {
            behaviour.insert(code(row[0]).unwrap().to_owned(), value(default));
        }
    }
    assert_eq!((state.len(), behaviour.len()), (12, 12));
    state.insert("behaviour".to_owned(), behaviour.into());
    let answer = client.post("/control/state", &json!(state));
    assert_eq!(answer.status, 200, "{}", answer.text());

    let page: State = serde_json::from_value(json!(state)).unwrap();
    assert_eq!(json!(page), json!(State::default()));
}

#[test]
fn the_faults_on_the_page_are_accepted_with_their_defaults() {
    let sandbox = Sandbox::start(State::default()).unwrap();
    let mut client = Client::new(&sandbox);
    let mut faults = Vec::new();
    for row in rows(chapter("## Faults")) {
        let mut fault = json!({"fault": code(row[0]).unwrap()});
        let fields = row.get(2).copied().unwrap_or_default();
        if fields.contains("`fields`") {
            fault["fields"] = json!(["email"]);
        }
        if fields.contains("`delayMs`") {
            let (_, default) = fields.split_once('(').unwrap();
            fault["delayMs"] = value(default.trim_end_matches(')'));
        }
        faults.push(fault);
    }
    assert_eq!(faults.len(), 19);
    let (_, example) = PAGE.split_once("`{\"fault\": \"status\"").unwrap();
    let (example, _) = example.split_once('`').unwrap();
    faults.push(value(&format!("{{\"fault\": \"status\"{example}")));
    assert_eq!(faults[19]["headers"], json!({"retry-after": "2"}));
    let answer = client.post("/control/faults", &json!(faults));
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[test]
fn the_report_on_the_page_is_that_of_the_requests_it_shows() {
    let sandbox = with_faults(&json!([{"fault": "act_then_status", "on": "create"}]));
    let mut client = Client::new(&sandbox);
    client
        .headers
        .push(("Content-Type".into(), "application/json".into()));
    assert_eq!(client.invite("ada@example.com").status, 502);
    client.get(INVITES);
    client.get(INVITES);
    client.get(MEMBERS);

    let (_, block) = PAGE.split_once("```json\n").unwrap();
    let mut shown: Value = serde_json::from_str(block.split("\n```").next().unwrap()).unwrap();
    let mut report = client.get("/control/report").json();
    for report in [&mut shown, &mut report] {
        let log = report["log"].as_array_mut().unwrap();
        log.truncate(1);
        log[0]["atMs"] = Value::Null;
        log[0]["body"]["expiresAt"] = Value::Null;
    }
    assert_eq!(shown, report);
}
