//! `revoke`, `seats` and `members`.

use serde_json::json;

use super::common::{run, sandbox};
use super::{ids, mixed};

#[test]
fn revoke_takes_an_id_or_an_address() {
    let sandbox = sandbox(json!({"invites": [
        {"id": "i1", "email": "ada@example.com", "permission": "read"},
        {"id": "i2", "email": "bea@example.com", "permission": "read"},
        {"id": "i3", "email": "Bea@example.com", "permission": "write"},
        {"id": "i4", "email": "cleo@example.com", "permission": "read"},
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
    let one = ["revoke", "cleo@example.com", "-o", "json"];
    let without_asking = run(&sandbox, &one).ok().json();
    assert_eq!(ids(&without_asking), ["i4"]);
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
