//! Errors of connections that could not be made or that broke: read from the causes of the HTTP client's error.

use std::error::Error as StdError;
use std::io;

use reqwest::StatusCode;
use rustls::{AlertDescription, CertificateError};

use crate::error::{ErrorKind, InviteError, innermost};

/// The advice if a server requires a client certificate, or rejects the given one.
const CLIENT_CERTIFICATE: &str = "The server, or a gateway in front of it, requires a client certificate that it accepts. Set one, with its key, by the option client_certificate_pem (--client-certificate).";

/// What a proxy did instead of opening a tunnel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tunnel {
    /// It did not accept the password, or requires one.
    Unauthorized(Option<StatusCode>),
    /// It responded with another status than 200.
    Refused,
}

impl Tunnel {
    /// Reads it from an error. These causes are not public types; tests check their texts.
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
            format!("{what}: it requires another password"),
        ),
    };
    error.not_retryable().with_advice(advice)
}

/// The error of a proxy that responded to CONNECT for `host` with this status.
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

/// The error of a connection that could not be made. `trust` is the advice if the authority is not trusted.
pub(crate) fn no_connection(error: &(dyn StdError + 'static), trust: &str) -> InviteError {
    let message = format!("no connection could be made: {}", innermost(error));
    let failed = InviteError::new(ErrorKind::Connection, message);
    match tls_error(error) {
        // An authority with a known name and another key is unknown too.
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
                "Check that the base URL, or the proxy, supports TLS 1.2 or 1.3 for this host.",
            )
        }
        _ => failed,
    }
}

/// Whether a server requires another client certificate, or one at all, with this alert. TLS 1.2 has no alert for it
/// except that of a failed handshake.
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

/// The error of a server that rejected the client certificate, or the lack of one, after the client had finished its part
/// of the handshake (TLS 1.3) and had sent the request. A server sends these alerts before it reads any of the request. It
/// may send another one later: for a certificate that has expired since, for example.
pub(crate) fn client_certificate_rejected(error: &(dyn StdError + 'static)) -> Option<InviteError> {
    let Some(rustls::Error::AlertReceived(alert)) = tls_error(error) else {
        return None;
    };
    let message = match alert {
        AlertDescription::CertificateRequired => {
            "the server asks for a client certificate, and the client has none"
        }
        AlertDescription::UnknownCA => {
            "the server rejects the client certificate: it does not know its authority"
        }
        AlertDescription::BadCertificate
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateUnknown
        | AlertDescription::DecryptError => "the server rejects the client certificate",
        _ => return None,
    };
    let error = InviteError::new(ErrorKind::Connection, message);
    Some(error.not_retryable().with_advice(CLIENT_CERTIFICATE))
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
        // An I/O error skips the error inside it when it is asked for its cause.
        while let Some(held) = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            error = held;
        }
        error.downcast_ref()
    })
}
