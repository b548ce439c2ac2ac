//! The Swift package: its library in Rust, the Swift generated from it, `swift` itself.

mod counting;
mod toolchain;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::counts::Counts;
use crate::examples;
use crate::prove::{Driver, HostTests};
use crate::run::{finish, finish_reading, root, target};
use crate::uniffi::{self, Library, Profile};
use counting::Tests;
use toolchain::Toolchain;

/// The libraries, and the files that UniFFI generates for each.
const LIBRARIES: &[Generated; 2] = &[
    Generated {
        library: Library::App,
        swift: "IcePanelInvitesFFI",
        module: "IcePanelInvites",
        header: "CIcePanelInvites",
    },
    Generated {
        library: Library::Sandbox,
        swift: "IcePanelSandboxFFI",
        module: "IcePanelSandboxFFI",
        header: "CIcePanelSandbox",
    },
];

struct Generated {
    library: Library,
    swift: &'static str,
    /// The module of Swift that it is compiled into.
    module: &'static str,
    header: &'static str,
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
        Err(why) => return counts.untested("Swift", &why),
    };
    prepare(Profile::Tests)?;
    let mut tests = Tests::default();
    let outcome = finish_reading(&mut swift(&toolchain, arguments), |line| tests.read(line));
    let (passed, failed, skipped) = tests.counted();
    counts.add(passed, failed, skipped);
    for (seconds, test) in tests.times() {
        counts.took(seconds, test);
    }
    for (test, why) in tests.issues() {
        counts.failure(test, why);
    }
    outcome
}

/// `cargo xtask swift …`: builds the library, generates, and runs `swift build`, `run` or `test` with
/// these arguments in the package. `driver` builds the driver of the proof, and says where it is.
pub(crate) fn run(arguments: &[&str]) -> Result<(), String> {
    if arguments == ["driver"] {
        println!("{}", driver()?.display());
        return Ok(());
    }
    let toolchain = Toolchain::find()?;
    match arguments {
        [] => prepare(Profile::Release),
        arguments => {
            prepare(Profile::Tests)?;
            finish(&mut swift(&toolchain, arguments))
        }
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

/// Builds the driver of the proof. What comes back is a script that is replaced by it, wherever its
/// Swift lives: with its streams, its signals and its process id.
pub(crate) fn driver() -> Result<PathBuf, String> {
    let toolchain = Toolchain::find()?;
    prepare(Profile::Tests)?;
    finish(&mut swift(
        &toolchain,
        &["build", "--product", "ProveDriver"],
    ))?;
    let built = root().join("target/swift-build/debug/ProveDriver");
    // Certificates and similar files may be where temporary files are.
    let temporary = std::env::temp_dir();
    let command = toolchain.command(&built.to_string_lossy(), &package(), &[&temporary]);
    let script = root().join("target/swift-build/prove-driver");
    let failed = |error: std::io::Error| format!("{}: {error}", script.display());
    std::fs::write(&script, shell_script(&command)).map_err(failed)?;
    finish(Command::new("chmod").arg("+x").arg(&script))?;
    Ok(script)
}

/// A command as a script that it takes the place of.
fn shell_script(command: &Command) -> String {
    let quoted = |word: &OsStr| format!("'{}'", word.to_string_lossy().replace('\'', r"'\''"));
    let mut script = "#!/bin/sh\n".to_owned();
    if let Some(folder) = command.get_current_dir() {
        script += &format!("cd {} || exit\n", quoted(folder.as_os_str()));
    }
    script += "exec env";
    for (name, _) in command.get_envs().filter(|(_, value)| value.is_none()) {
        script += &format!(" -u {}", name.to_string_lossy());
    }
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            script += &format!(" {}={}", name.to_string_lossy(), quoted(value));
        }
    }
    for word in std::iter::once(command.get_program()).chain(command.get_args()) {
        script += &format!(" {}", quoted(word));
    }
    script + "\n"
}

/// A script that is `swift` in a folder, wherever its Swift lives. `also` is a folder that it must see.
pub(crate) fn program(folder: &Path, also: &Path) -> Result<String, String> {
    let command = Toolchain::find()?.command("swift", folder, &[folder, also]);
    Ok(shell_script(&command).trim_end().to_owned() + " \"$@\"\n")
}

/// Whether there is a Swift, or there can be one.
pub(crate) fn there() -> Result<(), String> {
    Toolchain::with("swift-format").map(drop)
}

/// `swift-format` in the package.
pub(crate) fn formatter() -> Result<Command, String> {
    Ok(Toolchain::with("swift-format")?.tool("swift-format", &package()))
}

