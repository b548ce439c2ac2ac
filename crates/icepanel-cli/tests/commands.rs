//! What each command does, and how each form of output shows it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::{run, sandbox};
use icepanel_sandbox::Sandbox;
use serde_json::{Value, json};

fn mixed() -> Sandbox {
    sandbox(json!({
        "seats": 3,
        "members": [{"email": "ada@example.com", "permission": "admin", "name": "Ada, Countess", "userId": "u1", "lastActiveAt": "2026-01-02T03:04:05Z"}],
        "invites": [
            {"id": "i1", "email": "active@example.com", "permission": "write", "expiresAt": "2999-12-01T14:00:00Z"},
            {"id": "i2", "email": "used@example.com", "permission": "read", "usedAt": "-1h"},
            {"id": "i3", "email": "revoked@example.com", "permission": "read", "revokedAt": "-1h", "createdBy": "user"},
            {"id": "i4", "email": "expired@example.com", "permission": "read", "expiresAt": "-1h"},
        ],
    }))
}

fn ids(list: &Value) -> Vec<&str> {
    let invites = list.as_array().unwrap().iter();
    invites
        .map(|invite| invite["id"].as_str().unwrap())
        .collect()
}

#[test]
fn list_keeps_what_the_options_let_through() {
    let sandbox = mixed();
    let cases: &[(&[&str], &[&str])] = &[
        (&[], &["i1", "i2", "i3", "i4"]),
        (&["--status", "active"], &["i1"]),
        (&["--status", "used"], &["i2"]),
        (&["--status", "revoked"], &["i3"]),
        (&["--status", "EXPIRED"], &["i4"]),
        (&["--email", "USED@example.com"], &["i2"]),
        (&["--permission", "write"], &["i1"]),
        (&["--created-by", "user"], &["i3"]),
        (&["--created-by", "user", "--status", "active"], &[]),
    ];
    for (options, expected) in cases {
        let args = [&["list", "--output", "json"], *options].concat();
        assert_eq!(
            ids(&run(&sandbox, &args).ok().json()),
            *expected,
            "{options:?}"
        );
    }
}

#[test]
fn a_list_is_a_table_for_people() {
    let ended = run(&mixed(), &["list", "--status", "active"]).ok();
    let mut lines = ended.stdout.lines();
    let heading: Vec<&str> = lines.next().unwrap().split("  ").map(str::trim).collect();
    let heading: Vec<&str> = heading
        .into_iter()
        .filter(|name| !name.is_empty())
        .collect();
    assert_eq!(
        heading,
        [
            "email",
            "permission",
            "status",
            "expires",
            "created by",
            "id"
        ]
    );
    let line = lines.next().unwrap();
    let start = "active@example.com  write       active  2999-12-01 14:00Z (in 3";
    assert!(
        line.starts_with(start) && line.ends_with("  api-key     i1"),
        "{line}"
    );
    assert_eq!(ended.stderr, "1 invite: 1 active\n");
    assert_eq!(
        run(&mixed(), &["list", "--active"])
            .ok()
            .stdout
            .lines()
            .count(),
        2
    );
    let all = run(&mixed(), &["list"]).ok();
    assert_eq!(
        all.stderr,
        "4 invites: 1 active, 1 used, 1 revoked, 1 expired\n"
    );
    let quiet = run(&mixed(), &["list", "-q"]).ok();
    assert_eq!((&*quiet.stderr, &*quiet.stdout), ("", &*all.stdout));
}

#[test]
fn a_list_is_json_in_the_words_of_the_api() {
    let list = run(&mixed(), &["list", "--status", "active", "-o", "json"])
        .ok()
        .json();
    let invite = &list[0];
    assert_eq!(invite["email"], "active@example.com");
    assert_eq!(invite["organizationId"], "sandbox");
    assert_eq!(invite["expiresAt"], "2999-12-01T14:00:00Z");
    assert_eq!(invite["status"], "active");
    assert_eq!(invite.get("usedAt"), None);
}

#[test]
fn a_list_is_csv_in_the_words_of_the_api() {
    let ended = run(
        &mixed(),
        &["list", "--email", "active@example.com", "-o", "csv"],
    )
    .ok();
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert_eq!(
        lines[0],
        "id,organizationId,email,permission,status,expiresAt,createdAt,createdBy,createdById,revokedAt,revokedBy,\
         revokedById,usedAt,usedByUserId,landscapePermissions"
    );
    assert!(
        lines[1].starts_with("i1,sandbox,active@example.com,write,active,2999-12-01T14:00:00Z,"),
        "{lines:?}"
    );
    assert_eq!(lines.len(), 2);
}

