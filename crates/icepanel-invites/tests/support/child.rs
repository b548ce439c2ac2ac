//! A test in a process of its own, with environment variables of its own.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::process::Command;

const MARK: &str = "INVITES_TEST_CHILD";

/// Whether this process is the child that runs `test`.
pub(crate) fn is_child(test: &str) -> bool {
    std::env::var(MARK).is_ok_and(|name| name == test)
}

/// Runs one test of this program again, in a process with these variables, and fails if it fails. The
/// machine's own variables for proxies and authorities are taken away first.
pub(crate) fn run(test: &str, variables: &[(&str, &str)]) {
    let mut child = Command::new(std::env::current_exe().expect("a program"));
    for name in ["HTTPS_PROXY", "ALL_PROXY", "HTTP_PROXY", "NO_PROXY"] {
        child.env_remove(name).env_remove(name.to_lowercase());
    }
    let child = child
        .env_remove("SSL_CERT_FILE")
        .env_remove("SSL_CERT_DIR")
        .args(["--exact", test, "--nocapture"])
        .env(MARK, test)
        .envs(variables.iter().copied());
    let output = child.output().expect("it runs");
    assert!(
        output.status.success(),
        "{test} with {variables:?}:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
}
