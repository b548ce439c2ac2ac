//! roster-in-git.yml, run against the sandbox.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use icepanel_sandbox::Sandbox;
use serde_json::json;

use super::common::sandbox;
use super::github::{Job, Repository, filled, night, pull_request, push, text, yaml};

const WORKFLOW: &str = include_str!("../../docs/roster-in-git.yml");
const OURS: &str = "acme/people";
const FORK: &str = "somebody/people";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The organization whose id is in the workflow.
fn organization() -> Sandbox {
    sandbox(json!({
        "organizationId": yaml(WORKFLOW)["env"]["ICEPANEL_ORGANIZATION_ID"],
        "seats": 5,
        "members": [
            {"email": "owner@example.com", "permission": "admin"},
            {"email": "ada@example.com", "permission": "write"},
            {"email": "ben@example.com", "permission": "read"},
            {"email": "cyd@example.com", "permission": "read"},
        ],
        "invites": [{"email": "zoe|`x`<b>@example.com", "permission": "read"}],
    }))
}

/// The people of the organization, and more.
fn roster(more: &str) -> String {
    format!(
        "email,permission,until\nowner@example.com,admin,\nada@example.com,write,\n\
         ben@example.com,read,\ncyd@example.com,read,\n{more}"
    )
}

#[allow(
    clippy::print_stderr,
    reason = "names what has not run; under CI it fails instead"
)]
fn repository<'a>(name: &str, organization: &'a Sandbox, more: &str) -> Option<Repository<'a>> {
    let jq = std::process::Command::new("jq").arg("--version").output();
    if jq.is_err() && std::env::var("CI").is_err() {
        eprintln!("not run: jq is missing");
        return None;
    }
    let roster = roster(more);
    Some(Repository::new(name, WORKFLOW, organization, &roster))
}

/// The only job that has run.
#[track_caller]
fn only(mut jobs: Vec<Job>, name: &str) -> Job {
    assert_eq!(jobs.len(), 1, "{jobs:?}");
    let job = jobs.remove(0);
    assert_eq!(job.name, name, "{job:?}");
    job
}

fn writes(organization: &Sandbox) -> u64 {
    let requests = organization.report().requests;
    requests.create + requests.revoke + requests.update_member + requests.remove_member
}

#[test]
fn a_pull_request_gets_the_plan_as_a_comment_that_later_runs_replace() {
    let organization = organization();
    let more = "eve@example.com,write,\n";
    let Some(mut repository) = repository("comment", &organization, more) else {
        return;
    };
    repository.comment("somebody", "<!-- roster -->\nis how the comment begins");
    repository.comment("github-actions[bot]", "of another workflow");

    let job = only(repository.run(&pull_request(OURS)), "plan");
    assert!(job.is_success, "{job:?}");
    assert_eq!(job.environment.as_deref(), Some("icepanel-plan"));
    let comments = repository.comments();
    assert_eq!(comments.len(), 3, "{comments:?}");
    let start =
        "<!-- roster -->\n**Plan: 1 to invite, 0 to replace, 1 to revoke; 4 unchanged**\n\n| ";
    assert!(comments[2].starts_with(start), "{comments:?}");
    assert!(comments[2].contains("\n| `+` | `eve@example.com` | write | "));
    // Nothing of the text of the service forms a cell, a mention or HTML.
    let foreign = "\n| `-` | <code>zoe&#124;&#96;x&#96;&#60;b&#62;&#64;example&#46;com</code> | ";
    assert!(comments[2].contains(foreign), "{comments:?}");
    assert_eq!(job.summary, comments[2]);

    repository.roster = roster("fay@example.com,read,\n");
    assert!(only(repository.run(&pull_request(OURS)), "plan").is_success);
    let replaced = repository.comments();
    assert_eq!(replaced[..2], comments[..2]);
    assert_eq!(replaced.len(), 3, "{replaced:?}");
    assert!(replaced[2].contains("`fay@example.com`"), "{replaced:?}");
    assert_eq!(
        repository.read("gh.txt"),
        "GET repos/acme/people/issues/7/comments\nPOST repos/acme/people/issues/7/comments\n\
         GET repos/acme/people/issues/7/comments\nPATCH repos/acme/people/issues/comments/3\n"
    );
    assert_eq!(writes(&organization), 0);
}

#[test]
fn a_pull_request_without_a_change_gets_a_comment_too() {
    let organization = sandbox(json!({
        "organizationId": yaml(WORKFLOW)["env"]["ICEPANEL_ORGANIZATION_ID"],
        "members": [{"email": "owner@example.com", "permission": "admin"}],
    }));
    let Some(mut repository) = repository("unchanged", &organization, "") else {
        return;
    };
    repository.roster = "email,permission\nowner@example.com,admin\n".to_owned();
    let job = only(repository.run(&pull_request(OURS)), "plan");
    assert!(job.is_success, "{job:?}");
    assert!(repository.comments()[0].contains("**Plan: no changes; 1 unchanged**"));
}

