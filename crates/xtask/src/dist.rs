//! `cargo xtask dist`: what is given to others, for every platform that this machine compiles for, in `target/dist`.

mod check;
mod command;
mod kotlin;
mod libraries;
mod node;
mod notices;
mod owner;
mod python;
mod rust;
mod source;
mod swift;
mod table;
mod targets;
mod tools;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) use self::owner::Owner;
pub(crate) use self::rust::CRATES;
use self::table::Row;
pub(crate) use self::table::every_file;
use self::targets::Target;
use crate::counts::Counts;
use crate::files::copy;
use crate::run::{output, root, target};

/// A part that can be made alone.
struct Part {
    name: &'static str,
    make: fn(&Dist) -> Result<Vec<Row>, String>,
}

const PARTS: &[Part] = &[
    Part {
        name: "command",
        make: command::make,
    },
    Part {
        name: "rust",
        make: rust::make,
    },
    Part {
        name: "python",
        make: python::make,
    },
    Part {
        name: "node",
        make: node::make,
    },
    Part {
        name: "kotlin",
        make: kotlin::make,
    },
    Part {
        name: "swift",
        make: swift::make,
    },
    Part {
        name: libraries::NAME,
        make: libraries::make,
    },
];

/// The folders of packages that are packed as they are.
const WITH_LICENCE: &[&str] = &[
    "crates/icepanel-invites",
    "crates/icepanel-sandbox",
    "crates/icepanel-cli",
    "node",
];

/// Where things are.
pub(crate) struct Dist {
    /// The sources that are packed: a copy.
    pub(crate) source: PathBuf,
    /// What lies about while it is made.
    pub(crate) work: PathBuf,
    /// What is given to others.
    pub(crate) out: PathBuf,
    /// The platforms to compile for.
    targets: Vec<&'static Target>,
    /// Whether packages of another run, for other platforms, remain in `out`.
    adds: bool,
    /// What another machine has made, in a folder of the same form as `out`.
    with: Option<PathBuf>,
    pub(crate) version: String,
    /// The time of the last commit, which files in archives have, in seconds.
    epoch: String,
    pub(crate) owner: Owner,
}

/// `cargo xtask dist [--check [--quick] | [--target TRIPLE] [--with FOLDER]] [PART…]`.
pub(crate) fn run(arguments: &[&str]) -> Result<(), String> {
    let (mut checks, mut quick, mut only, mut with) = (false, false, None, None);
    let mut arguments = arguments;
    loop {
        arguments = match arguments {
            ["--check", rest @ ..] => {
                checks = true;
                rest
            }
            ["--quick", rest @ ..] => {
                quick = true;
                rest
            }
            ["--target", triple, rest @ ..] => {
                only = Some(*triple);
                rest
            }
            ["--with", folder, rest @ ..] => {
                with = Some(root().join(folder));
                rest
            }
            _ => break,
        };
    }
    let unknown = |name: &&&str| !PARTS.iter().any(|part| part.name == **name);
    if let Some(name) = arguments.iter().find(unknown) {
        let known: Vec<_> = PARTS.iter().map(|part| part.name).collect();
        return Err(format!(
            "dist has no part {name}; its parts are {}",
            known.join(", ")
        ));
    }
    let mut dist = Dist {
        adds: only.is_some(),
        with,
        ..Dist::new()?
    };
    if checks {
        return check::run(&dist, arguments, quick);
    }
    dist.targets = targets::choose(only)?;
    let mut rows = Vec::new();
    let mut failures = Vec::new();
    for part in PARTS {
        let chosen = match arguments {
            // The libraries alone are for another machine.
            [] => part.name != libraries::NAME,
            names => names.contains(&part.name),
        };
        if !chosen {
            continue;
        }
        println!("== {}", part.name);
        match (part.make)(&dist) {
            Ok(made) => rows.extend(made),
            Err(why) => failures.push(format!("{}: {why}", part.name)),
        }
    }
    table::sums(&dist.out)?;
    println!();
    table::print(&rows, &dist.out);
    for sentence in dist.owner.open() {
        println!("not to be published yet: {sentence}");
    }
    match failures.is_empty() {
        true => Ok(()),
        false => Err(failures.join("\n")),
    }
}

/// `cargo xtask test dist`: the wheel and the tarballs of the build for tests, installed by pip and npm.
pub(crate) fn test(counts: &mut Counts) -> Result<(), String> {
    if let Err(why) = targets::native() {
        return counts.untested("packages", &why);
    }
    crate::build::everything()?;
    let mut dist = Dist::new()?;
    dist.out = target().join("dist-test");
    let wheels = dist.fresh("python")?;
    let wheel = crate::python::wheel_for_tests()?;
    copy(&wheel, &wheels.join(wheel.file_name().unwrap_or_default()))?;
    node::make_for_tests(&dist)?;
    let checked = check::run(&dist, &["python", "node"], true);
    counts.add(checked.is_ok().into(), checked.is_err().into(), 0);
    checked
}

impl Dist {
    pub(crate) fn new() -> Result<Self, String> {
        let owner = Owner::read()?;
        let work = target().join("dist-work");
        let source = work.join("source");
        fs::create_dir_all(&source).map_err(|why| format!("{}: {why}", source.display()))?;
        source::copy(&owner, &source)?;
        // Each package has the licence in it.
        for package in WITH_LICENCE {
            let licence = root().join("LICENSE");
            let copied = fs::copy(&licence, source.join(package).join("LICENSE"));
            copied.map_err(|why| format!("{}: {why}", licence.display()))?;
        }
        let time =
            output(
                Command::new("git")
                    .current_dir(root())
                    .args(["log", "-1", "--format=%ct"]),
            )?;
        Ok(Self {
            source,
            work,
            out: target().join("dist"),
            targets: Vec::new(),
            adds: false,
            with: None,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            epoch: time.trim().to_owned(),
            owner,
        })
    }

    /// A folder below `target/dist`, without what a run for all platforms before has left in it, and with what another
    /// machine has made.
    fn fresh(&self, name: &str) -> Result<PathBuf, String> {
        let folder = self.out.join(name);
        if !self.adds {
            let _ = fs::remove_dir_all(&folder);
        }
        fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
        if let Some(others) = self.others(name) {
            copy(&others, &folder)?;
        }
        Ok(folder)
    }

    /// What another machine has made of a part.
    fn others(&self, name: &str) -> Option<PathBuf> {
        let folder = self.with.as_ref()?.join(name);
        folder.is_dir().then_some(folder)
    }
}

/// Writes a file, and its folder.
fn write(file: &Path, text: impl AsRef<[u8]>) -> Result<(), String> {
    let failed = |why: std::io::Error| format!("{}: {why}", file.display());
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(file, text).map_err(failed)
}
