//! Starting, ending, and many clients at once.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use std::{
    io::{Read, Write},
    time::Duration,
};

use common::*;
use icepanel_sandbox::{Fault, FaultName, Sandbox, State};
use serde_json::json;

#[test]
fn it_answers_as_soon_as_it_is_started() {
    let sandbox = Sandbox::start(State::default()).unwrap();
    assert_eq!(Client::new(&sandbox).get(INVITES).status, 200);
}

#[test]
fn a_state_out_of_range_does_not_start() {
    let state = State {
        organization_id: String::new(),
        ..State::default()
    };
    assert_eq!(
        Sandbox::start(state).unwrap_err().kind(),
        std::io::ErrorKind::InvalidInput
    );
}

#[test]
fn a_port_can_be_chosen_once() {
    let sandbox = Sandbox::start_on(([127, 0, 0, 1], 0).into(), State::default()).unwrap();
    let address = sandbox.address();
    assert_eq!(sandbox.base_url(), format!("http://{address}/v1"));
    assert_eq!(sandbox.control_url(), format!("http://{address}/control"));
    assert!(Sandbox::start_on(address, State::default()).is_err());
    drop(sandbox);
    drop(Sandbox::start_on(address, State::default()).unwrap());
}

#[test]
fn the_end_closes_every_connection_and_hanging_requests_too() {
    let state = State {
        faults: vec![Fault::new(FaultName::Hang)],
        ..State::default()
    };
    let sandbox = Sandbox::start(state).unwrap();
    let mut hanging = Client::new(&sandbox);
    hanging.send("GET", INVITES, b"").unwrap();
    eventually("in flight", || sandbox.report().in_flight == 1);
    let mut idle = Client::new(&sandbox);
    idle.get(INVITES);
    let address = sandbox.address();
    // A request that is never answered does not hold it up.
    let end = std::thread::spawn(move || drop(sandbox));
    eventually("the end", || end.is_finished());
    for client in [&mut hanging, &mut idle] {
        assert!(!matches!(client.stream.read(&mut [0]), Ok(1..)));
    }
    assert!(std::net::TcpStream::connect(address).is_err());
}

#[tokio::test]
async fn it_starts_and_ends_inside_a_single_threaded_runtime() {
    let sandbox = Sandbox::start(State::default()).unwrap();
    let status = tokio::task::spawn_blocking({
        let mut client = Client::new(&sandbox);
        move || client.get(INVITES).status
    });
    assert_eq!(status.await.unwrap(), 200);
    // No await in between: the server does not need this thread.
    assert_eq!(Client::new(&sandbox).get(INVITES).status, 200);
}

#[test]
fn a_client_that_leaves_in_the_middle_of_its_request_is_noticed() {
    let sandbox = Sandbox::start(State::default()).unwrap();
    let mut client = Client::new(&sandbox);
    let head = format!("POST {INVITES} HTTP/1.1\r\nHost: s\r\nContent-Length: 100\r\n\r\n{{");
    client.stream.write_all(head.as_bytes()).unwrap();
    eventually("in flight", || sandbox.report().in_flight == 1);
    drop(client);
    eventually("abandoned", || sandbox.report().abandoned == 1);
    assert_eq!(sandbox.report().invites_made_total, 0);
}

#[test]
fn a_client_that_leaves_in_the_middle_of_a_long_list_is_noticed() {
    let state = json!({"generate": {"invites": 40_000, "active": 0}});
    let sandbox = sandbox(state);
    let mut client = Client::new(&sandbox);
    client.send("GET", INVITES, b"").unwrap();
    let (_, promised) = client.receive_head().unwrap();
    assert!(promised > 10_000_000);
    drop(client);
    eventually("abandoned", || sandbox.report().abandoned == 1);

    // A whole one is not abandoned, and is the same the next time, when it comes out of the cache.
    let mut client = Client::new(&sandbox);
    let body = client.get(INVITES).body;
    assert_eq!(body.len(), promised);
    assert!(client.get(INVITES).body == body);
    assert_eq!(sandbox.report().abandoned, 1);
}

#[test]
fn sixty_four_clients_at_once_lose_nothing() {
    let sandbox = sandbox(json!({"rateLimit": null}));
    std::thread::scope(|scope| {
        for number in 0..64 {
            let sandbox = &sandbox;
            scope.spawn(move || {
                let mut client = Client::new(sandbox);
                client
                    .stream
                    .set_read_timeout(Some(Duration::from_secs(10)))
                    .unwrap();
                for turn in 0..10 {
                    assert_eq!(
                        client
                            .invite(&format!("user-{number}-{turn}@example.com"))
                            .status,
                        200
                    );
                    assert!(client.list().len() > turn);
                }
            });
        }
    });
    let report = sandbox.report();
    assert_eq!(
        (report.invites_made_total, report.connections),
        (64 * 10, 64)
    );
    assert_eq!(
        (report.requests.create, report.requests.list),
        (64 * 10, 64 * 10)
    );
    assert_eq!((report.abandoned, report.in_flight), (0, 0));
    assert!(report.addresses_invited_twice.is_empty());
    let ids: std::collections::HashSet<_> = Client::new(&sandbox)
        .list()
        .into_iter()
        .map(|i| i["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 64 * 10);
}
