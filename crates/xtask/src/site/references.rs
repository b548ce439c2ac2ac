//! The API references, each by its language's own tool.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::files::copy;
use crate::run::{cargo_command, finish, foreign, root, target};

/// The reference of a language: its first page below `api`, or why there is none.
pub(super) struct Reference {
    pub(super) language: &'static str,
    pub(super) outcome: Result<String, String>,
}

/// A language, and what makes its reference in a folder.
type Maker = (&'static str, fn(&Path) -> Result<String, String>);

/// Makes each into a folder of its own.
pub(super) fn make(to: &Path) -> Vec<Reference> {
    let makers: [Maker; 4] = [
        ("Rust", rust),
        ("Python", python),
        ("Node", node),
        ("Kotlin and Java", kotlin),
    ];
    let mut made: Vec<Reference> = makers
        .into_iter()
        .map(|(language, make)| {
            println!("== {language}");
            Reference {
                language,
                outcome: make(to),
            }
        })
        .collect();
    made.push(Reference {
        language: "Swift",
        outcome: Err("DocC is in no toolchain that runs here; Xcode shows the comments".to_owned()),
    });
    made
}

const CRATES: [&str; 2] = ["icepanel-invites", "icepanel-sandbox"];

fn rust(to: &Path) -> Result<String, String> {
    let folder = target().join("site-rust");
    let mut doc = cargo_command(&["doc", "--quiet", "--no-deps", "--lib", "--target-dir"]);
    doc.arg(&folder);
    for name in CRATES {
        doc.args(["--package", name]);
    }
    finish(&mut doc)?;
    copy(&folder.join("doc"), &to.join("rust"))?;
    Ok("rust/icepanel_invites/index.html".to_owned())
}

/// pdoc imports the package, as the tests have built it.
fn python(to: &Path) -> Result<String, String> {
    let pdoc = crate::python::with_package(super::LIST, "pdoc")?;
    let mut command = foreign(pdoc);
    command.args(["--output-directory"]).arg(to.join("python"));
    finish(command.args(["icepanel_invites", "icepanel_invites.testing"]))?;
    Ok("python/icepanel_invites.html".to_owned())
}

const TYPEDOC: [&str; 2] = ["typedoc@0.28.20", "typescript@5.9.3"];

fn node(to: &Path) -> Result<String, String> {
    let mut npx = Command::new(if cfg!(windows) { "npx.cmd" } else { "npx" });
    npx.current_dir(root().join("node")).arg("--yes");
    for package in TYPEDOC {
        npx.args(["--package", package]);
    }
    npx.args(["typedoc", "--name", "icepanel-invites", "--readme", "none"]);
    npx.args(["--tsconfig", "tsconfig.types.json", "--skipErrorChecking"]);
    npx.args([
        "--entryPoints",
        "index.d.ts",
        "--entryPoints",
        "testing.d.ts",
        "--out",
    ]);
    finish(npx.arg(to.join("node")))?;
    Ok("node/index.html".to_owned())
}

/// What the release's archive of documentation has in it.
fn kotlin(to: &Path) -> Result<String, String> {
    let mut maven = crate::kotlin::maven()?;
    maven.current_dir(root().join("bindings/kotlin"));
    maven.args([
        "--quiet",
        "--projects=invites",
        "-DskipTests",
        "dokka:dokka@javadoc",
    ]);
    finish(&mut maven)?;
    let made: PathBuf = root().join("bindings/kotlin/invites/target/dokka");
    copy(&made, &to.join("kotlin"))?;
    Ok("kotlin/index.html".to_owned())
}