/// Writes DocC's pages of the package: of what the compiler knows of it, and of the catalogue in its sources. They are
/// served below the path `base`.
pub(crate) fn document(to: &Path, base: &str) -> Result<(), String> {
    let toolchain = Toolchain::with("docc")?;
    prepare(Profile::Tests)?;
    let graphs = root().join("target/swift-docs/graphs");
    let failed = |why: std::io::Error| format!("{}: {why}", graphs.display());
    let _ = std::fs::remove_dir_all(&graphs);
    std::fs::create_dir_all(&graphs).map_err(failed)?;
    let mut build = toolchain.command("swift", &package(), &[]);
    build
        .args([
            "build",
            "--quiet",
            "--target",
            "IcePanelInvites",
            "--scratch-path",
        ])
        .arg(root().join("target/swift-docs/build"));
    for flag in ["-emit-symbol-graph", "-emit-symbol-graph-dir"] {
        build.args(["-Xswiftc", flag]);
    }
    finish(build.arg("-Xswiftc").arg(&graphs))?;
    let mut docc = toolchain.tool("docc", &package());
    docc.args(["convert", "Sources/IcePanelInvites/IcePanelInvites.docc"])
        .args(["--fallback-display-name", "IcePanelInvites"])
        .args(["--fallback-bundle-identifier", "IcePanelInvites"])
        .args([
            "--transform-for-static-hosting",
            "--hosting-base-path",
            base,
        ])
        .arg("--additional-symbol-graph-dir")
        .arg(&graphs)
        .arg("--output-path")
        .arg(to);
    finish(&mut docc)
}

/// What `cargo xtask prove` starts: the driver, and the tests of what hosts do.
pub(crate) fn drivers() -> Result<Vec<Driver>, String> {
    let toolchain = Toolchain::find()?;
    let tests = swift(
        &toolchain,
        &["test", "--filter", "CancellationTests|ClientTests"],
    );
    let hosts = HostTests {
        command: tests,
        runner: "swift",
        shows: &[
            (
                "a cancelled Task",
                &[
                    "aCancelledListIsGivenUp",
                    "aCancelledCreateSays",
                    "aTaskThatIsCancelledAlready",
                    "aWaitBetweenTriesIsCancelled",
                ],
            ),
            ("a group that fails", &["aGroupThatFailsStopsItsOtherCalls"]),
            (
                "a client that goes (deinit) during a call",
                &["aClientMayGoWhileItsCallIsUnderWay"],
            ),
            ("many calls at once", &["manyCallsAtOnce"]),
        ],
    };
    Ok(vec![Driver {
        name: "Swift",
        command: Command::new(driver()?),
        hosts: vec![hosts],
    }])
}

pub(crate) fn package() -> PathBuf {
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
    uniffi::build(profile)?;
    let native = package().join("Native");
    let generated = target().join("swift-generated");
    for made in LIBRARIES {
        let built = made.library.built(profile);
        uniffi::generate_swift(made.library, profile, &generated)?;

        let sources = package().join("Sources");
        let (swift, header) = (
            format!("{}.swift", made.swift),
            format!("{}.h", made.header),
        );
        copy(&built, &native.join(made.library.file_name()))?;
        copy(
            &generated.join(&swift),
            &sources.join(made.module).join(&swift),
        )?;
        copy(
            &generated.join(&header),
            &sources.join(made.header).join(&header),
        )?;
    }
    write_examples(&native)
}

/// The examples of README.md, numbered in their order: each is a program, or a file of tests.
fn write_examples(native: &Path) -> Result<(), String> {
    let read = examples::read(&package().join("README.md"), &["swift"])?;
    let named = read.into_iter().zip(1..).map(|(example, number)| {
        let name = match example.code.contains("import Testing") {
            true => format!("Tests/Example{number}.swift"),
            false => format!("Example{number}/main.swift"),
        };
        (name, example.code)
    });
    examples::write(&native.join("readme"), &named.collect())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_becomes_a_script() {
        let mut command = Command::new("sh");
        command
            .args([
                "-c",
                "printf '%s|' \"$@\" \"$X\" \"$PWD\" \"${HOME-none}\"",
                "sh",
            ])
            .args(["it's", "a $b"])
            .env("X", "y z")
            .env_remove("HOME")
            .current_dir("/");
        let script = shell_script(&command);
        let output = Command::new("sh").args(["-c", &script]).output();
        let output = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
        assert_eq!(
            output.ok().as_deref(),
            Some("it's|a $b|y z|/|none|"),
            "{script}"
        );
    }
}
