//! What no linter knows of: each step can be run by hand, each action is pinned, and no permission is given by default.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::run::root;

/// What is wrong in the workflows, by file and line.
pub(super) fn check() -> Result<(), String> {
    let mut wrong = Vec::new();
    let mut actions = BTreeSet::new();
    for file in super::files(".github/workflows")? {
        let text = read(&file)?;
        let name = file.strip_prefix(root()).unwrap_or(&file).display();
        wrong.extend(slips(&text).iter().map(|slip| format!("{name}:{slip}")));
        actions.extend(uses(&text).map(|(_, action)| action.to_owned()));
    }
    let recipe = read(&root().join(super::RECIPE))?;
    let slips = slips_of_recipe(&recipe, &actions);
    wrong.extend(slips.iter().map(|slip| format!("{}:{slip}", super::RECIPE)));
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(wrong.join("; ")),
    }
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|why| format!("{}: {why}", file.display()))
}

/// The keys and values of a file, each with the number of its line.
fn fields(text: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    text.lines().enumerate().filter_map(|(index, line)| {
        let line = line.trim().trim_start_matches("- ");
        let (key, value) = line.split_once(": ")?;
        Some((index + 1, key, value))
    })
}

/// The actions that a workflow uses.
fn uses(text: &str) -> impl Iterator<Item = (usize, &str)> {
    fields(text)
        .filter(|(_, key, _)| *key == "uses")
        .map(|(line, _, action)| (line, action))
}

fn slips(text: &str) -> Vec<String> {
    let mut slips = slips_of_permissions(text);
    slips.extend(fields(text).filter_map(|(line, key, value)| {
        let slip = match key {
            "run" => slip_of_command(value.split(" # ").next().unwrap_or_default()),
            "uses" => slip_of_action(value),
            _ => None,
        };
        slip.map(|slip| format!("{line}: {slip}"))
    }));
    slips
}

/// The recipe has scripts. Its actions are at the commits that our own workflows use, which are updated.
fn slips_of_recipe(text: &str, actions: &BTreeSet<String>) -> Vec<String> {
    let mut slips = slips_of_permissions(text);
    let old = uses(text).filter(|(_, action)| !actions.contains(*action));
    slips.extend(old.map(|(line, action)| format!("{line}: .github/workflows has no {action}")));
    slips
}

fn slips_of_permissions(text: &str) -> Vec<String> {
    match text.contains("\npermissions: {}\n") {
        true => Vec::new(),
        false => vec!["1: no `permissions: {}` at the top".to_owned()],
    }
}

/// The tasks that a step may run, as `main.rs` has them.
const TASKS: &[&str] = &[
    "advisories",
    "dist",
    "fuzz",
    "model",
    "prove",
    "publish",
    "release",
    "test",
    "version",
];

fn slip_of_command(command: &str) -> Option<String> {
    let mut words = command.split_whitespace();
    if [words.next(), words.next()] != [Some("cargo"), Some("xtask")] {
        return Some(format!("`{command}` is not a task of cargo xtask"));
    }
    let task = words.next().unwrap_or_default();
    if !TASKS.contains(&task) {
        return Some(format!("there is no task {task}"));
    }
    let parts = crate::test::PARTS;
    let unknown = |part: &&str| !parts.iter().any(|known| known.name == *part);
    words
        .find(|part| task == "test" && unknown(part))
        .map(|part| format!("test has no part {part}"))
}

/// An action is named by a commit, with the release that the commit is beside it.
fn slip_of_action(action: &str) -> Option<String> {
    let (name, release) = action.split_once(" # ").unwrap_or((action, ""));
    let (_, commit) = name.split_once('@').unwrap_or((name, ""));
    let is_commit = commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit());
    let is_release = release.strip_prefix('v').is_some_and(|version| {
        version.split('.').count() == 3
            && version.split('.').all(|part| part.parse::<u32>().is_ok())
    });
    (!is_commit || !is_release).then(|| format!("{action} is not COMMIT # vX.Y.Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "on: push\n\npermissions: {}\n\njobs:\n  a:\n    steps:\n      - uses: a/b@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1\n      - run: cargo xtask test rust node\n      - name: x\n        run: cargo xtask dist --check\n";

    #[test]
    fn a_good_workflow_has_no_slips() {
        assert_eq!(slips(GOOD), Vec::<String>::new());
    }

    #[test]
    fn each_slip_is_found() {
        for (good, bad, line) in [
            ("permissions: {}", "permissions: write-all", "1: no"),
            ("@3d3c42e5aac5ba805825da76410c181273ba90b1", "@v7", "8: "),
            (" # v7.0.1", "", "8: "),
            ("cargo xtask test rust node", "npm ci", "9: `npm ci`"),
            (
                "test rust node",
                "test rust nodes",
                "9: test has no part nodes",
            ),
            ("dist --check", "dits", "11: there is no task dits"),
        ] {
            let slips = slips(&GOOD.replace(good, bad));
            assert_eq!(slips.len(), 1, "{bad}: {slips:?}");
            assert!(slips[0].starts_with(line), "{bad}: {slips:?}");
        }
    }

    #[test]
    fn a_recipe_may_have_scripts_and_has_no_other_actions() {
        let actions = uses(GOOD).map(|(_, action)| action.to_owned()).collect();
        let recipe = GOOD.replace("cargo xtask test rust node", "|\n          npm ci");
        assert_eq!(slips_of_recipe(&recipe, &actions), Vec::<String>::new());
        for (good, bad, line) in [
            ("permissions: {}", "permissions: write-all", "1: no"),
            ("a/b@3d", "a/b@4d", "8: "),
            ("v7.0.1", "v7.0.0", "8: "),
        ] {
            let slips = slips_of_recipe(&recipe.replace(good, bad), &actions);
            assert_eq!(slips.len(), 1, "{bad}: {slips:?}");
            assert!(slips[0].starts_with(line), "{bad}: {slips:?}");
        }
    }
}
