//! Makes the organization match a list of people: `cargo run -p icepanel-invites --example apply_roster -- people.json`
//!
//! The file has `[{"email": "ada@example.com", "permission": "write", "expiresInMs": 1209600000}, …]`. Prints
//! what would change; with `--apply` behind the file name, changes it.

#![allow(clippy::print_stdout, reason = "a program")]

use std::error::Error;

use icepanel_invites::{Action, ApplyOptions, InviteClient, PlanOptions, Roster};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("name a file")?;
    let roster = Roster::from_json(&std::fs::read_to_string(file)?)?;
    let client = InviteClient::from_env()?;
    let plan = client.plan(&roster, &PlanOptions::default()).await?;
    for step in plan.steps.iter().filter(|step| step.action != Action::Keep) {
        println!("{} {}: {}", step.action, step.email, step.reason);
    }
    if arguments.next().as_deref() != Some("--apply") {
        return Ok(());
    }
    let report = client
        .apply(&plan, &ApplyOptions::default(), |progress| {
            let line = progress.line;
            println!(
                "{}/{} {}: {}",
                progress.done, progress.total, line.email, line.outcome
            );
        })
        .await?;
    match report.is_complete() {
        true => Ok(()),
        false => Err("not everybody is as the plan wants; run it again".into()),
    }
}
