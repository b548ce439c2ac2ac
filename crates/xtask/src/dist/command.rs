//! The command: an archive for each platform, with manual pages and completions.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::notices::Notices;
use super::table::Row;
use super::targets::{self, COMMAND, Kind, Target};
use super::{Dist, tools, write};
use crate::files::copy;
use crate::run::{finish, output};

/// The shells, and what their completions are called where they look for them.
const COMPLETIONS: &[(&str, &str)] = &[
    ("bash", "icepanel-invites.bash"),
    ("elvish", "icepanel-invites.elv"),
    ("fish", "icepanel-invites.fish"),
    ("powershell", "icepanel-invites.ps1"),
    ("zsh", "_icepanel-invites"),
];

pub(super) fn make(dist: &Dist) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    // What runs here comes first: it writes the pages for all.
    let mut pages = None;
    let folder = dist.fresh("command")?;
    for target in targets::chosen(dist).filter(|it| it.kind != Kind::Glibc) {
        let program = targets::compile(dist, target, COMMAND)?;
        let pages = match &pages {
            Some(pages) => pages,
            None => pages.insert(write_pages(dist, target, &program)?),
        };
        let file = archive(dist, target, &program, pages, &folder)?;
        rows.push(Row {
            file,
            platform: target.name.to_owned(),
            state: run(dist, target, &program)?,
        });
    }
    Ok(rows)
}

/// Manual pages and completions, which are the same everywhere.
fn write_pages(dist: &Dist, target: &Target, program: &Path) -> Result<PathBuf, String> {
    let mut command = command(target, program)?;
    let folder = dist.work.join("pages");
    let _ = fs::remove_dir_all(&folder);
    output(command.arg("man").arg(folder.join("man/man1")))?;
    for (shell, name) in COMPLETIONS {
        let mut command = self::command(target, program)?;
        let script = output(command.args(["completions", shell]))?;
        write(&folder.join("completions").join(name), script)?;
    }
    Ok(folder)
}

/// The program, with what runs it here.
fn command(target: &Target, program: &Path) -> Result<Command, String> {
    Ok(match target.runner()? {
        Some(runner) => {
            let mut command = Command::new(runner);
            command.arg(program);
            command
        }
        None => Command::new(program),
    })
}

fn archive(
    dist: &Dist,
    target: &Target,
    program: &Path,
    pages: &Path,
    to: &Path,
) -> Result<PathBuf, String> {
    let name = format!("icepanel-invites-{}-{}", dist.version, target.triple);
    let folder = dist.work.join("archives").join(&name);
    let _ = fs::remove_dir_all(&folder);
    copy(program, &folder.join(target.program(COMMAND.name)))?;
    copy(pages, &folder)?;
    copy(&dist.source.join("LICENSE"), &folder.join("LICENSE"))?;
    let docs = dist.source.join("crates/icepanel-cli/docs");
    for page in [
        "command.md",
        "demo.md",
        "exit-codes.md",
        "recipes.md",
        "roster-files.md",
        "roster-in-git.yml",
    ] {
        copy(&docs.join(page), &folder.join("docs").join(page))?;
    }
    let notices = Notices::read(dist, COMMAND.package, target.triple)?;
    write(&folder.join("THIRD-PARTY.txt"), notices.text())?;
    write(&folder.join("icepanel-invites.cdx.json"), notices.bom())?;
    let parent = folder.parent().unwrap_or(&folder);
    if target.kind == Kind::Windows {
        let file = to.join(format!("{name}.zip"));
        let python = tools::program("python")?;
        let mut zip = Command::new(python);
        zip.args(["-m", "zipfile", "-c"]).arg(&file).arg(&name);
        finish(zip.current_dir(parent))?;
        return Ok(file);
    }
    let file = to.join(format!("{name}.tar.gz"));
    let mut tar = Command::new("tar");
    if cfg!(target_os = "linux") {
        // The same files make the same archive.
        tar.args(["--sort=name", "--owner=0", "--group=0", "--numeric-owner"]);
        tar.arg(format!("--mtime=@{}", dist.epoch));
        tar.args(["--use-compress-program=gzip -n9", "-cf"]);
    } else {
        tar.arg("-czf");
    }
    tar.arg(&file).arg(&name);
    finish(tar.current_dir(parent))?;
    Ok(file)
}

/// Runs the demo to its end, if anything here runs the program.
fn run(dist: &Dist, target: &Target, program: &Path) -> Result<String, String> {
    let mut command = match command(target, program) {
        Ok(command) => command,
        Err(why) => return Ok(format!("built, not run: {why}")),
    };
    if target.kind == Kind::Windows {
        command = under_wine(dist, target, program)?;
    }
    let said = output(command.arg("demo"))?;
    if !said.contains("nobody invited twice") {
        return Err(format!("the demo of {} did not end:\n{said}", target.name));
    }
    let by = target.runner()?.map(|by| {
        let name = by.file_name().unwrap_or_default().to_string_lossy();
        format!(" under {name}")
    });
    Ok(format!("built, ran{}", by.unwrap_or_default()))
}

/// Wine has a folder of its own as home, so that nobody's settings change.
fn under_wine(dist: &Dist, target: &Target, program: &Path) -> Result<Command, String> {
    let folder = dist.work.join("wine");
    copy(&tools::library_that_wine_lacks()?, &folder)?;
    let beside = folder.join(target.program(COMMAND.name));
    copy(program, &beside)?;
    let mut command = self::command(target, &beside)?;
    command
        .env("WINEPREFIX", folder.join("prefix"))
        .env("WINEDEBUG", "-all")
        .env("HOME", &folder);
    Ok(command)
}
