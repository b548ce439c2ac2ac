//! The driver for Rust: requests as JSON lines on stdin, answers on stdout. `tests/prove/README.md` has the forms.
#![allow(clippy::print_stdout, reason = "stdout carries the answers")]

#[path = "../../../../crates/icepanel-invites/tests/scenarios/calls.rs"]
mod calls;
#[path = "../../../../crates/icepanel-invites/tests/scenarios/driver.rs"]
mod driver;

use serde_json::json;
use tokio::io::{AsyncBufReadExt, BufReader};

#[tokio::main]
async fn main() {
    let verbose = std::env::var_os("PROVE_VERBOSE").is_some();
    if verbose {
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(std::io::stderr)
            .init();
    }
    let driver = driver::Driver::new(verbose);
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        match serde_json::from_str(&line) {
            Ok(request) => {
                let driver = driver.clone();
                tokio::spawn(async move { println!("{}", driver.answer(request).await) });
            }
            Err(why) => println!("{}", json!({"id": null, "crash": why.to_string()})),
        }
    }
}
