//! What the command says of each kind of error, as it was read last. `UPDATE_SNAPSHOTS=1` writes what it says now.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::{TempFile, are_as_last_read, bare, command, end, sandbox};
use icepanel_sandbox::{API_KEY, Sandbox};
use serde_json::{Value, json};

const NEW: &[&str] = &["create", "ada@example.com", "--permission", "write"];

/// A text without what is another each time: ports, files, and the numbers of requests.
fn steady(text: &str, sandbox: &Sandbox) -> String {
    let port = sandbox.address().port().to_string();
    let text = text.replace(&port, "PORT");
    let folder = std::env::temp_dir();
    let words = text.split_inclusive([' ', '\n']).map(|word| {
        if let Some(at) = word.find("sandbox-1-") {
            let end = word.trim_start_matches(|c: char| c != '-').len();
            return format!(
                "{}sandbox-1-N{}",
                &word[..at],
                if end > 0 && word.ends_with('\n') {
                    "\n"
                } else {
                    ""
                }
            );
        }
        let path = folder.to_str().unwrap();
        match word.find(path) {
            Some(at) => {
                let name = word.rsplit('-').next().unwrap_or_default();
                format!("{}FOLDER/{name}", &word[..at])
            }
            None => word.to_owned(),
        }
    });
    words.collect()
}

/// A case: the kind, the state, the arguments, variables beside the sandbox's, the exit code.
type Case<'a> = (&'a str, Value, Vec<&'a str>, Vec<(&'a str, &'a str)>, i32);

fn always(fault: Value) -> Value {
    let mut fault = fault;
    fault["times"] = Value::Null;
    json!({"faults": [fault]})
}

