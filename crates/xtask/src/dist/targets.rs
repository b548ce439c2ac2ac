//! The platforms, and how a crate is compiled for each.

use std::env::consts::{ARCH, OS};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Dist, tools};
use crate::run::{cargo_command, finish};

/// How a platform's programs are linked.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// By zig, for glibc 2.17 and later.
    Glibc,
    /// By zig.
    Musl,
    /// By MinGW.
    Windows,
    /// By a Mac's own linker.
    Apple,
}

pub(super) struct Target {
    pub(super) triple: &'static str,
    pub(super) kind: Kind,
    pub(super) name: &'static str,
    /// What npm's package for it is called, without the scope.
    pub(super) npm: &'static str,
    /// The platform in the name of a wheel; several where several names mean the same.
    pub(super) wheel: &'static [&'static str],
    /// Where JNA looks for a library in a jar.
    pub(super) jna: &'static str,
}

pub(super) const TARGETS: &[Target] = &[
    Target {
        triple: "x86_64-unknown-linux-gnu",
        kind: Kind::Glibc,
        name: "Linux x64, glibc 2.17",
        npm: "linux-x64-gnu",
        wheel: &["manylinux_2_17_x86_64", "manylinux2014_x86_64"],
        jna: "linux-x86-64",
    },
    Target {
        triple: "x86_64-unknown-linux-musl",
        kind: Kind::Musl,
        name: "Linux x64, musl",
        npm: "linux-x64-musl",
        wheel: &["musllinux_1_2_x86_64"],
        jna: "",
    },
    Target {
        triple: "aarch64-unknown-linux-gnu",
        kind: Kind::Glibc,
        name: "Linux arm64, glibc 2.17",
        npm: "linux-arm64-gnu",
        wheel: &["manylinux_2_17_aarch64", "manylinux2014_aarch64"],
        jna: "linux-aarch64",
    },
    Target {
        triple: "aarch64-unknown-linux-musl",
        kind: Kind::Musl,
        name: "Linux arm64, musl",
        npm: "linux-arm64-musl",
        wheel: &["musllinux_1_2_aarch64"],
        jna: "",
    },
    Target {
        triple: "x86_64-pc-windows-gnu",
        kind: Kind::Windows,
        name: "Windows x64",
        npm: "win32-x64-msvc",
        wheel: &["win_amd64"],
        jna: "win32-x86-64",
    },
    Target {
        triple: "aarch64-apple-darwin",
        kind: Kind::Apple,
        name: "macOS arm64",
        npm: "darwin-arm64",
        wheel: &["macosx_11_0_arm64"],
        jna: "darwin-aarch64",
    },
    Target {
        triple: "x86_64-apple-darwin",
        kind: Kind::Apple,
        name: "macOS x64",
        npm: "darwin-x64",
        wheel: &["macosx_10_12_x86_64"],
        jna: "darwin-x86-64",
    },
];

/// The platform of this machine.
pub(super) fn native() -> Result<&'static Target, String> {
    let mut targets = TARGETS.iter();
    let found = targets.find(|target| target.is_native() && target.machine() == ARCH);
    found.ok_or_else(|| format!("there are no packages for {OS} on {ARCH}"))
}

/// What is compiled.
#[derive(Clone, Copy)]
pub(super) struct Artefact {
    pub(super) package: &'static str,
    /// The library's name, or the program's.
    pub(super) name: &'static str,
    pub(super) program: bool,
    pub(super) profile: &'static str,
    pub(super) features: &'static [&'static str],
}

pub(super) const COMMAND: Artefact = Artefact {
    package: "icepanel-invites-cli",
    name: "icepanel-invites",
    program: true,
    profile: "release",
    features: &[],
};

impl Target {
    /// Whether this machine compiles for it.
    fn is_for_here(&self) -> bool {
        match self.kind {
            Kind::Apple => OS == "macos",
            _ => OS == "linux" && ARCH == "x86_64",
        }
    }

    /// The architecture, as Rust names it.
    pub(super) fn machine(&self) -> &'static str {
        self.triple.split('-').next().unwrap_or_default()
    }

    fn is_host(&self) -> bool {
        OS == "linux" && self.kind == Kind::Glibc && self.machine() == ARCH
    }

    /// The name of a library there.
    pub(super) fn library(&self, name: &str) -> String {
        match self.kind {
            Kind::Windows => format!("{name}.dll"),
            Kind::Apple => format!("lib{name}.dylib"),
            Kind::Glibc | Kind::Musl => format!("lib{name}.so"),
        }
    }

    /// The name of a program there.
    pub(super) fn program(&self, name: &str) -> String {
        match self.kind {
            Kind::Windows => format!("{name}.exe"),
            _ => name.to_owned(),
        }
    }
}

/// The platforms for which a run compiles: the one that is named, or all whose standard library is there. The others are
/// printed.
pub(super) fn choose(only: Option<&str>) -> Result<Vec<&'static Target>, String> {
    let mut chosen = Vec::new();
    let wanted = |target: &&Target| only.is_none_or(|only| only == target.triple);
    for target in TARGETS.iter().filter(|it| it.is_for_here()).filter(wanted) {
        match crate::setup::standard_library(target.triple) {
            Ok(()) => chosen.push(target),
            // A release has all of them.
            Err(why) if only.is_some() || crate::setup::allowed(target.triple).is_ok() => {
                return Err(why);
            }
            Err(why) => println!("nothing is made for {}: {why}", target.name),
        }
    }
    match chosen.is_empty() {
        true => Err("this machine cannot compile for this platform".to_owned()),
        false => Ok(chosen),
    }
}

