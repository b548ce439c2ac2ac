//! A roster, from a file to an organization and back.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use std::process::Stdio;

use common::{Ended, TempFile, command, run, sandbox};
use icepanel_sandbox::Sandbox;
use serde_json::{Value, json};

fn mixed() -> Sandbox {
    sandbox(json!({
        "seats": 3,
        "members": [{"email": "ada@example.com", "permission": "admin"}],
        "invites": [
            {"id": "same", "email": "bob@example.com", "permission": "read"},
            {"id": "other", "email": "cora@example.com", "permission": "write"},
            {"id": "soon", "email": "dan@example.com", "permission": "read", "expiresAt": "+2d"},
            {"id": "stranger", "email": "zoe@example.com", "permission": "read"},
        ],
    }))
}

const ROSTER: &str = "email,permission,expires\nADA@example.com,admin,7d\nbob@example.com,read,7d\ncora@example.com,read,7d\ndan@example.com,read,7d\neve@example.com,write,7d\n";

fn words(list: &Value, field: &str) -> Vec<String> {
    let items = list.as_array().unwrap().iter();
    items
        .map(|item| item[field].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_plan_is_a_table_with_its_reasons_and_its_cost() {
    let file = TempFile::new("plan.csv", ROSTER);
    let sandbox = mixed();
    let ended = run(&sandbox, &["plan", file.path(), "--prune"]).ok();
    let shown: Vec<&str> = ended.stdout.lines().map(str::trim_end).collect();
    let starts = [
        "email             permission     until",
        "+  eve@example.com   write          20",
        "",
        "~  cora@example.com  write -> read  20",
        "~  dan@example.com   read           20",
        "",
        "-  zoe@example.com   read           20",
        "",
        "Plan: 1 to invite, 2 to replace, 1 to revoke; 2 unchanged",
        "Paid seats: 1 needed, 1 free of 3, 1 released. 6 requests, about 4 s under the rate limit",
    ];
    assert_eq!(shown.len(), starts.len(), "{}", ended.stdout);
    for (line, start) in shown.iter().zip(starts) {
        assert!(line.trim_start().starts_with(start), "{start}\n{line}");
    }
    assert!(shown[6].ends_with("not on the roster"), "{}", ended.stdout);
    let all = run(&sandbox, &["plan", file.path(), "--prune", "--all"]).ok();
    assert!(
        all.stdout.contains("\n=  ADA@example.com   admin "),
        "{}",
        all.stdout
    );
    assert_eq!(all.stdout.lines().count(), starts.len() + 3);
    let colored = run(
        &sandbox,
        &["plan", file.path(), "--prune", "--color", "always"],
    )
    .ok();
    let bare = colored.stdout.split('\u{1b}').map(|part| {
        part.split_once('m')
            .filter(|(code, _)| code.starts_with('['))
            .map_or(part, |(_, rest)| rest)
    });
    // Expiries are counted from now, and it may be a second later.
    let timeless = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "0");
    assert_eq!(timeless(&bare.collect::<String>()), timeless(&ended.stdout));
    let requests = sandbox.report().requests;
    assert_eq!((requests.create, requests.revoke), (0, 0));
}

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
    assert!(again.stdout.contains("5 kept"), "{again:?}");
    assert_eq!(sandbox.report().active_invites_total, 4);
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
    assert!(refused.stderr.contains("nothing was sent"), "{refused:?}");
    let partly = run(&sandbox, &["apply", file.path(), "-y", "--partial"]);
    assert_eq!(partly.code, Some(3), "{partly:?}");
    assert!(partly.stdout.contains("2 done, 1 skipped"), "{partly:?}");
}

