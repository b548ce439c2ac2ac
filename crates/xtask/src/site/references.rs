//! The API references, each by its language's own tool.

use std::path::Path;
use std::process::Command;

use serde_json::json;

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
    let makers: [Maker; 5] = [
        ("Rust", rust),
        ("Python", python),
        ("Node", node),
        ("Kotlin and Java", kotlin),
        ("Swift", swift),
    ];
    let made = makers.into_iter().map(|(language, make)| {
        println!("== {language}");
        Reference {
            language,
            outcome: make(to),
        }
    });
    made.collect()
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

/// The declarations that are published.
const DECLARATIONS: [&str; 5] = [
    "index.d.ts",
    "testing.d.ts",
    "lib/types.d.ts",
    "lib/roster.d.ts",
    "lib/sandbox-types.d.ts",
];

fn node(to: &Path) -> Result<String, String> {
    let package = root().join("node");
    let files = DECLARATIONS.map(|name| package.join(name));
    let settings = json!({
        "compilerOptions": {
            "module": "nodenext",
            "target": "es2022",
            "lib": ["es2023", "esnext.disposable", "dom"],
            "types": [],
            "skipLibCheck": true,
        },
        "files": files,
    });
    let file = target().join("site-source/tsconfig.json");
    super::write(&file, &settings.to_string())?;
    let mut npx = Command::new(if cfg!(windows) { "npx.cmd" } else { "npx" });
    npx.current_dir(&package).arg("--yes");
    for package in TYPEDOC {
        npx.args(["--package", package]);
    }
    npx.args(["typedoc", "--name", "icepanel-invites", "--readme", "none"]);
    npx.args(["--skipErrorChecking", "--logLevel", "Error", "--tsconfig"])
        .arg(file);
    for name in DECLARATIONS {
        npx.args(["--entryPoints", name]);
    }
    finish(npx.arg("--out").arg(to.join("node")))?;
    Ok("node/index.html".to_owned())
}

/// The same pages as in the archive of documentation of a release.
fn kotlin(to: &Path) -> Result<String, String> {
    let folder = root().join("bindings/kotlin");
    if !folder.join("generated/invites/kotlin").is_dir() {
        crate::kotlin::prepare(crate::uniffi::Profile::Tests)?;
    }
    let mut maven = crate::kotlin::maven()?;
    // The plugin is one of a release's.
    maven.current_dir(&folder).args([
        "--quiet",
        "--activate-profiles=release",
        "--projects=invites",
        "dokka:dokka@javadoc",
    ]);
    finish(&mut maven)?;
    copy(&folder.join("invites/target/dokka"), &to.join("kotlin"))?;
    Ok("kotlin/index.html".to_owned())
}

/// DocC. Its pages name their files from the root of the host.
fn swift(to: &Path) -> Result<String, String> {
    crate::swift::document(&to.join("swift"), "api/swift")?;
    Ok("swift/documentation/icepanelinvites/index.html".to_owned())
}
