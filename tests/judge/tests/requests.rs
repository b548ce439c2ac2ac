//! What the judge asks of a driver, and how it evaluates the answers.
#![allow(clippy::expect_used, reason = "a test has nothing better to do")]

use std::io::{BufRead, BufReader, Write, pipe};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use scenario_judge::{Driver, Lines, judge};
use serde_json::{Value, json};

/// Answers everything in one way, and keeps what it was asked.
#[derive(Clone)]
struct Says {
    answer: Value,
    asked: Arc<Mutex<Vec<Value>>>,
}

impl Says {
    fn new(answer: Value) -> Self {
        let asked = Arc::default();
        Self { answer, asked }
    }
}

impl Driver for Says {
    async fn answer(&self, request: Value) -> Value {
        self.asked.lock().expect("no panic").push(request);
        self.answer.clone()
    }
}

/// The verdict about a scenario with these steps.
async fn judged(driver: &impl Driver, steps: Value) -> Result<(), String> {
    let scenario = json!({
        "title": "What a driver is asked for", "promises": ["basics"], "sandbox": {}, "steps": steps,
        "client": {"baseUrl": "http://127.0.0.1:{port}/v1", "timeoutMs": 700},
    });
    judge("tests/requests", &scenario, driver).await
}

#[tokio::test]
async fn a_driver_is_asked_for_clients_and_calls_with_everything_said() {
    let plan = json!({"steps": [], "estimateMs": 1.5});
    let driver = Says::new(json!({"result": plan}));
    let guest = json!({"email": "ada{n}@example.com", "permission": "read", "expiresAt": "+1d"});
    let steps = json!([
        {"call": "client"},
        {"call": "plan", "args": {"people": [guest]}},
        {"call": "apply", "args": {"partial": true}, "client": {"timeoutMs": 800}},
        {"parallel": 2, "clients": "shared", "call": "create", "args": guest, "expectCount": {"result": 2}},
        {"close": true},
    ]);
    assert_eq!(judged(&driver, steps).await, Ok(()));

    let asked = driver.asked.lock().expect("no panic");
    let ids: Vec<_> = asked.iter().map(|request| request["id"].as_u64()).collect();
    let mut in_order = ids;
    in_order.sort_unstable();
    assert_eq!(in_order, (1..=7).map(Some).collect::<Vec<_>>());

    let options = &asked[0]["options"];
    let url = options["baseUrl"].as_str().unwrap_or_default();
    assert!(
        url.starts_with("http://127.0.0.1:") && !url.contains('{'),
        "{url}"
    );
    assert_eq!(
        (&options["skipWaits"], &options["timeoutMs"]),
        (&json!(true), &json!(700))
    );
    assert!(options["apiKey"].is_string() && options["organizationId"].is_string());

    let expires = asked[1]["args"]["people"][0]["expiresAt"].as_str();
    let expires: DateTime<Utc> = expires.and_then(|text| text.parse().ok()).expect("a time");
    assert!((expires - Utc::now() - TimeDelta::days(1)).abs() < TimeDelta::minutes(5));

    assert_eq!(asked[2]["options"]["timeoutMs"], 800);
    assert_eq!(asked[3]["args"], json!({"partial": true, "plan": plan}));
    assert_eq!(asked[3]["client"], asked[2]["client"]);
    assert_ne!(asked[3]["client"], asked[0]["client"]);

    let mut emails: Vec<_> = asked[4..6]
        .iter()
        .map(|one| &one["args"]["email"])
        .collect();
    emails.sort_by_key(|email| email.to_string());
    assert_eq!(emails, ["ada0@example.com", "ada1@example.com"]);
    let close = json!({"id": 7, "client": asked[0]["client"], "call": "close", "args": {}});
    assert_eq!(asked[6], close);
}

#[tokio::test]
async fn what_is_no_answer_fails_the_scenario() {
    for (answer, why) in [
        (json!({"crash": "it broke"}), "the driver failed: it broke"),
        (json!({}), "no response"),
        (json!({"error": "text"}), "no response"),
        (json!({"result": {}, "error": {}}), "no response"),
        (json!({"result": {}, "crash": "it broke"}), "it broke"),
    ] {
        let driver = Says::new(answer.clone());
        let failed = judged(&driver, json!([{"call": "seats"}])).await;
        let failed = failed.expect_err("no scenario passes so");
        assert!(failed.contains(why), "{answer}: {failed}");
    }
}

#[tokio::test]
async fn a_client_that_cannot_be_made_is_the_calls_error() {
    let driver = Says::new(json!({"error": {"kind": "invalid_input"}}));
    let expect = json!({"error": {"kind": "invalid_input"}});
    let steps = json!([{"call": "seats", "expect": expect}, {"call": "client", "expect": expect}]);
    assert_eq!(judged(&driver, steps).await, Ok(()));
    let asked = driver.asked.lock().expect("no panic");
    assert!(asked.iter().all(|request| request["call"].is_null()));
}

/// A driver at the other end of two pipes, which says this to each request.
fn piped(says: fn(&Value) -> Option<String>) -> Lines {
    let (requests, to_driver) = pipe().expect("a pipe");
    let (answers, mut from_driver) = pipe().expect("a pipe");
    std::thread::spawn(move || {
        for line in BufReader::new(requests).lines().map_while(Result::ok) {
            let request = serde_json::from_str(&line).expect("a request is JSON");
            match says(&request) {
                Some(answer) => writeln!(from_driver, "{answer}").expect("a judge listens"),
                None => return,
            }
        }
    });
    Lines::new(to_driver, BufReader::new(answers))
}

#[tokio::test]
async fn lines_go_to_a_driver_and_come_back() {
    let echo = piped(|request| Some(json!({"id": request["id"], "result": {}}).to_string()));
    let steps = json!([{"parallel": 8, "clients": "separate", "call": "seats"}]);
    assert_eq!(judged(&echo, steps).await, Ok(()));
}

#[tokio::test]
async fn a_driver_that_ends_or_babbles_fails_the_scenario_at_once() {
    let steps = json!([{"call": "seats"}]);
    let ended = judged(&piped(|_| None), steps.clone()).await;
    assert!(ended.is_err_and(|why| why.contains("the driver has ended")));
    let babbles = judged(&piped(|_| Some("hello".to_owned())), steps).await;
    assert!(babbles.is_err_and(|why| why.contains("that can be read: hello")));
}
