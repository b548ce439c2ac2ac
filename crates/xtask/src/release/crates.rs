//! The crates, to Rust's registry: by the token in `CARGO_REGISTRY_TOKEN`, which a release gets for half an hour.

use super::Mode;
use crate::dist::{CRATES, Dist};
use crate::run::{cargo_command, finish};

pub(super) fn publish(dist: &Dist, mode: Mode) -> Result<(), String> {
    let mut command = cargo_command(&["publish", "--locked", "--no-verify", "--allow-dirty"]);
    // The copy of the sources with the owner's values in it. What was packed from it was compiled by `dist --check`.
    command.current_dir(&dist.source);
    command.arg("--target-dir").arg(dist.work.join("crates"));
    if mode == Mode::Dry {
        command.arg("--dry-run");
    }
    let wanted = CRATES
        .iter()
        .filter(|name| mode == Mode::Dry || !is_there(dist, name));
    let wanted: Vec<&&str> = wanted.collect();
    if wanted.is_empty() {
        println!("all crates have been published before");
        return Ok(());
    }
    for name in wanted {
        command.args(["--package", name]);
    }
    // Cargo publishes them in the order of their dependencies.
    finish(&mut command)
}

/// Whether an earlier try has published it.
fn is_there(dist: &Dist, name: &str) -> bool {
    let package = format!("{name}@{}", dist.version);
    let mut command = cargo_command(&["info", "--quiet", "--registry", "crates-io", &package]);
    // Outside of the workspace, which has crates with these names.
    command.current_dir(std::env::temp_dir());
    command.stdout(std::process::Stdio::null());
    command.stderr(std::process::Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
