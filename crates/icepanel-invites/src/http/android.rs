//! Android's verifier of certificates, which needs the app's context.

use std::sync::atomic::{AtomicBool, Ordering};

use jni::Env;
use jni::objects::JObject;
use rustls::pki_types::CertificateDer;

use crate::error::InviteError;

static READY: AtomicBool = AtomicBool::new(false);

/// Passes the app's context to the verifier of certificates. On Android this is needed once, before the first client is
/// built.
///
/// # Errors [`InvalidInput`](crate::ErrorKind::InvalidInput) if it is not a context.
pub fn init_android(env: &mut Env<'_>, context: JObject<'_>) -> Result<(), InviteError> {
    rustls_platform_verifier::android::init_with_env(env, context).map_err(|error| {
        InviteError::invalid_input(format!("the app's context cannot be used: {error}"))
            .with_source(error)
    })?;
    READY.store(true, Ordering::Release);
    Ok(())
}

/// Rejects what Android's verifier cannot do. The verifier panics without a context.
pub(crate) fn check(added: &[CertificateDer<'_>]) -> Result<(), InviteError> {
    if !added.is_empty() {
        return Err(InviteError::invalid_input(
            "on Android, certificate authorities cannot come from an option or a variable: name your company's authority in the app's network security configuration, and leave out ca_certificate_pem",
        ));
    }
    if !READY.load(Ordering::Acquire) {
        return Err(InviteError::invalid_input(
            "the app's context is not known: call System.loadLibrary(\"icepanel_invites_ffi\") after the app has started, before the first client",
        ));
    }
    Ok(())
}
