//! `plan`.

use serde_json::json;

use super::common::{TempFile, run, sandbox};
use super::{ROSTER, mixed};

#[test]
fn a_plan_is_a_table_with_its_reasons_and_its_cost() {
    let file = TempFile::new("plan.csv", ROSTER);
    let sandbox = mixed();
    let ended = run(&sandbox, &["plan", file.path(), "--prune"]).ok();
    let shown: Vec<&str> = ended.stdout.lines().map(str::trim_end).collect();
    let starts = [
        "email             permission     expires",
        "+  eve@example.com   write          20",
        "",
        "~  cora@example.com  write -> read  20",
        "~  dan@example.com   read           20",
        "",
        "-  zoe@example.com   read           20",
        "",
        "Plan: 1 to invite, 2 to replace, 1 to revoke; 2 unchanged",
        "Paid seats: 1 needed, 1 freed by the plan, 1 of 3 free now. apply sends 6 requests and takes about 4 s",
        "E-mails: 3 to example.com",
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
fn every_bad_line_is_reported_together_and_nothing_is_sent() {
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
    // JSON has the figures, and its reader no use for a warning.
    let json = run(&sandbox, &["plan", file.path(), "--prune", "-o", "json"]).ok();
    assert_eq!(
        (
            json.json()["pruning"]["people"].clone(),
            json.stderr.as_str()
        ),
        (json!(3), "")
    );
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
    let told = "warning: apply would refuse this plan: too few paid seats: 1 missing";
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
         |  | email | permission | expires | why |\n\
         | --- | --- | --- | --- | --- |\n\
         | `+` | `eve@example.com` | write | `2999-12-31 23:59Z` | neither invited nor a member |\n\
         | `-` | <code>zoe&#124;&#96;x&#96;&#64;example&#46;com</code> | read | `2999-12-01 14:00Z` | not on the roster |\n\n\
         Paid seats: 1 needed, 0 freed by the plan, 3 of 3 free now. apply sends 2 requests and takes about 4 s\nE-mails: 1 to `example.com`\n"
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
fn whoever_has_two_invites_loses_one_and_is_no_unchanged_person() {
    let invite = |id: &str, expires: &str| json!({"id": id, "email": "ada@example.com", "permission": "read", "expiresAt": expires});
    let sandbox = sandbox(json!({"invites": [invite("a", "+9d"), invite("b", "+8d")]}));
    let file = TempFile::new("twice.csv", "email,permission\nada@example.com,read\n");
    let plan = run(&sandbox, &["plan", file.path()]).ok().stdout;
    assert!(plan.contains("\n~  ada@example.com"), "{plan}");
    let summary = "Plan: 0 to invite, 0 to replace, 1 to deduplicate, 0 to revoke; 0 unchanged";
    assert!(plan.contains(summary), "{plan}");
    assert_eq!(
        run(&sandbox, &["plan", file.path(), "--exit-code"]).code,
        Some(4)
    );
}
