//! `create`, and several people on one command line.

use serde_json::json;

use super::common::{self, run, sandbox};

#[test]
fn create_sends_what_was_asked_for() {
    let sandbox = sandbox(json!({}));
    let invite = run(
        &sandbox,
        &[
            "create",
            "Ada@Example.com",
            "--permission",
            "write",
            "--expires",
            "2999-12-31",
            "--landscape",
            "one=true",
            "--landscape",
            "two=false",
            "--output",
            "json",
        ],
    )
    .ok()
    .json();
    assert_eq!(invite["email"], "Ada@Example.com");
    assert_eq!(invite["expiresAt"], "2999-12-31T23:59:59Z");
    let report = sandbox.report();
    assert_eq!(report.requests.create, 1);
    let sent = report
        .log
        .iter()
        .find(|entry| !entry.body.is_null())
        .unwrap();
    assert_eq!(
        sent.body,
        json!({
            "email": "Ada@Example.com", "permission": "write", "expiresAt": "2999-12-31T23:59:59Z",
            "landscapePermissions": {"one": true, "two": false},
        })
    );
}

#[test]
fn an_invite_lasts_seven_days_by_default() {
    let sandbox = sandbox(json!({}));
    let made = |args: &[&str]| {
        let invite = run(&sandbox, args).ok().json();
        let time = |field: &str| {
            let text = invite[field].as_str().unwrap();
            chrono::DateTime::parse_from_rfc3339(text).unwrap()
        };
        (time("expiresAt") - time("createdAt")).num_seconds()
    };
    let week = made(&[
        "create",
        "a@example.com",
        "--permission",
        "read",
        "-o",
        "json",
    ]);
    assert!((week - 7 * 24 * 3600).abs() <= 2, "{week}");
    let day = made(&[
        "create",
        "b@example.com",
        "--permission",
        "read",
        "--expires",
        "12h",
        "-o",
        "json",
    ]);
    assert!((day - 12 * 3600).abs() <= 2, "{day}");
}

#[test]
fn several_people_at_once_from_the_command_line_and_from_the_input() {
    let sandbox = sandbox(json!({"seats": 0}));
    let mut command = common::command(
        &sandbox,
        &[
            "ensure",
            "-",
            "eve@example.com",
            "--permission",
            "read",
            "-o",
            "json",
        ],
    );
    let people = common::TempFile::new(
        "people.txt",
        "# new\nada@example.com\n\n bob@example.com \n",
    );
    command.stdin(std::fs::File::open(people.path()).unwrap());
    let made = common::end(command).ok().json();
    let emails: Vec<&str> = made
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["invite"]["email"].as_str().unwrap())
        .collect();
    assert_eq!(
        emails,
        ["ada@example.com", "bob@example.com", "eve@example.com"]
    );
    // All that is wrong at once, and nothing is sent.
    let wrong = run(
        &sandbox,
        &[
            "create",
            "x@example.com",
            "nobody",
            "X@example.com",
            "--permission",
            "read",
        ],
    )
    .failed(2);
    assert_eq!(wrong.stderr.matches("  because: ").count(), 2, "{wrong:?}");
    assert_eq!(sandbox.report().requests.create, 3);
    // Successful results are printed although another call failed.
    let people: Vec<String> = (0..20).map(|n| format!("p{n}@example.com")).collect();
    let mut args = vec!["create", "--permission", "write", "-o", "csv"];
    args.extend(people.iter().map(String::as_str));
    let ended = run(&sandbox, &args);
    assert_eq!(ended.code, Some(13), "{ended:?}");
    assert!(
        ended.stderr.contains("warning: not attempted: p"),
        "{ended:?}"
    );
    assert!(sandbox.report().requests.create <= 3 + 8);
    let dry = run(
        &sandbox,
        &[
            "create",
            "ada@example.com",
            "new@example.com",
            "--permission",
            "read",
            "--dry-run",
        ],
    )
    .ok();
    assert!(dry.stderr.starts_with("Nothing was sent."), "{dry:?}");
    let report = sandbox.report();
    assert_eq!(report.invites_made_total, 3);
}
