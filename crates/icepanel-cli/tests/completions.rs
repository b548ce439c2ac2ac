//! Each shell is asked for completions, as with the tab key. A shell that is not there is not tested: the test is
//! ignored, or fails under `CI=true` on Linux, where `cargo xtask test` installs them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use libtest_mimic::{Arguments, Failed, Trial};

/// What is typed, and some of what must be offered.
const TRIES: &[(&[&str], &[&str])] = &[
    (
        &["list", "--status", ""],
        &["active", "used", "revoked", "expired"],
    ),
    (
        &["ensure", "x@example.com", "--permission", ""],
        &["read", "write", "admin", "billing"],
    ),
    (&["--output", ""], &["table", "markdown", "json", "csv"]),
    (&["re"], &["revoke", "renew"]),
    (
        &["apply", "--pr"],
        &["--prune", "--prune-at-most", "--prune-share"],
    ),
];

/// Asks a shell what it offers for these words.
type Ask = fn(&[&str]) -> Vec<String>;

fn main() -> ExitCode {
    let mut args = Arguments::from_args();
    // A shell may be slow on a busy machine, and several slower.
    args.test_threads = Some(2);
    let shells: &[(&str, Ask)] = &[("bash", bash), ("zsh", zsh), ("fish", fish)];
    let mut trials = vec![Trial::test("powershell_and_elvish_have_a_script", others)];
    for (shell, ask) in shells {
        let ask = *ask;
        let there = on_path(shell);
        let is_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
        let must = is_ci && cfg!(target_os = "linux");
        let trial = Trial::test(format!("{shell}_completes"), move || completes(ask));
        trials.push(trial.with_ignored_flag(!there && !must));
    }
    libtest_mimic::run(&args, trials).exit_code()
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn completes(ask: Ask) -> Result<(), Failed> {
    for (typed, wanted) in TRIES {
        let offered = ask(typed);
        for word in *wanted {
            if !offered.iter().any(|one| one == word) {
                return Err(format!("{typed:?} offers {offered:?}, without {word}").into());
            }
        }
    }
    let offered = ask(&["list", "--status", "ac"]);
    if offered != ["active"] {
        return Err(format!("--status ac offers {offered:?}").into());
    }
    Ok(())
}

/// Runs a script in a shell that finds the command, and returns the lines of its output.
fn lines(shell: &str, options: &[&str], script: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_BIN_EXE_icepanel-invites"))
        .parent()
        .unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&path));
    let home = std::env::temp_dir();
    let output = Command::new(shell)
        .args(options)
        .args(["-c", script])
        .env("PATH", std::env::join_paths(folders).unwrap())
        .env("HOME", &home)
        .env("XDG_CONFIG_HOME", &home)
        .env("XDG_DATA_HOME", &home)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.stderr.is_empty(), "{shell}: {output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(str::to_owned)
        .filter(|line| !line.is_empty())
        .collect()
}

fn quoted(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    words.join(" ")
}

/// Bash calls the function that is registered with the words of the line, and reads COMPREPLY.
fn bash(words: &[&str]) -> Vec<String> {
    let (last, count) = (words.last().unwrap(), words.len());
    let script = format!(
        "source <(icepanel-invites completions bash)
         function_of=$(complete -p icepanel-invites)
         function_of=${{function_of##*-F }}; function_of=${{function_of%% *}}
         COMP_WORDS=(icepanel-invites {}); COMP_CWORD={count}; COMP_TYPE=9
         compopt() {{ :; }}
         $function_of icepanel-invites '{last}' ''
         printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        quoted(words)
    );
    let lines = lines("bash", &["--norc", "--noprofile"], &script);
    lines
        .into_iter()
        .map(|line| line.trim().to_owned())
        .collect()
}

/// Zsh completes in a line editor alone: this takes the words that the function hands to `_describe`.
fn zsh(words: &[&str]) -> Vec<String> {
    let script = format!(
        "autoload -U compinit; compinit -u -D
         source <(icepanel-invites completions zsh)
         _describe() {{ local name; for name in \"$@\"; do [[ ${{(Pt)name}} == array* ]] && print -l -- \"${{(P@)name}}\"; done }}
         words=(icepanel-invites {}); CURRENT={}
         ${{_comps[icepanel-invites]}} 2>&1",
        quoted(words),
        words.len() + 1
    );
    let lines = lines("zsh", &["-f"], &script);
    // A description follows on a colon.
    lines
        .iter()
        .map(|line| line.split(':').next().unwrap().to_owned())
        .collect()
}

/// Fish has a command for it.
fn fish(words: &[&str]) -> Vec<String> {
    let script = format!(
        "icepanel-invites completions fish | source
         complete -C 'icepanel-invites {}'",
        words.join(" ")
    );
    let lines = lines("fish", &["--no-config"], &script);
    // A description follows on a tab.
    lines
        .iter()
        .map(|line| line.split('\t').next().unwrap().to_owned())
        .collect()
}

fn others() -> Result<(), Failed> {
    for (shell, sign) in [
        ("powershell", "Register-ArgumentCompleter"),
        ("elvish", "edit:completion:arg-completer"),
    ] {
        let script = common::end(common::bare(&["completions", shell]))
            .ok()
            .stdout;
        if !script.contains(sign) {
            return Err(format!("{shell}: {script}").into());
        }
    }
    Ok(())
}
