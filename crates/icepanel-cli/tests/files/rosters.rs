//! From a file to a plan, and from an organization to a file.

use serde_json::{Value, json};

use crate::common::{self, TempFile, command, run, sandbox};

fn mixed() -> Value {
    json!({
        "members": [{"email": "ada@example.com", "permission": "admin"}],
        "invites": [
            {"email": "bob@example.com", "permission": "read"},
            {"email": "cora@example.com", "permission": "write", "landscapePermissions": {"x": true}},
            {"email": "dan@example.com", "permission": "read", "expiresAt": "+2d"},
        ],
    })
}

const ROSTER: &str = "email,permission\nada@example.com,admin\neve@example.com,write\n";

#[test]
fn a_plan_is_not_read_as_a_table() {
    let file = TempFile::new("table.csv", ROSTER);
    let sandbox = sandbox(mixed());
    let plan = run(&sandbox, &["plan", file.path(), "-o", "json"]).ok();
    let written = TempFile::new("table.json", &plan.stdout);
    for option in [
        &["--permission", "read"][..],
        &["--ignore-other-columns"],
        &["--columns", "email=Mail"],
    ] {
        let ended = run(
            &sandbox,
            &[&["apply", written.path(), "-y"], option].concat(),
        )
        .failed(2);
        assert!(ended.stderr.contains(option[0]), "{ended:?}");
    }
    assert_eq!(sandbox.report().requests.create, 0);
}

#[test]
fn a_roster_can_come_from_the_input() {
    let sandbox = sandbox(json!({}));
    for text in [
        "Email;permission\r\nada@example.com;Viewer\r\n",
        "[{\"email\": \"ada@example.com\", \"permission\": \"read\"}]",
        "- {email: ada@example.com, permission: read}\n",
    ] {
        let file = TempFile::new("input", text);
        let mut plan = command(&sandbox, &["plan", "-", "-o", "json"]);
        plan.stdin(std::fs::File::open(file.path()).unwrap());
        let plan = common::end(plan).ok();
        let plan = plan.json();
        assert_eq!(plan["steps"].as_array().unwrap().len(), 1);
        assert_eq!(plan["steps"][0]["email"], "ada@example.com");
    }
}

#[test]
fn one_mistake_in_every_line_does_not_fill_the_screen() {
    let lines = (0..40).map(|n| format!("a{n}@example.com,Engineer\n"));
    let text = format!("email,Role\n{}", lines.collect::<String>());
    let file = TempFile::new("engineers.csv", text);
    let sandbox = sandbox(json!({}));
    let args = ["plan", file.path(), "--columns", "permission=Role"];
    let ended = run(&sandbox, &args).failed(2);
    assert!(ended.stderr.contains("40 problems"), "{ended:?}");
    assert!(ended.stderr.contains("10 more"), "{ended:?}");
    assert_eq!(ended.stderr.lines().count(), 33, "{ended:?}");
    let json = run(&sandbox, &[&args[..], &["-o", "json"]].concat()).failed(2);
    assert_eq!(
        json.error()["error"]["errors"].as_array().unwrap().len(),
        40
    );
}

#[test]
fn a_dump_is_a_roster_that_changes_nothing() {
    let sandbox = sandbox(mixed());
    for (format, name) in [
        ("table", "dump.yaml"),
        ("json", "dump.json"),
        ("csv", "dump.csv"),
    ] {
        let dump = run(&sandbox, &["dump", "--members", "-o", format]).ok();
        let file = TempFile::new(name, &dump.stdout);
        let plan = run(&sandbox, &["plan", file.path(), "--prune", "-o", "json"]).ok();
        assert_eq!(plan.json()["writes"], 0, "{format}: {plan:?}");
        assert_eq!(plan.json()["steps"].as_array().unwrap().len(), 4);
    }
}

#[test]
fn a_dump_of_what_a_later_service_has_is_a_roster_that_changes_nothing() {
    let sandbox = sandbox(json!({
        "members": [{"email": "o'neil+x@example.com", "permission": "owner"}],
        "invites": [
            {"email": "=ada@example.com", "permission": "commenter", "landscapePermissions": {"a,\"b\"\n\u{202e}": true}},
            {"email": "\"a;b\"@example.com", "permission": "read", "landscapePermissions": {}},
        ],
    }));
    for (format, name) in [
        ("table", "later.yaml"),
        ("json", "later.json"),
        ("csv", "later.csv"),
    ] {
        let dump = run(&sandbox, &["dump", "--members", "-o", format]).ok();
        let file = TempFile::new(name, &dump.stdout);
        let plan = run(&sandbox, &["plan", file.path(), "--prune", "-o", "json"]).ok();
        assert_eq!(plan.json()["writes"], 0, "{format}: {plan:?}");
        assert_eq!(plan.json()["steps"].as_array().unwrap().len(), 3);
    }
}

