//! `ensure`.

use serde_json::json;

use super::common::{run, sandbox};
use super::mixed;

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
fn ensure_sees_an_earlier_expiry_and_replaces_it_with_replace() {
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
