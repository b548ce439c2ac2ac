//! Rosters that change members, and access that ends.

use serde_json::json;

use super::common::{TempFile, run, sandbox};
use icepanel_sandbox::Sandbox;

fn organization() -> Sandbox {
    sandbox(json!({
        "seats": 5,
        "members": [
            {"userId": "u-boss", "email": "boss@example.com", "permission": "admin"},
            {"userId": "u-cora", "email": "cora@example.com", "permission": "write"},
            {"userId": "u-zoe", "email": "zoe@example.com", "permission": "read"},
        ],
        "invites": [{"id": "ended", "email": "dan@example.com", "permission": "read"}],
    }))
}

const ROSTER: &str = "email,permission,expires,until\nboss@example.com,admin,7d,\ncora@example.com,read,7d,\n\
    dan@example.com,read,7d,2001-01-01\neve@example.org,admin,7d,2999-12-31\n";

const MEMBERS: &[&str] = &[
    "--manage-members",
    "--prune-members",
    "--protect",
    "boss@example.com",
];

fn with<'a>(args: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [args, more].concat()
}

#[test]
fn a_plan_shows_updates_and_removals_and_where_the_e_mails_go() {
    let file = TempFile::new("members.csv", ROSTER);
    let sandbox = organization();
    let ended = run(&sandbox, &with(&["plan", file.path()], MEMBERS)).ok();
    let shown: Vec<&str> = ended.stdout.lines().map(str::trim_end).collect();
    let starts = [
        "email             permission     expires",
        "+  eve@example.org   admin ",
        "",
        "~  cora@example.com  write -> read ",
        "",
        "-  dan@example.com   read ",
        "",
        "-  zoe@example.com   read ",
        "",
        "Plan: 1 to invite, 0 to replace, 1 to update, 1 to revoke, 1 to remove; 1 unchanged",
        "Paid seats: 1 needed, 1 freed by the plan, 3 of 5 free now. apply sends 4 requests",
        "E-mails: 1 to example.org",
        "Admins: 1 now, 1 afterwards, 1 more invited",
    ];
    assert_eq!(shown.len(), starts.len(), "{}", ended.stdout);
    for (line, start) in shown.iter().zip(starts) {
        assert!(line.trim_start().starts_with(start), "{start}\n{line}");
    }
    assert!(
        ended
            .stdout
            .contains("the access ended at 2001-01-01T23:59:59Z")
    );
    let unasked = run(&sandbox, &["plan", file.path()]).ok();
    assert!(
        unasked.stdout.contains("1 to revoke; 2 unchanged"),
        "{unasked:?}"
    );
    let report = sandbox.report().requests;
    assert_eq!((report.update_member, report.remove_member), (0, 0));
}

#[test]
fn apply_changes_the_members_and_a_second_time_nobody() {
    let file = TempFile::new("members.csv", ROSTER);
    let sandbox = organization();
    let apply = with(&["apply", file.path(), "--yes"], MEMBERS);
    let ended = run(&sandbox, &apply).ok();
    assert!(
        ended.stdout.contains("read now, and not write"),
        "{ended:?}"
    );
    assert!(ended.stdout.contains("4 done, 1 kept"), "{ended:?}");
    let ended = run(&sandbox, &apply).ok();
    assert!(ended.stdout.contains("4 kept"), "{ended:?}");
    let requests = sandbox.report().requests;
    assert_eq!((requests.update_member, requests.remove_member), (1, 1));
}

#[test]
fn removing_members_needs_protection_and_keeps_to_the_limits() {
    let file = TempFile::new("members.csv", ROSTER);
    let sandbox = organization();
    let ended = run(
        &sandbox,
        &["apply", file.path(), "--yes", "--prune-members"],
    )
    .failed(2);
    assert!(ended.stderr.contains("--protect"), "{ended:?}");
    let protect = ["--prune-members", "--protect", "bos@example.com"];
    let ended = run(&sandbox, &with(&["apply", file.path(), "--yes"], &protect)).failed(2);
    assert!(
        ended.stderr.contains("--protect names bos@example.com"),
        "{ended:?}"
    );
    for (limit, told) in [
        (["--remove-at-most", "0"], "--remove-at-most 1"),
        (["--invite-at-most", "0"], "--invite-at-most 1"),
        (["--admins-at-most", "0"], "--admins-at-most 1"),
    ] {
        let apply = with(&with(&["apply", file.path(), "--yes"], MEMBERS), &limit);
        let ended = run(&sandbox, &apply).failed(2);
        assert!(ended.stderr.contains(told), "{ended:?}");
    }
    let allowed = ["--allow-domain", "example.com"];
    let ended = run(&sandbox, &with(&["plan", file.path()], &allowed)).failed(2);
    let line = "line 5: eve@example.org is in none of the domains of --allow-domain";
    assert!(ended.stderr.contains(line), "{ended:?}");
    let requests = sandbox.report().requests;
    assert_eq!((requests.create, requests.remove_member), (0, 0));
}

#[test]
fn changes_of_admins_that_wait_have_an_exit_code_of_their_own() {
    let roster = "email,permission\nboss@example.com,read\ncora@example.com,write\n";
    let file = TempFile::new("admins.csv", roster);
    let sandbox = organization();
    let plan = run(
        &sandbox,
        &["plan", file.path(), "--manage-members", "--exit-code"],
    )
    .ok();
    assert!(
        plan.stdout.contains("no changes, 1 deferred; 1 unchanged"),
        "{plan:?}"
    );
    let apply = ["apply", file.path(), "--manage-members", "--yes"];
    let ended = run(&sandbox, &apply);
    assert_eq!(ended.code, Some(7), "{ended:?}");
    assert!(ended.stdout.contains("1 kept, 1 deferred"), "{ended:?}");
    assert!(
        ended.stdout.contains("when there is another admin"),
        "{ended:?}"
    );
}

#[test]
fn an_end_is_read_in_every_form_and_is_no_length_of_time() {
    let sandbox = organization();
    for (name, text) in [
        (
            "until.yaml",
            "- {email: ada@example.com, permission: read, until: 2001-01-01}\n",
        ),
        (
            "until.json",
            r#"{"formatVersion": 2, "people": [{"email": "ada@example.com", "permission": "read", "expiresInMs": 1000, "until": "2001-01-01T00:00:00Z"}]}"#,
        ),
        (
            "until.csv",
            "email,permission,until\nada@example.com,read,2001-01-01\n",
        ),
    ] {
        let file = TempFile::new(name, text);
        let plan = run(&sandbox, &["plan", file.path(), "-o", "json"])
            .ok()
            .json();
        assert_eq!(plan["steps"][0]["reasonCode"], "access_ended", "{name}");
    }
    let file = TempFile::new(
        "length.csv",
        "email,permission,until\nada@example.com,read,7d\n",
    );
    let ended = run(&sandbox, &["plan", file.path()]).failed(2);
    assert!(
        ended.stderr.contains("line 2: until \"7d\": write a date"),
        "{ended:?}"
    );
    let file = TempFile::new(
        "soon.csv",
        "email,permission,until\ncora@example.com,write,2999-01-01\n",
    );
    let soon = ["plan", file.path(), "--expiring-within", "999999d"];
    let ended = run(&sandbox, &soon).ok();
    assert!(
        ended.stdout.contains("Access ends soon: cora@example.com"),
        "{ended:?}"
    );
}
