//! The commands of the page print what the page shows.

use std::path::PathBuf;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use icepanel_sandbox::Sandbox;
use serde_json::json;

use super::common::{command, end, page, sandbox};

const PAGE: &str = include_str!("../../docs/recipes.md");
/// The last day of the guest on the page.
const LAST_DAY: &str = "2026-12-11";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A recipe whose commands run in a folder of their own, one block after the other.
struct Recipe {
    blocks: std::vec::IntoIter<Vec<page::Step<'static>>>,
    folder: PathBuf,
}

impl Recipe {
    fn new(heading: &str) -> Self {
        let text = PAGE.split(&format!("\n## {heading}\n")).nth(1).unwrap();
        let text = text.split("\n## ").next().unwrap();
        let blocks: Vec<_> = page::consoles(text).collect();
        Self {
            blocks: blocks.into_iter(),
            folder: page::folder(&format!("recipe-{}", heading.replace(' ', "-"))),
        }
    }

    /// Runs the commands of the next block, which end with these codes.
    #[track_caller]
    fn next(&mut self, organization: &Sandbox, codes: &[i32]) {
        let block = self.blocks.next().unwrap();
        let mut codes = codes.iter();
        let day = (Utc::now() + TimeDelta::days(14)).format("%Y-%m-%d");
        for (line, shown) in block {
            if let Some(file) = line.strip_prefix("cat ") {
                let content = shown.replace(LAST_DAY, &day.to_string());
                std::fs::write(self.folder.join(file), content + "\n").unwrap();
                continue;
            }
            let mut arguments = line.split(' ');
            assert_eq!(arguments.next(), Some("icepanel-invites"));
            let mut command = command(organization, &arguments.collect::<Vec<_>>());
            command.current_dir(&self.folder);
            let ended = end(command);
            assert_eq!(ended.code.as_ref(), codes.next(), "`{line}`: {ended:?}");
            let printed = match ended.stdout.as_str() {
                "" => &ended.stderr,
                printed => printed,
            };
            assert_eq!(
                page::lines(shown),
                page::lines(printed),
                "`{line}` prints this now:\n{printed}"
            );
        }
        assert_eq!(codes.next(), None);
    }

    fn end(mut self) {
        assert_eq!(self.blocks.next(), None);
        std::fs::remove_dir_all(&self.folder).unwrap();
    }
}

#[test]
fn a_guest_for_two_weeks() {
    let organization = || {
        sandbox(json!({
            "members": [
                {"email": "owner@example.com", "permission": "admin"},
                {"email": "ada@example.com", "permission": "write"},
            ],
        }))
    };
    let mut recipe = Recipe::new("A guest for two weeks");
    let roster = organization();
    recipe.next(&roster, &[0]);
    roster.mark_used("guest@example.org").unwrap();
    roster.advance(15 * DAY).unwrap();
    recipe.next(&roster, &[0]);
    assert_eq!(roster.report().requests.remove_member, 1);

    let alone = organization();
    recipe.next(&alone, &[0]);
    alone.mark_used("guest@example.org").unwrap();
    alone.advance(14 * DAY).unwrap();
    recipe.next(&alone, &[0]);
    assert_eq!(alone.report().requests.remove_member, 1);
    recipe.end();
}

#[test]
fn offboard_who_has_left_the_export_of_hr() {
    let organization = sandbox(json!({
        "seats": 4,
        "members": [
            {"email": "owner@example.com", "permission": "admin"},
            {"email": "ada@example.com", "permission": "write"},
            {"email": "bob@example.com", "permission": "read"},
            {"email": "dan@example.com", "permission": "admin"},
        ],
        "invites": [
            {"email": "eve@example.com", "permission": "read"},
            {"email": "fay@example.com", "permission": "read"},
        ],
    }));
    let mut recipe = Recipe::new("Offboard who has left HR's export");
    recipe.next(&organization, &[0]);
    recipe.next(&organization, &[2]);
    assert_eq!(organization.report().requests.revoke, 0);
    recipe.next(&organization, &[7]);
    recipe.next(&organization, &[0]);
    let requests = organization.report().requests;
    assert_eq!(
        (requests.create, requests.revoke, requests.remove_member),
        (0, 1, 1)
    );
    recipe.end();
}

#[test]
fn the_roster_in_git() {
    let organization = sandbox(json!({
        "seats": 4,
        "members": [
            {"email": "owner@example.com", "permission": "admin"},
            {"email": "ada@example.com", "permission": "write"},
            {"email": "dan@example.com", "permission": "read"},
        ],
    }));
    let mut recipe = Recipe::new("The roster in git");
    recipe.next(&organization, &[0]);
    recipe.end();
}
