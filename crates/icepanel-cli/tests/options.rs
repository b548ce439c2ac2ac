//! Every option of every command is used once. The list of options comes from the help, so that a new option fails here
//! first.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use std::collections::BTreeSet;
use std::process::Stdio;

use common::{TempFile, bare, command, end, lines_until, run, sandbox};
use icepanel_sandbox::API_KEY;
use serde_json::json;

const STATE: &str = r#"{"members": [{"email": "mo@example.com", "permission": "admin"}]}"#;

/// The options that a help text defines: `      --all`, `  -y, --yes`.
fn options(args: &[&str]) -> BTreeSet<String> {
    let help = end(bare(&[args, &["--help"]].concat())).ok().stdout;
    let defined = |line: &str| {
        let line = line.trim_start();
        let long = match line
            .strip_prefix('-')
            .and_then(|rest| rest.split_once(", "))
        {
            Some((short, long)) if short.len() == 1 => long,
            _ => line,
        };
        let name = long.strip_prefix("--")?;
        let end = name.find(|c: char| !(c.is_ascii_lowercase() || c == '-'));
        Some(format!("--{}", &name[..end.unwrap_or(name.len())]))
    };
    help.lines().filter_map(defined).collect()
}

fn commands() -> Vec<String> {
    let help = end(bare(&["--help"])).ok().stdout;
    let list = help.split("Commands:\n").nth(1).unwrap();
    let list = list.split("\n\n").next().unwrap();
    let names = list
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.map(|line| line.split_whitespace().next().unwrap().to_owned());
    names.filter(|name| name != "help").collect()
}

#[test]
fn every_option_of_a_command_is_used() {
    let roster = TempFile::new("o.csv", "E-mail,Role,x\nbob@example.com,Viewer,1\n");
    let bare_roster = TempFile::new("p.csv", "email,x\nbob@example.com,1\n");
    let (roster, bare_roster) = (roster.path(), bare_roster.path());
    let person = "ada@example.com";
    let new = [
        "--permission",
        "viewer",
        "--expires",
        "1d",
        "--landscape",
        "l1=true",
    ];
    let deciding = [
        "--prune",
        "--manage-members",
        "--prune-members",
        "--protect",
        "mo@example.com",
        "--min-admins",
        "1",
        "--allow-domain",
        "example.com",
        "--expiring-within",
        "3d",
        "--invite-at-most",
        "9",
        "--admins-at-most",
        "9",
        "--allow-empty",
        "--skip-revoked",
        "--max-invites",
        "3",
        "--margin",
        "1d",
        "--expires",
        "3d",
        "--all",
        "--ignore-other-columns",
        "--partial",
    ];
    let columns = [
        "--columns",
        "email=E-mail,permission=Role",
        "--prune-at-most",
        "5",
        "--remove-at-most",
        "5",
    ];
    let share = [
        "--permission",
        "EDITOR",
        "--prune-share",
        "1",
        "--remove-share",
        "1",
    ];
    let no_invites = [
        "--no-invites",
        "--permission",
        "read",
        "--ignore-other-columns",
    ];
    let tries: Vec<(Vec<&str>, i32)> = vec![
        ([&["ensure", person], &new[..], &["--dry-run"]].concat(), 0),
        ([&["ensure", person], &new[..], &["--replace"]].concat(), 0),
        ([&["create", person], &new[..], &["--dry-run"]].concat(), 0),
        (
            [&["plan", roster], &deciding[..], &columns, &["--exit-code"]].concat(),
            4,
        ),
        ([&["plan", bare_roster], &deciding[..], &share].concat(), 0),
        ([&["plan", bare_roster], &no_invites[..]].concat(), 0),
        (
            vec![
                "list",
                "--active",
                "--email",
                person,
                "--permission",
                "viewer",
                "--created-by",
                "api-key",
                "--expiring-within",
                "3d",
            ],
            0,
        ),
        (vec!["list", "--status", "used"], 0),
        (vec!["renew", person, "--expires", "9d", "--dry-run"], 0),
        (vec!["revoke", person, "--dry-run"], 0),
        (vec!["revoke", person, "--yes"], 0),
        (
            [&["apply", roster], &deciding[..], &columns, &["--yes"]].concat(),
            0,
        ),
        (
            [&["apply", bare_roster], &deciding[..], &share, &["--yes"]].concat(),
            0,
        ),
        (
            [&["apply", bare_roster], &no_invites[..], &["--yes"]].concat(),
            0,
        ),
        (vec!["dump", "--members", "--member-expires", "9d"], 0),
        (
            vec![
                "update-member",
                "nobody",
                "--permission",
                "read",
                "--landscape",
                "l=true",
                "--dry-run",
            ],
            0,
        ),
        (vec!["remove-member", "nobody", "--dry-run"], 0),
        (vec!["remove-member", "nobody", "--yes"], 0),
    ];
    let state: serde_json::Value = serde_json::from_str(STATE).unwrap();
    let sandbox = sandbox(state);
    let mut used = BTreeSet::new();
    let mut note = |args: &[&str]| {
        let options = args.iter().filter(|arg| arg.starts_with("--"));
        used.extend(options.map(|option| (args[0].to_owned(), (*option).to_owned())));
    };
    for (args, code) in &tries {
        let ended = run(&sandbox, args);
        assert_eq!(ended.code, Some(*code), "{args:?}: {ended:?}");
        note(args);
    }
    assert_eq!(sandbox.report().active_invites_total, 1, "bob");

    let state = TempFile::new("state.json", STATE);
    let args = [
        "sandbox",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--state",
        state.path(),
    ];
    let mut child = bare(&args)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    lines_until(&mut child, |line| line.contains("Ctrl-C ends it"));
    child.kill().unwrap();
    child.wait().unwrap();
    note(&args);

    let of_every_command = options(&["members"]);
    let mut unused = Vec::new();
    for name in commands() {
        for option in options(&[&name]).difference(&of_every_command) {
            if !used.contains(&(name.clone(), option.clone())) {
                unused.push(format!("{name} {option}"));
            }
        }
    }
    assert!(unused.is_empty(), "no test uses {unused:?}");
}

