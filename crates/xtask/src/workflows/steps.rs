//! What no linter knows of: each step can be run by hand, each action is pinned, and no permission is given by default.

use std::fs;

use crate::run::root;

/// What is wrong in the workflows, by file and line.
pub(super) fn check() -> Result<(), String> {
    let mut wrong = Vec::new();
    for file in super::files(".github/workflows")? {
        let text = fs::read_to_string(&file).map_err(|why| format!("{}: {why}", file.display()))?;
        let name = file
            .strip_prefix(root())
            .unwrap_or(&file)
            .display()
            .to_string();
        wrong.extend(slips(&text).iter().map(|slip| format!("{name}:{slip}")));
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(wrong.join("; ")),
    }
}

fn slips(text: &str) -> Vec<String> {
    let mut slips = Vec::new();
    if !text.contains("\npermissions: {}\n") {
        slips.push("1: no `permissions: {}` at the top".to_owned());
    }
    for (index, line) in text.lines().enumerate() {
        let line = line.trim().trim_start_matches("- ");
        let slip = match line.split_once(": ") {
            Some(("run", command)) => {
                let command = command.split(" # ").next().unwrap_or_default();
                slip_of_command(command)
            }
            Some(("uses", action)) => slip_of_action(action),
            _ => None,
        };
        slips.extend(slip.map(|slip| format!("{}: {slip}", index + 1)));
    }
    slips
}

/// The tasks that a step may run, as `main.rs` has them.
const TASKS: &[&str] = &[
    "advisories",
    "dist",
    "fuzz",
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
}
