//! Runs a workflow as GitHub does, as far as the workflow of the page needs it: conditions, environments, secrets, and each
//! `run:` step with bash. `cargo install` and `gh` are replaced; an action does nothing but a checkout.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use icepanel_sandbox::{API_KEY, Sandbox};
use saphyr_parser::{Event, Parser};
use serde_json::{Map, Value, json};

use super::common::{Ended, page};

/// Makes the command available, as `cargo install` does, and records its arguments.
const CARGO: &str = r#"#!/bin/bash
echo "$*" >>"$STATE/cargo.txt"
ln -sf "$COMMAND" "$STATE/bin/icepanel-invites"
"#;

/// The comments of a pull request, in a file. A comment that is too long is rejected, as GitHub does.
const GH: &str = r#"#!/bin/bash
set -eu
[ "$1" = api ] && [ "$GH_TOKEN" = "the token" ]
shift
method=GET
while [ $# -gt 0 ]; do
  case "$1" in
    --paginate | --silent) ;;
    --jq) filter=$2; shift ;;
    --method) method=$2; shift ;;
    --field) file=${2#body=@}; shift ;;
    *) path=$1 ;;
  esac
  shift
done
echo "$method $path" >>"$STATE/gh.txt"
comments="$STATE/comments.json"
case "$method" in
  GET) jq -r "$filter" "$comments"; exit ;;
  POST) change='. + [{id: (length + 1), user: {login: "github-actions[bot]"}, body: $body}]' ;;
  PATCH) change='map(if .id == ($id | tonumber) then .body = $body else . end)' ;;
esac
[ "$(wc -m <"$file")" -le 65536 ]
jq --rawfile body "$file" --arg id "${path##*/}" "$change" "$comments" >"$comments.new"
mv "$comments.new" "$comments"
"#;

/// A job that has run: its name, its environment, whether it has succeeded, what its steps have written.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) name: String,
    pub(crate) environment: Option<String>,
    pub(crate) is_success: bool,
    pub(crate) log: String,
    pub(crate) summary: String,
}

/// A repository with the workflow, the roster, and an organization.
pub(crate) struct Repository<'a> {
    workflow: Value,
    organization: &'a Sandbox,
    folder: PathBuf,
    pub(crate) roster: String,
}

/// What has happened: the contexts of the run.
pub(crate) type Contexts = BTreeMap<String, String>;

pub(crate) fn push() -> Contexts {
    contexts(&[("github.event_name", "push")])
}

pub(crate) fn night() -> Contexts {
    contexts(&[("github.event_name", "schedule")])
}

/// A pull request whose branch is in this repository.
pub(crate) fn pull_request(head: &str) -> Contexts {
    contexts(&[
        ("github.event_name", "pull_request"),
        ("github.event.pull_request.number", "7"),
        ("github.event.pull_request.head.repo.full_name", head),
    ])
}

