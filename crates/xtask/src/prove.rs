//! `cargo xtask prove`: builds each language's driver and its tests, and hands them to the harness in `tests/prove`.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use crate::build;
use crate::counts::Counts;
use crate::run::{finish, foreign, root, target};

/// A language: how it is prepared, and what is started then.
struct Language {
    /// As it is named on the command line.
    name: &'static str,
    /// Whether this machine has, or gets, what the language takes; an error says why it is not tried here.
    there: fn() -> Result<(), String>,
    /// Builds what its drivers need.
    prepare: fn() -> Result<Vec<Driver>, String>,
}

const LANGUAGES: &[Language] = &[
    Language {
        name: "rust",
        there: || Ok(()),
        prepare: rust,
    },
    Language {
        name: "python",
        there: || Ok(()),
        prepare: crate::python::drivers,
    },
    Language {
        name: "node",
        there: || Ok(()),
        prepare: crate::node::drivers,
    },
    Language {
        name: "kotlin",
        there: crate::kotlin::there,
        prepare: crate::kotlin::drivers,
    },
    Language {
        name: "swift",
        there: crate::swift::there,
        prepare: crate::swift::drivers,
    },
];

/// A driver, and a language's own tests of what its hosts do.
pub(crate) struct Driver {
    /// As the table names it.
    pub(crate) name: &'static str,
    pub(crate) command: Command,
    pub(crate) hosts: Vec<HostTests>,
}

/// Tests of a language's own runner that show what no driver can.
pub(crate) struct HostTests {
    pub(crate) command: Command,
    /// The output format of its runner: `pytest`, `tap`, `surefire`, `swift` or `cargo`.
    pub(crate) runner: &'static str,
    /// What is shown, and a part of the name of each test that shows it.
    pub(crate) shows: &'static [(&'static str, &'static [&'static str])],
}

/// `cargo xtask prove [LANGUAGE…] [--release] [OPTIONS of the harness]`: everything, and where no language and no part is left
/// out, the summary into the repository.
pub(crate) fn run(arguments: &[&str]) -> Result<(), String> {
    let options = arguments.iter().position(|word| word.starts_with('-'));
    let (names, options) = arguments.split_at(options.unwrap_or(arguments.len()));
    let release = |option: &&str| *option == "--release";
    if options.iter().any(release) {
        build::optimize();
    }
    let options: Vec<&str> = options
        .iter()
        .copied()
        .filter(|option| !release(option))
        .collect();
    let known: Vec<&str> = LANGUAGES.iter().map(|language| language.name).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(name)) {
        return Err(format!(
            "there is no language {unknown:?}; the languages are {}",
            known.join(", ")
        ));
    }
    let prepared = prepare(names)?;
    let mut harness = prepared.harness();
    harness.args(&options);
    let part = ["--part", "--quick", "--results", "--spoil"];
    if names.is_empty() && !options.iter().any(|option| part.contains(option)) {
        harness
            .arg("--results")
            .arg(root().join("tests/prove/RESULTS.md"));
    }
    finish(&mut harness)?;
    match (std::env::var("CI").as_deref(), prepared.untried.is_empty()) {
        (Ok("true"), false) => Err("not every language was tried".to_owned()),
        _ => Ok(()),
    }
}

/// The part of `cargo xtask test`: less of everything, in minutes.
pub(crate) fn test(counts: &mut Counts) -> Result<(), String> {
    let prepared = prepare(&[])?;
    for (language, why) in &prepared.untried {
        counts.untested(language, why)?;
    }
    finish(prepared.harness().arg("--quick"))
}

struct Prepared {
    launch: PathBuf,
    untried: BTreeMap<&'static str, String>,
}

impl Prepared {
    fn harness(&self) -> Command {
        let mut command = foreign(build::program("prove"));
        command
            .current_dir(root())
            .arg("--launch")
            .arg(&self.launch)
            .arg("--table")
            .arg(target().join("prove/table.md"))
            .arg("--about")
            .arg(about());
        command
    }
}

/// Builds the drivers of these languages, or of all, and writes down how they are started.
fn prepare(names: &[&str]) -> Result<Prepared, String> {
    // The harness, the driver for Rust, and what the other drivers load.
    build::everything()?;
    let mut drivers = Vec::new();
    let mut untried = BTreeMap::new();
    for language in LANGUAGES {
        if !names.is_empty() && !names.contains(&language.name) {
            continue;
        }
        match (language.there)() {
            Ok(()) => drivers.extend((language.prepare)()?),
            Err(why) => {
                untried.insert(language.name, why);
            }
        }
    }
    let drivers: Vec<Value> = drivers.iter().map(Driver::json).collect();
    let launch = target().join("prove-launch.json");
    let text = json!({"languages": drivers, "untried": untried}).to_string();
    std::fs::write(&launch, text).map_err(|why| format!("{}: {why}", launch.display()))?;
    Ok(Prepared { launch, untried })
}

fn rust() -> Result<Vec<Driver>, String> {
    let mut command = Command::new(build::program("prove-driver"));
    command.current_dir(root());
    Ok(vec![Driver {
        name: "Rust",
        command,
        hosts: Vec::new(),
    }])
}

/// The commit, the day and the machine, for the head of the table.
fn about() -> String {
    let said = |program: &str, arguments: &[&str]| {
        let output = Command::new(program)
            .args(arguments)
            .current_dir(root())
            .output();
        output.map_or_else(
            |_| "?".to_owned(),
            |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        )
    };
    let commit = said("git", &["rev-parse", "--short", "HEAD"]);
    let day = said("date", &["+%Y-%m-%d"]);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let (system, machine) = (std::env::consts::OS, std::env::consts::ARCH);
    let builds = match build::optimized() {
        true => "The harness and the libraries in Rust are optimized, as those that ship.",
        false => "The harness and all packages are debug builds.",
    };
    format!("A run of commit {commit} on {day}; {system}, {machine}, {cores} cores. {builds}")
}

impl Driver {
    fn json(&self) -> Value {
        let hosts: Vec<Value> = self.hosts.iter().map(HostTests::json).collect();
        json!({"name": self.name, "driver": program(&self.command), "hosts": hosts})
    }
}

impl HostTests {
    fn json(&self) -> Value {
        let shows: BTreeMap<_, _> = self.shows.iter().copied().collect();
        json!({"program": program(&self.command), "runner": self.runner, "shows": shows})
    }
}

/// A command, as the harness reads it.
fn program(command: &Command) -> Value {
    let text = |text: &OsStr| text.to_string_lossy().into_owned();
    let arguments: Vec<String> = command.get_args().map(text).collect();
    let environment: BTreeMap<String, Option<String>> = command
        .get_envs()
        .map(|(name, value)| (text(name), value.map(text)))
        .collect();
    json!({
        "program": text(command.get_program()),
        "arguments": arguments,
        "folder": command.get_current_dir().map_or_else(root, PathBuf::from),
        "environment": environment,
    })
}