#[test]
fn a_plan_that_would_be_rejected_is_commented_and_fails() {
    let organization = organization();
    // Two of four members are gone: more than the guard allows.
    let Some(mut repository) = repository("rejected", &organization, "") else {
        return;
    };
    repository.roster =
        "email,permission\nowner@example.com,admin\nada@example.com,write\n".to_owned();
    let job = only(repository.run(&pull_request(OURS)), "plan");
    assert!(!job.is_success, "{job:?}");
    let comment = repository.comments().remove(0);
    let start =
        "<!-- roster -->\n**apply would reject this:**\n\n    error: the plan would remove 2 ";
    assert!(comment.starts_with(start), "{comment}");
    assert!(comment.contains("**Plan: "), "{comment}");

    // Text of the file is in the errors.
    repository.roster = "email,permission\n@acme/everyone ```,read\n<img src=x>,read\n\
        \"[x](https://example.com)\r\r# x\",read\n"
        .to_owned();
    assert!(!only(repository.run(&pull_request(OURS)), "plan").is_success);
    let comment = repository.comments().remove(0);
    let errors = comment.lines().skip(3).collect::<Vec<_>>();
    assert!(comment.contains("<img src=x>"), "{comment}");
    assert!(errors.len() > 4, "{comment}");
    let is_code = |line: &&str| line.is_empty() || line.starts_with("    ");
    assert!(errors.iter().all(is_code), "{comment}");
    assert!(!comment.contains('\r'), "{comment:?}");
    assert_eq!(writes(&organization), 0);
}

#[test]
fn a_plan_that_is_too_long_for_a_comment_is_cut_and_whole_in_the_summary() {
    let organization = organization();
    let more: String = (0..900)
        .map(|number| format!("person-{number}@example.com,read,\n"))
        .collect();
    let Some(repository) = repository("long", &organization, &more) else {
        return;
    };
    let job = only(repository.run(&pull_request(OURS)), "plan");
    assert!(job.is_success, "{job:?}");
    let comment = repository.comments().remove(0);
    assert!(job.summary.len() > 65_536, "{}", job.summary.len());
    assert!(job.summary.contains("`person-899@example.com`"));
    assert!(comment.len() <= 65_536, "{}", comment.len());
    let (plan, end) = comment.rsplit_once("|\n\n").unwrap();
    assert!(job.summary.starts_with(plan));
    assert_eq!(
        end,
        "**This is only the start of the plan:** \
         [the whole plan](https://github.example/acme/people/actions/runs/99).\n"
    );
}

#[test]
fn a_merge_applies_and_a_night_without_a_change_sends_nothing() {
    let organization = organization();
    let Some(repository) = repository("merge", &organization, "eve@example.com,write,\n") else {
        return;
    };
    let job = only(repository.run(&push()), "apply");
    assert!(job.is_success, "{job:?}");
    assert_eq!(job.environment.as_deref(), Some("icepanel-apply"));
    let start = "**2 done, 4 kept**\n\n| email | action | outcome | note |\n| --- | --- | --- | --- |\n\
        | `eve@example.com` | invite | done | invited |\n";
    assert!(job.summary.starts_with(start), "{job:?}");
    assert_eq!(writes(&organization), 2);

    let job = only(repository.run(&night()), "apply");
    assert!(job.is_success, "{job:?}");
    assert_eq!(job.summary, "**5 kept**\n");
    assert_eq!(writes(&organization), 2);
    assert_eq!(repository.comments(), [""; 0]);
}

#[test]
fn a_night_after_the_last_day_removes_the_guest() {
    let organization = organization();
    let last_day = (Utc::now() + TimeDelta::days(14)).format("%Y-%m-%d");
    let more = format!("gus@example.org,read,{last_day}\n");
    let Some(repository) = repository("night", &organization, &more) else {
        return;
    };
    assert!(only(repository.run(&push()), "apply").is_success);
    organization.mark_used("gus@example.org").unwrap();
    organization.advance(13 * DAY).unwrap();
    let job = only(repository.run(&night()), "apply");
    assert_eq!(job.summary, "**5 kept**\n", "{job:?}");
    organization.advance(2 * DAY).unwrap();
    let job = only(repository.run(&night()), "apply");
    assert!(job.is_success, "{job:?}");
    assert!(
        job.summary
            .contains("| `gus@example.org` | remove | done | "),
        "{job:?}"
    );
    assert_eq!(organization.report().requests.remove_member, 1);
}

