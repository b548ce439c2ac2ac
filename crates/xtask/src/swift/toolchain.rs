//! Where `swift` comes from: the PATH, or Debian's package in a folder of its own.
//!
//! Debian 12 has no Swift, Debian 13 does, and a library built on 12 links there. So where there is no `swift`, `cargo
//! xtask setup` gives a root user a Debian 13 under `target/swift-toolchain`, in which `swift` runs through `chroot`:
//! nothing is installed on the machine but `debootstrap`. A minute, 530 MB of download, 1 GB on disk once trimmed. It
//! is stored and used again.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::run::{finish, foreign, root};

/// The folder of the Debian 13, if it is to be elsewhere: one for several checkouts.
const FOLDER_VARIABLE: &str = "ICEPANEL_SWIFT_TOOLCHAIN";

const PACKAGES: &str = "--include=ca-certificates,libc6-dev,libstdc++-14-dev,swiftlang";

/// What neither `swift build`, `swift test`, `swift-format` nor `docc` touches: 2 of 3 GB.
const NOT_NEEDED: &[&str] = &[
    "usr/libexec/gcc/*/*/cc1",
    "usr/libexec/gcc/*/*/lto1",
    "usr/libexec/swift/bin/*lldb*",
    "usr/libexec/swift/bin/clangd",
    "usr/libexec/swift/bin/sourcekit-lsp",
    "usr/libexec/swift/lib/libLTO*",
    "usr/libexec/swift/lib/liblldb*",
    "usr/libexec/swift/lib/libsourcekitdInProc.so",
    "usr/libexec/swift/lib/swift/FrameworkABIBaseline",
    "usr/libexec/swift/lib/swift/embedded",
    "usr/libexec/swift/lib/swift/host/lib_InternalSwiftScan.so",
    "usr/libexec/swift/lib/swift_static",
    "usr/bin/*lto-dump*",
    "usr/share/doc",
    "usr/share/info",
    "usr/share/locale",
    "usr/share/man",
    "var/cache/apt",
    "var/lib/apt/lists",
];

/// Where the programs of Debian's Swift are.
const PROGRAMS: &str = "usr/libexec/swift/bin";

/// The script below, in the folder.
const ENTER_FILE: &str = "enter.sh";

/// Runs in a mount namespace of its own, so that nothing stays mounted whatever happens. Without
/// `/proc`, Swift does not find its own libraries.
const ENTER: &str = r#"
set -e
debian=$1 here=$2
shift 2
while [ "$1" != -- ]; do
    mkdir -p "$debian$1"
    mount --rbind "$1" "$debian$1"
    shift
done
shift
# Names are found as on the machine.
for file in /etc/hosts /etc/resolv.conf; do
    [ ! -e "$file" ] || { touch "$debian$file" && mount --bind "$file" "$debian$file"; }
done
mount -t proc proc "$debian/proc"
mount --rbind /dev "$debian/dev"
exec chroot "$debian" /bin/sh -c 'cd "$0" && exec "$@"' "$here" "$@"
"#;

/// A Swift that works.
pub(crate) enum Toolchain {
    /// The one on the PATH.
    Host,
    /// The one of the Debian in this folder.
    Debian(PathBuf),
}

impl Toolchain {
    /// Finds a Swift or sets one up. The error says why there is none, in words that end a
    /// sentence.
    pub(crate) fn find() -> Result<Self, String> {
        if answers(&mut Command::new("swift")) {
            return Ok(Self::Host);
        }
        let folder = std::env::var_os(FOLDER_VARIABLE)
            .map_or_else(|| root().join("target/swift-toolchain"), PathBuf::from);
        // Of that link, which leads nowhere outside the folder, only that it is there.
        if folder.join("usr/bin/swift").symlink_metadata().is_err() {
            set_up(&folder)?;
        }
        let enter = folder.join(ENTER_FILE);
        std::fs::write(&enter, ENTER).map_err(|error| format!("{}: {error}", enter.display()))?;
        let toolchain = Self::Debian(folder);
        if answers(&mut toolchain.command("swift", &root(), &[])) {
            Ok(toolchain)
        } else {
            Err("the one in the folder of the toolchain does not start; as root, and allowed to mount, it would".to_owned())
        }
    }

