//! Nothing that the client has is missing, or called otherwise, in a language.
//!
//! What the client has is read out of its source: the types that its crate exports, with their public fields, variants
//! and methods. What a language has is read out of what its package declares. A name is spelled as the language spells
//! names; deliberate differences are in `parity/otherwise.rs`, with the reason.
#![allow(
    clippy::panic,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

#[path = "parity/core.rs"]
mod core;
#[path = "parity/languages.rs"]
mod languages;
#[path = "parity/otherwise.rs"]
mod otherwise;

use std::fs;
use std::path::{Path, PathBuf};

use languages::{LANGUAGES, Language};
use otherwise::{Otherwise, otherwise};

pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("a root").to_owned()
}

/// Every file below a folder with one of these endings, as one text.
pub(crate) fn sources(folder: &Path, endings: &[&str]) -> String {
    let entries = fs::read_dir(folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut text = String::new();
    for path in paths {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        if path.is_dir() {
            text.push_str(&sources(&path, endings));
        } else if name.is_some_and(|name| {
            // What UniFFI writes for Swift is there only after Swift's own tests have begun.
            !name.ends_with("FFI.swift") && endings.iter().any(|ending| name.ends_with(ending))
        }) {
            text.push_str(&fs::read_to_string(&path).expect("a text"));
            text.push('\n');
        }
    }
    text
}

fn missing(language: &Language) -> Vec<String> {
    let surface = language.surface();
    let mut missing = Vec::new();
    for (owner, members) in core::exported() {
        let names = otherwise(language.name, &owner, "");
        let owners = match names {
            Otherwise::Same => vec![owner.clone()],
            Otherwise::As(names) => names.iter().map(|name| (*name).to_owned()).collect(),
            Otherwise::Not(why) => {
                assert!(!why.is_empty(), "a reason is owed");
                continue;
            }
        };
        let declared: String = owners.iter().map(|owner| surface.of_type(owner)).collect();
        if declared.is_empty() {
            missing.push(format!("{owner} (as {})", owners.join(", ")));
            continue;
        }
        for member in members {
            let spelled = match otherwise(language.name, &owner, &member.name) {
                Otherwise::Same => vec![language.spelled(&member)],
                Otherwise::As(names) => names.iter().map(|name| (*name).to_owned()).collect(),
                Otherwise::Not(_) => continue,
            };
            for name in spelled {
                // A duration has its unit in its name there.
                let timed = (language.name == "Node").then(|| format!("{name}Ms"));
                let there = |name: &String| languages::has_word(&declared, name);
                if !there(&name) && !timed.as_ref().is_some_and(there) {
                    missing.push(format!("{owner}::{} (as {name})", member.name));
                }
            }
        }
    }
    missing
}

#[test]
fn every_type_method_option_field_and_kind_of_the_client_is_in_every_language() {
    let mut wrong = Vec::new();
    for language in LANGUAGES {
        wrong.extend(
            missing(language)
                .iter()
                .map(|what| format!("{}: {what}", language.name)),
        );
    }
    assert!(
        wrong.is_empty(),
        "missing or misnamed:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn what_the_client_has_is_read() {
    let exported = core::exported();
    let members = |owner: &str| -> Vec<String> {
        let members = exported
            .get(owner)
            .unwrap_or_else(|| panic!("no {owner} in {exported:?}"));
        members.iter().map(|member| member.name.clone()).collect()
    };
    for (owner, some) in [
        (
            "InviteClient",
            &[
                "list",
                "find_active",
                "create",
                "ensure",
                "revoke_active",
                "apply",
                "renew",
            ][..],
        ),
        (
            "InviteClientBuilder",
            &["base_url", "ca_certificate_pem", "pacing"],
        ),
        ("Invite", &["id", "email", "used_by_user_id"]),
        ("ErrorKind", &["SeatsExhausted", "OutcomeUnknown"]),
        ("InviteError", &["retry_after", "invite_may_exist"]),
        ("Pacing", &["reads", "writes", "documented"]),
    ] {
        for name in some {
            assert!(
                members(owner).contains(&(*name).to_owned()),
                "{owner}::{name}"
            );
        }
    }
    assert!(exported.len() >= 25, "{:?}", exported.keys());
}

#[test]
fn a_method_that_a_language_lacks_is_missed() {
    for language in LANGUAGES {
        let surface = language.surface();
        let client: String = match otherwise(language.name, "InviteClient", "") {
            Otherwise::As(names) => names.iter().map(|name| surface.of_type(name)).collect(),
            _ => surface.of_type("InviteClient"),
        };
        let member = |name: &str| language.spelled(&core::Member::method(name));
        assert!(
            languages::has_word(&client, &member("find_active")),
            "{}",
            language.name
        );
        assert!(
            !languages::has_word(&client, &member("find_passive")),
            "{}",
            language.name
        );
    }
}

#[test]
fn what_is_deliberately_otherwise_is_there() {
    let exported = core::exported();
    for (_, owner, member) in otherwise::all() {
        let members = exported
            .get(owner)
            .unwrap_or_else(|| panic!("there is no {owner}"));
        let known = member.is_empty() || members.iter().any(|known| known.name == member);
        assert!(known, "there is no {owner}::{member}");
    }
}

/// A change of the public API is seen in a review, and named in the CHANGELOG.
#[test]
fn the_public_api_is_the_one_that_was_reviewed() {
    let file = root().join("crates/icepanel-invites/public-api.txt");
    let now = core::api();
    if std::env::var_os("UPDATE_PUBLIC_API").is_some() {
        fs::write(&file, &now).expect("the file can be written");
    }
    let reviewed = fs::read_to_string(&file).expect("the file");
    let gone: Vec<&str> = reviewed
        .lines()
        .filter(|line| !now.lines().any(|now| now == *line))
        .collect();
    let new: Vec<&str> = now
        .lines()
        .filter(|line| !reviewed.lines().any(|old| old == *line))
        .collect();
    assert!(
        reviewed == now,
        "the public API has changed: gone {gone:#?}, new {new:#?}; if that is meant, run this test with UPDATE_PUBLIC_API=1 and name it in the CHANGELOG"
    );
}
