//! The jars, to Maven Central: signed, as one bundle, which Central checks before anything of it can be seen.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Mode, files};
use crate::dist::Dist;
use crate::files::copy;
use crate::run::finish;

/// The variables with credentials. Central knows no identity of a workflow.
const SECRETS: &[(&str, &str)] = &[
    (
        "MAVEN_SIGNING_KEY",
        "the OpenPGP key, as `gpg --armor --export-secret-keys` prints it",
    ),
    ("MAVEN_SIGNING_PASSPHRASE", "its passphrase"),
    (
        "MAVEN_USERNAME",
        "the name of a user token of Maven Central",
    ),
    ("MAVEN_PASSWORD", "the password of that token"),
];

/// A sentence for each secret that is not there.
pub(super) fn missing(variable: &dyn Fn(&str) -> String) -> Vec<String> {
    let empty = SECRETS.iter().filter(|(name, _)| variable(name).is_empty());
    let sentence = |(name, what): &(&str, &str)| format!("The secret {name} must be {what}.");
    empty.map(sentence).collect()
}

pub(super) fn publish(dist: &Dist, mode: Mode) -> Result<(), String> {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let missing = missing(&variable);
    if mode == Mode::Real && !missing.is_empty() {
        return Err(missing.join("\n"));
    }
    let folder = dist.work.join("maven/bundle");
    let _ = fs::remove_dir_all(&folder);
    let made = dist.out.join("kotlin");
    // The list of versions is Central's own.
    let wanted = files(dist, "kotlin", &[""])?.into_iter().filter(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        !name.starts_with("maven-metadata")
    });
    let mut bundled = Vec::new();
    for file in wanted {
        let to = folder.join(file.strip_prefix(&made).unwrap_or(&file));
        copy(&file, &to)?;
        bundled.push(to);
    }
    let incomplete = incomplete(&bundled);
    if !incomplete.is_empty() {
        return Err(format!(
            "Maven Central would reject this: {}",
            incomplete.join(", ")
        ));
    }
    if mode == Mode::Real {
        let key = dist.owner.get("signing_key")?;
        let home = dist.work.join("maven/keys");
        let signed = sign(&home, key, &bundled, &variable);
        let _ = fs::remove_dir_all(&home);
        signed?;
    }
    let bundle = dist
        .work
        .join("maven")
        .join(format!("bundle-{}.zip", dist.version));
    let mut zip = Command::new(std::env::var_os("PYTHON").unwrap_or("python3".into()));
    zip.current_dir(&folder)
        .args(["-m", "zipfile", "-c"])
        .arg(&bundle);
    let mut parts: Vec<_> = fs::read_dir(&folder)
        .map_err(|why| format!("{}: {why}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.file_name()))
        .collect();
    parts.sort();
    finish(zip.args(parts))?;
    println!("{} files in {}", bundled.len(), bundle.display());
    match mode {
        Mode::Dry => Ok(()),
        Mode::Real => upload(dist, &bundle, &variable),
    }
}

/// What Central asks for and is not there: sources, documentation, sums of each file.
fn incomplete(files: &[PathBuf]) -> Vec<String> {
    let there = |file: &Path| files.iter().any(|other| other == file);
    let with_end = |file: &Path, end: &str| PathBuf::from(format!("{}{end}", file.display()));
    let mut incomplete = Vec::new();
    for file in files {
        let name = file.to_string_lossy();
        let main = name.strip_suffix(".pom");
        let mut wanted = Vec::new();
        if name.ends_with(".pom") || name.ends_with(".jar") {
            wanted.extend([".md5", ".sha1"].map(|end| with_end(file, end)));
        }
        // The parent is a POM alone.
        if let Some(main) = main.filter(|main| there(Path::new(&format!("{main}.jar")))) {
            let parts = ["-sources.jar", "-javadoc.jar"];
            wanted.extend(parts.map(|end| PathBuf::from(format!("{main}{end}"))));
        }
        let missing = wanted.into_iter().filter(|file| !there(file));
        incomplete.extend(missing.map(|file| format!("there is no {}", file.display())));
    }
    if !files
        .iter()
        .any(|file| file.extension().is_some_and(|end| end == "jar"))
    {
        incomplete.push("there is no jar".to_owned());
    }
    incomplete
}

/// Signs each file, with a key that only this call knows.
fn sign(
    home: &Path,
    key: &str,
    files: &[PathBuf],
    variable: &dyn Fn(&str) -> String,
) -> Result<(), String> {
    let _ = fs::remove_dir_all(home);
    fs::create_dir_all(home).map_err(|why| format!("{}: {why}", home.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(home, fs::Permissions::from_mode(0o700))
            .map_err(|why| format!("{}: {why}", home.display()))?;
    }
    let gpg = || {
        let mut command = Command::new("gpg");
        command
            .arg("--homedir")
            .arg(home)
            .args(["--batch", "--quiet"]);
        command
    };
    feed(gpg().args(["--import"]), &variable("MAVEN_SIGNING_KEY"))?;
    let packages = files.iter().filter(|file| {
        file.extension()
            .is_some_and(|end| end == "jar" || end == "pom")
    });
    for file in packages {
        let mut command = gpg();
        command
            .args(["--pinentry-mode", "loopback", "--passphrase-fd", "0"])
            .args(["--local-user", key, "--armor", "--detach-sign"]);
        feed(command.arg(file), &variable("MAVEN_SIGNING_PASSPHRASE"))?;
    }
    Ok(())
}

fn upload(dist: &Dist, bundle: &Path, variable: &dyn Fn(&str) -> String) -> Result<(), String> {
    let portal = dist.owner.get("maven_portal")?;
    let token = base64(&format!(
        "{}:{}",
        variable("MAVEN_USERNAME"),
        variable("MAVEN_PASSWORD")
    ));
    let name = format!("icepanel-invites-{}", dist.version);
    let mut curl = Command::new("curl");
    // The token is not an argument, which every program on the machine could read.
    curl.args([
        "--fail-with-body",
        "--silent",
        "--show-error",
        "--config",
        "-",
    ])
    .arg("--form")
    .arg(format!("bundle=@{}", bundle.display()))
    .arg(format!(
        "{portal}/upload?publishingType=AUTOMATIC&name={name}"
    ));
    feed(
        &mut curl,
        &format!("header = \"Authorization: Bearer {token}\"\n"),
    )
}

/// Runs a command with something secret on its standard input.
fn feed(command: &mut Command, text: &str) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let failed = |why: std::io::Error| format!("{name}: {why}");
    let mut child = command.stdin(Stdio::piped()).spawn().map_err(failed)?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(text.as_bytes()).map_err(failed)?;
    }
    match child.wait().map_err(failed)? {
        status if status.success() => Ok(()),
        status => Err(format!("{name}: {status}")),
    }
}

