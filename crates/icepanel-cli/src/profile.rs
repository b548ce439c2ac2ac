//! Profiles: settings in a configuration file in the user's configuration folder. A file in the working directory is
//! never read, because the creator of that directory could send the key elsewhere.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use serde::Deserialize;

use crate::errors::Failure;

/// The content of a profile.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Profile {
    pub(crate) organization: Option<String>,
    pub(crate) base_url: Option<String>,
    /// Relative to the folder of the configuration file.
    pub(crate) key_file: Option<PathBuf>,
}

/// The configuration file.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Configuration {
    /// The profile that is used if none is named.
    default_profile: Option<String>,
    #[serde(default)]
    profiles: BTreeMap<String, Profile>,
}

/// Where the configuration file is, if there is a home for one.
pub(crate) fn path() -> Option<PathBuf> {
    let folders = etcetera::choose_base_strategy().ok()?;
    let path = folders.config_dir().join("icepanel-invites/config.toml");
    path.is_absolute().then_some(path)
}

/// The profile of that name, or the default one if there is any.
pub(crate) fn read(name: Option<&str>) -> Result<Option<(String, Profile)>, Failure> {
    let Some(path) = path() else {
        return match name {
            Some(name) => Err(no_profile(
                name,
                "there is no home folder for a configuration file",
            )),
            None => Ok(None),
        };
    };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return match name {
                Some(name) => Err(no_profile(
                    name,
                    &format!("{} does not exist", path.display()),
                )),
                None => Ok(None),
            };
        }
        Err(error) => return Err(unreadable(&path, &error.to_string())),
    };
    let Some((name, mut profile)) = of(&path, &text, name)? else {
        return Ok(None);
    };
    // It decides where the key is sent.
    check_mode(&path, 0o022, "write", "chmod go-w")?;
    if let (Some(file), Some(folder)) = (&mut profile.key_file, path.parent()) {
        *file = folder.join(&*file);
        check_mode(file, 0o077, "read or write", "chmod 600")?;
    }
    Ok(Some((name, profile)))
}

/// The profile of that name in the text of a file, or the default one if there is any.
pub(crate) fn of(
    path: &Path,
    text: &str,
    name: Option<&str>,
) -> Result<Option<(String, Profile)>, Failure> {
    let configuration: Configuration =
        toml::from_str(text).map_err(|error| unreadable(path, &without_values(text, &error)))?;
    let Some(name) = name.map(str::to_owned).or(configuration.default_profile) else {
        return Ok(None);
    };
    let Some(profile) = configuration.profiles.get(&name).cloned() else {
        let known: Vec<&str> = configuration.profiles.keys().map(String::as_str).collect();
        let why = format!("{} has {}", path.display(), known.join(", "));
        return Err(no_profile(&name, &why));
    };
    Ok(Some((name, profile)))
}

fn no_profile(name: &str, why: &str) -> Failure {
    Failure::usage(
        format!("there is no profile {name}: {why}"),
        "Correct --profile, ICEPANEL_PROFILE or default-profile, or add the profile.",
    )
}

/// An error of a TOML file with its line, and without the content of the line: somebody may have written the key there.
fn without_values(text: &str, error: &toml::de::Error) -> String {
    let start = error.span().map_or(0, |span| span.start);
    let line = 1 + text
        .bytes()
        .take(start)
        .filter(|byte| *byte == b'\n')
        .count();
    let message = error.message();
    let message = match message.rsplit_once(", expected ") {
        Some((found, expected)) if found.starts_with("invalid ") => {
            format!("another type or value than expected: {expected}")
        }
        _ => message.to_owned(),
    };
    format!("line {line}: {message}")
}

fn unreadable(path: &Path, why: &str) -> Failure {
    Failure::usage(
        format!(
            "the configuration file {} cannot be read: {why}",
            path.display()
        ),
        "Correct the file: [profiles.NAME] with organization, base-url and key-file. The key itself is in the key file.",
    )
}

/// Rejects a file that other users can access in this way.
#[cfg(unix)]
fn check_mode(path: &Path, others: u32, may: &str, cure: &str) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    // A missing file fails when it is read.
    let mode = std::fs::metadata(path).map_or(0, |file| file.permissions().mode());
    match mode & others {
        0 => Ok(()),
        _ => Err(Failure::usage(
            format!("other users may {may} {}", path.display()),
            format!(
                "{cure} {}",
                crate::text::shell_word(&path.display().to_string())
            ),
        )),
    }
}

/// Elsewhere the user's folder is the user's own.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "as on Unix")]
fn check_mode(_: &Path, _: u32, _: &str, _: &str) -> Result<(), Failure> {
    Ok(())
}