#[test]
fn every_option_of_all_commands_is_used() {
    let sandbox = sandbox(json!({}));
    let key = TempFile::new("options.key", API_KEY);
    let pem = TempFile::new("options.pem", "no certificate");
    let home = std::env::temp_dir().join(format!("icepanel-options-{}", std::process::id()));
    let folder = home.join("icepanel-invites");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(
        folder.join("config.toml"),
        "[profiles.work]\norganization = \"sandbox\"\n",
    )
    .unwrap();
    let url = sandbox.base_url();
    let tries: &[(&[&str], i32)] = &[
        (
            &[
                "members",
                "--output",
                "json",
                "--organization",
                "sandbox",
                "--key-file",
                key.path(),
            ],
            0,
        ),
        (
            &[
                "members",
                "--base-url",
                &url,
                "--timeout",
                "9s",
                "--color",
                "never",
                "--verbose",
            ],
            0,
        ),
        (&["members", "--profile", "work", "--quiet"], 0),
        (&["members", "--proxy", "nonsense"], 2),
        (&["members", "--ca-certificate", pem.path()], 2),
        (&["members", "--client-certificate", pem.path()], 2),
        (&["members", "--help"], 0),
    ];
    let mut used = BTreeSet::new();
    for (args, code) in tries {
        let mut command = command(&sandbox, args);
        command.env("XDG_CONFIG_HOME", &home).env("HOME", &home);
        let ended = end(command);
        assert_eq!(ended.code, Some(*code), "{args:?}: {ended:?}");
        used.extend(
            args.iter()
                .filter(|arg| arg.starts_with("--"))
                .map(|arg| (*arg).to_owned()),
        );
    }
    std::fs::remove_dir_all(&home).unwrap();
    let version = end(bare(&["--version"])).ok().stdout;
    assert!(version.starts_with("icepanel-invites "), "{version}");
    used.insert("--version".to_owned());
    for args in [&["members"][..], &[]] {
        let unused: Vec<String> = options(args).difference(&used).cloned().collect();
        assert!(unused.is_empty(), "no test uses {unused:?}");
    }
}