#[test]
fn errors_are_as_they_were_read_last() {
    let roster = TempFile::new(
        "texts.csv",
        "email,permission\nada@example.com,write\nbob@example.com,read\n",
    );
    let nobody = TempFile::new("none.csv", "email,permission\n");
    let odd = TempFile::new("odd.json", r#"{"formatVersion": 3, "people": []}"#);
    let file = TempFile::new("texts.key", "wrong:key\n");
    let status = |status: u16| always(json!({"fault": "status", "status": status}));
    let slow = |status: u16| {
        always(json!({"fault": "status", "status": status, "headers": {"retry-after": "3600"}}))
    };
    let many: Vec<Value> = (0..20)
        .map(|n| json!({"email": format!("p{n}@example.com"), "permission": "read"}))
        .collect();
    let many = json!({"invites": many, "seats": 0});
    let mut cases: Vec<Case> = vec![
        (
            "invalid_input",
            json!({}),
            vec!["list", "--base-url", "http://api.example.com/v1"],
            vec![],
            2,
        ),
        (
            "invalid_input",
            json!({}),
            vec!["list"],
            vec![("ICEPANEL_BASE_URL", "ftp://api.example.com/v1")],
            2,
        ),
        (
            "invalid_input",
            json!({}),
            vec!["list", "--organization", ".."],
            vec![],
            2,
        ),
        (
            "invalid_input",
            json!({}),
            vec!["list"],
            vec![("ICEPANEL_API_KEY", "a key")],
            2,
        ),
        (
            "invalid_input",
            json!({}),
            vec!["list", "--proxy", "nonsense"],
            vec![],
            2,
        ),
        (
            "invalid_input",
            json!({}),
            vec!["list", "--timeout", "0s"],
            vec![],
            2,
        ),
        (
            "invalid_input",
            json!({}),
            vec!["create", "nobody", "--permission", "read"],
            vec![],
            2,
        ),
        (
            "invalid_input",
            json!({}),
            vec![
                "create",
                "ada@example.com",
                "--permission",
                "read",
                "--landscape",
                "=true",
            ],
            vec![],
            2,
        ),
        (
            "invalid_input",
            json!({}),
            vec!["apply", nobody.path(), "--prune", "--yes"],
            vec![],
            2,
        ),
        (
            "invalid_input",
            json!({}),
            vec!["plan", odd.path()],
            vec![],
            2,
        ),
        (
            "invalid_input",
            many.clone(),
            vec!["apply", roster.path(), "--prune", "--yes", "--partial"],
            vec![],
            2,
        ),
        (
            "invalid_input",
            json!({}),
            vec!["apply", roster.path()],
            vec![],
            2,
        ),
        (
            "unauthorized",
            json!({"apiKey": "another:key"}),
            vec!["list"],
            vec![],
            10,
        ),
        (
            "unauthorized",
            json!({"apiKey": "another:key"}),
            vec!["list", "--key-file", file.path()],
            vec![],
            10,
        ),
        ("forbidden", status(403), vec!["list"], vec![], 11),
        (
            "not_found",
            json!({}),
            vec!["seats", "--organization", "other"],
            vec![],
            12,
        ),
        (
            "not_found",
            json!({}),
            vec!["revoke", "nothing"],
            vec![],
            12,
        ),
        (
            "seats_exhausted",
            json!({"seats": 0}),
            NEW.to_vec(),
            vec![],
            13,
        ),
        (
            "seats_exhausted",
            many,
            vec!["apply", roster.path(), "--yes"],
            vec![],
            13,
        ),
        (
            "rejected",
            always(
                json!({"fault": "status", "status": 422, "body": {"message": "Invalid request", "errors": ["email is blocked"]}, "on": "create"}),
            ),
            NEW.to_vec(),
            vec![],
            15,
        ),
        (
            "rate_limited",
            slow(429),
            vec!["list", "--timeout", "5s"],
            vec![],
            16,
        ),
        (
            "server",
            slow(503),
            vec!["list", "--timeout", "5s"],
            vec![],
            17,
        ),
        (
            "timeout",
            always(json!({"fault": "hang"})),
            vec!["list", "--timeout", "200ms"],
            vec![],
            18,
        ),
        (
            "unexpected_answer",
            always(json!({"fault": "html"})),
            vec!["list"],
            vec![],
            20,
        ),
        (
            "outcome_unknown",
            always(json!({"fault": "hang", "on": "create"})),
            [NEW, &["--timeout", "2s"]].concat(),
            vec![],
            21,
        ),
        (
            "conflict",
            json!({"refuseSecondActive": true, "invites": [{"email": "ada@example.com", "permission": "read"}]}),
            NEW.to_vec(),
            vec![],
            14,
        ),
    ];
    // Elsewhere the system has other words for it.
    if cfg!(target_os = "linux") {
        let nobody = "http://127.0.0.1:1/v1";
        cases.push((
            "connection",
            json!({}),
            vec!["list", "--timeout", "3s", "--base-url", nobody],
            vec![],
            19,
        ));
    }
    let mut texts: Vec<(&str, String)> = Vec::new();
    for (kind, state, args, variables, code) in cases {
        let sandbox = sandbox(state);
        let mut as_text = command(&sandbox, &args);
        as_text.envs(variables.iter().copied());
        let ended = end(as_text).failed(code);
        let mut as_json = command(&sandbox, &[&args[..], &["-o", "json"]].concat());
        as_json.envs(variables.iter().copied());
        let error = end(as_json).failed(code).error()["error"].clone();
        assert_eq!(error["kind"], kind, "{error}");
        let (message, advice) = (
            error["message"].as_str().unwrap(),
            error["advice"].as_str().unwrap(),
        );
        assert!(
            ended.stderr.contains(advice) && !advice.is_empty(),
            "{advice}: {ended:?}"
        );
        let full = error["full"].as_str().unwrap();
        assert!(
            full.starts_with(message) && full.ends_with(advice),
            "{full}"
        );
        // The library's options have other names, and no flag is in brackets.
        for word in ["allow_empty", "prune_at_most", "call again"] {
            assert!(!ended.stderr.contains(word), "{word}: {ended:?}");
        }
        let variables: String = variables
            .iter()
            .map(|(name, value)| format!("{name}={value:?} "))
            .collect();
        let asked = steady(
            &format!("$ {variables}icepanel-invites {}\n", args.join(" ")),
            &sandbox,
        );
        let printed = steady(&ended.stderr, &sandbox);
        match texts.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, text)) => text.push_str(&format!("\n{asked}{printed}")),
            None => texts.push((kind, format!("{asked}{printed}"))),
        }
    }
    are_as_last_read(
        "errors",
        texts
            .into_iter()
            .map(|(kind, text)| (kind.to_owned(), text)),
    );
}

#[test]
fn an_error_names_the_line_of_the_profile() {
    let sandbox = sandbox(json!({"apiKey": "another:key"}));
    let home = std::env::temp_dir().join(format!("icepanel-texts-{}", std::process::id()));
    let folder = home.join("icepanel-invites");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("work.key"), API_KEY).unwrap();
    let profile = format!(
        "[profiles.work]\norganization = \"sandbox\"\nbase-url = \"{}\"\nkey-file = \"work.key\"\n",
        sandbox.base_url()
    );
    std::fs::write(folder.join("config.toml"), profile).unwrap();
    #[cfg(unix)]
    for (file, mode) in [("work.key", 0o600), ("config.toml", 0o644)] {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(folder.join(file), std::fs::Permissions::from_mode(mode)).unwrap();
    }
    let ask = |args: &[&str]| {
        let mut command = bare(&[args, &["--profile", "work"]].concat());
        command.env("XDG_CONFIG_HOME", &home).env("HOME", &home);
        end(command)
    };
    let unauthorized = ask(&["list"]).failed(10).stderr;
    assert!(
        unauthorized.contains("(key-file of the profile work)"),
        "{unauthorized}"
    );
    sandbox
        .set_state(icepanel_sandbox::State::default())
        .unwrap();
    let unknown = ask(&["revoke", "nothing"]).failed(12).stderr;
    for words in [
        "organization \"sandbox\" (organization of the profile work)",
        "(base-url of the profile work)",
    ] {
        assert!(unknown.contains(words), "{unknown}");
    }
    std::fs::remove_dir_all(&home).unwrap();
}
