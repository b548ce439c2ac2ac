//! `update-member` and `remove-member`.

use serde_json::json;

use super::common::{run, sandbox};

fn three() -> icepanel_sandbox::Sandbox {
    sandbox(json!({"members": [
        {"userId": "u1", "email": "ada@example.com", "permission": "admin"},
        {"userId": "u2", "email": "bea@example.com", "permission": "write"},
        {"userId": "u3", "email": "eve@example.com", "permission": "read"},
    ]}))
}

#[test]
fn update_member_takes_user_ids_and_addresses() {
    let sandbox = three();
    let update = [
        "update-member",
        "u2",
        "EVE@example.com",
        "--permission",
        "viewer",
    ];
    let dry = run(&sandbox, &[&update[..], &["--dry-run"]].concat()).ok();
    assert!(dry.stdout.contains("bea@example.com"), "{dry:?}");
    assert!(!dry.stdout.contains("eve@example.com"), "{dry:?}");
    assert_eq!(dry.stderr, "1 member would be changed. Nothing was sent.\n");
    assert_eq!(sandbox.report().requests.update_member, 0);
    let done = run(&sandbox, &[&update[..], &["-o", "json"]].concat()).ok();
    let permissions: Vec<_> = done
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["permission"].clone())
        .collect();
    assert_eq!(permissions, ["read", "read"]);
    assert_eq!(sandbox.report().requests.update_member, 1);
    let limited = [&update[..], &["--landscape", "l1=true", "-o", "json"]].concat();
    let limited = run(&sandbox, &limited).ok().json();
    assert_eq!(limited[0]["landscapePermissions"], json!({"l1": true}));
}

#[test]
fn remove_member_asks_and_keeps_the_only_admin() {
    let sandbox = three();
    let asked = run(&sandbox, &["remove-member", "bea@example.com"]).failed(2);
    assert!(
        asked.stderr.contains("1 member would be removed"),
        "{asked:?}"
    );
    let dry = run(
        &sandbox,
        &["remove-member", "u2", "gus@example.com", "--dry-run"],
    )
    .ok();
    assert_eq!(
        dry.stderr,
        "gus@example.com is not a member.\n1 member would be removed. Nothing was sent.\n"
    );
    assert_eq!(sandbox.report().requests.remove_member, 0);
    let removed = run(
        &sandbox,
        &["remove-member", "bea@example.com", "--yes", "-o", "json"],
    )
    .ok();
    assert_eq!(removed.json()[0]["userId"], "u2");
    let again = run(&sandbox, &["remove-member", "bea@example.com", "--yes"]).ok();
    assert_eq!(
        (again.stdout.as_str(), again.stderr.as_str()),
        ("", "bea@example.com is not a member.\n")
    );
    let admin = run(&sandbox, &["remove-member", "u1", "--yes"]).failed(14);
    assert!(
        admin.stderr.contains("ada@example.com is the only admin"),
        "{admin:?}"
    );
    assert_eq!(sandbox.report().requests.remove_member, 1);
}