/// The platforms for which this run compiles.
pub(super) fn chosen(dist: &Dist) -> impl Iterator<Item = &'static Target> {
    dist.targets.iter().copied()
}

/// Compiles, and returns the file.
pub(super) fn compile(dist: &Dist, target: &Target, artefact: Artefact) -> Result<PathBuf, String> {
    compile_with(dist, target, artefact, &[], &[])
}

/// The same with arguments for the last call of rustc, and variables that name a file.
pub(super) fn compile_with(
    dist: &Dist,
    target: &Target,
    artefact: Artefact,
    last: &[String],
    environment: &[(&str, &Path)],
) -> Result<PathBuf, String> {
    println!("-- {} for {}", artefact.package, target.name);
    let mut command = compiler(dist, target, artefact.profile)?;
    command.envs(environment.iter().copied());
    let triple = match target.kind {
        Kind::Glibc => format!("{}.2.17", target.triple),
        _ => target.triple.to_owned(),
    };
    command.args(["--target", &triple, "--locked", "--quiet"]);
    command.args(["--package", artefact.package]);
    command.args(["--profile", artefact.profile]);
    command.args(artefact.features);
    match artefact.program {
        true => command.args(["--bin", artefact.name]),
        false => command.args(["--lib", "--crate-type=cdylib"]),
    };
    command.arg("--").args(last);
    if target.kind == Kind::Musl && artefact.program {
        // Everything is compiled so that it can be a part of a library; the program is static all the same.
        command.args(["-C", "target-feature=+crt-static"]);
    }
    finish(&mut command)?;
    let folder = build_folder(dist)
        .join(target.triple)
        .join(artefact.profile);
    Ok(match artefact.program {
        true => folder.join(target.program(artefact.name)),
        false => folder.join(target.library(artefact.name)),
    })
}

/// Where cargo builds what is packed.
pub(super) fn build_folder(dist: &Dist) -> PathBuf {
    dist.work.join("build")
}

/// `cargo rustc` in the copied sources, with what compiles and links for the platform.
fn compiler(dist: &Dist, to: &Target, profile: &str) -> Result<Command, String> {
    let mut command = cargo_command(&[]);
    let mut flags = vec!["-C".to_owned(), "strip=symbols".to_owned()];
    let mut path = vec![tools::programs()?];
    match to.kind {
        Kind::Glibc | Kind::Musl => {
            command = like(&command, &tools::program("cargo-zigbuild")?);
        }
        Kind::Windows => {
            let mingw = tools::mingw()?;
            let tool = |name: &str| mingw.join(format!("x86_64-w64-mingw32-{name}"));
            command
                .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", tool("gcc"))
                .env("CC_x86_64_pc_windows_gnu", tool("gcc"))
                .env("AR_x86_64_pc_windows_gnu", tool("ar"))
                .env("LIBNODE_PATH", tools::node_to_link(&tool("gcc"))?);
            path.push(mingw);
        }
        Kind::Apple => {}
    }
    command.arg("rustc").current_dir(&dist.source);
    if to.kind == Kind::Musl {
        let musl = ["target-feature=-crt-static", "link-self-contained=no"];
        flags.extend(musl.iter().flat_map(|flag| ["-C", flag]).map(str::to_owned));
    }
    if profile == "app" {
        flags.push(crate::uniffi::APP_FLAGS.to_owned());
    }
    flags.extend(without_paths(dist));
    let others = std::env::var_os("PATH").unwrap_or_default();
    path.extend(std::env::split_paths(&others));
    let path = std::env::join_paths(path).map_err(|why| why.to_string())?;
    // The declarations of Node's types are those of the build for tests.
    let declarations = dist.work.join("declarations");
    std::fs::create_dir_all(&declarations).map_err(|why| why.to_string())?;
    command
        .env("PATH", path)
        .env("RUSTFLAGS", flags.join(" "))
        .env("CARGO_TARGET_DIR", build_folder(dist))
        .env("NAPI_TYPE_DEF_TMP_FOLDER", declarations)
        // A platform's Python need not be there to compile for it.
        .env("PYO3_NO_PYTHON", "1");
    Ok(command)
}

/// Another program with what is set for a command.
fn like(command: &Command, program: &Path) -> Command {
    let mut other = Command::new(program);
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => other.env(name, value),
            None => other.env_remove(name),
        };
    }
    other
}

/// No path of the machine that compiles goes into what is given to others.
fn without_paths(dist: &Dist) -> Vec<String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home =
        home.or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cargo")));
    let folders = [
        (Some(dist.source.clone()), "icepanel-invites"),
        (home, "cargo"),
    ];
    let folders = folders.into_iter();
    folders
        .filter_map(|(from, to)| Some(format!("--remap-path-prefix={}={to}", from?.display())))
        .collect()
}

impl Target {
    /// Why a program for it cannot run here, or how: the program that runs it, if it takes one.
    pub(super) fn runner(&self) -> Result<Option<PathBuf>, String> {
        let found = |names: &[&str]| {
            let found = names.iter().find(|name| tools::answers(name, "--version"));
            found.map(PathBuf::from)
        };
        match self.kind {
            Kind::Apple => Ok(None),
            Kind::Windows => found(&["wine64", "/usr/lib/wine/wine64"])
                .map(Some)
                .ok_or_else(|| "no wine here".to_owned()),
            _ if self.machine() == ARCH => Ok(None),
            _ => found(&["qemu-aarch64-static"])
                .map(Some)
                .ok_or_else(|| "no qemu here".to_owned()),
        }
    }

    /// Whether what is for it is at home on this machine.
    pub(super) fn is_native(&self) -> bool {
        self.is_host() || (self.kind == Kind::Apple && OS == "macos")
    }
}
