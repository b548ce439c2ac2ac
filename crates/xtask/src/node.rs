//! The package for Node: its tests, and its figures beside those of its peers.

mod tap;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::build;
use crate::counts::Counts;
use crate::prove::{Driver, HostTests};
use crate::run::{finish, finish_reading, root};
use tap::Tap;

fn folder() -> PathBuf {
    root().join("node")
}

/// A command in the folder of the package.
fn command(program: &str, arguments: &[&str]) -> Command {
    // npm is a script there, which only its full name finds.
    let program = match (program, cfg!(windows)) {
        ("npm", true) => "npm.cmd",
        _ => program,
    };
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder());
    command
}

/// Installs the versions that `pins` names into its folder, unless they are there.
fn install(pins: &Path) -> Result<(), String> {
    let failed = |why: std::io::Error| format!("{}: {why}", pins.display());
    let wanted = std::fs::read(pins).map_err(failed)?;
    let home = pins.with_file_name("node_modules");
    // What was installed is noted beside it, so that a second run does without the network.
    let note = home.join(".installed");
    if std::fs::read(&note).ok().as_deref() == Some(wanted.as_slice()) {
        return Ok(());
    }
    // Not `npm ci`: it demands entries for other platforms' optional tools, which npm on Node 20 leaves out of a
    // lock file. This takes the versions of the lock file, and does not write to it.
    let arguments = [
        "install",
        "--no-save",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
    ];
    finish(command("npm", &arguments).current_dir(pins.with_file_name("")))?;
    std::fs::write(note, wanted).map_err(failed)
}

/// How the addon is built: with everything else, for tests, or as it ships.
#[derive(Clone, Copy)]
enum Profile {
    Tests,
    Release,
}

/// Installs the tools that the lock file names, and builds the addon.
fn prepare(profile: Profile) -> Result<(), String> {
    tools()?;
    match profile {
        Profile::Release => finish(&mut command("node", &["scripts/build.js"])),
        Profile::Tests => {
            build::everything()?;
            let mut take = command("node", &["scripts/take.js"]);
            take.arg(build::library("icepanel_invites_napi"));
            finish(take.arg(build::declarations()))
        }
    }
}

fn tools() -> Result<(), String> {
    install(&folder().join("package-lock.json"))
}

/// Downloads the tools, and the other versions of Node.
pub(crate) fn fetch() -> Result<(), String> {
    tools()?;
    match OTHERS_RUN {
        true => other_versions().map(drop),
        false => Ok(()),
    }
}

/// Whether the packages with other versions of Node are for this machine.
const OTHERS_RUN: bool = cfg!(all(
    target_os = "linux",
    target_arch = "x86_64",
    target_env = "gnu"
));

/// The programs of the versions of Node that are promised, from their packages: the lowest that `engines` in
/// package.json allows, and the newer ones.
fn other_versions() -> Result<Vec<PathBuf>, String> {
    let home = folder().join("test/nodes");
    install(&home.join("package.json"))?;
    let versions = ["node-20", "node-22", "node-24"];
    Ok(versions
        .map(|name| home.join("node_modules").join(name).join("bin/node"))
        .to_vec())
}

/// Runs all tests under node:test; those that are about neither npm and its tools nor the core also under the other
/// versions of Node.
pub(crate) fn test(counts: &mut Counts) -> Result<(), String> {
    prepare(Profile::Tests)?;
    let entries = std::fs::read_dir(folder().join("test")).map_err(|why| why.to_string())?;
    let mut files: Vec<String> = entries
        .flatten()
        .map(|entry| format!("test/{}", entry.file_name().to_string_lossy()))
        .filter(|name| name.ends_with(".test.js"))
        .collect();
    files.sort();
    run_tests(Path::new("node"), &files, counts)?;
    if !OTHERS_RUN {
        return counts.untested(
            "Node 20.19, 22 and 24",
            "their packages are those for Linux on x64",
        );
    }
    // The scenarios are about the core.
    let about_node = |name: &String| {
        !["test/package.test.js", "test/scenarios.test.js"].contains(&name.as_str())
    };
    files.retain(about_node);
    for program in other_versions()? {
        println!("under {}", program.display());
        run_tests(&program, &files, counts)?;
    }
    Ok(())
}

