//! `cargo xtask dist --check`: installs what was made as its users do, each in an empty folder and without Rust on the
//! path, from `target/dist` alone.

mod hosts;
mod scripts;

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use self::scripts::{CHECKS, Check};
use super::{Dist, tools, write};
use crate::run::finish;

/// What the scripts take: programs that invite somebody, and npm's registry.
const FILES: &[(&str, &str)] = &[
    ("invite.py", include_str!("check/invite.py")),
    ("invite.mjs", include_str!("check/invite.mjs")),
    ("Invite.java", include_str!("check/Invite.java")),
    ("main.swift", include_str!("check/main.swift")),
    ("pom.xml", include_str!("check/pom.xml")),
    ("registry.js", include_str!("check/registry.js")),
    ("hosts.sh", include_str!("check/hosts.sh")),
];

/// The package managers that are installed for this, by pip and by npm.
const OF_PYTHON: &[&str] = &["uv", "poetry", "pipx", "pyinstaller"];
const OF_NODE: &[&str] = &[
    "pnpm",
    "@yarnpkg/cli-dist",
    "bun",
    "deno",
    "@vercel/nft",
    "esbuild",
    "webpack",
    "webpack-cli",
];

/// The folders of one run.
struct Room<'a> {
    dist: &'a Dist,
    files: PathBuf,
    tools: PathBuf,
}

/// Runs the checks of the parts that are named, or all. With `quick`, those that take seconds.
pub(super) fn run(dist: &Dist, parts: &[&str], quick: bool) -> Result<(), String> {
    let room = Room {
        dist,
        files: dist.work.join("check/files"),
        tools: dist.work.join("check/tools"),
    };
    for (name, text) in FILES {
        write(&room.files.join(name), text)?;
    }
    let chosen = |check: &&Check| {
        (!quick || check.fast) && (parts.is_empty() || parts.contains(&check.part))
    };
    if !quick {
        room.install_tools()?;
    }
    let mut lines = Vec::new();
    let mut failed = Vec::new();
    for check in CHECKS.iter().chain(hosts::CHECKS).filter(chosen) {
        println!("-- {}", check.name);
        let started = Instant::now();
        let outcome = room.check(check);
        let seconds = started.elapsed().as_secs();
        lines.push(match outcome {
            Ok(None) => format!("{:32} installed and ran, {seconds} s", check.name),
            Ok(Some(why)) => format!("{:32} NOT run: {why}", check.name),
            Err(why) => {
                failed.push(check.name);
                format!("{:32} FAILED: {why}", check.name)
            }
        });
    }
    println!("\n{}", lines.join("\n"));
    match failed.is_empty() {
        true => Ok(()),
        false => Err(format!("failed: {}", failed.join(", "))),
    }
}

