//! Where the settings come from: options, variables, profiles.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{bare, end, run, sandbox};
use icepanel_sandbox::{API_KEY, ORGANIZATION_ID, Sandbox};
use serde_json::json;

/// A home with a configuration file, and a key file that only its owner can read.
struct Home(PathBuf);

impl Home {
    fn new(name: &str, configuration: &str) -> Self {
        let home =
            std::env::temp_dir().join(format!("icepanel-home-{}-{name}", std::process::id()));
        let folder = home.join(".config/icepanel-invites");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("config.toml"), configuration).unwrap();
        mode(&folder.join("config.toml"), 0o644);
        fs::write(folder.join("key"), API_KEY).unwrap();
        mode(&folder.join("key"), 0o600);
        Self(home)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(".config/icepanel-invites").join(name)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = bare(args);
        command.env("HOME", &self.0);
        command
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn configuration(sandbox: &Sandbox) -> String {
    format!(
        "default-profile = \"work\"\n\
         [profiles.work]\norganization = \"{ORGANIZATION_ID}\"\nbase-url = \"{}\"\nkey-file = \"key\"\n\
         [profiles.other]\norganization = \"other\"\n",
        sandbox.base_url()
    )
}

#[test]
fn a_profile_is_enough_and_status_says_where_each_setting_comes_from() {
    let sandbox = sandbox(json!({"seats": 5}));
    let home = Home::new("enough", &configuration(&sandbox));
    end(home.command(&["list"])).ok();
    let status = end(home.command(&["status", "-o", "json"])).ok().json();
    let from: Vec<&str> = status["settings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["from"].as_str().unwrap())
        .collect();
    assert_eq!(from, ["profile work"; 3]);
    assert_eq!(
        (&status["keyWorks"], &status["seats"]["free"]),
        (&json!(true), &json!(5))
    );
    let mut command = home.command(&["status", "--base-url", &sandbox.base_url()]);
    command
        .env("ICEPANEL_ORGANIZATION_ID", ORGANIZATION_ID)
        .env("ICEPANEL_API_KEY", API_KEY);
    let text = end(command).ok().stdout;
    for words in [
        "ICEPANEL_ORGANIZATION_ID",
        "--base-url",
        "ICEPANEL_API_KEY",
        "5 free",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    // An option before a variable, and that before the profile.
    let mut command = home.command(&["list", "--organization", ORGANIZATION_ID]);
    command.env("ICEPANEL_ORGANIZATION_ID", "wrong");
    end(command).ok();
    let mut command = home.command(&["list"]);
    command.env("ICEPANEL_ORGANIZATION_ID", "wrong");
    end(command).failed(12);
}

#[test]
fn an_error_about_the_file_does_not_contain_what_was_written_there() {
    for (name, line, says) in [
        (
            "field",
            format!("[profiles.work]\napi-key = \"{API_KEY}\""),
            "line 2: unknown field `api-key`",
        ),
        (
            "text",
            format!("[profiles]\nwork = \"{API_KEY}\""),
            "line 2: another type",
        ),
        (
            "list",
            format!("[profiles.work]\n\nkey-file = [\"{API_KEY}\"]"),
            "line 3: another type",
        ),
        ("key", API_KEY.to_owned(), "line 1: "),
        (
            "cut",
            format!("[profiles.work]\nkey-file = \"{API_KEY}"),
            "line 2: ",
        ),
    ] {
        let home = Home::new(&format!("wrong-{name}"), &line);
        let ended = end(home.command(&["status"])).failed(2);
        assert!(ended.stderr.contains(says), "{name}: {ended:?}");
        assert!(!ended.stderr.contains(API_KEY), "{name}: {ended:?}");
        assert!(ended.stderr.contains("config.toml"), "{name}: {ended:?}");
    }
}

#[test]
fn the_error_about_a_rejected_key_has_the_settings() {
    let sandbox = sandbox(json!({"apiKey": "another:key"}));
    let home = Home::new("key", &configuration(&sandbox));
    let ended = end(home.command(&["status"]));
    assert_eq!(ended.code, Some(10), "{ended:?}");
    assert!(ended.stdout.contains("was not confirmed"), "{ended:?}");
}

#[test]
fn a_profiles_base_url_gets_no_other_key_than_its_own() {
    let sandbox = sandbox(json!({}));
    let home = Home::new("own", &configuration(&sandbox));
    let mut command = home.command(&["list"]);
    command.env("ICEPANEL_API_KEY", API_KEY);
    let ended = end(command).failed(2);
    assert!(
        ended
            .stderr
            .contains("which is used only with its own key file"),
        "{ended:?}"
    );
    let ended =
        end(home.command(&["list", "--key-file", home.file("key").to_str().unwrap()])).failed(2);
    assert!(ended.stderr.contains("--key-file"), "{ended:?}");
    assert!(sandbox.report().log.is_empty());
}

#[test]
fn a_key_that_others_can_read_and_a_file_that_others_can_write_are_refused() {
    let sandbox = sandbox(json!({}));
    let home = Home::new("modes", &configuration(&sandbox));
    for (file, bad, good, cure) in [
        ("key", 0o640, 0o600, "chmod 600"),
        ("config.toml", 0o664, 0o644, "chmod go-w"),
    ] {
        mode(&home.file(file), bad);
        let ended = end(home.command(&["list"])).failed(2);
        assert!(ended.stderr.contains(cure), "{ended:?}");
        mode(&home.file(file), good);
        end(home.command(&["list"])).ok();
    }
}

#[test]
fn a_wrong_profile_is_an_error_and_the_working_directory_has_none() {
    let sandbox = sandbox(json!({}));
    let home = Home::new("wrong", &configuration(&sandbox));
    let ended = end(home.command(&["list", "--profile", "wrok"])).failed(2);
    assert!(ended.stderr.contains("other, work"), "{ended:?}");
    let mut command = home.command(&["list"]);
    command.env("ICEPANEL_PROFILE", "other");
    assert!(end(command).failed(2).stderr.contains("no API key"));
    fs::write(
        home.file("config.toml"),
        "[profiles.work]\napi-key = \"x\"\n",
    )
    .unwrap();
    let ended = end(home.command(&["list", "--profile", "work"])).failed(2);
    assert!(ended.stderr.contains("api-key"), "{ended:?}");
    // Neither a relative folder nor the working directory.
    let mut command = bare(&["list"]);
    command
        .current_dir(home.0.join(".config"))
        .env("XDG_CONFIG_HOME", ".");
    command.env("HOME", "/nowhere");
    assert!(end(command).failed(2).stderr.contains("no organization"));
}

#[test]
fn the_key_can_come_from_the_input() {
    let sandbox = sandbox(json!({}));
    let file = common::TempFile::new("stdin-key", API_KEY);
    let mut command = common::command(&sandbox, &["list", "--key-file", "-"]);
    command
        .env_remove("ICEPANEL_API_KEY")
        .stdin(fs::File::open(file.path()).unwrap());
    end(command).ok();
    let both = run(&sandbox, &["list", "--key-file", "/nowhere/key"]).failed(2);
    assert!(both.stderr.contains("/nowhere/key"), "{both:?}");
}
