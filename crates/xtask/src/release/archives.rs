//! The archives of the command and the Swift package, as files of a release of the repository, with the sums of everything.

use std::fs;
use std::process::{Command, Stdio};

use super::{Mode, files};
use crate::dist::Dist;
use crate::run::{finish, root};

pub(super) fn publish(dist: &Dist, mode: Mode) -> Result<(), String> {
    let mut assets = files(dist, "command", &[".tar.gz", ".zip"])?;
    assets.extend(files(dist, "swift-archive", &[".tar.gz"])?);
    assets.push(dist.out.join("SHA256SUMS"));
    let notes = dist.work.join("notes.md");
    let text = crate::version::release_notes(&root(), &dist.version);
    let text = match (text, mode) {
        (Ok(text), _) => text,
        // Before there is a heading for the version.
        (Err(why), Mode::Dry) => why,
        (Err(why), Mode::Real) => return Err(why),
    };
    fs::write(&notes, &text).map_err(|why| format!("{}: {why}", notes.display()))?;
    println!("{text}\n");
    for asset in &assets {
        println!("{}", asset.display());
    }
    if mode == Mode::Dry {
        return Ok(());
    }
    let tag = format!("v{}", dist.version);
    let mut view = Command::new("gh");
    view.current_dir(root()).args(["release", "view", &tag]);
    view.stdout(Stdio::null()).stderr(Stdio::null());
    let mut gh = Command::new("gh");
    gh.current_dir(root());
    if view.status().is_ok_and(|status| status.success()) {
        return finish(
            gh.args(["release", "upload", "--clobber", &tag])
                .args(assets),
        );
    }
    gh.args(["release", "create", "--verify-tag", "--title", &tag]);
    finish(gh.arg("--notes-file").arg(notes).arg(&tag).args(assets))
}
