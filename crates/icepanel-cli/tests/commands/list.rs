//! `list`.

use serde_json::json;

use super::common::{run, sandbox};
use super::{ids, mixed};

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

#[test]
fn a_cell_that_a_spreadsheet_would_compute_is_guarded() {
    let sandbox = sandbox(json!({"invites": [
        {"id": "i1", "email": "=cmd@example.com", "permission": "+x"},
        {"id": "-2", "email": "plain@example.com", "permission": "read"},
    ]}));
    let csv = run(&sandbox, &["list", "-o", "csv"]).ok().stdout;
    assert!(csv.contains(",'=cmd@example.com,'+x,"), "{csv}");
    assert!(
        csv.contains("\n'-2,sandbox,plain@example.com,read,"),
        "{csv}"
    );
}

#[test]
fn icepanels_own_words_for_a_permission_are_taken() {
    let sandbox = mixed();
    for (word, id) in [("Editor", "i1"), ("write", "i1"), ("WRITE", "i1")] {
        let list = run(
            &sandbox,
            &["list", "--active", "--permission", word, "-o", "json"],
        )
        .ok()
        .json();
        assert_eq!(ids(&list), [id], "{word}");
    }
    let all = ["list", "--permission", "VIEWER", "-o", "json"];
    assert_eq!(run(&sandbox, &all).ok().json().as_array().unwrap().len(), 3);
    for (word, permission) in [
        ("viewer", "read"),
        ("Admin", "admin"),
        ("BILLING", "billing"),
    ] {
        let email = format!("{permission}@example.com");
        let made = run(
            &sandbox,
            &["create", &email, "--permission", word, "-o", "json"],
        )
        .ok()
        .json();
        assert_eq!(made["permission"], permission);
    }
    let slip = run(
        &sandbox,
        &["create", "x@example.com", "--permission", "viewr"],
    )
    .failed(2);
    assert!(
        slip.stderr
            .contains("[possible values: read, write, admin, billing]"),
        "{slip:?}"
    );
}

#[test]
fn the_list_shows_the_time_left_of_each_expiry() {
    let sandbox = sandbox(json!({"invites": [
        {"email": "ada@example.com", "permission": "read", "expiresAt": "+14d"},
        {"email": "bea@example.com", "permission": "read", "expiresAt": "-3h"},
        {"email": "eve@example.com", "permission": "read", "revokedAt": "-1h"},
    ]}));
    let table = run(&sandbox, &["list"]).ok().stdout;
    let line = |email: &str| table.lines().find(|line| line.contains(email)).unwrap();
    assert!(line("ada").contains("(in 14 days)"), "{table}");
    assert!(line("bea").contains("(3 h ago)"), "{table}");
    assert!(!line("eve").contains('('), "{table}");
}