/// Runs the scenarios alone.
pub(crate) fn scenarios(counts: &mut Counts) -> Result<(), String> {
    prepare(Profile::Tests)?;
    run_tests(
        Path::new("node"),
        &["test/scenarios.test.js".to_owned()],
        counts,
    )
}

fn run_tests(program: &Path, files: &[String], counts: &mut Counts) -> Result<(), String> {
    let mut arguments = vec!["--test", "--test-reporter=tap"];
    arguments.extend(files.iter().map(String::as_str));
    let mut tap = Tap::default();
    finish_reading(
        &mut command(&program.to_string_lossy(), &arguments),
        |line| tap.read(line, counts),
    )
}

/// What `cargo xtask prove` starts: the driver, and the tests of what hosts do.
pub(crate) fn drivers() -> Result<Vec<Driver>, String> {
    prepare(Profile::Tests)?;
    let files = ["test/processes.test.js", "test/calls.test.js"];
    let tests = [&["--test", "--test-reporter=tap"], files.as_slice()].concat();
    let hosts = HostTests {
        command: command("node", &tests),
        runner: "tap",
        shows: &[
            (
                "workers, also terminated during a call",
                &[
                    "several at once, each with a client",
                    "terminated during a call",
                ],
            ),
            (
                "a process that exits during a call",
                &["exits during a call"],
            ),
            (
                "a process ends by itself",
                &[
                    "ends by itself when nothing is awaited",
                    "ends after an abort",
                ],
            ),
            (
                "a cluster whose worker is killed during a call",
                &["of a cluster"],
            ),
            (
                "a signal that aborts each call",
                &["aborts the request of", "aborts a wait"],
            ),
            (
                "a client closed during a call",
                &["ends the calls under way, and refuses"],
            ),
        ],
    };
    Ok(vec![Driver {
        name: "Node",
        command: command("node", &["test/support/driver.js"]),
        hosts: vec![hosts],
    }])
}

/// Measures the package beside its peers, or only the groups that are named.
pub(crate) fn bench(names: &[&str]) -> Result<(), String> {
    prepare(Profile::Release)?;
    let server = serve().map_err(|why| format!("no server: {why}"))?;
    let mut arguments = vec!["bench/run.mjs"];
    arguments.extend(names);
    finish(command("node", &arguments).env("ICEPANEL_BENCH_SERVER", server))
}

/// A server that says the same to every create, as fast as a connection carries it: what is measured is the
/// client. Returns its base URL; it ends with this process.
pub(crate) fn serve() -> std::io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/v1", listener.local_addr()?);
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            std::thread::spawn(move || answer(&connection));
        }
    });
    Ok(url)
}

fn answer(connection: &TcpStream) -> std::io::Result<()> {
    connection.set_nodelay(true)?;
    let mut requests = BufReader::new(connection);
    let mut line = String::new();
    loop {
        let mut length = 0;
        let mut first = String::new();
        loop {
            line.clear();
            if requests.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if first.is_empty() {
                first.clone_from(&line);
            }
            let lower = line.to_ascii_lowercase();
            if let Some(number) = lower.strip_prefix("content-length:") {
                length = number.trim().parse().unwrap_or(0);
            }
            if line == "\r\n" {
                break;
            }
        }
        std::io::copy(&mut requests.by_ref().take(length), &mut std::io::sink())?;
        let body = if first.starts_with("POST") {
            r#"{"organizationUserInvite":{"id":"dSFX243sBI1Y08H3owQf","organizationId":"sandbox","email":"ada@example.com","permission":"read","expiresAt":"2026-01-08T00:00:00.000Z","createdAt":"2026-01-01T00:00:00.000Z","createdBy":"api-key","createdById":"sandbox"}}"#
        } else {
            r#"{"organization":{"id":"sandbox","name":"Sandbox","seats":10}}"#
        };
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ndate: Thu, 01 Jan 2026 00:00:00 GMT\r\ncontent-length: {}\r\n\r\n{body}",
            body.len(),
        );
        (&*connection).write_all(answer.as_bytes())?;
    }
}
