//! `apply`, and what is written down for it.

use serde_json::json;

use super::common::{TempFile, run, sandbox};
use super::{ROSTER, mixed, words};

#[test]
fn apply_makes_it_true_and_says_so_for_everybody() {
    let file = TempFile::new("apply.csv", ROSTER);
    let sandbox = mixed();
    let asked = run(&sandbox, &["apply", file.path()]).failed(2);
    assert!(asked.stderr.contains("pass --yes"), "{asked:?}");
    let report = run(
        &sandbox,
        &["apply", file.path(), "--yes", "--prune", "-o", "json"],
    )
    .ok();
    assert_eq!(
        words(&report.json()["lines"], "outcome"),
        ["kept", "kept", "done", "done", "done", "done"]
    );
    assert_eq!(report.stderr.lines().count(), 6, "an event a person");
    let again = run(&sandbox, &["apply", file.path(), "--prune"]).ok();
    assert_eq!(
        again.stdout, "5 kept\n",
        "nobody is named for whom there was nothing to do"
    );
    let all = run(&sandbox, &["apply", file.path(), "--prune", "--all"]).ok();
    assert!(all.stdout.lines().count() > 5, "{all:?}");
    assert_eq!(sandbox.report().active_invites_total, 4);
}

#[test]
fn a_report_is_markdown_for_the_summary_of_a_workflow() {
    let file = TempFile::new("report.csv", "email,permission\neve@example.com,write\n");
    let sandbox = sandbox(json!({
        "invites": [{"email": "zoe|`x`@example.com", "permission": "read"}],
    }));
    let apply = [
        "apply",
        file.path(),
        "--yes",
        "--prune",
        "-o",
        "markdown",
        "--color",
        "always",
    ];
    assert_eq!(
        run(&sandbox, &apply).ok().stdout,
        "**2 done**\n\n\
         | email | action | outcome | note |\n\
         | --- | --- | --- | --- |\n\
         | `eve@example.com` | invite | done | invited |\n\
         | <code>zoe&#124;&#96;x&#96;&#64;example&#46;com</code> | revoke | done | one invite revoked |\n"
    );
    assert_eq!(run(&sandbox, &apply).ok().stdout, "**1 kept**\n");
    let short = TempFile::new(
        "short.csv",
        "email,permission\neve@example.com,write\na@example.com,write\n",
    );
    let sandbox = self::sandbox(json!({"seats": 1}));
    let apply = [
        "apply",
        short.path(),
        "--yes",
        "--partial",
        "-o",
        "markdown",
    ];
    let partly = run(&sandbox, &apply).stdout;
    assert!(partly.starts_with("**1 done, 1 skipped**\n\n"), "{partly}");
    assert!(
        partly.ends_with(" |\n\nSome people do not match the roster; the notes say why. Apply the roster again when the cause is gone.\n"),
        "{partly}"
    );
}

#[test]
fn a_plan_can_be_written_down_and_applied_later() {
    let file = TempFile::new("later.csv", ROSTER);
    let sandbox = mixed();
    let plan = run(&sandbox, &["plan", file.path(), "-o", "json"]).ok();
    let written = TempFile::new("later.json", &plan.stdout);
    let ended = run(&sandbox, &["apply", written.path(), "-y"]).ok();
    assert!(ended.stdout.contains("3 done, 2 kept"), "{ended:?}");
}

#[test]
fn what_is_not_done_has_an_exit_code() {
    let file = TempFile::new(
        "seats.csv",
        "email,permission\na@example.com,write\nb@example.com,write\nc@example.com,read\n",
    );
    let sandbox = sandbox(json!({"seats": 1}));
    let refused = run(&sandbox, &["apply", file.path(), "-y"]).failed(13);
    assert!(
        refused.stderr.contains("Nothing was changed"),
        "{refused:?}"
    );
    let partly = run(&sandbox, &["apply", file.path(), "-y", "--partial"]);
    assert_eq!(partly.code, Some(3), "{partly:?}");
    assert!(partly.stdout.contains("2 done, 1 skipped"), "{partly:?}");
}

