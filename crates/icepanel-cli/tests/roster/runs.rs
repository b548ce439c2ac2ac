//! Runs that are killed or stopped.

use std::process::Stdio;

use serde_json::json;

use super::common::{self, Ended, TempFile, command, run, sandbox};

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
        common::eventually("this number of invites is made", || {
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
