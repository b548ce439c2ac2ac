//! What compiles for other platforms: zig and cargo-zigbuild from Python's registry, MinGW from Debian's. They are unpacked
//! below `target`; nothing is installed on the machine but rustup's standard libraries.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::targets::Target;
use crate::files::copy;
use crate::run::{finish, output, target};

const LIST: &str = "../crates/xtask/requirements-dist.txt";

const MINGW: &[&str] = &[
    "gcc-mingw-w64-base",
    "gcc-mingw-w64-x86-64-win32",
    "gcc-mingw-w64-x86-64-win32-runtime",
    "binutils-mingw-w64-x86-64",
    "mingw-w64-x86-64-dev",
    "mingw-w64-common",
];

/// The unwinder of arm64, which an extension of Python links.
const UNWINDER: &[&str] = &["libgcc-s1-arm64-cross"];

/// A program out of the environment for packaging, such as `cargo-zigbuild`.
pub(super) fn program(name: &str) -> Result<PathBuf, String> {
    crate::python::tool("dist", LIST, name)
}

/// The folder of those programs, which find each other on the path.
pub(super) fn programs() -> Result<PathBuf, String> {
    let python = program("python")?;
    Ok(python.parent().unwrap_or(&python).to_owned())
}

/// Whether a program starts.
pub(super) fn answers(program: impl AsRef<std::ffi::OsStr>, argument: &str) -> bool {
    let mut command = Command::new(program);
    let command = command.arg(argument).stdin(Stdio::null());
    let command = command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The compiler for Windows, as `x86_64-w64-mingw32-gcc` in a folder of its own with what else is called by that name.
pub(super) fn mingw() -> Result<PathBuf, String> {
    let unpacked = debian("mingw", MINGW)?.join("usr/bin");
    let folder = target().join("dist-tools/mingw-bin");
    fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    for name in ["gcc", "ar", "dlltool", "ld", "as", "objdump"] {
        let called = format!("x86_64-w64-mingw32-{name}");
        let found = match name {
            "gcc" => unpacked.join(format!("{called}-win32")),
            _ => unpacked.join(&called),
        };
        // A script and not a link: gcc finds its parts beside itself.
        let script = format!("#!/bin/sh\nexec '{}' \"$@\"\n", found.display());
        write_program(&folder.join(called), &script)?;
    }
    Ok(folder)
}

/// A folder with the system's unwinder for the platform and nothing else, so that the linker finds no more there.
pub(super) fn unwinder(to: &Target) -> Result<PathBuf, String> {
    const LIBRARY: &str = "libgcc_s.so.1";
    let found = match to.is_native() {
        true => {
            let said = output(Command::new("cc").arg(format!("-print-file-name={LIBRARY}")))?;
            PathBuf::from(said.trim())
        }
        false => debian("unwinder", UNWINDER)?
            .join("usr/aarch64-linux-gnu/lib")
            .join(LIBRARY),
    };
    let folder = target().join("dist-tools/unwinder").join(to.machine());
    fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    copy(&found, &folder.join(LIBRARY))?;
    Ok(folder)
}

/// A folder with a `libnode.dll` that has nothing in it. napi's build script wants one to link an addon with MinGW; this addon
/// looks Node's functions up when it is loaded, and takes none from there.
pub(super) fn node_to_link(compiler: &Path) -> Result<PathBuf, String> {
    let folder = target().join("dist-tools/libnode");
    fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    super::write(&folder.join("empty.c"), "")?;
    let mut command = Command::new(compiler);
    command
        .current_dir(&folder)
        .args(["-shared", "-o", "libnode.dll"]);
    finish(command.arg("empty.c"))?;
    Ok(folder)
}

/// A folder with a library that Windows has had since 2009 and wine 8 lacks: Rust's standard library takes random numbers
/// from it.
pub(super) fn library_that_wine_lacks() -> Result<PathBuf, String> {
    const CODE: &str = "#include <windows.h>\n#include <ntsecapi.h>\n__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) { return RtlGenRandom(data, (ULONG)length); }\n";
    let folder = target().join("dist-tools/wine");
    let source = target().join("dist-tools/random.c");
    super::write(&source, CODE)?;
    fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    let mut compiler = Command::new(mingw()?.join("x86_64-w64-mingw32-gcc"));
    compiler.arg("-shared").arg(&source).arg("-ladvapi32");
    finish(compiler.arg("-o").arg(folder.join("bcryptprimitives.dll")))?;
    Ok(folder)
}

pub(super) fn write_program(file: &Path, text: &str) -> Result<(), String> {
    let failed = |why: std::io::Error| format!("{}: {why}", file.display());
    fs::write(file, text).map_err(failed)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(file, fs::Permissions::from_mode(0o755)).map_err(failed)?;
    }
    Ok(())
}

/// Packages of Debian, unpacked into a folder with this name.
fn debian(name: &str, packages: &[&str]) -> Result<PathBuf, String> {
    let folder = target().join("dist-tools").join(name);
    let note = folder.join(".packages");
    let wanted = packages.join("\n");
    if fs::read_to_string(&note).is_ok_and(|there| there == wanted) {
        return Ok(folder);
    }
    if !answers("apt-get", "--version") || !answers("dpkg", "--version") {
        return Err(format!("there is no apt-get to fetch {} with", packages[0]));
    }
    println!("fetching {}", packages.join(", "));
    let downloads = folder.join("downloads");
    let failed = |why: std::io::Error| format!("{}: {why}", folder.display());
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&downloads).map_err(failed)?;
    let download = || {
        let mut command = Command::new("apt-get");
        command
            .current_dir(&downloads)
            .args(["--quiet", "download"]);
        output(command.args(packages))
    };
    crate::setup::with_lists(download)?;
    for entry in fs::read_dir(&downloads).map_err(failed)? {
        let package = entry.map_err(failed)?.path();
        finish(Command::new("dpkg").arg("-x").args([&package, &folder]))?;
    }
    fs::remove_dir_all(&downloads).map_err(failed)?;
    fs::write(&note, wanted).map_err(failed)?;
    Ok(folder)
}
