//! Runs every file of `tests/scenarios`, one trial each. The README there says what is in them.

#![allow(
    clippy::panic,
    clippy::expect_used,
    reason = "a test that cannot find its files has nothing better to do"
)]

#[path = "scenarios/calls.rs"]
mod calls;
#[path = "scenarios/contract.rs"]
mod contract;
#[path = "scenarios/controls.rs"]
mod controls;
#[path = "scenarios/coverage.rs"]
mod coverage;
#[path = "scenarios/pattern.rs"]
mod pattern;
#[path = "scenarios/run.rs"]
mod run;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use jsonschema::Validator;
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

const SCENARIOS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/scenarios");

fn main() -> ExitCode {
    let schema = read_json(&Path::new(SCENARIOS).join("schema.json"));
    let validator =
        Arc::new(jsonschema::draft202012::new(&schema).expect("schema.json is a JSON schema"));
    let scenarios = Arc::new(scenarios());

    let controls = read_json(&Path::new(SCENARIOS).join("patterns.json"));
    let mut trials = controls::trials(&controls);
    let files = controls["scenarios"].as_u64().unwrap_or_default();
    trials.extend(coverage::trials(&schema, &validator, &scenarios, files));
    for (name, scenario) in Vec::clone(&scenarios) {
        let validator = Arc::clone(&validator);
        trials.push(Trial::test(name.clone(), move || {
            valid(&validator, &scenario)?;
            run::run(&name, &scenario).map_err(Failed::from)
        }));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn valid(validator: &Validator, scenario: &Value) -> Result<(), Failed> {
    let errors: Vec<String> = validator
        .iter_errors(scenario)
        .map(|error| {
            format!(
                "not as schema.json says at {}: {error}",
                error.instance_path()
            )
        })
        .collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors.join("\n").into())
    }
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
