//! A service that nobody can reach: what is sure stays sure.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use chrono::TimeDelta;
use icepanel_invites::{ErrorKind, InviteClient, NewInvite, Permission};
use tokio::net::{TcpSocket, TcpStream};

/// An address whose queue of connections is full gets no answer to a SYN, as behind a firewall.
#[tokio::test]
async fn a_create_that_never_got_a_connection_made_no_invite_however_the_time_is_cut() {
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

    let guest = NewInvite::new("ada@example.com", Permission::Read, TimeDelta::days(1));
    for time in [300, 700, 1000] {
        let client = InviteClient::builder("id:5a4db0c5", "organization")
            .base_url(format!("http://{address}/v1"))
            .connect_timeout(Duration::from_millis(120))
            .timeout(Duration::from_millis(time))
            .build()
            .expect("a client");
        let error = client.create(&guest).await.expect_err("nobody is there");
        assert_eq!(error.kind(), ErrorKind::Timeout, "in {time} ms: {error}");
        assert!(!error.invite_may_exist());
    }
}
