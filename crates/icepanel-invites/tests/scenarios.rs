//! Has every file of `tests/scenarios` judged, one trial each. The README there says what is in them.

#![allow(
    clippy::panic,
    clippy::expect_used,
    reason = "a test that cannot find its files has nothing better to do"
)]

#[path = "scenarios/calls.rs"]
mod calls;
#[path = "scenarios/controls.rs"]
mod controls;
#[path = "scenarios/coverage.rs"]
mod coverage;
#[path = "scenarios/driver.rs"]
mod driver;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

const SCENARIOS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/scenarios");

fn main() -> ExitCode {
    let scenarios = Arc::new(scenarios());
    let controls = read_json(&Path::new(SCENARIOS).join("patterns.json"));
    let mut trials = controls::trials(&controls);
    let files = controls["scenarios"].as_u64().unwrap_or_default();
    trials.extend(coverage::trials(&scenarios, files));
    for (name, scenario) in Vec::clone(&scenarios) {
        trials.push(Trial::test(name.clone(), move || {
            judged(&name, &scenario).map_err(Failed::from)
        }));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

impl scenario_judge::Driver for driver::Driver {
    async fn answer(&self, request: Value) -> Value {
        Self::answer(self, request).await
    }
}

/// What the judge says of a scenario.
fn judged(name: &str, scenario: &Value) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|why| why.to_string())?;
    runtime.block_on(scenario_judge::judge(
        name,
        scenario,
        &driver::Driver::new(false),
    ))
}

/// Every `group/name` with its file, in the order of their names.
fn scenarios() -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for group in entries(Path::new(SCENARIOS)).filter(|path| path.is_dir()) {
        for file in entries(&group) {
            let name = [&group, &file]
                .map(|path| path.file_stem().unwrap_or_default().to_string_lossy())
                .join("/");
            found.push((name, read_json(&file)));
        }
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    found
}

fn entries(folder: &Path) -> impl Iterator<Item = std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
    entries.map(|entry| entry.expect("a folder can be read to its end").path())
}

fn read_json(file: &Path) -> Value {
    let text = fs::read_to_string(file).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
    serde_json::from_str(&text).unwrap_or_else(|why| panic!("{}: {why}", file.display()))
}
