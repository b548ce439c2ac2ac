//! The Swift package: its library in Rust, the Swift generated from it, `swift` itself.

mod counting;
mod toolchain;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{cargo_command, finish, finish_reading, root, target};
use crate::test::Counts;
use counting::Tests;
use toolchain::Toolchain;

/// The crates, by the name of their library, and what UniFFI makes of each.
const LIBRARIES: &[Library; 2] = &[
    Library {
        package: "icepanel-invites-uniffi",
        name: "icepanel_invites_ffi",
        swift: "IcePanelInvitesFFI",
        header: "CIcePanelInvites",
        released: "app",
    },
    Library {
        package: "icepanel-invites-uniffi-testing",
        name: "icepanel_sandbox_ffi",
        swift: "IcePanelSandboxFFI",
        header: "CIcePanelSandbox",
        released: "release",
    },
];

struct Library {
    package: &'static str,
    name: &'static str,
    swift: &'static str,
    header: &'static str,
    /// Where cargo puts it when it is built for speed.
    released: &'static str,
}

impl Library {
    fn folder(&self, profile: Profile) -> &'static str {
        match profile {
            Profile::Debug => "debug",
            Profile::Release => self.released,
        }
    }
}

/// What is built: for tests, or for benchmarks.
#[derive(Clone, Copy)]
enum Profile {
    Debug,
    Release,
}

/// Runs all tests of the package.
///
/// Where there can be no Swift this says so, and is an error under `CI=true`.
pub(crate) fn test(counts: &mut Counts) -> Result<(), String> {
    run_tests(&["test"], counts)
}

/// Runs the scenarios alone.
pub(crate) fn scenarios(counts: &mut Counts) -> Result<(), String> {
    run_tests(&["test", "--filter", "ScenarioTests"], counts)
}

fn run_tests(arguments: &[&str], counts: &mut Counts) -> Result<(), String> {
    let toolchain = match Toolchain::find() {
        Ok(toolchain) => toolchain,
        Err(why) => {
            println!("Swift was NOT tested: {why}");
            return match std::env::var("CI").as_deref() {
                Ok("true") => Err("Swift was not tested".to_owned()),
                _ => Ok(()),
            };
        }
    };
    prepare(Profile::Debug)?;
    let mut tests = Tests::default();
    let outcome = finish_reading(&mut swift(&toolchain, arguments), |line| tests.read(line));
    let (passed, failed, skipped) = tests.counted();
    counts.add(passed, failed, skipped);
    outcome
}

/// `cargo xtask swift …`: builds the library, generates, and runs `swift build`, `run` or `test` with
/// these arguments in the package.
pub(crate) fn run(arguments: &[&str]) -> Result<(), String> {
    let toolchain = Toolchain::find()?;
    prepare(Profile::Debug)?;
    match arguments {
        [] => Ok(()),
        arguments => finish(&mut swift(&toolchain, arguments)),
    }
}

/// Measures the package beside its peer.
pub(crate) fn bench() -> Result<(), String> {
    let toolchain = Toolchain::find()?;
    prepare(Profile::Release)?;
    let server = crate::node::serve().map_err(|why| format!("no server: {why}"))?;
    let arguments = ["run", "--configuration", "release", "bench"];
    finish(swift(&toolchain, &arguments).env("ICEPANEL_BENCH_SERVER", server))
}

fn package() -> PathBuf {
    root().join("bindings/swift")
}

/// `swift build`, `swift run` or `swift test` in the package. What it builds lies under `target`; no
/// warning of the compiler passes, what is generated included.
fn swift(toolchain: &Toolchain, arguments: &[&str]) -> Command {
    let mut command = toolchain.command("swift", &package(), &[]);
    let (verb, rest) = arguments.split_first().unwrap_or((&"build", &[]));
    command
        .args([verb, "--scratch-path"])
        .arg(root().join("target/swift-build"))
        .args(["-Xswiftc", "-warnings-as-errors"])
        .args(rest);
    command
}

/// Builds both libraries, and puts them and the Swift generated from them where the package looks.
fn prepare(profile: Profile) -> Result<(), String> {
    // First, for it builds the client's library too, with the generator's features.
    let generator = "uniffi-bindgen";
    finish(&mut cargo_command(&[
        "build",
        "--quiet",
        "--package",
        LIBRARIES[0].package,
        "--features",
        "bindgen",
        "--bin",
        generator,
    ]))?;
    build(profile)?;

    let (target, native) = (target(), package().join("Native"));
    let generated = target.join("swift-generated");
    for library in LIBRARIES {
        let file = format!(
            "{}{}{}",
            std::env::consts::DLL_PREFIX,
            library.name,
            std::env::consts::DLL_SUFFIX
        );
        let built = target.join(library.folder(profile)).join(&file);
        // Of the sandbox's library it makes the client's Swift once more, the same.
        let mut generate = Command::new(target.join("debug").join(generator));
        generate
            .current_dir(root())
            .args(["generate", "--no-format", "--language", "swift"])
            .arg("--out-dir")
            .arg(&generated)
            .arg("--library")
            .arg(&built);
        finish(&mut generate)?;

        let sources = package().join("Sources");
        let (swift, header) = (
            format!("{}.swift", library.swift),
            format!("{}.h", library.header),
        );
        copy(&built, &native.join(&file))?;
        copy(
            &generated.join(&swift),
            &sources.join(library.swift).join(&swift),
        )?;
        copy(
            &generated.join(&header),
            &sources.join(library.header).join(&header),
        )?;
    }
    Ok(())
}

fn build(profile: Profile) -> Result<(), String> {
    let [app, sandbox] = LIBRARIES;
    match profile {
        Profile::Debug => finish(&mut cargo_command(&[
            "build",
            "--quiet",
            "--package",
            app.package,
            "--package",
            sandbox.package,
        ])),
        Profile::Release => {
            // As an app ships it: bindings/uniffi/docs/size.md.
            finish(&mut cargo_command(&[
                "rustc",
                "--quiet",
                "--profile=app",
                "--features=app",
                "--lib",
                "--crate-type=cdylib",
                "--package",
                app.package,
            ]))?;
            finish(&mut cargo_command(&[
                "build",
                "--quiet",
                "--release",
                "--package",
                sandbox.package,
            ]))
        }
    }
}

/// Copies a file unless it is there as it is: what is older than what was built from it is not
/// built again.
fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let failed = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    let new = std::fs::read(from).map_err(|error| failed(from, error))?;
    if std::fs::read(to).is_ok_and(|old| old == new) {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    }
    std::fs::write(to, new).map_err(|error| failed(to, error))
}
