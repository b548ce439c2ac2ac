//! The Kotlin package: its libraries in Rust, the Kotlin generated from them, Maven.

mod surefire;

use std::env::consts::{ARCH, OS};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::counts::Counts;
use crate::examples;
use crate::prove::{Driver, HostTests};
use crate::run::{finish, foreign, root};
use crate::uniffi::{self, Library, Profile};

/// The module of Maven that carries a library.
fn module(library: Library) -> &'static str {
    match library {
        Library::App => "invites",
        Library::Sandbox => "testing",
    }
}

/// `cargo xtask test kotlin`.
///
/// Where there can be no Maven this says so, and is an error under `CI=true`.
pub(crate) fn test(counts: &mut Counts) -> Result<(), String> {
    let maven = match maven() {
        Ok(maven) => maven,
        Err(why) => return counts.untested("Kotlin", &why),
    };
    prepare(Profile::Tests)?;
    maven_test(maven, &[], counts)
}

/// `tests/scenarios` alone.
pub(crate) fn scenarios(counts: &mut Counts) -> Result<(), String> {
    let maven = match maven() {
        Ok(maven) => maven,
        Err(why) => return counts.untested("Kotlin", &why),
    };
    prepare(Profile::Tests)?;
    let only = [
        "--projects=invites",
        "--also-make",
        "-Dtest=ScenarioTest",
        "-Dsurefire.failIfNoSpecifiedTests=false",
    ];
    maven_test(maven, &only, counts)
}

/// `cargo xtask bench kotlin`.
pub(crate) fn bench() -> Result<(), String> {
    let mut maven = maven()?;
    prepare(Profile::Release)?;
    print_size()?;
    let arguments = [
        "--quiet",
        "--projects=bench",
        "--also-make",
        "--activate-profiles=bench",
        "-DskipTests",
        "verify",
    ];
    finish(maven.args(arguments))
}

/// `cargo xtask kotlin`: everything that Maven needs, in `bindings/kotlin/generated`.
pub(crate) fn prepare(profile: Profile) -> Result<(), String> {
    uniffi::build(profile)?;
    lay_out(Library::App, profile)?;
    lay_out(Library::Sandbox, profile)?;
    write_examples()
}

/// The examples of README.md for its tests, numbered in their order: `Example1.kt`.
fn write_examples() -> Result<(), String> {
    let read = examples::read(&kotlin().join("README.md"), &["kotlin", "java"])?;
    let named = read.into_iter().zip(1..).map(|(example, number)| {
        let ending = match &*example.language {
            "kotlin" => "kt",
            other => other,
        };
        (format!("Example{number}.{ending}"), example.code)
    });
    examples::write(&kotlin().join("generated/readme"), &named.collect())
}

/// Makes the driver of `tests/prove` ready, and returns the file of arguments with which `java` runs it.
pub(crate) fn driver(profile: Profile) -> Result<PathBuf, String> {
    let mut maven = maven()?;
    prepare(profile)?;
    let target = kotlin().join("invites/target");
    let class_path = target.join("driver.classpath");
    finish(
        maven
            .args(["--quiet", "--projects=invites", "--also-make"])
            .args(["test-compile", "dependency:build-classpath"])
            .arg("-Dmdep.includeScope=test")
            .arg("-Dmdep.outputFile=target/driver.classpath"),
    )?;
    let failed = |error: std::io::Error| format!("{}: {error}", class_path.display());
    let mut parts = vec![target.join("test-classes"), target.join("classes")];
    parts.extend(std::env::split_paths(
        fs::read_to_string(&class_path).map_err(failed)?.trim(),
    ));
    let joined = std::env::join_paths(parts).map_err(|error| error.to_string())?;
    let arguments = target.join("driver.args");
    // A heap that is all there from the start: what grows is not the heap.
    let line = format!(
        "-Xms128m -Xmx128m -XX:+AlwaysPreTouch -cp \"{}\" icepanel.invites.DriverKt\n",
        joined.to_string_lossy()
    );
    fs::write(&arguments, line).map_err(failed)?;
    Ok(arguments)
}

/// Whether there is a Maven, or there can be one.
pub(crate) fn there() -> Result<(), String> {
    maven().map(drop)
}

/// What `cargo xtask prove` starts: the driver, and the tests of what hosts do.
pub(crate) fn drivers() -> Result<Vec<Driver>, String> {
    let arguments = driver(Profile::Tests)?;
    let mut command = foreign("java");
    command.current_dir(kotlin());
    // The heap has the fixed size of the file: a leak in it does not show as growth, but ends the driver out of memory.
    command
        .arg("-XX:+UseSerialGC")
        .arg(format!("@{}", arguments.display()));
    let mut tests = maven()?;
    tests.args([
        "--projects=invites",
        "--also-make",
        "-Dtest=CancelTest,CloseTest,ThreadsTest,PanicTest",
        "-Dsurefire.failIfNoSpecifiedTests=false",
        "test",
    ]);
    let hosts = HostTests {
        command: tests,
        runner: "surefire",
        shows: &[
            (
                "a cancelled coroutine",
                &[
                    "a cancelled coroutine drops its connection",
                    "a create that is cancelled during the request",
                    "many calls can be cancelled at every stage",
                ],
            ),
            ("a time-out of kotlinx", &["a time-out of kotlinx"]),
            (
                "a client closed during a call, and used after",
                &["closing stops the calls", "use after close is an exception"],
            ),
            (
                "1,000 threads, and a client closed under them",
                &["thousand threads"],
            ),
            ("a panic in Rust", &["in a call, and calls go on"]),
        ],
    };
    Ok(vec![Driver {
        name: "Kotlin",
        command,
        hosts: vec![hosts],
    }])
}