#[test]
fn what_no_roster_can_have_is_not_dumped() {
    let sandbox = sandbox(json!({"invites": [
        {"email": "ada@example.com", "permission": "read"},
        {"email": "ada@localhost", "permission": "read"},
    ]}));
    let ended = run(&sandbox, &["dump"]).failed(1);
    assert!(
        ended
            .stderr
            .contains("nothing was written: \"ada@localhost\""),
        "{ended:?}"
    );
    let expiry = ["dump", "--members", "--member-expires", "0d"];
    let ended = run(&sandbox, &expiry).failed(2);
    assert!(ended.stderr.contains("--member-expires"), "{ended:?}");
}

#[test]
fn a_dump_of_hostile_addresses_is_guarded_and_read_again() {
    let emails = [
        "=a@example.com",
        "+b@example.com",
        "-c@example.com",
        "'=d@example.com",
        "''e@example.com",
    ];
    let invites: Vec<Value> = emails
        .iter()
        .map(|email| json!({"email": email, "permission": "read"}))
        .collect();
    let sandbox = sandbox(json!({"invites": invites}));
    let csv = run(&sandbox, &["dump", "-o", "csv"]).ok().stdout;
    for cell in ["\n'=a@", "\n'+b@", "\n'-c@", "\n''=d@", "\n''e@"] {
        assert!(csv.contains(cell), "{csv}");
    }
    let file = TempFile::new("dump.csv", csv);
    let plan = run(&sandbox, &["plan", file.path(), "--prune", "-o", "json"])
        .ok()
        .json();
    assert_eq!(plan["writes"], 0, "{plan}");
}

#[test]
fn the_roster_of_the_library_is_read_and_written() {
    let sandbox = sandbox(
        json!({"invites": [{"email": "ada@example.com", "permission": "read", "expiresAt": "2999-01-01T00:00:00Z"}]}),
    );
    let dump = run(&sandbox, &["dump", "-o", "json"]).ok().json();
    let person = json!({"email": "ada@example.com", "permission": "read", "expiresAt": "2999-01-01T00:00:00Z"});
    assert_eq!(dump, json!({"formatVersion": 1, "people": [person]}));
    let library = r#"{"formatVersion": 1, "people": [
        {"email": "ada@example.com", "permission": "read", "expiresAt": "2999-01-01T00:00:00Z"},
        {"email": "bob@example.com", "permission": "read", "expiresInMs": 86400500, "landscapePermissions": {"l": true}}
    ]}"#;
    for text in [
        library.to_owned(),
        library.replace("\"formatVersion\": 1, ", ""),
    ] {
        let file = TempFile::new("library.json", text);
        let plan = run(&sandbox, &["plan", file.path(), "--all", "-o", "json"])
            .ok()
            .json();
        assert_eq!(
            (&plan["formatVersion"], &plan["writes"]),
            (&json!(1), &json!(1)),
            "{plan}"
        );
        let wanted = &plan["steps"][1]["wanted"];
        assert_eq!(
            (&wanted["expiresInMs"], &wanted["landscapePermissions"]),
            (&json!(86_400_500), &json!({"l": true}))
        );
    }
    for (text, says) in [
        (
            library.replace("n\": 1,", "n\": 3,"),
            "line 1: the roster cannot be read: its formatVersion is 3, and this version of icepanel-invites reads formatVersion 1 to 2; upgrade",
        ),
        (library.replace("bob@", "ada@"), "line 3: "),
        (
            library.replace("expiresInMs", "expires"),
            "line 3: expires \"86400500\"",
        ),
        (library.replace("\"people\"", "\"peple\""), "missing field"),
        (
            r#"{"people": {}}"#.to_owned(),
            "line 1: people is not a list",
        ),
        (
            r#"{"people": [], "note": 1}"#.to_owned(),
            "line 1: there is no field \"note\" beside people",
        ),
        (
            r#"{"people": [], "people": []}"#.to_owned(),
            "line 1: people occurs twice",
        ),
    ] {
        let file = TempFile::new("wrong.json", &text);
        let ended = run(&sandbox, &["plan", file.path()]).failed(2);
        assert!(ended.stderr.contains(says), "{says}: {ended:?}");
    }
    let plan = run(
        &sandbox,
        &[
            "plan",
            TempFile::new("l.json", library).path(),
            "-o",
            "json",
        ],
    )
    .ok()
    .stdout;
    let file = TempFile::new(
        "plan.json",
        plan.replace("\"formatVersion\": 1", "\"formatVersion\": 7"),
    );
    let ended = run(&sandbox, &["apply", file.path(), "--yes"]).failed(2);
    assert!(
        ended
            .stderr
            .contains("line 2: the plan cannot be read: its formatVersion is 7"),
        "{ended:?}"
    );
    assert_eq!(sandbox.report().requests.create, 0);
}