#[test]
fn what_waits_for_another_admin_is_no_failure_and_what_is_rejected_is_one() {
    let organization = organization();
    let Some(mut repository) = repository("codes", &organization, "") else {
        return;
    };
    repository.roster = roster("").replace("owner@example.com,admin", "owner@example.com,read");
    let options = text(&yaml(WORKFLOW)["env"]["OPTIONS"]).to_owned();
    let unprotected = WORKFLOW.replace(&options, "--manage-members --prune");
    let deferring = Repository::new("deferring", &unprotected, &organization, &repository.roster);
    let job = only(deferring.run(&night()), "apply");
    assert!(job.is_success, "{job:?}");
    assert!(job.summary.contains("1 deferred**"), "{job:?}");

    // A file that was cut.
    repository.roster = "email,permission\nowner@example.com,admin\n".to_owned();
    let job = only(repository.run(&push()), "apply");
    assert!(!job.is_success, "{job:?}");
    assert!(job.log.contains("--remove-at-most 3"), "{job:?}");
    assert_eq!(organization.report().requests.remove_member, 0);
}

#[test]
fn a_fork_has_no_key_and_its_file_is_read() {
    let organization = organization();
    let Some(mut repository) = repository("fork", &organization, "eve@example.com,write,\n") else {
        return;
    };
    let job = only(repository.run(&pull_request(FORK)), "check");
    assert!(job.is_success, "{job:?}");
    assert_eq!(job.environment, None);
    repository.roster = roster("eve@example.com,reader,\n");
    let job = only(repository.run(&pull_request(FORK)), "check");
    assert!(!job.is_success, "{job:?}");
    let error = "line 6: the permission \"reader\" is unknown";
    assert!(job.log.contains(error), "{job:?}");
    // The service has heard nothing, and the pull request has no comment.
    assert_eq!(organization.report().log.len(), 0);
    assert_eq!(repository.comments(), [""; 0]);
    assert_eq!(repository.read("gh.txt"), "");
}

#[test]
fn the_command_is_built_from_a_commit() {
    let organization = organization();
    let Some(repository) = repository("install", &organization, "") else {
        return;
    };
    let jobs = [pull_request(FORK), pull_request(OURS), push()].map(|event| repository.run(&event));
    assert_eq!(jobs.iter().flatten().count(), 3);
    let workflow = yaml(WORKFLOW);
    let line = format!(
        "install --locked --git {} --rev {} {}\n",
        text(&workflow["env"]["SOURCE"]),
        text(&workflow["env"]["COMMIT"]),
        env!("CARGO_PKG_NAME")
    );
    assert_eq!(repository.read("cargo.txt"), line.repeat(3));
}

/// Whatever a pull request has in it: its code never runs where a key is, and no text of it is part of a script.
#[test]
fn no_job_has_more_rights_than_it_needs() {
    assert!(!WORKFLOW.contains("pull_request_target"));
    assert!(!WORKFLOW.contains("workflow_run"));
    let workflow = yaml(WORKFLOW);
    assert_eq!(workflow["permissions"], json!({}));
    for (name, job) in workflow["jobs"].as_object().unwrap() {
        let has_key = job.to_string().contains("secrets.");
        assert_eq!(!job["environment"].is_null(), has_key, "{name}");
        let may_write = job["permissions"]["pull-requests"] == "write";
        assert_eq!(may_write, name == "plan");
        assert_eq!(job["permissions"]["contents"], "read", "{name}");
        for step in job["steps"].as_array().unwrap() {
            assert!(!text(&step["run"]).contains("${{"), "{step}");
            // The key and the token are in one step each.
            let env = step["env"].to_string();
            assert!(
                !(env.contains("secrets.") && env.contains("github.token")),
                "{step}"
            );
            if step["uses"].is_string() {
                // An old run that is started again does not apply an old roster.
                let is_newest = step["with"]["ref"] == "main";
                assert_eq!(is_newest, name == "apply", "{step}");
                assert_eq!(step["with"]["persist-credentials"], "false", "{step}");
            }
        }
    }
}

#[test]
fn two_runs_that_apply_are_never_at_the_same_time() {
    let concurrency = &yaml(WORKFLOW)["concurrency"];
    let of = |event| {
        let filled = |field: &str| filled(text(&concurrency[field]), &event);
        (filled("group"), filled("cancel-in-progress"))
    };
    assert_eq!(of(push()), ("roster-apply".into(), "false".into()));
    assert_eq!(of(push()), of(night()));
    assert_eq!(of(pull_request(OURS)), ("roster-7".into(), "true".into()));
}
