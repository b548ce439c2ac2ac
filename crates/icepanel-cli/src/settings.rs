//! The organization, the base URL and the key: from an option, otherwise from a variable, otherwise from a profile.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::advice::{Context, without_password};
use crate::args::Global;
use crate::errors::Failure;
use crate::{profile, time};

/// The default base URL.
pub(crate) const BASE_URL: &str = "https://api.icepanel.io/v1";

/// Keys and certificates are shorter; a device without an end is not.
const LONGEST_FILE: u64 = 4 * 1024 * 1024;

/// Where a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Option(&'static str),
    Variable(&'static str),
    Profile(String),
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option(name) | Self::Variable(name) => f.write_str(name),
            Self::Profile(name) => write!(f, "profile {name}"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// Where the key is.
#[derive(Clone, Debug)]
pub(crate) enum Key {
    File(PathBuf),
    Variable,
}

/// The settings, each with where it comes from. The key itself is in none of them.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) organization: (String, Source),
    pub(crate) base_url: (String, Source),
    pub(crate) key: (Key, Source),
}

impl Settings {
    pub(crate) fn new(global: &Global) -> Result<Self, Failure> {
        let name = match &global.profile {
            Some(name) => Some(name.clone()),
            None => variable("ICEPANEL_PROFILE")?,
        };
        let (name, profile) = profile::read(name.as_deref())?.unwrap_or_default();
        let of_profile =
            |value: Option<String>| value.map(|value| (value, Source::Profile(name.clone())));
        let setting = |option: &Option<String>, flag, variable_name, profile| {
            if let Some(value) = option.clone().filter(|value| !value.is_empty()) {
                return Ok(Some((value, Source::Option(flag))));
            }
            let found =
                variable(variable_name)?.map(|value| (value, Source::Variable(variable_name)));
            Ok::<_, Failure>(found.or(of_profile(profile)))
        };
        let organization = setting(
            &global.organization,
            "--organization",
            "ICEPANEL_ORGANIZATION_ID",
            profile.organization,
        )?;
        let base_url = setting(
            &global.base_url,
            "--base-url",
            "ICEPANEL_BASE_URL",
            profile.base_url,
        )?;
        let key = key(global, profile.key_file, &name)?;
        let (organization, key) = match (organization, key) {
            (Some(organization), Some(key)) => (organization, key),
            (organization, key) => return Err(missing(organization.is_none(), key.is_none())),
        };
        if let Some((url, Source::Profile(name))) = &base_url
            && !matches!(key.1, Source::Profile(_))
        {
            return Err(Failure::usage(
                format!(
                    "the profile {name} has the base URL {url}, which is used only with its own key file, and the key comes from {}; nothing was sent",
                    key.1
                ),
                "Use the key file of the profile, or pass --base-url too.",
            ));
        }
        Ok(Self {
            organization,
            base_url: base_url.unwrap_or_else(|| (BASE_URL.to_owned(), Source::Default)),
            key,
        })
    }

    /// The settings for errors.
    pub(crate) fn context(&self, timeout: Duration, proxy: bool) -> Context {
        let url = without_password(&self.base_url.0);
        let place = |from: &Source, default: &str, field: &str| match from {
            Source::Profile(name) => format!("{field} of the profile {name}"),
            Source::Default => default.to_owned(),
            Source::Option(name) | Source::Variable(name) => (*name).to_owned(),
        };
        let (id, from) = &self.organization;
        let organization = place(from, "", "organization");
        let default = "the default; --base-url or ICEPANEL_BASE_URL";
        let base = place(&self.base_url.1, default, "base-url");
        let key = place(&self.key.1, "", "key-file");
        Context {
            organization: format!("the organization {id:?} ({organization})"),
            base_url: format!("the base URL {url} ({base})"),
            url,
            key: match &self.key.0 {
                Key::Variable => format!("the key in {key}"),
                Key::File(path) => format!("the key in the file {} ({key})", path.display()),
            },
            proxy: match proxy {
                true => "the proxy (--proxy)",
                false => "the proxy (HTTPS_PROXY or ALL_PROXY, if there is one)",
            }
            .to_owned(),
            timeout: match timeout.subsec_millis() {
                0 => format!("--timeout (now {})", time::rounded(timeout)),
                _ => format!("--timeout (now {} ms)", timeout.as_millis()),
            },
        }
    }

    /// The key.
    pub(crate) fn api_key(&self) -> Result<String, Failure> {
        let path = match &self.key.0 {
            Key::Variable => return Ok(variable(KEY)?.unwrap_or_default()),
            Key::File(path) => path,
        };
        // The error of a failed conversion has the bytes in it.
        let text = String::from_utf8(read(path, "the key file")?).map_err(|_| {
            Failure::usage(
                format!("the key file {} is not text", path.display()),
                "Write the key and nothing else into it.",
            )
        })?;
        Ok(text.trim_end_matches(['\r', '\n']).to_owned())
    }
}

const KEY: &str = "ICEPANEL_API_KEY";

/// Names every required setting that is missing.
fn missing(organization: bool, key: bool) -> Failure {
    let (what, how) = match (organization, key) {
        (true, true) => (
            "no organization and no API key are given",
            "Set ICEPANEL_ORGANIZATION_ID and ICEPANEL_API_KEY, pass --organization ID and --key-file PATH",
        ),
        (true, false) => (
            "no organization is given",
            "Set ICEPANEL_ORGANIZATION_ID, pass --organization ID",
        ),
        (false, _) => (
            "no API key is given",
            "Set ICEPANEL_API_KEY, pass --key-file PATH",
        ),
    };
    Failure::usage(
        what,
        format!("{how}, or write a profile. To try it without an account: icepanel-invites demo"),
    )
}

/// Where the key is, if it is anywhere.
fn key(
    global: &Global,
    of_profile: Option<PathBuf>,
    name: &str,
) -> Result<Option<(Key, Source)>, Failure> {
    const FILE: &str = "ICEPANEL_API_KEY_FILE";
    if let Some(path) = global.key_file.clone() {
        return Ok(Some((Key::File(path), Source::Option("--key-file"))));
    }
    if let Some(path) = std::env::var_os(FILE).filter(|path| !path.is_empty()) {
        return Ok(Some((Key::File(path.into()), Source::Variable(FILE))));
    }
    if variable(KEY)?.is_some() {
        return Ok(Some((Key::Variable, Source::Variable(KEY))));
    }
    Ok(of_profile.map(|path| (Key::File(path), Source::Profile(name.to_owned()))))
}

/// A variable. An empty one counts as not set.
fn variable(name: &'static str) -> Result<Option<String>, Failure> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(Failure::usage(
            format!("{name} is not text"),
            format!("Correct the variable {name}."),
        )),
    }
}

/// The bytes of a file; `-` is the input.
pub(crate) fn read(path: &Path, what: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = match path.as_os_str() == "-" {
        true => std::io::stdin()
            .lock()
            .take(LONGEST_FILE)
            .read_to_end(&mut bytes),
        false => File::open(path).and_then(|file| file.take(LONGEST_FILE).read_to_end(&mut bytes)),
    };
    read.map_err(|error| {
        Failure::usage(
            format!("{what} {} cannot be read: {error}", path.display()),
            "Check the path, and that you may read the file.",
        )
    })?;
    Ok(bytes)
}
