//! A list takes the memory of the stored invites, not of all invites of the service.

#![cfg(target_os = "linux")]
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and prints what it measured"
)]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;

use icepanel_invites::{InviteFilter, InviteStatus};
use icepanel_sandbox::{API_KEY, Generate, ORGANIZATION_ID, Sandbox, State};
use support::{client, open_state, start, status};

const MIB: u64 = 1024 * 1024;

/// Reads the list over a bare socket: the sandbox has then made and stored its document, and the
/// client under test has not yet touched any memory. Returns the size of the document.
fn warm_up(sandbox: &Sandbox) -> u64 {
    let mut socket = TcpStream::connect(sandbox.address()).unwrap();
    write!(
        socket,
        "GET /v1/organizations/{ORGANIZATION_ID}/users/invites HTTP/1.1\r\nHost: sandbox\r\nX-API-Key: {API_KEY}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut piece = vec![0; 64 * 1024];
    let mut size = 0;
    loop {
        match socket.read(&mut piece).unwrap() {
            0 => return size,
            read => size += read as u64,
        }
    }
}

#[test]
fn the_active_invites_of_one_address_among_100_000_take_under_16_mib() {
    let sandbox = start(State {
        generate: Some(Generate {
            invites: 100_000,
            active: 1000,
            seed: 7,
        }),
        ..open_state()
    });
    let size = warm_up(&sandbox);
    assert!(
        size > 25 * MIB,
        "the document is too small to show anything: {size}"
    );

    let before = status("VmRSS:");
    // Sets the peak back to what is resident now.
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let found = runtime.block_on(async {
        let filter = InviteFilter::default()
            .email("user-99999@example.com")
            .status(InviteStatus::Active);
        client(&sandbox).list(&filter).await.unwrap()
    });
    let grown = status("VmHWM:").saturating_sub(before);
    println!(
        "a document of {} MiB, a growth of {} KiB",
        size / MIB,
        grown / 1024
    );
    assert_eq!(found.len(), 1);
    assert!(grown < 16 * MIB, "grown by {} MiB", grown / MIB);
}
