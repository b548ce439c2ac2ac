//! The packages, to npm's registry: by the identity of the workflow, with provenance. Those with an addon come first, so that
//! the main package never names one that is not there.

use std::path::Path;
use std::process::{Command, Stdio};

use super::{Mode, files};
use crate::dist::Dist;
use crate::run::{finish, output};

/// The first npm that publishes by the identity of a workflow.
const OLDEST: [u64; 3] = [11, 5, 1];

pub(super) fn publish(dist: &Dist, mode: Mode) -> Result<(), String> {
    let main = format!("icepanel-invites-{}.tgz", dist.version);
    let (last, first): (Vec<_>, Vec<_>) = files(dist, "node", &[".tgz"])?
        .into_iter()
        .partition(|file| file.file_name().is_some_and(|name| name == main.as_str()));
    if last.is_empty() {
        return Err(format!("there is no {main}"));
    }
    if mode == Mode::Real {
        let version = output(npm().arg("--version"))?;
        if !is_new_enough(version.trim()) {
            return Err(format!(
                "npm {} is too old: 11.5.1 or later",
                version.trim()
            ));
        }
    }
    for file in first.iter().chain(&last) {
        publish_one(dist, file, mode)?;
    }
    Ok(())
}

fn publish_one(dist: &Dist, file: &Path, mode: Mode) -> Result<(), String> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    if mode == Mode::Real && is_there(&package(dist, &name)?) {
        println!("{name} has been published before");
        return Ok(());
    }
    let mut command = npm();
    command.args(["publish", "--access", "public", "--ignore-scripts"]);
    match mode {
        // npm would look for the identity of a workflow.
        Mode::Dry => command.args(["--dry-run", "--provenance=false", "--silent"]),
        Mode::Real => command.arg("--provenance"),
    };
    finish(command.arg(file))
}

/// What a tarball is called in the registry: `acme-linux-x64-gnu-1.2.3.tgz` is `@acme/linux-x64-gnu@1.2.3`.
fn package(dist: &Dist, tarball: &str) -> Result<String, String> {
    let scope = dist.owner.get("npm_scope")?;
    let end = format!("-{}.tgz", dist.version);
    let name = tarball.trim_end_matches(&end);
    let prefix = format!("{}-", scope.trim_start_matches('@'));
    let name = match name.strip_prefix(&prefix) {
        Some(platform) => format!("{scope}/{platform}"),
        None => name.to_owned(),
    };
    Ok(format!("{name}@{}", dist.version))
}

fn is_there(package: &str) -> bool {
    let mut command = npm();
    command
        .args(["view", package, "version"])
        .stderr(Stdio::null());
    command
        .output()
        .is_ok_and(|said| said.status.success() && !said.stdout.is_empty())
}

fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

fn is_new_enough(version: &str) -> bool {
    let numbers: Option<Vec<u64>> = version.split('.').map(|part| part.parse().ok()).collect();
    numbers.is_some_and(|numbers| numbers.as_slice() >= OLDEST.as_slice())
}

#[cfg(test)]
mod tests {
    use super::is_new_enough;

    #[test]
    fn an_old_npm_is_found() {
        let versions = ["10.9.4", "11.5.0", "11.5.1", "11.19.1", "12.0.0", "next"];
        assert_eq!(
            versions.map(is_new_enough),
            [false, false, true, true, true, false]
        );
    }
}