#[test]
fn an_empty_file_is_refused_and_a_roster_of_nobody_prunes_only_if_allowed() {
    let sandbox = sandbox(json!({"generate": {"invites": 3, "active": 3}}));
    for (name, text) in [
        ("empty.yaml", ""),
        ("empty.csv", ""),
        ("empty.json", ""),
        ("comment.yaml", "# moved to people2.yaml\n"),
        ("document.yaml", "---\n"),
    ] {
        let file = TempFile::new(name, text);
        for args in [
            &["apply", file.path(), "--prune", "-y"][..],
            &["plan", file.path()],
        ] {
            let ended = run(&sandbox, args).failed(2);
            assert!(ended.stderr.contains("line 1: "), "{name}: {ended:?}");
        }
    }
    assert_eq!(sandbox.report().requests.list, 0);
    let nobody = TempFile::new("nobody.yaml", "[]\n");
    let prune = ["apply", nobody.path(), "--prune", "-y"];
    let ended = run(&sandbox, &prune).failed(2);
    assert!(ended.stderr.contains("--allow-empty"), "{ended:?}");
    let ended = run(&sandbox, &[&prune[..], &["--allow-empty"]].concat()).failed(2);
    assert!(ended.stderr.contains("--prune-at-most 3"), "{ended:?}");
    assert_eq!(sandbox.report().requests.revoke, 0);
    let options = ["--allow-empty", "--prune-at-most", "3"];
    run(&sandbox, &[&prune[..], &options].concat()).ok();
    assert_eq!(sandbox.report().active_invites_total, 0);
}

#[test]
fn skipped_people_are_in_the_plan_and_in_the_report() {
    let sandbox = sandbox(json!({"invites": [
        {"email": "ada@example.com", "permission": "read", "revokedAt": "-1h", "revokedBy": "user", "revokedById": "u-7"},
        {"email": "bob@example.com", "permission": "read", "createdAt": "-9d", "expiresAt": "-2d"},
    ]}));
    let file = TempFile::new(
        "skip.csv",
        "email,permission\nada@example.com,read\nbob@example.com,read\n",
    );
    let options = ["--skip-revoked", "--max-invites", "1"];
    let plan = ["plan", file.path(), "--all", "--exit-code"];
    let ended = run(&sandbox, &[&plan[..], &options].concat()).ok();
    for words in [
        "revoked by user u-7",
        "the limit of 1 invite is reached",
        "Plan: no changes; 2 unchanged",
    ] {
        assert!(ended.stdout.contains(words), "{words}: {ended:?}");
    }
    let ended = run(
        &sandbox,
        &[&["apply", file.path(), "-y"][..], &options].concat(),
    )
    .ok();
    assert!(ended.stdout.contains("2 kept"), "{ended:?}");
    run(&sandbox, &["plan", file.path(), "--max-invites", "0"]).failed(2);
    // A plan that was written down has decided already.
    let plan = run(&sandbox, &["plan", file.path(), "-o", "json"]).ok();
    let written = TempFile::new("skip.json", &plan.stdout);
    let ended = run(&sandbox, &["apply", written.path(), "-y", "--skip-revoked"]).failed(2);
    assert!(ended.stderr.contains("--skip-revoked"), "{ended:?}");
    assert_eq!(sandbox.report().requests.create, 0);
}

#[test]
fn guests_about_to_be_locked_out_are_listed_and_renewed() {
    let sandbox = mixed();
    let soon = &["list", "--expiring-within", "3d", "-o", "json"];
    assert_eq!(words(&run(&sandbox, soon).ok().json(), "id"), ["soon"]);
    let renewed = run(&sandbox, &["renew", "dan@example.com", "--expires", "30d"]).ok();
    assert!(
        renewed.stderr.contains("the old one is revoked"),
        "{renewed:?}"
    );
    assert_eq!(run(&sandbox, soon).ok().json(), json!([]));
    let again = ["renew", "dan@example.com", "--expires", "60d"];
    let dry = run(&sandbox, &[&again[..], &["--dry-run"]].concat()).ok();
    assert!(dry.stderr.contains("Nothing was sent"), "{dry:?}");
    run(
        &sandbox,
        &[
            "renew",
            "nobody@example.com",
            "--expires",
            "60d",
            "--dry-run",
        ],
    )
    .failed(12);
    assert_eq!(sandbox.report().requests.create, 1);
    // The same call again finds what it did.
    let again = run(&sandbox, &["renew", "soon", "--expires", "30d"]).ok();
    assert!(again.stderr.contains("nothing was sent"), "{again:?}");
    run(&sandbox, &["renew", "soon", "--expires", "60d"]).failed(12);
}
