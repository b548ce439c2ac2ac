//! Checks the rule by which several workers keep one invite of a person: README.md.

#![allow(clippy::print_stdout, reason = "a command prints")]

mod model;
mod properties;
mod rows;
mod setting;
mod state;
mod worker;

use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let started = Instant::now();
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let mut states = 0;
    let mut wrong = Vec::new();
    println!("| setting | outcome | states | seconds |\n|---|---|---|---|");
    for row in rows::all() {
        if !wanted.is_empty() && !wanted.iter().any(|name| row.name.contains(name.as_str())) {
            continue;
        }
        let ran = row.run();
        states += ran.states;
        println!("{}", ran.line(&row));
        // Of one row that was named, the counterexample too.
        if !wanted.is_empty() {
            for step in &ran.steps {
                println!("    {step}");
            }
        }
        if !ran.as_expected {
            wrong.push(row.name);
        }
    }
    println!(
        "{states} states in {:.1} s",
        started.elapsed().as_secs_f64()
    );
    if wrong.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("not as expected: {}", wrong.join("; "));
    ExitCode::FAILURE
}
