//! All help, as it is shown in 80 columns. `UPDATE_SNAPSHOTS=1` writes the current text.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::{are_as_last_read, bare, end};

const COMMANDS: &[&str] = &[
    "ensure",
    "plan",
    "apply",
    "dump",
    "list",
    "create",
    "revoke",
    "renew",
    "members",
    "update-member",
    "remove-member",
    "seats",
    "status",
    "demo",
    "sandbox",
    "completions",
];

fn help(args: &[&str]) -> String {
    let mut command = bare(args);
    command.env("COLUMNS", "80");
    end(command).ok().stdout
}

#[test]
fn help_is_as_it_was_read_last() {
    let mut shown = vec![
        ("short".to_owned(), help(&["-h"])),
        ("long".to_owned(), help(&["--help"])),
    ];
    for command in COMMANDS {
        shown.push((format!("{command}-short"), help(&[command, "-h"])));
        shown.push((command.to_string(), help(&[command, "--help"])));
    }
    let trimmed = |text: String| -> String {
        text.lines()
            .map(|line| format!("{}\n", line.trim_end()))
            .collect()
    };
    are_as_last_read(
        "help",
        shown.into_iter().map(|(name, text)| (name, trimmed(text))),
    );
}

#[test]
fn help_fits_the_terminal_and_names_every_command() {
    let first = help(&["-h"]);
    for command in COMMANDS {
        assert!(first.contains(&format!("\n  {command}")), "{command}");
        for flag in ["-h", "--help"] {
            for line in help(&[command, flag]).lines() {
                // An example is one line, so that it can be copied. clap does not wrap the usage.
                let fits = line.chars().count() <= 80
                    || ["  icepanel-invites ", "Usage: "]
                        .iter()
                        .any(|start| line.starts_with(start));
                assert!(fits, "{command} {flag}: {line}");
            }
        }
    }
}

#[test]
fn there_is_a_manual_page_for_every_command() {
    let folder = std::env::temp_dir().join(format!("icepanel-man-{}", std::process::id()));
    let ended = end(bare(&["man", folder.to_str().unwrap()])).ok();
    let pages = std::fs::read_dir(&folder).unwrap().count();
    let written = format!("{pages} manual pages are written to ");
    assert!(ended.stderr.starts_with(&written), "{ended:?}");
    for command in COMMANDS {
        let page =
            std::fs::read_to_string(folder.join(format!("icepanel-invites-{command}.1"))).unwrap();
        assert!(page.contains(".SH SYNOPSIS"), "{command}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}
