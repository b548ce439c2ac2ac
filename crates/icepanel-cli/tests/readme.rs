//! The README and the pages on the command, on the demo and on roster files show what the command prints.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::page::{block, consoles, folder, lasting, lines};
use common::{bare, command, end, run, sandbox};
use serde_json::json;

const README: &str = include_str!("../../../README.md");
const DEMO: &str = include_str!("../docs/demo.md");
const COMMAND: &str = include_str!("../docs/command.md");
const ROSTER_FILES: &str = include_str!("../docs/roster-files.md");

#[test]
fn the_page_on_the_demo_shows_what_the_demo_prints() {
    let demo = end(bare(&["demo"])).ok().stdout;
    let printed: Vec<String> = demo.lines().map(lasting).collect();
    let block = block(DEMO, "```text");

    let mut rest = printed.iter();
    let mut left_out = true;
    for line in block.lines() {
        if line == "   […]" {
            left_out = true;
            continue;
        }
        let wanted = lasting(line);
        let found = match left_out {
            true => rest.any(|line| *line == wanted),
            false => rest.next() == Some(&wanted),
        };
        assert!(
            found,
            "the page shows a line that the demo does not print there:\n{line}\n\n{demo}"
        );
        left_out = false;
    }
    assert!(block.lines().count() > 40);
}

#[test]
fn the_readme_shows_what_its_commands_print() {
    let organization = sandbox(json!({
        "seats": 3,
        "invites": [{"email": "zoe@example.com", "permission": "read"}]
    }));
    let folder = folder("readme");

    let mut run = Vec::new();
    for (line, shown) in consoles(README).next().unwrap() {
        let (program, arguments) = line.split_once(' ').unwrap();
        run.push(arguments.split(' ').next().unwrap());
        if program == "cat" {
            std::fs::write(folder.join(arguments), format!("{shown}\n")).unwrap();
            continue;
        }
        assert_eq!(program, "icepanel-invites");
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let mut command = command(&organization, &arguments);
        command.current_dir(&folder);
        let printed = end(command).ok().stdout;
        assert_eq!(
            lines(shown),
            lines(&printed),
            "`{line}` prints this now:\n{printed}"
        );
    }
    assert_eq!(run, ["people.csv", "ensure", "plan", "apply"]);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_page_on_the_command_shows_what_its_commands_print() {
    let folder = folder("command-page");
    let people = "email,permission\neve@example.com,write\ncora@example.com,read\ndora@example.com,read\nroot@example.com,admin\n";
    std::fs::write(folder.join("people.csv"), people).unwrap();
    let members = json!([{"email": "root@example.com", "permission": "admin"}]);

    let mut run = Vec::new();
    for (line, shown) in consoles(COMMAND).flatten() {
        let Some(line) = line.strip_prefix("icepanel-invites ") else {
            continue;
        };
        if shown.is_empty() {
            continue;
        }
        let arguments: Vec<&str> = line.split(' ').collect();
        run.push(arguments[0]);
        let organization = sandbox(match arguments[0] {
            "create" => json!({"seats": 1, "members": members}),
            _ => json!({
                "seats": 3,
                "members": members,
                "invites": [
                    {"email": "cora@example.com", "permission": "write"},
                    {"email": "dora@example.com", "permission": "read"},
                    {"email": "zoe@example.com", "permission": "read"}
                ]
            }),
        });
        let mut command = command(&organization, &arguments);
        command.current_dir(&folder);
        let ended = end(command);
        let printed = match ended.code {
            Some(0) => ended.stdout,
            _ => ended.stderr,
        };
        let unnumbered = |text: &str| {
            let lines = lines(text).into_iter();
            let id = |line: String| match line.starts_with("request id: ") {
                true => "request id".to_owned(),
                false => line,
            };
            lines.map(id).collect::<Vec<_>>()
        };
        assert_eq!(
            unnumbered(shown),
            unnumbered(&printed),
            "`{line}` prints this now:\n{printed}"
        );
    }
    assert_eq!(run, ["ensure", "plan", "create"]);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Each command on the page, one after the other, in a folder with the files that the page shows.
#[test]
fn the_page_on_roster_files_shows_what_its_commands_print() {
    let organization = sandbox(json!({
        "seats": 3,
        "members": [{"email": "root@example.com", "permission": "admin"}],
        "invites": [{"email": "bob@example.com", "permission": "read", "expiresAt": "2999-01-01T00:00:00Z"}]
    }));
    let folder = folder("roster-files");

    let mut run = Vec::new();
    for (line, shown) in consoles(ROSTER_FILES).flatten() {
        if let Some(file) = line.strip_prefix("cat ") {
            std::fs::write(folder.join(file), format!("{shown}\n")).unwrap();
            continue;
        }
        let (line, _) = line.split_once(" #").unwrap_or((line, ""));
        let (line, file) = line.split_once('>').unwrap_or((line, ""));
        let mut arguments = line.split_whitespace();
        assert_eq!(arguments.next(), Some("icepanel-invites"));
        let mut arguments: Vec<&str> = arguments.collect();
        run.push(arguments[0]);
        if arguments[0] == "apply" {
            arguments.push("--yes");
        }
        let mut command = command(&organization, &arguments);
        command.current_dir(&folder);
        let ended = end(command);
        let is_rejected = shown.starts_with("error: ");
        assert_eq!(
            ended.code,
            Some(if is_rejected { 2 } else { 0 }),
            "{ended:?}"
        );
        if !file.is_empty() {
            std::fs::write(folder.join(file.trim()), &ended.stdout).unwrap();
        }
        let printed = if is_rejected {
            ended.stderr
        } else {
            ended.stdout
        };
        // Of some commands nothing is shown.
        if !shown.is_empty() {
            assert_eq!(
                lines(shown),
                lines(&printed),
                "`{line}` prints this now:\n{printed}"
            );
        }
    }
    assert_eq!(run, ["dump", "plan", "apply", "plan", "apply", "plan"]);
    assert_eq!(organization.report().invites_made_total, 1);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// The same roster in each format.
#[test]
fn the_rosters_on_the_page_on_roster_files_are_read() {
    let organization = sandbox(json!({"seats": 3}));
    let folder = folder("rosters");
    let plans = ["csv", "json", "yaml"].map(|format| {
        let roster = block(ROSTER_FILES, &format!("```{format}"));
        // A day that is still to come.
        let roster = roster.replace("2026-12-31", "2099-12-31");
        let file = folder.join(format!("people.{format}"));
        std::fs::write(&file, roster).unwrap();
        let plan = run(
            &organization,
            &["plan", file.to_str().unwrap(), "--output", "json"],
        );
        let steps = &plan.ok().json()["steps"];
        let wanted = |step: &serde_json::Value| {
            json!([
                step["email"],
                step["wanted"]["permission"],
                step["wanted"]["landscapePermissions"]
            ])
        };
        json!(
            steps
                .as_array()
                .unwrap()
                .iter()
                .map(wanted)
                .collect::<Vec<_>>()
        )
    });
    assert_eq!(
        plans[2],
        json!([["ada@example.com", "write", null], ["bob@example.com", "read", {"x1": true, "x2": false}]])
    );
    assert!(plans.iter().all(|plan| *plan == plans[2]), "{plans:?}");
    std::fs::remove_dir_all(&folder).unwrap();
}
