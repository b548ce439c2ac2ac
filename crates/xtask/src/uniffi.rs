//! The libraries under Kotlin and Swift, and UniFFI's generator: each is built once for both languages.

mod reader;
mod visibility;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::build;
use crate::run::{cargo_command, finish, root, target};

/// A library in Rust that a package of another language loads.
#[derive(Clone, Copy)]
pub(crate) enum Library {
    /// The client, as an app ships it: `bindings/uniffi/docs/size.md`.
    App,
    /// The sandbox and the panics, for tests.
    Sandbox,
}

/// How the libraries are built: with everything else, for tests, or as they ship.
#[derive(Clone, Copy)]
pub(crate) enum Profile {
    Tests,
    Release,
}

/// How to find a caller takes a few bytes where each function keeps a frame pointer, and more where it
/// has to be written down for each instruction that moves the stack. A profile cannot say so.
pub(crate) const APP_FLAGS: &str = "-C force-frame-pointers=yes";

const GENERATOR: &str = "uniffi-bindgen";

impl Library {
    /// The crate's name of the library.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::App => "icepanel_invites_ffi",
            Self::Sandbox => "icepanel_sandbox_ffi",
        }
    }

    /// `lib….so`, and what it is called elsewhere.
    pub(crate) fn file_name(self) -> String {
        build::library_file_name(self.name())
    }

    /// Where cargo leaves it, with the symbols that the generator reads.
    pub(crate) fn built(self, profile: Profile) -> PathBuf {
        let folder = match (self, profile) {
            (_, Profile::Tests) => return build::library(self.name()),
            (Self::App, Profile::Release) => "app",
            (Self::Sandbox, Profile::Release) => "release",
        };
        target().join(folder).join(self.file_name())
    }
}

/// Builds the generator and both libraries.
pub(crate) fn build(profile: Profile) -> Result<(), String> {
    const APP: &str = "--package=icepanel-invites-uniffi";
    const SANDBOX: &str = "--package=icepanel-invites-uniffi-testing";
    const GENERATE: &str = "--features=icepanel-invites-uniffi/bindgen";
    match profile {
        Profile::Tests => build::everything(),
        Profile::Release => {
            let generator = ["build", "--quiet", APP, GENERATE, "--bin", GENERATOR];
            finish(&mut cargo_command(&generator))?;
            let app = ["rustc", "--quiet", "--profile=app", APP];
            finish(
                cargo_command(&app)
                    .args(["--lib", "--crate-type=cdylib"])
                    .env("RUSTFLAGS", APP_FLAGS),
            )?;
            finish(&mut cargo_command(&[
                "build",
                "--quiet",
                "--release",
                SANDBOX,
            ]))
        }
    }
}

/// Writes the Kotlin of a library below a folder.
pub(crate) fn generate_kotlin(
    library: Library,
    profile: Profile,
    out: &Path,
) -> Result<(), String> {
    finish(generator("kotlin", library, profile, out).args(["--crate", library.name()]))?;
    match library {
        Library::App => rewrite(
            &out.join("icepanel/invites/icepanel_invites.kt"),
            |source| Ok(visibility::kotlin(source)),
        ),
        Library::Sandbox => Ok(()),
    }
}

/// Writes the Swift of a library, and its header in C, into a folder.
pub(crate) fn generate_swift(library: Library, profile: Profile, out: &Path) -> Result<(), String> {
    // Of the sandbox's library it makes the client's Swift once more, the same.
    finish(&mut generator("swift", library, profile, out))?;
    match library {
        Library::App => rewrite(&out.join("IcePanelInvitesFFI.swift"), |source| {
            reader::replace(&visibility::swift(source))
        }),
        Library::Sandbox => Ok(()),
    }
}

/// What UniFFI needs belongs into the libraries under Kotlin and Swift, and nowhere else.
pub(crate) fn absent(library: &Path) -> Result<(), String> {
    let bytes = fs::read(library).map_err(|why| format!("{}: {why}", library.display()))?;
    match bytes.windows(6).any(|part| part == b"uniffi") {
        true => Err(format!(
            "{} has something of UniFFI in it",
            library.display()
        )),
        false => Ok(()),
    }
}

fn rewrite(file: &Path, change: impl Fn(&str) -> Result<String, String>) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", file.display());
    let source = fs::read_to_string(file).map_err(failed)?;
    fs::write(file, change(&source)?).map_err(failed)
}

fn generator(language: &str, library: Library, profile: Profile, out: &Path) -> Command {
    let mut command = Command::new(build::program(GENERATOR));
    command
        .current_dir(root())
        .args([
            "generate",
            "--no-format",
            "--language",
            language,
            "--library",
        ])
        .arg(library.built(profile))
        .arg("--out-dir")
        .arg(out);
    command
}
