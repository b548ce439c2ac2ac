//! The client, from the options, the environment and the profile.

use icepanel_invites::InviteClient;

use crate::args::Global;
use crate::errors::Failure;
use crate::events;
use crate::output::Output;
use crate::settings::{Settings, read};

/// The client of the organization that the settings name.
pub(crate) fn connect(
    global: &Global,
    settings: &Settings,
    output: &Output,
) -> Result<InviteClient, Failure> {
    output.knows(settings.context(global.timeout, global.proxy.is_some()));
    let screen = &output.screen;
    let organization = &settings.organization.0;
    let mut builder = InviteClient::builder(settings.api_key()?, organization)
        .timeout(global.timeout)
        .base_url(&settings.base_url.0)
        .user_agent_suffix(concat!("icepanel-invites-cli/", env!("CARGO_PKG_VERSION")));
    if let Some(proxy) = &global.proxy {
        builder = builder.proxy(proxy);
    }
    if let Some(path) = &global.ca_certificate {
        builder = builder.ca_certificate_pem(read(path, "the CA certificate")?);
    }
    if let Some(path) = &global.client_certificate {
        builder = builder.client_certificate_pem(read(path, "the client certificate")?);
    }
    if global.verbose > 0 {
        let (format, screen, headers) = (global.output, screen.clone(), global.verbose > 1);
        builder = builder.on_event(move |event| events::tell(event, headers, format, &screen));
    }
    builder
        .build()
        .map_err(|error| Failure::invite(error, None))
}
