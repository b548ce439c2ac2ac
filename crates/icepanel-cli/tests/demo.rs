//! The demo, and the sandbox as a command.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use std::time::Duration;

use common::{TempFile, bare, end, sandbox, within};
use serde_json::json;

#[test]
fn the_demo_comes_out_as_it_says() {
    let demo = within(Duration::from_secs(5), || end(bare(&["demo"])).ok());
    assert_eq!(demo.stderr, "");
    let text = &demo.stdout;
    for step in 1..=10 {
        assert!(text.contains(&format!("\n{step}. ")), "{text}");
    }
    for part in [
        "POST /v1/organizations/sandbox/users/invites\n",
        "→ 409 {\"message\":\"All organization seats have been assigned\"}",
        "next: No invite was made.",
        "→ no response",
        "demo: 19 requests, 4 invites made, nobody invited twice\n",
        "export ICEPANEL_API_KEY=",
    ] {
        assert!(text.contains(part), "no {part:?} in {text}");
    }
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[test]
fn the_demo_leaves_alone_what_the_environment_names() {
    let other = sandbox(json!({}));
    let mut command = bare(&["demo"]);
    command
        .env("ICEPANEL_API_KEY", "a:key")
        .env("ICEPANEL_ORGANIZATION_ID", "real")
        .env("ICEPANEL_BASE_URL", other.base_url())
        .env("HTTP_PROXY", "http://127.0.0.1:9")
        .env("ALL_PROXY", "http://127.0.0.1:9");
    end(command).ok();
    assert!(other.report().log.is_empty());
}

#[cfg(unix)]
#[test]
fn the_sandbox_runs_until_ctrl_c() {
    use common::{Ended, lines_until, press_ctrl_c};
    use std::process::Stdio;

    let state = TempFile::new(
        "state.json",
        r#"{"organizationId": "it's mine", "apiKey": "made-up:key", "invites": [{"email": "ada@example.com", "permission": "read"}]}"#,
    );
    let mut child = bare(&["sandbox", "--state", state.path()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let text = lines_until(&mut child, |line| line.starts_with("Ctrl-C"));
    assert!(text.contains("/control\n"), "{text}");
    // As a shell would take it from the screen.
    let exports: String = text
        .lines()
        .filter(|line| line.starts_with("export "))
        .collect::<Vec<_>>()
        .join("\n");
    let script = format!(
        "{exports}\n'{}' list",
        env!("CARGO_BIN_EXE_icepanel-invites")
    );
    let listed = std::process::Command::new("sh")
        .args(["-c", &script])
        .env_clear()
        .output()
        .unwrap();
    let listed = Ended::from(listed).ok();
    assert!(listed.stdout.contains("ada@example.com"), "{listed:?}");
    press_ctrl_c(&child);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[cfg(unix)]
#[test]
fn the_sandbox_prints_its_url_for_a_program() {
    use common::{lines_until, press_ctrl_c};
    use std::process::Stdio;

    let mut child = bare(&["sandbox", "--output", "json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let text = lines_until(&mut child, |line| line == "}");
    let told: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut command = bare(&["list", "-o", "json"]);
    for (variable, field) in [
        ("ICEPANEL_BASE_URL", "baseUrl"),
        ("ICEPANEL_API_KEY", "apiKey"),
        ("ICEPANEL_ORGANIZATION_ID", "organizationId"),
    ] {
        command.env(variable, told[field].as_str().unwrap());
    }
    assert_eq!(end(command).ok().json(), json!([]));
    press_ctrl_c(&child);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_sandbox_that_cannot_start_says_why() {
    let taken = sandbox(json!({}));
    let port = taken.address().port().to_string();
    let ended = end(bare(&["sandbox", "--port", &port])).failed(1);
    assert!(ended.stderr.contains("--port"), "{ended:?}");

    let unknown = TempFile::new("unknown.json", r#"{"seatz": 3}"#);
    let ended = end(bare(&["sandbox", "--state", unknown.path()])).failed(2);
    assert!(ended.stderr.contains("seatz"), "{ended:?}");

    let wrong = TempFile::new("wrong.json", r#"{"apiKey": ""}"#);
    let ended = end(bare(&["sandbox", "--state", wrong.path()])).failed(2);
    assert!(ended.stderr.contains("apiKey"), "{ended:?}");

    end(bare(&["sandbox", "--state", "/nowhere/state.json"])).failed(2);
}

/// A sandbox that runs as a command, its URL, and the lines of its error output so far.
struct Running {
    child: std::process::Child,
    url: String,
    lines: std::sync::Arc<std::sync::Mutex<Vec<String>>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn running(args: &[&str]) -> Running {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    let mut child = bare(&[&["sandbox"], args, &["-o", "json"]].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let told = common::lines_until(&mut child, |line| line == "}");
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let lines = std::sync::Arc::<std::sync::Mutex<Vec<String>>>::default();
    let (errors, heard) = (BufReader::new(child.stderr.take().unwrap()), lines.clone());
    std::thread::spawn(move || {
        for line in errors.lines().map_while(Result::ok) {
            heard.lock().unwrap().push(line);
        }
    });
    let url = told["baseUrl"].as_str().unwrap().to_owned();
    Running { child, url, lines }
}

impl Running {
    fn ask(&self, args: &[&str]) -> common::Ended {
        let mut command = bare(args);
        command
            .env("ICEPANEL_API_KEY", icepanel_sandbox::API_KEY)
            .env("ICEPANEL_ORGANIZATION_ID", "sandbox")
            .env("ICEPANEL_BASE_URL", &self.url);
        end(command)
    }

    fn hears(&self, what: &str, times: usize) {
        common::eventually(what, || {
            let lines = self.lines.lock().unwrap();
            lines.iter().filter(|line| line.contains(what)).count() >= times
        });
    }
}

#[test]
fn the_sandbox_writes_a_line_for_each_request_and_warns_of_a_host_that_others_reach() {
    let state = TempFile::new(
        "cut.json",
        r#"{"faults": [{"fault": "act_then_cut", "on": "create"}]}"#,
    );
    let running = running(&["--host", "0.0.0.0", "--state", state.path()]);
    assert!(
        running.url.starts_with("http://127.0.0.1:"),
        "{}",
        running.url
    );
    running.hears("warning: everyone who can reach 0.0.0.0:", 1);
    running
        .ask(&["create", "ada@example.com", "--permission", "read"])
        .ok();
    running.hears(r#""fault":"act_then_cut""#, 1);
    running.hears(r#""status":200"#, 1);
    let lines = running.lines.lock().unwrap().join("\n");
    assert!(
        !lines.contains(icepanel_sandbox::API_KEY.split(':').nth(1).unwrap()),
        "{lines}"
    );
}
