//! A service that nobody can reach: what is sure stays sure.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and prints what it tried"
)]

use std::net::SocketAddr;
use std::time::Duration;

use chrono::TimeDelta;
use icepanel_invites::{
    ErrorKind, InviteClient, InviteClientBuilder, InviteError, NewInvite, Permission, RetryPolicy,
};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// Tries that follow each other at once, until the time is too short for another.
fn quick() -> RetryPolicy {
    RetryPolicy::default()
        .base_delay(Duration::from_millis(1))
        .max_delay(Duration::from_millis(1))
        .max_attempts(20)
}

/// An address whose queue of connections is full gets no answer to a SYN, as behind a firewall.
async fn full_queue() -> (SocketAddr, (TcpListener, Vec<TcpStream>)) {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket
        .bind("127.0.0.1:0".parse().expect("an address"))
        .expect("a port");
    let listener = socket.listen(1).expect("a queue");
    let address = listener.local_addr().expect("an address");
    let mut queue = Vec::new();
    let knock = || tokio::time::timeout(Duration::from_millis(200), TcpStream::connect(address));
    while let Ok(connected) = knock().await {
        queue.push(connected.expect("a connection"));
    }
    (address, (listener, queue))
}

/// A client of a service there, with quick tries.
fn builder(address: SocketAddr) -> InviteClientBuilder {
    InviteClient::builder("id:5a4db0c5", "organization")
        .base_url(format!("http://{address}/v1"))
        .retry(quick())
}

/// A create that ends with this kind of error, and surely made no invite.
async fn fails(client: &InviteClient, kind: ErrorKind) -> InviteError {
    let guest = NewInvite::new("ada@example.com", Permission::Read, TimeDelta::days(1));
    let error = client.create(&guest).await.expect_err("nobody is there");
    assert_eq!(error.kind(), kind, "{error}");
    assert!(!error.invite_may_exist());
    error
}

#[tokio::test]
async fn a_create_that_never_got_a_connection_made_no_invite_however_the_time_is_cut() {
    let (address, _queue) = full_queue().await;
    for time in [300, 700, 1000] {
        let client = builder(address)
            .connect_timeout(Duration::from_millis(120))
            .timeout(Duration::from_millis(time))
            .build();
        println!("in {time} ms");
        fails(&client.expect("a client"), ErrorKind::Timeout).await;
    }
}

/// The limit of one call is shorter than that of a connection.
#[tokio::test]
async fn a_call_with_a_time_of_its_own_is_as_sure_of_a_connection_that_was_never_made() {
    let (address, _queue) = full_queue().await;
    let client = builder(address).build().expect("a client");
    for time in [300, 1000] {
        let client = client.with_timeout(Duration::from_millis(time));
        println!("in {time} ms");
        fails(&client.expect("a client"), ErrorKind::Timeout).await;
    }
}

/// A refusal takes no time, and leaves as much for the next try.
#[tokio::test]
async fn a_call_with_a_time_of_its_own_knocks_as_often_as_any_where_nobody_listens() {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket
        .bind("127.0.0.1:0".parse().expect("an address"))
        .expect("a port");
    let address = socket.local_addr().expect("an address");
    let client = builder(address).build().expect("a client");
    let short = client.with_timeout(Duration::from_secs(5));
    for client in [&client, &short.expect("a client")] {
        let error = fails(client, ErrorKind::Connection).await;
        assert_eq!(error.attempts(), 20, "{error}");
    }
}

#[test]
fn a_call_without_time_or_attempts_is_refused() {
    let client = InviteClient::builder("id:5a4db0c5", "organization")
        .base_url("http://127.0.0.1:1")
        .build()
        .expect("a client");
    let time = client.with_timeout(Duration::ZERO);
    let attempts = client.with_retry(RetryPolicy::default().max_attempts(0));
    for refused in [time, attempts] {
        let error = refused.expect_err("it can send nothing");
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    }
}
