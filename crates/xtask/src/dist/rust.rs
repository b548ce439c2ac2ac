//! The crates: the client, the sandbox and the command.

use std::path::PathBuf;

use super::Dist;
use super::table::Row;
use crate::files::copy;
use crate::run::{cargo_command, finish};

pub(crate) const CRATES: &[&str] = &[
    "icepanel-invites",
    "icepanel-sandbox",
    "icepanel-invites-cli",
];

/// Packs the crates as cargo would publish them: those that are not in the registry yet are looked for among each other.
/// What is packed is compiled by `--check`.
pub(super) fn make(dist: &Dist) -> Result<Vec<Row>, String> {
    let out = dist.fresh("rust")?;
    let build = dist.work.join("crates");
    let mut command = cargo_command(&[
        "package",
        "--quiet",
        "--locked",
        "--no-verify",
        "--allow-dirty",
    ]);
    command
        .current_dir(&dist.source)
        .arg("--target-dir")
        .arg(&build);
    for name in CRATES {
        command.args(["--package", name]);
    }
    finish(&mut command)?;
    let mut rows = Vec::new();
    for name in CRATES {
        let name = format!("{name}-{}.crate", dist.version);
        let file: PathBuf = out.join(&name);
        copy(&build.join("package").join(&name), &file)?;
        rows.push(Row {
            file,
            platform: "sources".to_owned(),
            state: "packed".to_owned(),
        });
    }
    Ok(rows)
}
