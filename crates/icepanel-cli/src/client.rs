//! The client, from the options and the environment.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use icepanel_invites::InviteClient;

use crate::args::Global;
use crate::errors::Failure;
use crate::events;
use crate::screen::Screen;

/// No key and no certificate is longer; a device that never ends is.
const LONGEST_FILE: u64 = 4 * 1024 * 1024;

/// The client of the organization that the options name.
pub(crate) fn connect(global: &Global, screen: &Screen) -> Result<InviteClient, Failure> {
    let organization = given(global.organization.as_deref()).ok_or_else(|| {
        Failure::usage(
            "no organization is given",
            "Set ICEPANEL_ORGANIZATION_ID, or give --organization ID. To look around without an account: icepanel-invites demo",
        )
    })?;
    let mut builder = InviteClient::builder(api_key(global)?, organization)
        .timeout(global.timeout)
        .user_agent_suffix(concat!("icepanel-invites-cli/", env!("CARGO_PKG_VERSION")));
    if let Some(url) = given(global.base_url.as_deref()) {
        builder = builder.base_url(url);
    }
    if let Some(proxy) = &global.proxy {
        builder = builder.proxy(proxy);
    }
    if let Some(path) = &global.ca_certificate {
        builder = builder.ca_certificate_pem(read(path, "the CA certificate")?);
    }
    if let Some(path) = &global.client_certificate {
        builder = builder.client_certificate_pem(read(path, "the client certificate")?);
    }
    if global.verbose {
        let (format, screen) = (global.output, screen.clone());
        builder = builder.on_event(move |event| events::tell(event, format, &screen));
    }
    builder
        .build()
        .map_err(|error| Failure::invite(error, None))
}

/// A variable that is set to nothing counts as not set.
fn given(value: Option<&str>) -> Option<&str> {
    value.filter(|value| !value.is_empty())
}

/// The key, from the file or from the environment.
fn api_key(global: &Global) -> Result<String, Failure> {
    const WHERE: &str = "Set ICEPANEL_API_KEY, or give --key-file PATH. To look around without an account: icepanel-invites demo";
    let file = global.key_file.as_deref();
    if let Some(path) = file.filter(|path| !path.as_os_str().is_empty()) {
        // The error of a failed conversion has the bytes in it.
        let text = String::from_utf8(read(path, "the key file")?).map_err(|_| {
            Failure::usage(
                format!("the key file {} is not text", path.display()),
                "Write the key and nothing else into it.",
            )
        })?;
        return Ok(text.trim_end_matches(['\r', '\n']).to_owned());
    }
    match std::env::var("ICEPANEL_API_KEY") {
        Ok(key) if !key.is_empty() => Ok(key),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(Failure::usage("ICEPANEL_API_KEY is not text", WHERE))
        }
        _ => Err(Failure::usage("no API key is given", WHERE)),
    }
}

fn read(path: &Path, what: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LONGEST_FILE).read_to_end(&mut bytes))
        .map_err(|error| {
            Failure::usage(
                format!("{what} {} cannot be read: {error}", path.display()),
                "Check the path, and that you may read the file.",
            )
        })?;
    Ok(bytes)
}
