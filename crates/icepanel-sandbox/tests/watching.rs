//! A sandbox that somebody uses by hand: it reports each request, its faults can be removed, its clock can be advanced.

mod common;

use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex},
    time::Duration,
};

use common::{Client, INVITES, ORGANIZATION, eventually, new_invite, sandbox, with_faults};
use icepanel_sandbox::{API_KEY, Sandbox, Served, State};
use serde_json::json;

#[test]
fn faults_are_taken_back() {
    let sandbox = with_faults(&json!([{"fault": "status", "times": null}]));
    let mut client = Client::new(&sandbox);
    assert_eq!(client.get(INVITES).status, 503);
    let taken = client.try_send("DELETE", "/control/faults", b"").unwrap();
    assert_eq!((taken.status, taken.text().as_str()), (200, "{}"));
    assert_eq!(client.get(INVITES).status, 200);
    // Once more does nothing, and new ones can be added.
    sandbox.clear_faults();
    client.post("/control/faults", &json!([{"fault": "status"}]));
    assert_eq!(client.get(INVITES).status, 503);
    assert_eq!(
        sandbox.report().requests.list,
        3,
        "nothing else is forgotten"
    );
}

#[test]
fn the_clock_is_moved_and_nothing_is_forgotten() {
    let sandbox = sandbox(json!({"seats": 1, "rateLimit": {"writes": 1, "windowMs": 60000}}));
    let mut client = Client::new(&sandbox);
    let mut week = new_invite("ada@example.com");
    week["permission"] = json!("write");
    assert_eq!(client.post(INVITES, &week).status, 200);
    assert_eq!(client.invite("bob@example.com").status, 429);
    let date = |client: &mut Client| {
        let answer = client.get(ORGANIZATION);
        chrono::DateTime::parse_from_rfc2822(answer.header("date").unwrap()).unwrap()
    };
    let before = date(&mut client);

    let moved = client.post("/control/clock", &json!({"advance": "6d"}));
    assert_eq!(moved.status, 200, "{}", moved.text());
    let now = moved.json()["now"]
        .as_str()
        .map(str::parse::<chrono::DateTime<chrono::Utc>>);
    let days = (date(&mut client) - before).num_hours();
    assert!((6 * 24..6 * 24 + 1).contains(&days), "{days} hours");
    assert_eq!((now.unwrap().unwrap() - before.to_utc()).num_days(), 6);
    assert_eq!(
        client.invite("bob@example.com").status,
        200,
        "the window is over"
    );
    assert_eq!(sandbox.report().active_invites_total, 2);

    sandbox.advance(Duration::from_secs(2 * 86_400)).unwrap();
    // Ada's invite has ended, and her seat is free. Bob's ends a week after he was invited by this machine's clock.
    assert_eq!(sandbox.report().active_invites_total, 0);
    let until = chrono::Utc::now() + chrono::TimeDelta::days(15);
    let eve = json!({"email": "eve@example.com", "permission": "write", "expiresAt": until});
    assert_eq!(client.post(INVITES, &eve).status, 200);
    assert_eq!(client.list().len(), 3);

    for wrong in [
        json!({}),
        json!({"advance": "-1d"}),
        json!({"advance": "soon"}),
        json!({"advance": "40000d"}),
    ] {
        let refused = client.post("/control/clock", &wrong);
        assert_eq!(refused.status, 400, "{wrong}");
        assert!(refused.json()["message"].is_string());
    }
}

#[test]
fn a_list_that_lags_catches_up_when_the_clock_is_moved() {
    let sandbox = sandbox(json!({"behaviour": {"listLagMs": 3_600_000}}));
    let mut client = Client::new(&sandbox);
    client.invite("ada@example.com");
    assert_eq!(client.list().len(), 0);
    sandbox.advance(Duration::from_secs(3600)).unwrap();
    assert_eq!(client.list().len(), 1);
}

#[test]
fn it_says_what_it_is() {
    let sandbox = sandbox(json!({"organizationId": "acme"}));
    let mut client = Client::new(&sandbox).without_headers();
    for path in ["/", "/control"] {
        let page = client.get(path);
        assert_eq!(
            (page.status, page.header("content-type")),
            (200, Some("text/plain; charset=utf-8"))
        );
        let text = page.text();
        for word in [
            "sandbox of IcePanel",
            "/v1/organizations/acme",
            "DELETE /control/faults",
            "/control/clock",
        ] {
            assert!(text.contains(word), "{word}: {text}");
        }
        assert!(!text.contains(API_KEY), "{text}");
    }
    assert_eq!(
        sandbox.report().requests.other,
        0,
        "like a request to the control API"
    );
    // With the key it is a request that went astray.
    let mut client = Client::new(&sandbox);
    assert_eq!(client.get("/").status, 404);
    assert!(sandbox.report().key_sent_elsewhere);
}

#[test]
fn who_watches_hears_of_each_request_and_never_of_the_key() {
    let heard = Arc::new(Mutex::new(Vec::<Served>::new()));
    let seen = heard.clone();
    let state: State = serde_json::from_value(json!({
        "faults": [{"fault": "act_then_cut", "on": "create"}, {"fault": "hang", "on": "create"}],
    }))
    .unwrap();
    let address = (Ipv4Addr::UNSPECIFIED, 0).into();
    let sandbox = Sandbox::start_watched(address, state, move |served| {
        seen.lock().unwrap().push(served.clone());
    })
    .unwrap();
    assert!(
        sandbox.base_url().starts_with("http://127.0.0.1:"),
        "{}",
        sandbox.base_url()
    );
    let mut client = Client::new(&sandbox);
    client.get(&format!("{ORGANIZATION}?key={API_KEY}"));
    client.get("/control/report");
    client
        .send(
            "POST",
            INVITES,
            new_invite("ada@example.com").to_string().as_bytes(),
        )
        .unwrap();
    eventually("the cut", || heard.lock().unwrap().len() == 3);
    let mut client = Client::new(&sandbox);
    client
        .send(
            "POST",
            INVITES,
            new_invite("bob@example.com").to_string().as_bytes(),
        )
        .unwrap();
    eventually("the request without an answer", || {
        heard.lock().unwrap().len() == 4
    });
    let heard = heard.lock().unwrap();
    let lines: Vec<String> = heard
        .iter()
        .map(|served| {
            served
                .to_string()
                .split(" ms")
                .next()
                .unwrap_or_default()
                .to_owned()
        })
        .collect();
    assert!(
        lines[0].starts_with("GET /v1/organizations/sandbox?key=… 200 "),
        "{lines:?}"
    );
    assert!(
        lines[1].starts_with("GET /control/report 200 "),
        "{lines:?}"
    );
    assert_eq!(
        lines[2],
        format!("POST {INVITES} no response fault=act_then_cut")
    );
    assert_eq!(lines[3], format!("POST {INVITES} no response fault=hang"));
    let json = serde_json::to_value(&heard[0]).unwrap();
    assert_eq!(
        (&json["method"], &json["status"], &json["fault"]),
        (&json!("GET"), &json!(200), &json!(null))
    );
    assert!(json["latencyMs"].is_number());
}
