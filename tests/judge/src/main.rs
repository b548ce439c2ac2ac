//! `scenario-judge FILE`: judges one scenario. Requests to the driver go out on stdout and its answers come in on stdin,
//! a line of JSON each; the last line on stdout is the verdict.

#![allow(
    clippy::print_stderr,
    reason = "a program that is started in a wrong way says so"
)]

use std::io::{BufReader, Write};
use std::path::Path;
use std::process::ExitCode;

use scenario_judge::{Lines, judge};
use serde_json::{Value, json};

const USAGE: &str = "usage: scenario-judge FILE                of tests/scenarios, GROUP/NAME.json
       scenario-judge FILE --failing N    scenario number N, from 0, of those in patterns.json that must fail";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let verdict = match read(&arguments) {
        Ok((name, scenario)) => judged(&name, &scenario),
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::from(2);
        }
    };
    let (line, code) = match verdict {
        Ok(()) => (json!({"passed": true}), ExitCode::SUCCESS),
        Err(why) => (json!({"failed": why}), ExitCode::FAILURE),
    };
    // If the output is closed, the exit code remains.
    let _ = writeln!(std::io::stdout(), "{line}");
    code
}

fn judged(name: &str, scenario: &Value) -> Result<(), String> {
    let driver = Lines::new(std::io::stdout(), BufReader::new(std::io::stdin()));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|why| why.to_string())?;
    runtime.block_on(judge(name, scenario, &driver))
}

/// The name and the content of the scenario that the arguments name.
fn read(arguments: &[String]) -> Result<(String, Value), String> {
    let (file, failing) = match arguments {
        [file] => (file, None),
        [file, option, number] if option == "--failing" => (file, Some(number)),
        _ => return Err(USAGE.to_owned()),
    };
    let text = std::fs::read_to_string(file).map_err(|why| format!("{file}: {why}"))?;
    let content: Value = serde_json::from_str(&text).map_err(|why| format!("{file}: {why}"))?;
    let Some(number) = failing else {
        return Ok((name_of(Path::new(file)), content));
    };
    let case = number
        .parse()
        .ok()
        .and_then(|number: usize| content["failing"].get(number));
    match case {
        Some(case) => Ok((format!("failing/{number}"), case["scenario"].clone())),
        None => Err(format!("{file} has no failing scenario {number}")),
    }
}

/// `GROUP/NAME` of `…/GROUP/NAME.json`.
fn name_of(file: &Path) -> String {
    let group = file.parent().and_then(Path::file_name).unwrap_or_default();
    let name = file.file_stem().unwrap_or_default();
    format!("{}/{}", group.to_string_lossy(), name.to_string_lossy())
}