fn contexts(of_event: &[(&str, &str)]) -> Contexts {
    let always = [
        ("github.repository", "acme/people"),
        ("github.server_url", "https://github.example"),
        ("github.run_id", "99"),
        ("github.token", "the token"),
    ];
    let all = always.iter().chain(of_event);
    all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

impl<'a> Repository<'a> {
    pub(crate) fn new(name: &str, workflow: &str, organization: &'a Sandbox, roster: &str) -> Self {
        let folder = page::folder(&format!("workflow-{name}"));
        fs::create_dir_all(folder.join("bin")).unwrap();
        for (program, script) in [("cargo", CARGO), ("gh", GH)] {
            let path = folder.join("bin").join(program);
            fs::write(&path, script).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        fs::write(folder.join("comments.json"), "[]").unwrap();
        Self {
            workflow: yaml(workflow),
            organization,
            folder,
            roster: roster.to_owned(),
        }
    }

    /// Runs the jobs whose condition is met.
    pub(crate) fn run(&self, event: &Contexts) -> Vec<Job> {
        let jobs = self.workflow["jobs"].as_object().unwrap().iter();
        jobs.filter(|(_, job)| is_true(&value(text(&job["if"]), event)))
            .map(|(name, job)| self.job(name, job, event))
            .collect()
    }

    /// The comments on the pull request.
    pub(crate) fn comments(&self) -> Vec<String> {
        let comments: Value = serde_json::from_str(&self.read("comments.json")).unwrap();
        let comments = comments.as_array().unwrap().iter();
        comments
            .map(|comment| text(&comment["body"]).to_owned())
            .collect()
    }

    /// A comment of somebody else.
    pub(crate) fn comment(&self, author: &str, body: &str) {
        let mut comments: Value = serde_json::from_str(&self.read("comments.json")).unwrap();
        let list = comments.as_array_mut().unwrap();
        list.push(json!({"id": list.len() + 1, "user": {"login": author}, "body": body}));
        fs::write(self.folder.join("comments.json"), comments.to_string()).unwrap();
    }

    /// What a replaced program was called with: `cargo.txt`, `gh.txt`.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap_or_default()
    }

    fn job(&self, name: &str, job: &Value, event: &Contexts) -> Job {
        let work = self.folder.join("work");
        // A new machine.
        let _ = fs::remove_dir_all(&work);
        let _ = fs::remove_file(self.folder.join("bin/icepanel-invites"));
        fs::create_dir_all(&work).unwrap();
        let environment = job["environment"].as_str();
        let environment = environment.or(job["environment"]["name"].as_str());
        let environment = environment.map(str::to_owned);
        let mut contexts = event.clone();
        // Only a job with an environment has a secret; of a fork no job has one.
        let head = event.get("github.event.pull_request.head.repo.full_name");
        let is_fork = head.is_some_and(|head| *head != event["github.repository"]);
        if environment.is_some() && !is_fork {
            contexts.insert("secrets.ICEPANEL_API_KEY".to_owned(), API_KEY.to_owned());
        }
        let mut done = Job {
            name: name.to_owned(),
            environment,
            is_success: true,
            log: String::new(),
            summary: String::new(),
        };
        for step in job["steps"].as_array().unwrap() {
            let condition = match text(&step["if"]) {
                "" => done.is_success,
                condition => is_true(&value(inside(condition), &contexts)),
            };
            let mut outcome = "skipped";
            if condition {
                let ended = self.step(step, &work, &contexts);
                outcome = match ended.code {
                    Some(0) => "success",
                    _ => "failure",
                };
                done.is_success &= ended.code == Some(0);
                done.log.push_str(&ended.stdout);
                done.log.push_str(&ended.stderr);
            }
            let id = format!("steps.{}.outcome", text(&step["id"]));
            contexts.insert(id, outcome.to_owned());
        }
        done.summary = fs::read_to_string(work.join("summary.md")).unwrap_or_default();
        let secret = API_KEY.split(':').nth(1).unwrap();
        assert!(!format!("{done:?}{:?}", self.comments()).contains(secret));
        done
    }

    fn step(&self, step: &Value, work: &Path, contexts: &Contexts) -> Ended {
        let mut command = Command::new("bash");
        if let Some(action) = step["uses"].as_str() {
            assert!(action.starts_with("actions/checkout@"), "{action}");
            fs::write(work.join("people.csv"), &self.roster).unwrap();
            command.args(["-c", "true"]);
        } else {
            let script = work.join("step.sh");
            fs::write(&script, text(&step["run"])).unwrap();
            // As GitHub runs a step with `shell: bash`.
            assert_eq!(self.workflow["defaults"]["run"]["shell"], "bash");
            command
                .args(["--noprofile", "--norc", "-eo", "pipefail"])
                .arg(script);
        }
        let path = std::env::var("PATH").unwrap();
        let bin = self.folder.join("bin");
        command
            .env_clear()
            .env("PATH", format!("{}:{path}", bin.display()))
            .env("HOME", work)
            .env("CI", "true")
            .env("GITHUB_REPOSITORY", &contexts["github.repository"])
            .env("GITHUB_STEP_SUMMARY", work.join("summary.md"))
            .env("STATE", &self.folder)
            .env("COMMAND", env!("CARGO_BIN_EXE_icepanel-invites"))
            .env("ICEPANEL_BASE_URL", self.organization.base_url());
        for (name, value) in [&self.workflow["env"], &step["env"]]
            .into_iter()
            .filter_map(Value::as_object)
            .flatten()
        {
            command.env(name, filled(text(value), contexts));
        }
        let output = command.current_dir(work).stdin(Stdio::null()).output();
        Ended::from(output.unwrap())
    }
}

impl Drop for Repository<'_> {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A text with its `${{ … }}` replaced.
pub(crate) fn filled(text: &str, contexts: &Contexts) -> String {
    let mut parts = text.split("${{");
    let mut filled = parts.next().unwrap().to_owned();
    for part in parts {
        let (expression, rest) = part.split_once("}}").unwrap();
        filled += &value(expression, contexts);
        filled += rest;
    }
    filled
}

/// A condition without the `${{ }}` around it.
fn inside(condition: &str) -> &str {
    let inner = condition.strip_prefix("${{");
    inner.map_or(condition, |inner| inner.strip_suffix("}}").unwrap())
}

/// The value of an expression: names, texts, `cancelled()`, and the operators that the workflow uses.
fn value(expression: &str, contexts: &Contexts) -> String {
    let expression = expression.trim();
    let one = |part: &str| value(part, contexts);
    if let Some((left, right)) = expression.split_once("||") {
        let left = one(left);
        return if is_true(&left) { left } else { one(right) };
    }
    if let Some((left, right)) = expression.split_once("&&") {
        let left = one(left);
        return if is_true(&left) { one(right) } else { left };
    }
    if let Some((left, right)) = expression.split_once("!=") {
        return (one(left) != one(right)).to_string();
    }
    if let Some((left, right)) = expression.split_once("==") {
        return (one(left) == one(right)).to_string();
    }
    if let Some(rest) = expression.strip_prefix('!') {
        return (!is_true(&one(rest))).to_string();
    }
    if let Some(text) = expression.strip_prefix('\'') {
        return text.strip_suffix('\'').unwrap().to_owned();
    }
    match expression {
        "cancelled()" => "false".to_owned(),
        name => {
            let known = ["github.", "secrets.", "steps."];
            assert!(known.iter().any(|start| name.starts_with(start)), "{name}");
            contexts.get(name).cloned().unwrap_or_default()
        }
    }
}

fn is_true(value: &str) -> bool {
    !value.is_empty() && value != "false"
}

/// The text of a scalar; of anything else the empty text.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// YAML with texts, lists and mappings.
pub(crate) fn yaml(text: &str) -> Value {
    let mut events = Parser::new_from_str(text).map(|event| event.unwrap().0);
    loop {
        match events.next().unwrap() {
            Event::StreamStart | Event::DocumentStart(_) => {}
            first => return node(first, &mut events),
        }
    }
}

fn node<'a>(event: Event<'a>, events: &mut impl Iterator<Item = Event<'a>>) -> Value {
    match event {
        Event::Scalar(text, ..) => Value::String(text.into_owned()),
        Event::SequenceStart(..) => {
            let mut list = Vec::new();
            loop {
                match events.next().unwrap() {
                    Event::SequenceEnd => return Value::Array(list),
                    item => list.push(node(item, events)),
                }
            }
        }
        Event::MappingStart(..) => {
            let mut fields = Map::new();
            loop {
                match events.next().unwrap() {
                    Event::MappingEnd => return Value::Object(fields),
                    name => {
                        let name = text(&node(name, events)).to_owned();
                        let value = events.next().unwrap();
                        fields.insert(name, node(value, events));
                    }
                }
            }
        }
        other => panic!("{other:?}"),
    }
}