#[test]
fn an_empty_list_says_so_to_a_person_alone() {
    let sandbox = sandbox(json!({}));
    let table = run(&sandbox, &["list"]).ok();
    assert_eq!((&*table.stdout, &*table.stderr), ("", "No invites.\n"));
    let json = run(&sandbox, &["list", "-o", "json"]).ok();
    assert_eq!((&*json.stdout, &*json.stderr), ("[]\n", ""));
    let csv = run(&sandbox, &["list", "-o", "csv"]).ok();
    assert_eq!((csv.stdout.lines().count(), &*csv.stderr), (1, ""));
}

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
fn an_invite_lasts_seven_days_unless_told() {
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
fn ensure_says_which() {
    let sandbox = mixed();
    let ensure = |email: &str, code: i32| {
        let ended = run(&sandbox, &["ensure", email, "--permission", "read"]);
        assert_eq!(ended.code, Some(code), "{ended:?}");
        ended.stdout
    };
    let created = ensure("new@example.com", 0);
    assert!(
        created.starts_with("created: new@example.com is invited\n"),
        "{created}"
    );
    assert!(created.contains("\nnew@example.com  read "), "{created}");
    let existing = ensure("New@example.com", 0);
    let start = "existing: New@example.com has an active invite already; nothing was sent\n";
    assert!(existing.starts_with(start), "{existing}");
    let other = ensure("active@example.com", 5);
    let start = "existing: active@example.com has an active invite already, but ";
    assert!(
        other.starts_with(start) && other.contains("--replace"),
        "{other}"
    );
    let member = ensure("ada@example.com", 0);
    assert!(
        member.starts_with("member: ada@example.com is in"),
        "{member}"
    );
    assert_eq!(sandbox.report().requests.create, 1);
}

#[test]
fn ensure_is_json_and_csv_too() {
    let sandbox = mixed();
    let ensure = |email: &str, format: &str, code: i32| {
        let ended = run(
            &sandbox,
            &["ensure", email, "--permission", "read", "-o", format],
        );
        assert_eq!(ended.code, Some(code), "{ended:?}");
        ended
    };
    let created = ensure("new@example.com", "json", 0).json();
    assert_eq!(created["outcome"], "created");
    assert_eq!(created["invite"]["email"], "new@example.com");
    assert_eq!(
        (&created["matches"], &created["differs"]),
        (&json!(true), &json!([]))
    );
    let member = ensure("ada@example.com", "json", 0).json();
    assert_eq!(member["outcome"], "member");
    assert_eq!(member["member"]["userId"], "u1");
    assert_eq!(member["differs"], json!(["permission"]));
    let differs = ensure("active@example.com", "json", 5).json();
    assert_eq!(differs["outcome"], "existing");
    assert_eq!(
        (&differs["matches"], &differs["differs"]),
        (&json!(false), &json!(["permission"]))
    );
    let header = "outcome,matches,differs,email,permission,status,expiresAt,createdAt,createdBy,createdById,id,userId,landscapePermissions\n";
    let csv = ensure("ada@example.com", "csv", 0).stdout;
    assert_eq!(
        csv,
        format!("{header}member,false,permission,ada@example.com,admin,,,,,,,u1,\n")
    );
    let csv = ensure("active@example.com", "csv", 5).stdout;
    let line = "existing,false,permission,active@example.com,write,active,2999-12-01T14:00:00Z,";
    assert!(csv.starts_with(&format!("{header}{line}")), "{csv}");
    let markdown = ensure("active@example.com", "markdown", 5).stdout;
    assert!(
        markdown.contains("\n| `active@example.com` | write | active |"),
        "{markdown}"
    );
}

#[test]
fn ensure_sees_an_earlier_expiry_and_replaces_it_if_told() {
    let sandbox = sandbox(json!({"seats": 2, "invites": [
        {"id": "soon", "email": "soon@example.com", "permission": "read", "expiresAt": "+5m"},
        {"id": "fine", "email": "fine@example.com", "permission": "read", "expiresAt": "+20d"},
    ]}));
    let args = [
        "ensure",
        "soon@example.com",
        "fine@example.com",
        "--permission",
        "read",
        "--expires",
        "14d",
        "-o",
        "json",
    ];
    let found = run(&sandbox, &args);
    assert_eq!(found.code, Some(5), "{found:?}");
    let found = found.json();
    assert_eq!(found[0]["differs"], json!(["expiresAt"]));
    assert_eq!(found[1]["matches"], json!(true));
    assert_eq!(sandbox.report().requests.create, 0);
    let plan = run(
        &sandbox,
        &[&args[..7], &["--replace", "--dry-run"]].concat(),
    )
    .ok();
    assert!(
        plan.stdout
            .contains("Plan: 0 to invite, 1 to replace, 0 to revoke; 1 unchanged"),
        "{plan:?}"
    );
    assert_eq!(sandbox.report().requests.create, 0);
    let replaced = run(&sandbox, &[&args[..], &["--replace"]].concat())
        .ok()
        .json();
    assert_eq!(replaced[0]["outcome"], "replaced");
    assert_ne!(replaced[0]["invite"]["id"], "soon");
    assert_eq!(
        (&replaced[1]["outcome"], &replaced[1]["invite"]["id"]),
        (&json!("existing"), &json!("fine"))
    );
    let report = sandbox.report();
    assert_eq!(
        (report.invites_made_total, report.active_invites_total),
        (1, 2)
    );
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
    // What went well is told although something else did not.
    let people: Vec<String> = (0..20).map(|n| format!("p{n}@example.com")).collect();
    let mut args = vec!["create", "--permission", "write", "-o", "csv"];
    args.extend(people.iter().map(String::as_str));
    let ended = run(&sandbox, &args);
    assert_eq!(ended.code, Some(13), "{ended:?}");
    assert!(ended.stderr.contains("warning: not tried: p"), "{ended:?}");
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

#[test]
fn revoke_takes_an_id_or_an_address() {
    let sandbox = sandbox(json!({"invites": [
        {"id": "i1", "email": "ada@example.com", "permission": "read"},
        {"id": "i2", "email": "bea@example.com", "permission": "read"},
        {"id": "i3", "email": "Bea@example.com", "permission": "write"},
    ]}));
    let by_id = run(&sandbox, &["revoke", "i1", "-o", "json"]).ok().json();
    assert_eq!(ids(&by_id), ["i1"]);
    assert_eq!(by_id[0]["status"], "revoked");
    let again = run(&sandbox, &["revoke", "i1", "-o", "json"]).ok().json();
    assert_eq!(again[0]["revokedAt"], by_id[0]["revokedAt"]);
    let many = ["revoke", "bea@example.com", "-o", "json"];
    let asked = run(&sandbox, &many).failed(2);
    assert!(
        asked.stderr.contains("2 invites would be revoked"),
        "{asked:?}"
    );
    let dry = run(&sandbox, &[&many[..], &["--dry-run"]].concat()).ok();
    assert_eq!(ids(&dry.json()), ["i2", "i3"]);
    assert_eq!(sandbox.report().requests.revoke, 2);
    let by_address = run(&sandbox, &[&many[..], &["--yes"]].concat()).ok().json();
    assert_eq!(ids(&by_address), ["i2", "i3"]);
    let none = run(&sandbox, &["revoke", "bea@example.com"]).ok();
    assert_eq!(none.stderr, "bea@example.com has no active invites.\n");
    assert_eq!(none.stdout, "");
    assert_eq!(sandbox.report().active_invites_total, 0);
}

#[test]
fn seats_in_each_form() {
    let sandbox = mixed();
    let table = run(&sandbox, &["seats"]).ok().stdout;
    assert_eq!(
        table,
        "paid  taken  promised  free\n3     1      1         1\n"
    );
    let json = run(&sandbox, &["seats", "-o", "json"]).ok().json();
    assert_eq!(
        json,
        json!({"paid": 3, "taken": 1, "promised": 1, "free": 1})
    );
    let csv = run(&sandbox, &["seats", "-o", "csv"]).ok().stdout;
    assert_eq!(csv, "paid,taken,promised,free\n3,1,1,1\n");
}

#[test]
fn members_in_each_form() {
    let sandbox = mixed();
    let table = run(&sandbox, &["members"]).ok().stdout;
    assert_eq!(
        table,
        "email            permission  name           job role  last active        user id\n\
         ada@example.com  admin       Ada, Countess            2026-01-02 03:04Z  u1\n"
    );
    let json = run(&sandbox, &["members", "-o", "json"]).ok().json();
    assert_eq!(json[0]["email"], "ada@example.com");
    let csv = run(&sandbox, &["members", "-o", "csv"]).ok().stdout;
    assert!(
        csv.contains("\nu1,ada@example.com,admin,\"Ada, Countess\",,2026-01-02T03:04:05Z,"),
        "{csv}"
    );
}

#[test]
fn what_the_service_says_cannot_steer_the_terminal() {
    let sandbox = sandbox(json!({"members": [
        {"email": "ada@example.com", "permission": "read", "name": "\u{1b}]0;owned\u{7}\u{202e}x"},
    ]}));
    let table = run(&sandbox, &["members"]).ok().stdout;
    assert!(
        !table.contains('\u{1b}') && !table.contains('\u{202e}'),
        "{table}"
    );
    assert!(table.contains("\\u{1b}]0;owned\\u{7}"), "{table}");
}

#[test]
fn values_that_did_not_exist_when_this_was_built_are_shown() {
    let sandbox = sandbox(json!({
        "invites": [{"email": "ada@example.com", "permission": "observer", "createdBy": "robot"}],
    }));
    let table = run(&sandbox, &["list"]).ok().stdout;
    assert!(
        table.contains("observer") && table.contains("robot"),
        "{table}"
    );
}