    /// A Swift with this program beside the compiler. A Debian that was set up without it is set up again.
    pub(crate) fn with(program: &str) -> Result<Self, String> {
        let found = Self::find()?;
        let Self::Debian(folder) = &found else {
            return Ok(found);
        };
        if !folder.join(PROGRAMS).join(program).exists() {
            crate::setup::allowed(&format!("the Swift of the toolchain has no {program}"))?;
            set_up(folder)?;
        }
        Self::find()
    }

    /// A program beside the compiler, run in `folder`. Apple's are found by `xcrun`.
    pub(crate) fn tool(&self, program: &str, folder: &Path) -> Command {
        match self {
            Self::Debian(_) => self.command(&format!("/{PROGRAMS}/{program}"), folder, &[]),
            Self::Host if cfg!(target_os = "macos") => {
                let mut xcrun = self.command("xcrun", folder, &[]);
                xcrun.arg(program);
                xcrun
            }
            Self::Host => self.command(program, folder, &[]),
        }
    }

    /// A command of the toolchain, run in `folder`. `also` are folders outside the checkout that it
    /// must see.
    pub(crate) fn command(&self, program: &str, folder: &Path, also: &[&Path]) -> Command {
        let mut command = match self {
            Self::Host => foreign(program),
            Self::Debian(debian) => {
                let mut command = foreign("unshare");
                command
                    .args(["--mount", "--propagation", "private", "sh"])
                    .arg(debian.join(ENTER_FILE))
                    .args([debian, folder])
                    .arg(root())
                    .args(also.iter().filter(|path| !path.starts_with(root())))
                    .args(["--", program])
                    .env("HOME", "/root")
                    .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
                command
            }
        };
        command.current_dir(folder);
        command
    }
}

fn answers(swift: &mut Command) -> bool {
    swift
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Makes the Debian with Swift in it, complete or not at all.
fn set_up(folder: &Path) -> Result<(), String> {
    crate::setup::allowed("there is no swift on the PATH")?;
    if !crate::setup::is_root() {
        return Err("there is no swift on the PATH, and only root can set one up".to_owned());
    }
    let there = |program: &str, argument: &str| {
        Command::new(program)
            .arg(argument)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    if !there("debootstrap", "--version") {
        if !there("apt-get", "--version") {
            return Err(
                "there is no swift on the PATH, and no apt-get to set one up with".to_owned(),
            );
        }
        crate::setup::with_lists(install_debootstrap)?;
    }
    println!(
        "setting up Swift in {}: a minute, 530 MB of download",
        folder.display()
    );
    let started = Instant::now();
    let partial = folder.with_extension("partial");
    remove(&partial)?;
    std::fs::create_dir_all(&partial).map_err(|error| format!("{}: {error}", partial.display()))?;
    // What it mounts goes with it, also where it is interrupted.
    let mut debootstrap = Command::new("unshare");
    debootstrap
        .args(["--mount", "--propagation", "private", "debootstrap"])
        .args(["--variant=minbase", PACKAGES, "trixie"])
        .arg(&partial)
        .stdout(Stdio::null());
    finish(&mut debootstrap)?;
    let trim = format!("rm -rf {}", NOT_NEEDED.join(" "));
    finish(Command::new("sh").args(["-c", &trim]).current_dir(&partial))?;
    remove(folder)?;
    std::fs::rename(&partial, folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    println!("Swift is set up, in {} s", started.elapsed().as_secs());
    Ok(())
}

fn install_debootstrap() -> Result<(), String> {
    let mut install = Command::new("apt-get");
    install
        .args(["install", "--yes", "--quiet", "--no-install-recommends"])
        .args(["debootstrap", "debian-archive-keyring"])
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdout(Stdio::null());
    finish(&mut install)
}

fn remove(folder: &Path) -> Result<(), String> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(format!("{}: {error}", folder.display()))
        }
        _ => Ok(()),
    }
}