fn base64(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = (0..3).fold(0u32, |bits, at| {
            (bits << 8) | u32::from(chunk.get(at).copied().unwrap_or(0))
        });
        for at in 0..4 {
            let letter = LETTERS[((bits >> (18 - 6 * at)) & 63) as usize];
            encoded.push(if at <= chunk.len() {
                letter.into()
            } else {
                '='
            });
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_encoded() {
        // The example of Central's own documentation.
        assert_eq!(
            base64("example_username:example_password"),
            "ZXhhbXBsZV91c2VybmFtZTpleGFtcGxlX3Bhc3N3b3Jk"
        );
        assert_eq!(["a", "ab", "abc"].map(base64), ["YQ==", "YWI=", "YWJj"]);
    }

    #[test]
    fn each_missing_secret_has_a_sentence() {
        let all = missing(&|_| String::new());
        assert_eq!(all.len(), SECRETS.len());
        assert!(missing(&|_| "x".to_owned()).is_empty());
        let one = missing(&|name| {
            if name == "MAVEN_USERNAME" {
                String::new()
            } else {
                "x".to_owned()
            }
        });
        assert_eq!(
            one,
            ["The secret MAVEN_USERNAME must be the name of a user token of Maven Central."]
        );
    }

    #[test]
    fn a_bundle_without_its_parts_is_found() {
        let whole = ["a.pom", "a.jar", "a-sources.jar", "a-javadoc.jar"];
        let mut files: Vec<PathBuf> = whole
            .iter()
            .flat_map(|name| {
                [
                    (*name).to_owned(),
                    format!("{name}.md5"),
                    format!("{name}.sha1"),
                ]
            })
            .map(PathBuf::from)
            .collect();
        assert_eq!(incomplete(&files), Vec::<String>::new());
        files.retain(|file| !file.to_string_lossy().starts_with("a-javadoc"));
        assert_eq!(incomplete(&files), ["there is no a-javadoc.jar"]);
        assert!(!incomplete(&[PathBuf::from("a.pom")]).is_empty());
    }
}
