//! `cargo xtask test targets`: the client and the library of apps compile for the other platforms.
//!
//! A check needs the target's standard library: `rustup target add TARGET`. ring's C is compiled by zig, so that no
//! platform's own compiler is needed.

use std::fs;
use std::path::{Path, PathBuf};

use crate::counts::Counts;
use crate::run::{cargo_command, finish, root};

/// A target, and what zig calls it where it has no headers of its own for it.
const TARGETS: &[(&str, &str)] = &[
    ("aarch64-linux-android", "aarch64-linux-musl"),
    ("aarch64-apple-ios", "aarch64-macos"),
    ("aarch64-apple-darwin", "aarch64-macos"),
    ("x86_64-pc-windows-gnu", "x86_64-windows-gnu"),
    ("aarch64-unknown-linux-musl", "aarch64-linux-musl"),
];

/// `cargo xtask test targets`.
pub(crate) fn test(counts: &mut Counts) -> Result<(), String> {
    let zig = crate::python::tool("zig", "../crates/xtask/requirements-zig.txt", "python")?;
    let folder = root().join("target/targets");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    tools(&zig, &folder)?;
    let mut failed = Vec::new();
    for (target, named) in TARGETS {
        if let Err(why) = crate::setup::standard_library(target) {
            counts.untested(target, &why)?;
            continue;
        }
        println!("-- {target}");
        let checked = check(target, named, &zig, &folder);
        counts.add(checked.is_ok().into(), checked.is_err().into(), 0);
        failed.extend(checked.err().map(|why| format!("{target}: {why}")));
    }
    match failed.is_empty() {
        true => Ok(()),
        false => Err(failed.join("; ")),
    }
}

/// Writes what every target takes: the archiver, and programs of the platforms' own tools.
fn tools(zig: &Path, folder: &Path) -> Result<(), String> {
    let zig = zig.display();
    script(folder, "ar", &format!("exec '{zig}' -m ziglang ar \"$@\""))?;
    // rustc calls MinGW's by its full name.
    script(
        folder,
        "x86_64-w64-mingw32-dlltool",
        &format!("exec '{zig}' -m ziglang dlltool \"$@\""),
    )?;
    // What asks for Apple's developer tools wants a folder and a version.
    script(
        folder,
        "xcrun",
        "case \"$*\" in *version*) echo 17.0 ;; *) echo / ;; esac",
    )?;
    Ok(())
}

fn check(target: &str, named: &str, zig: &Path, folder: &Path) -> Result<(), String> {
    let zig = zig.display();
    // Clang's name for the target, and where Apple's headers are, are not zig's.
    let compiler = script(
        folder,
        &format!("cc-{target}"),
        &format!(
            "arguments=()\nwhile [ $# -gt 0 ]; do\n  case \"$1\" in\n    --target=*|-mi*|-mmacos*) ;;\n    -isysroot|-arch) shift ;;\n    *) arguments+=(\"$1\") ;;\n  esac\n  shift\ndone\nexec '{zig}' -m ziglang cc -target {named} \"${{arguments[@]}}\""
        ),
    )?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = vec![folder.to_owned()];
    folders.extend(std::env::split_paths(&path));
    let path = std::env::join_paths(folders).map_err(|error| error.to_string())?;
    let name = target.replace('-', "_");
    // Python's extension has code of its own for Windows.
    let is_for_desktops = !["android", "ios"].iter().any(|name| target.ends_with(name));
    let python: &[_] = match is_for_desktops {
        true => &["--package=icepanel-invites-pyo3"],
        false => &[],
    };
    finish(
        cargo_command(&["check", "--package=icepanel-invites-uniffi"])
            .args(python)
            .env("PYO3_NO_PYTHON", "1")
            .args(["--target", target])
            .arg("--target-dir")
            .arg(folder)
            .env("PATH", path)
            .env(format!("CC_{name}"), compiler)
            .env(format!("AR_{name}"), folder.join("ar")),
    )
}

/// Writes a script for bash.
fn script(folder: &Path, name: &str, text: &str) -> Result<PathBuf, String> {
    let file = folder.join(name);
    let written = fs::write(&file, format!("#!/usr/bin/env bash\n{text}\n"));
    written.map_err(|error| format!("{}: {error}", file.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755))
            .map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(file)
}
