//! TLS: rustls with ring, the system's authorities and the caller's.
//!
//! The provider is passed to this client alone. The default of the process, which belongs to the host program, is not
//! changed.

use std::sync::Arc;

use crate::error::InviteError;
use crate::http::authorities;

/// The configuration of TLS. If TLS is not needed, for http on this machine, the client does not read the system's
/// authorities, which takes tens of milliseconds, nor those that variables name. The options are checked nevertheless.
pub(crate) fn config(
    trusted: &authorities::Sources,
    identity: Option<&[u8]>,
    needed: bool,
) -> Result<rustls::ClientConfig, InviteError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let trusted = trusted.read(needed)?;
    let identity = identity.map(authorities::identity).transpose()?;
    let config = rustls::ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| {
            InviteError::invalid_input(format!("TLS cannot be set up: {error}")).with_source(error)
        })?;
    let config = match needed {
        // "Dangerous" is any verifier that is not rustls' own; this one is the platform's.
        true => config
            .dangerous()
            .with_custom_certificate_verifier(trusted.verifier(provider)?),
        false => config.with_root_certificates(rustls::RootCertStore::empty()),
    };
    match identity {
        Some((chain, key)) => config
            .with_client_auth_cert(chain, key)
            .map_err(authorities::identity_refused),
        None => Ok(config.with_no_client_auth()),
    }
}
