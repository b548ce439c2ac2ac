//! The package for Node: its tests, and its figures beside those of its peers.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;

use crate::run::{finish, finish_reading, root};
use crate::test::Counts;

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

/// Installs the tools that the lock file names, unless they are there, and builds the addon.
fn prepare() -> Result<(), String> {
    let lock = std::fs::read(folder().join("package-lock.json")).map_err(|why| why.to_string())?;
    // What was installed is noted beside it, so that a second run does without the network.
    let note = folder().join("node_modules/.installed-package-lock.json");
    if std::fs::read(&note).ok().as_deref() != Some(lock.as_slice()) {
        // Not `npm ci`: it demands entries for other platforms' optional tools, which npm on Node 20 leaves out of a
        // lock file. This takes the versions of the lock file, and does not write to it.
        let install = [
            "install",
            "--no-save",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
        ];
        finish(&mut command("npm", &install))?;
        std::fs::write(&note, lock).map_err(|why| format!("{}: {why}", note.display()))?;
    }
    finish(&mut command("node", &["scripts/build.js"]))
}

/// Runs all tests under node:test.
pub(crate) fn test(counts: &mut Counts) -> Result<(), String> {
    prepare()?;
    let entries = std::fs::read_dir(folder().join("test")).map_err(|why| why.to_string())?;
    let mut files: Vec<String> = entries
        .flatten()
        .map(|entry| format!("test/{}", entry.file_name().to_string_lossy()))
        .filter(|name| name.ends_with(".test.js"))
        .collect();
    files.sort();
    run_tests(&files, counts)
}

/// Runs the scenarios alone.
pub(crate) fn scenarios(counts: &mut Counts) -> Result<(), String> {
    prepare()?;
    run_tests(&["test/scenarios.test.js".to_owned()], counts)
}

fn run_tests(files: &[String], counts: &mut Counts) -> Result<(), String> {
    let mut arguments = vec!["--test", "--test-reporter=tap"];
    arguments.extend(files.iter().map(String::as_str));
    let mut totals = [0; 3];
    let outcome = finish_reading(&mut command("node", &arguments), |line| {
        for (total, name) in totals.iter_mut().zip(["# pass ", "# fail ", "# skipped "]) {
            if let Some(number) = line.strip_prefix(name) {
                *total += number.trim().parse().unwrap_or(0);
            }
        }
    });
    let [passed, failed, skipped] = totals;
    counts.add(passed, failed, skipped);
    outcome
}

/// Measures the package beside its peers, or only the groups that are named.
pub(crate) fn bench(names: &[&str]) -> Result<(), String> {
    prepare()?;
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
