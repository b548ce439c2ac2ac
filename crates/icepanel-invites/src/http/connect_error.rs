//! What it means that no connection could be made, or that one broke: by the causes of the HTTP client's error.

use std::error::Error as StdError;
use std::io;

use reqwest::StatusCode;
use rustls::{AlertDescription, CertificateError};

use crate::error::{ErrorKind, InviteError, innermost};

/// What asks for a client certificate, or does not accept the one that was shown.
const CLIENT_CERTIFICATE: &str = "The server or a gateway in front of it asks for a client certificate that it accepts: give one, with its key, by the option client_certificate_pem (--client-certificate).";

/// What a proxy did in place of opening a tunnel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tunnel {
    /// It did not accept the password, or wants one.
    Unauthorized(Option<StatusCode>),
    /// It answered with another status than 200.
    Refused,
}

impl Tunnel {
    /// Reads it out of an error. These causes are not public types; tests hold the words.
    pub(crate) fn of(error: &(dyn StdError + 'static)) -> Option<Self> {
        causes(error).find_map(|cause| match cause.to_string().as_str() {
            "tunnel error: proxy authorization required" => Some(Self::Unauthorized(Some(
                StatusCode::PROXY_AUTHENTICATION_REQUIRED,
            ))),
            "tunnel error: unsuccessful" => Some(Self::Refused),
            "SOCKS error: credentials not accepted"
            | "SOCKS error: server does not support user/pass authentication" => {
                Some(Self::Unauthorized(None))
            }
            _ => None,
        })
    }
}

/// The error of a proxy, which `named` names, that did not accept the password.
pub(crate) fn unauthorized(named: &str, status: Option<StatusCode>) -> InviteError {
    let what = "the proxy refused the connection";
    let advice = format!("Check the user and the password of the proxy, in {named}.");
    let error = match status {
        Some(status) => InviteError::new(ErrorKind::Connection, format!("{what}: {status}"))
            .with_answer(status.as_u16(), None),
        None => InviteError::new(
            ErrorKind::Connection,
            format!("{what}: it wants another password"),
        ),
    };
    error.not_retryable().with_advice(advice)
}

/// The error of a proxy that answered to CONNECT for `host` with this status.
pub(crate) fn refused(named: &str, host: &str, status: StatusCode) -> InviteError {
    if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
        return unauthorized(named, Some(status));
    }
    let what = format!("the proxy refused the connection: {status}");
    let error = InviteError::new(ErrorKind::Connection, what).with_answer(status.as_u16(), None);
    match status.is_client_error() {
        true => error.not_retryable().with_advice(format!(
            "Ask whoever runs the proxy to allow {host}, use another proxy than that in {named}, or name the host in NO_PROXY."
        )),
        false => error,
    }
}

/// The error of a connection that could not be made. `trust` is what to do where the authority is not trusted.
pub(crate) fn no_connection(error: &(dyn StdError + 'static), trust: &str) -> InviteError {
    let message = format!("no connection could be made: {}", innermost(error));
    let failed = InviteError::new(ErrorKind::Connection, message);
    match tls_error(error) {
        // An authority of a known name with another key is unknown too.
        Some(rustls::Error::InvalidCertificate(
            CertificateError::UnknownIssuer | CertificateError::BadSignature,
        )) => failed.not_retryable().with_advice(trust.to_owned()),
        Some(rustls::Error::InvalidCertificate(_)) => failed.not_retryable().with_advice(
            "Check the host in the base URL, the server's certificate, and this machine's clock.",
        ),
        Some(rustls::Error::AlertReceived(alert)) if asks_for_certificate(*alert) => {
            failed.not_retryable().with_advice(CLIENT_CERTIFICATE)
        }
        Some(rustls::Error::AlertReceived(_) | rustls::Error::PeerIncompatible(_)) => {
            failed.not_retryable().with_advice(
                "Check that the base URL, or the proxy, is a server of TLS 1.2 or 1.3 for this host.",
            )
        }
        _ => failed,
    }
}

/// Whether a server says with this alert that it wants another certificate of the client, or one at all.
/// TLS 1.2 has no alert for it but that of a handshake that fails.
fn asks_for_certificate(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::CertificateRequired
            | AlertDescription::HandshakeFailure
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
    )
}

/// The error of a server that has ended the handshake for want of a client certificate, after the client
/// was done with it (TLS 1.3) and had sent the request: the server has read nothing of that. After any
/// other alert it may have.
pub(crate) fn certificate_required(error: &(dyn StdError + 'static)) -> Option<InviteError> {
    let required = rustls::Error::AlertReceived(AlertDescription::CertificateRequired);
    (tls_error(error)? == &required).then(|| {
        InviteError::new(
            ErrorKind::Connection,
            "the server asks for a client certificate, and the client has none",
        )
        .not_retryable()
        .with_advice(CLIENT_CERTIFICATE)
    })
}

/// An error and its causes.
fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    let next = |error: &&'a (dyn StdError + 'static)| {
        let error: &'a (dyn StdError + 'static) = *error;
        error.source()
    };
    std::iter::successors(Some(error), next)
}

/// The error of TLS among the causes of an error.
fn tls_error<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    causes(error).find_map(|mut error| {
        // An error of input and output skips the one that it holds when it is asked for its cause.
        while let Some(held) = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            error = held;
        }
        error.downcast_ref()
    })
}