impl Room<'_> {
    /// Installs the package managers, once.
    fn install_tools(&self) -> Result<(), String> {
        let note = self.tools.join("installed.txt");
        let wanted = [OF_PYTHON, OF_NODE].concat().join("\n");
        if fs::read_to_string(&note).is_ok_and(|there| there == wanted) {
            return Ok(());
        }
        let python = self.tools.join("python");
        finish(
            Command::new("python3")
                .args(["-m", "venv", "--clear"])
                .arg(&python),
        )?;
        let mut pip = Command::new(python.join("bin/pip"));
        finish(pip.args(["install", "--quiet"]).args(OF_PYTHON))?;
        let node = self.tools.join("node");
        write(&node.join("package.json"), "{ \"private\": true }")?;
        let mut npm = Command::new("npm");
        npm.current_dir(&node)
            .args(["install", "--silent", "--no-audit", "--no-fund"]);
        finish(npm.args(OF_NODE))?;
        write(&note, wanted)
    }

    /// Puts `swift` where the scripts find it, if there is one.
    fn find_swift(&self, folder: &Path) -> Result<(), String> {
        let script = match crate::swift::program(folder, &self.dist.out) {
            Ok(script) => script,
            // Which the check then says.
            Err(_) => return Ok(()),
        };
        let bin = self.tools.join("bin");
        fs::create_dir_all(&bin).map_err(|why| format!("{}: {why}", bin.display()))?;
        tools::write_program(&bin.join("swift"), &script)
    }

    /// Runs a check. Some text says why it was not run.
    fn check(&self, check: &Check) -> Result<Option<String>, String> {
        let made = self.dist.out.join(check.part);
        if !made.is_dir() {
            return Ok(Some(format!("there is no {}", made.display())));
        }
        // Outside of the checkout: package managers look at the folders above.
        let name = format!("icepanel-invites-check-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        if check.tool == "swift" {
            self.find_swift(&folder)?;
        }
        let path = self.path(check.rust)?;
        if !check.tool.is_empty() && !answers(check.tool, &path) {
            return Ok(Some(format!("there is no {}", check.tool)));
        }
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
        let registry =
            Registry::start(&self.files.join("registry.js"), &self.dist.out.join("node"));
        let mut bash = Command::new("bash");
        bash.args(["-euo", "pipefail", "-c", check.script])
            .current_dir(&folder)
            .env("PATH", path)
            .env("DIST", &self.dist.out)
            .env("FILES", &self.files)
            .env("TOOLS", &self.tools)
            .env("SOURCE", &self.dist.source)
            .env("VERSION", &self.dist.version)
            .env("ARCHIVE", self.archive())
            .env("BIN", if cfg!(windows) { "Scripts" } else { "bin" })
            .env(
                "PYTHON",
                std::env::var_os("PYTHON").unwrap_or("python3".into()),
            )
            .env("GROUP", self.dist.owner.get("maven_group")?);
        if check.tool == hosts::WINE {
            bash.env("LACKING", tools::library_that_wine_lacks()?);
        }
        if let Ok(registry) = &registry {
            bash.env("REGISTRY", &registry.url);
        }
        for name in FOREIGN {
            bash.env_remove(name);
        }
        let ended = bash.stdin(Stdio::null()).status();
        let _ = fs::remove_dir_all(&folder);
        match ended {
            Ok(status) if status.success() => Ok(None),
            Ok(status) if status.code() == Some(NOT_DEBIAN) => {
                Ok(Some("it takes packages of Debian".to_owned()))
            }
            Ok(status) => Err(status.to_string()),
            Err(why) => Err(why.to_string()),
        }
    }

    /// The archive of the command for this machine.
    fn archive(&self) -> PathBuf {
        use std::env::consts::{ARCH, OS};
        let platform = match OS {
            "windows" => format!("{ARCH}-pc-windows-gnu.zip"),
            "macos" => format!("{ARCH}-apple-darwin.tar.gz"),
            _ => format!("{ARCH}-unknown-linux-musl.tar.gz"),
        };
        let name = format!("icepanel-invites-{}-{platform}", self.dist.version);
        self.dist.out.join("command").join(name)
    }

    /// The machine's path with the package managers, and with Rust or without.
    fn path(&self, rust: bool) -> Result<OsString, String> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let has_rust = |folder: &PathBuf| {
            ["cargo", "rustc"]
                .iter()
                .any(|program| folder.join(program).exists())
        };
        let own = [
            self.tools.join("bin"),
            self.tools.join("node/node_modules/.bin"),
            self.tools.join("python/bin"),
        ];
        let machine = std::env::split_paths(&path).filter(|folder| rust || !has_rust(folder));
        let folders = machine.chain(own);
        std::env::join_paths(folders).map_err(|why| why.to_string())
    }
}

/// What `hosts.sh` exits with where there are no packages of Debian.
const NOT_DEBIAN: i32 = 77;

/// What cargo sets for whom it starts, and what would name a library of this checkout.
const FOREIGN: &[&str] = &[
    "CARGO",
    "CARGO_TARGET_DIR",
    "LD_LIBRARY_PATH",
    "NAPI_RS_NATIVE_LIBRARY_PATH",
    "PYTHONPATH",
    "VIRTUAL_ENV",
];

fn answers(tool: &str, path: &OsString) -> bool {
    let mut command = Command::new("bash");
    let command = command
        .args(["-c", "command -v \"$0\"", tool])
        .env("PATH", path);
    let command = command.stdin(Stdio::null()).stdout(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// npm's registry, as long as this lives.
struct Registry {
    child: Child,
    url: String,
}

impl Registry {
    fn start(program: &Path, packages: &Path) -> Result<Self, String> {
        let failed = |why: std::io::Error| format!("{}: {why}", program.display());
        let mut child = Command::new("node")
            .arg(program)
            .arg(packages)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let mut url = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut url).map_err(failed)?;
        }
        let url = url.trim().to_owned();
        Ok(Self { child, url })
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        // It ends with its input.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