#[test]
fn every_bad_line_is_told_at_once_and_nothing_is_sent() {
    let file = TempFile::new(
        "bad.yaml",
        "- {email: nobody, permission: read}\n- {email: ok@example.com, permission: raed}\n",
    );
    let sandbox = mixed();
    let ended = run(&sandbox, &["apply", file.path(), "-y"]).failed(2);
    assert!(
        ended.stderr.contains("line 1: the address \"nobody\""),
        "{ended:?}"
    );
    assert!(
        ended.stderr.contains("line 2: the permission \"raed\""),
        "{ended:?}"
    );
    let ended = run(&sandbox, &["plan", file.path(), "-o", "json"]).failed(2);
    assert_eq!(
        ended.error()["error"]["errors"].as_array().unwrap().len(),
        2
    );
    assert_eq!(sandbox.report().requests.list, 0);
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
fn a_plan_says_that_the_guard_would_refuse_it() {
    let sandbox = sandbox(json!({"generate": {"invites": 4, "active": 4}}));
    let file = TempFile::new("guard.csv", "email,permission\nuser-0@example.com,read\n");
    let ended = run(&sandbox, &["plan", file.path(), "--prune"]).ok();
    let told =
        "warning: apply would refuse this plan: the plan would revoke the invites of 3 people";
    assert!(ended.stderr.starts_with(told), "{ended:?}");
    assert!(ended.stderr.contains("--prune-at-most 3"), "{ended:?}");
    let whole = ["plan", file.path(), "--prune", "--exit-code"];
    assert_eq!(run(&sandbox, &whole).code, Some(2));
    let allowed = run(&sandbox, &[&whole[..], &["--prune-at-most", "3"]].concat());
    assert_eq!(allowed.code, Some(4), "{allowed:?}");
    assert_eq!(allowed.stderr, "");
    // Refused before the question.
    let ended = run(&sandbox, &["apply", file.path(), "--prune"]).failed(2);
    assert!(ended.stderr.contains("--prune-at-most 3"), "{ended:?}");
    assert!(!ended.stderr.contains("--yes"), "{ended:?}");
}

#[test]
fn a_plan_without_enough_seats_says_so_and_exits_as_apply_would() {
    let sandbox = sandbox(json!({"seats": 1}));
    let file = TempFile::new(
        "short.csv",
        "email,permission\na@example.com,write\nb@example.com,write\n",
    );
    let ended = run(&sandbox, &["plan", file.path()]).ok();
    let told = "warning: apply would refuse this plan: paid seats missing: 1";
    assert!(ended.stderr.starts_with(told), "{ended:?}");
    let whole = ["plan", file.path(), "--exit-code", "-o", "json"];
    let ended = run(&sandbox, &whole);
    assert_eq!(ended.code, Some(13), "{ended:?}");
    assert_eq!(ended.error()["error"]["kind"], "seats_exhausted");
    assert_eq!(ended.json()["seats"]["missing"], 1);
    let ended = run(&sandbox, &[&whole[..], &["--partial"]].concat());
    assert_eq!((ended.code, &*ended.stderr), (Some(4), ""));
}

#[test]
fn a_plan_is_markdown_for_a_pull_request() {
    let sandbox = sandbox(json!({
        "seats": 3,
        "invites": [{"id": "i", "email": "zoe|`x`@example.com", "permission": "read", "expiresAt": "2999-12-01T14:00:00Z"}],
    }));
    let file = TempFile::new(
        "md.csv",
        "email,permission,expires\neve@example.com,write,2999-12-31\n",
    );
    let ended = run(
        &sandbox,
        &["plan", file.path(), "--prune", "-o", "markdown"],
    )
    .ok();
    assert_eq!(
        ended.stdout,
        "**Plan: 1 to invite, 0 to replace, 1 to revoke; 0 unchanged**\n\n\
         |  | email | permission | until | why |\n\
         | --- | --- | --- | --- | --- |\n\
         | `+` | `eve@example.com` | write | `2999-12-31 23:59Z` | neither invited nor a member |\n\
         | `-` | <code>zoe&#124;&#96;x&#96;&#64;example&#46;com</code> | read | `2999-12-01 14:00Z` | not on the roster |\n\n\
         Paid seats: 1 needed, 3 free of 3, 0 released. 2 requests, about 4 s under the rate limit\n"
    );
    let list = run(&sandbox, &["seats", "-o", "markdown"]).ok();
    assert_eq!(
        list.stdout,
        "| paid | taken | promised | free |\n| --- | --- | --- | --- |\n| 3 | 0 | 0 | 3 |\n"
    );
}

#[test]
fn an_option_that_would_be_ignored_is_refused() {
    let file = TempFile::new("ignored.csv", ROSTER);
    let sandbox = mixed();
    let plan = run(&sandbox, &["plan", file.path(), "-o", "json"]).ok();
    let written = TempFile::new("ignored.json", &plan.stdout);
    for options in [
        &["--expires", "99d"][..],
        &["--prune"],
        &["--margin", "1h"],
        &["--allow-empty"],
        &["--max-invites", "2"],
    ] {
        let ended = run(
            &sandbox,
            &[&["apply", written.path(), "-y"][..], options].concat(),
        );
        assert!(ended.failed(2).stderr.contains(options[0]), "{options:?}");
    }
    let ended = run(&sandbox, &["dump", "--member-expires", "30d"]).failed(2);
    assert!(ended.stderr.contains("--members"), "{ended:?}");
    assert_eq!(sandbox.report().requests.create, 0);
}

#[test]
fn who_is_left_alone_is_in_the_plan_and_in_the_report() {
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
        "max_invites is 1",
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

fn people(name: &str, count: usize) -> TempFile {
    let rows = (0..count).map(|n| format!("person-{n}@example.com,read\n"));
    let text = format!("email,permission\n{}", rows.collect::<String>());
    TempFile::new(name, text)
}

#[cfg(unix)]
#[test]
fn a_run_killed_again_and_again_invites_everybody_once() {
    let file = people("killed.csv", 40);
    // A slow service, so that a kill meets requests under way.
    let sandbox = sandbox(json!({
        "rateLimit": null,
        "behaviour": {"listLagMs": 500},
        "faults": [{"fault": "slow_headers", "on": "create", "times": null, "delayMs": 60}],
    }));
    for made in [9, 25] {
        let mut child = command(&sandbox, &["apply", file.path(), "--yes"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        common::eventually("so many invites are made", || {
            sandbox.report().invites_made_total >= made
        });
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let ended = run(&sandbox, &["apply", file.path(), "--yes"]).ok();
    assert!(ended.stdout.contains(" kept"), "{ended:?}");
    let report = sandbox.report();
    assert_eq!(report.addresses_invited_twice, Vec::<String>::new());
    assert_eq!(
        (report.invites_made_total, report.active_invites_total),
        (40, 40)
    );
}

#[cfg(unix)]
#[test]
fn ctrl_c_and_sigterm_end_what_is_under_way_and_report_on_everybody() {
    for signal in ["-INT", "-TERM"] {
        stopped_by(signal);
    }
}

#[cfg(unix)]
fn stopped_by(signal: &str) {
    let file = people(&format!("stopped{signal}.csv"), 40);
    let sandbox = sandbox(json!({
        "rateLimit": null,
        "faults": [{"fault": "slow_headers", "on": "create", "times": null, "delayMs": 1000}],
    }));
    let child = command(&sandbox, &["apply", file.path(), "--yes"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    common::eventually("some invites are made", || {
        sandbox.report().invites_made_total >= 5
    });
    common::send(&child, signal);
    let ended = Ended::from(child.wait_with_output().unwrap());
    assert_eq!(ended.code, Some(130), "{ended:?}");
    assert!(ended.stderr.contains("Stopping"), "{ended:?}");
    let report = sandbox.report();
    let done = format!("{} done, ", report.invites_made_total);
    assert!(ended.stdout.contains(&done), "{ended:?}");
    assert_eq!(ended.stdout.matches("person-").count(), 40);
    assert_eq!(report.abandoned, 0, "what was sent was waited for");
}

#[cfg(unix)]
#[test]
fn a_second_signal_does_not_wait() {
    let file = people("twice.csv", 40);
    let sandbox = sandbox(json!({
        "rateLimit": null,
        "faults": [{"fault": "hang", "on": "create", "times": null}],
    }));
    let mut child = command(&sandbox, &["apply", file.path(), "--yes"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    common::eventually("some requests hang", || {
        sandbox.report().requests.create >= 5
    });
    common::send(&child, "-TERM");
    let words = common::errors_until(&mut child, |line| line.starts_with("Stopping: "));
    common::send(&child, "-INT");
    let ended = Ended::from(child.wait_with_output().unwrap());
    assert_eq!(ended.code, Some(130), "{words} {ended:?}");
    assert_eq!(ended.stdout, "", "no report");
}
