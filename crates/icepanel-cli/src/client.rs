//! The client, from the options, the environment and the profile.

use icepanel_invites::InviteClient;

use crate::args::Global;
use crate::errors::Failure;
use crate::events::{self, Urls};
use crate::screen::Screen;
use crate::settings::{Settings, read};

/// The client of the organization that the settings name.
pub(crate) fn connect(
    global: &Global,
    settings: &Settings,
    screen: &Screen,
) -> Result<InviteClient, Failure> {
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
    if global.verbose {
        let (format, screen) = (global.output, screen.clone());
        let urls = Urls::new(&settings.base_url.0, organization);
        builder = builder.on_event(move |event| events::tell(event, &urls, format, &screen));
    }
    builder
        .build()
        .map_err(|error| Failure::invite(error, None))
}