/// Generates the Kotlin of a library, and puts a stripped copy of it where JNA looks.
fn lay_out(library: Library, profile: Profile) -> Result<(), String> {
    let built = library.built(profile);
    let module = kotlin().join("generated").join(module(library));
    let fresh = module.join("fresh");
    let failed = |what: &Path, error: std::io::Error| format!("{}: {error}", what.display());
    // Names that are gone must not linger.
    let _ = fs::remove_dir_all(&fresh);
    fs::create_dir_all(&fresh).map_err(|error| failed(&fresh, error))?;
    uniffi::generate_kotlin(library, profile, &fresh)?;
    let sources = module.join("kotlin");
    let _ = fs::remove_dir_all(&sources);
    fs::rename(&fresh, &sources).map_err(|error| failed(&sources, error))?;
    // Nor their classes: Maven compiles all of them again, and deletes none.
    let classes = kotlin().join(self::module(library)).join("target/classes");
    let _ = fs::remove_dir_all(classes);

    let stripped = stripped(library);
    let folder = stripped.parent().unwrap_or(&stripped);
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    fs::copy(&built, &stripped).map_err(|error| failed(&built, error))?;
    if OS == "windows" {
        // The symbols are in a file of their own.
        return Ok(());
    }
    // The generator reads symbols, so the library is built with them.
    let strip: &[&str] = if OS == "macos" { &["-x"] } else { &[] };
    finish(Command::new("strip").args(strip).arg(&stripped))
}

/// Prints the size of the app's library: `bindings/uniffi/docs/size.md` has it beside its peers'.
fn print_size() -> Result<(), String> {
    let path = stripped(Library::App);
    let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let (plain, gzipped) = (bytes.len() as u64, gzipped(bytes)?);
    println!("the stripped library of an app: {plain} bytes, {gzipped} gzipped");
    Ok(())
}

fn gzipped(bytes: Vec<u8>) -> Result<u64, String> {
    let failed = |error: std::io::Error| format!("gzip: {error}");
    let mut gzip = Command::new("gzip")
        .args(["-9", "--stdout"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let into = gzip.stdin.take();
    // Written beside, or both sides would wait for each other once the pipe is full.
    let writer = std::thread::spawn(move || into.map(|mut into| into.write_all(&bytes)));
    let out = gzip.wait_with_output().map_err(failed)?;
    match writer.join() {
        Ok(Some(Ok(()))) => Ok(out.stdout.len() as u64),
        _ => Err("gzip did not accept the library".to_owned()),
    }
}

/// Runs `mvn test` and adds up what Surefire reports.
fn maven_test(mut maven: Command, arguments: &[&str], counts: &mut Counts) -> Result<(), String> {
    for report in reports() {
        let _ = fs::remove_file(report);
    }
    maven.env(crate::judge::VARIABLE, crate::judge::program());
    let outcome = finish(maven.args(arguments).arg("test"));
    let mut all = 0;
    for report in reports() {
        let text = fs::read_to_string(&report)
            .map_err(|error| format!("{}: {error}", report.display()))?;
        let tests = surefire::read(&text, counts);
        all += tests.ok_or_else(|| format!("{}: unreadable", report.display()))?;
    }
    match outcome {
        Ok(()) if all == 0 => Err("Maven ran no tests".to_owned()),
        outcome => outcome,
    }
}

/// Every `MODULE/target/surefire-reports/TEST-….xml`.
fn reports() -> Vec<PathBuf> {
    let files = |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().flatten();
    files(kotlin())
        .flat_map(|module| files(module.path().join("target/surefire-reports")))
        .map(|file| file.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "xml"))
        .collect()
}

/// Maven in `bindings/kotlin`. A Debian without it gets it, where this may install packages.
pub(crate) fn maven() -> Result<Command, String> {
    let there = |program: &str| {
        Command::new(program)
            .arg("-version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    if !there("mvn") || !there("javac") {
        crate::setup::allowed("there is no Maven with a JDK on the PATH")?;
        println!("installing Maven and a JDK");
        crate::setup::packages(&["maven", "openjdk-17-jdk-headless"]).map_err(|error| {
            format!(
                "there is no Maven with a JDK on the PATH, and none could be installed: {error}"
            )
        })?;
    }
    let mut command = foreign("mvn");
    command
        .args(["--batch-mode", "--no-transfer-progress"])
        .current_dir(kotlin());
    Ok(command)
}

fn kotlin() -> PathBuf {
    root().join("bindings/kotlin")
}

/// The copy that goes into the jar.
fn stripped(library: Library) -> PathBuf {
    kotlin()
        .join("generated")
        .join(module(library))
        .join("resources")
        .join(folder(OS, ARCH))
        .join(library.file_name())
}

/// Where JNA looks for a library in a jar: `linux-x86-64/lib….so`.
fn folder(system: &str, machine: &str) -> String {
    let system = match system {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    format!("{system}-{}", machine.replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_lies_where_jna_looks_for_it() {
        assert_eq!(folder("linux", "x86_64"), "linux-x86-64");
        assert_eq!(folder("macos", "aarch64"), "darwin-aarch64");
        assert_eq!(folder("windows", "x86_64"), "win32-x86-64");
    }
}
