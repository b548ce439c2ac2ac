//! The jars for Maven, each with its library for every platform, laid out as a repository.

use std::fs;
use std::process::Command;

use super::notices::Notices;
use super::table::{Row, every_file};
use super::targets::{self, Artefact, TARGETS, Target};
use super::{Dist, tools, write};
use crate::files::copy;
use crate::run::finish;
use crate::uniffi::{self, Library, Profile};

/// The module of Maven that carries a library.
pub(super) const MODULES: &[(&str, Library)] =
    &[("invites", Library::App), ("testing", Library::Sandbox)];

/// The library for an app, or for tests.
pub(super) fn artefact(library: Library) -> Artefact {
    Artefact {
        package: match library {
            Library::App => "icepanel-invites-uniffi",
            Library::Sandbox => "icepanel-invites-uniffi-testing",
        },
        name: library.name(),
        program: false,
        profile: match library {
            Library::App => "app",
            Library::Sandbox => "release",
        },
        features: &[],
    }
}

pub(super) fn make(dist: &Dist) -> Result<Vec<Row>, String> {
    let mut maven = crate::kotlin::maven()?;
    let folder = dist.source.join("bindings/kotlin");
    let mut shellcheck = Command::new(tools::program("shellcheck")?);
    finish(shellcheck.arg(folder.join("scripts/android.sh")))?;
    let generated = folder.join("generated");
    if !dist.adds {
        let _ = fs::remove_dir_all(&generated);
    }
    // Any build with its symbols will do for the generator: the Kotlin is the same for all platforms.
    uniffi::build(Profile::Tests)?;
    for (module, library) in MODULES {
        let module = generated.join(module);
        uniffi::generate_kotlin(*library, Profile::Tests, &module.join("kotlin"))?;
        let resources = module.join("resources");
        for target in targets::chosen(dist).filter(|it| !it.jna.is_empty()) {
            let built = targets::compile(dist, target, artefact(*library))?;
            let name = target.library(library.name());
            copy(&built, &resources.join(target.jna).join(name))?;
        }
        if let Some(others) = dist.others(super::libraries::NAME) {
            copy(&others.join(module), &resources)?;
        }
        // The same on all of them, but for a few crates of the systems' own: those of the first one are named.
        let notices = Notices::read(dist, artefact(*library).package, TARGETS[0].triple)?;
        let about = resources.join("META-INF");
        write(&about.join("THIRD-PARTY.txt"), notices.text())?;
        write(&about.join("sbom/icepanel-invites.cdx.json"), notices.bom())?;
        copy(&dist.source.join("LICENSE"), &about.join("LICENSE"))?;
    }
    // Also those of another run, or of another machine.
    let resources = generated.join(MODULES[0].0).join("resources");
    let there = |it: &&Target| !it.jna.is_empty() && resources.join(it.jna).is_dir();
    let platforms: Vec<_> = TARGETS.iter().filter(there).map(|it| it.name).collect();
    let out = dist.fresh("kotlin")?;
    deploy(&mut maven, &folder, &out)?;
    rows(dist, &out, &platforms)
}

/// Lays out what Maven would upload.
fn deploy(
    maven: &mut Command,
    folder: &std::path::Path,
    out: &std::path::Path,
) -> Result<(), String> {
    maven
        .current_dir(folder)
        .args([
            "--quiet",
            "--activate-profiles=release",
            "--projects=invites,testing",
        ])
        .args(["--also-make", "-Dmaven.install.skip=true"])
        // The tests are not even compiled, and what they take is not there: the examples of the README.
        .args(["-Dmaven.test.skip=true", "-Denforcer.skip=true"])
        .arg(format!(
            "-DaltDeploymentRepository=dist::file://{}",
            out.display()
        ));
    finish(maven.args(["clean", "deploy"]))
}

fn rows(dist: &Dist, out: &std::path::Path, platforms: &[&str]) -> Result<Vec<Row>, String> {
    let mut files = Vec::new();
    every_file(out, &mut files)?;
    files.sort();
    let jars = files.into_iter().filter(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".jar") || name.ends_with(".pom")
    });
    Ok(jars
        .map(|file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let has_library = name.ends_with(&format!("{}.jar", dist.version));
            Row {
                platform: match has_library {
                    true => platforms.join(" · "),
                    false => "every platform".to_owned(),
                },
                state: match has_library {
                    true => "built".to_owned(),
                    false => "packed".to_owned(),
                },
                file,
            }
        })
        .collect())
}
