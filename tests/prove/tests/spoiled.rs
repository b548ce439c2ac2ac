//! Whether the proof fails where a driver lies: the harness, with the answers of Rust's driver spoiled in each way.
//! `cargo xtask prove LANGUAGE --quick --spoil MODE` does the same in another language.

#![allow(
    clippy::expect_used,
    reason = "a test ends where its surroundings are not there"
)]

use std::process::Command;

use serde_json::json;

/// Runs the harness with spoiled answers: it succeeds if every row that judges answers has noticed.
fn noticed(spoil: &str, parts: &[&str]) {
    let folder = env!("CARGO_MANIFEST_DIR");
    let driver = json!({"program": env!("CARGO_BIN_EXE_prove-driver"), "folder": folder});
    let launch = json!({"languages": [{"name": "Rust", "driver": driver}]});
    let file = std::env::temp_dir().join(format!("spoiled-{}-{spoil}.json", std::process::id()));
    std::fs::write(&file, launch.to_string()).expect("a file for how the driver is started");
    let output = Command::new(env!("CARGO_BIN_EXE_prove"))
        .arg("--launch")
        .arg(&file)
        .args(["--quick", "--operations", "500", "--calls", "5000"])
        .args(["--spoil", spoil])
        .args(parts.iter().flat_map(|part| ["--part", part]))
        .output()
        .expect("the harness can be started");
    let _ = std::fs::remove_file(&file);
    let printed = String::from_utf8_lossy(&output.stdout);
    let lines = printed.lines().filter(|line| !line.starts_with("BROKEN"));
    let told: Vec<&str> = lines.collect();
    assert!(output.status.success(), "{}", told.join("\n"));
    assert!(printed.contains("0 did not"), "{}", told.join("\n"));
}

/// Everything: where no call is made, the proof takes seconds.
const ALL: &[&str] = &[];

#[test]
fn server_errors_without_a_call_are_noticed() {
    noticed("server", ALL);
}

#[test]
fn unknown_outcomes_without_a_call_are_noticed() {
    noticed("unknown", ALL);
}

#[test]
fn calls_cancelled_before_they_are_made_are_noticed() {
    noticed("cancelled", ALL);
}

#[test]
fn invented_results_are_noticed() {
    noticed("invented", ALL);
}

#[test]
fn missing_answers_are_noticed() {
    noticed("silent", ALL);
}

/// The parts that would wait, as the calls are made here, are tried by hand.
#[test]
fn server_errors_after_a_call_that_succeeded_are_noticed() {
    noticed("denied", &["random", "hosts", "soak"]);
}
