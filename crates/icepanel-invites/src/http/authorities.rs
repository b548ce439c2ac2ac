//! Certificate authorities that TLS trusts, and the client certificate.
//!
//! | source | what it does |
//! |---|---|
//! | the system's store; on Linux `SSL_CERT_FILE` and `SSL_CERT_DIR` in its place | the authorities that are trusted |
//! | a variable that [`CaVariable::Replaces`] | its authorities are trusted in place of the system's |
//! | a variable that [`CaVariable::Adds`], the option for CA certificates | their authorities are trusted as well |

use std::path::Path;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{InconsistentKeys, RootCertStore};
use rustls_platform_verifier::Verifier;

use crate::error::{ErrorKind, InviteError};
use crate::http::options;

/// How the client uses the authorities in the file that an environment variable names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaVariable {
    /// They are trusted in addition to the system's, as with Node's `NODE_EXTRA_CA_CERTS`.
    Adds,
    /// They are trusted in place of the system's, as with `REQUESTS_CA_BUNDLE` in Python.
    Replaces,
}

/// The sources of authorities besides the system.
#[derive(Clone, Default)]
pub(crate) struct Sources {
    /// The option: PEM text.
    pub(crate) pem: Option<Vec<u8>>,
    /// Environment variables that name a file.
    pub(crate) variables: Vec<(String, CaVariable)>,
}

/// The option's size and the variables' names, without the bytes.
impl std::fmt::Debug for Sources {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sources")
            .field("pem_bytes", &self.pem.as_ref().map(Vec::len))
            .field("variables", &self.variables)
            .finish()
    }
}

/// The authorities that were read.
pub(crate) struct Authorities {
    /// Trusted in any case.
    added: Vec<CertificateDer<'static>>,
    /// Trusted in place of the system's, if a variable says so.
    replaced: Option<Vec<CertificateDer<'static>>>,
}

impl Sources {
    /// The advice for a server whose authority is not trusted.
    pub(crate) fn advice(&self) -> String {
        let mut variables = String::new();
        if !cfg!(any(windows, target_vendor = "apple", target_os = "android")) {
            variables.push_str(", by the variable SSL_CERT_FILE");
        }
        for (name, _) in &self.variables {
            variables.push_str(", by the variable ");
            variables.push_str(name);
        }
        format!(
            "If the server is the right one, trust its certificate authority, for example the authority of a company's proxy. Give the PEM file of the authority by the option ca_certificate_pem (--ca-certificate){variables}, or add the authority to this machine's store."
        )
    }

    /// Reads the option and, for https, the files that the variables name.
    pub(crate) fn read(&self, https: bool) -> Result<Authorities, InviteError> {
        let mut authorities = Authorities {
            added: Vec::new(),
            replaced: None,
        };
        if let Some(pem) = &self.pem {
            authorities.added = certificates("the CA certificate", pem)?;
        }
        for (name, effect) in self.variables.iter().filter(|_| https) {
            let Some(path) = std::env::var_os(name).filter(|path| !path.is_empty()) else {
                continue;
            };
            let read = from_path(name, Path::new(&path))?;
            match effect {
                CaVariable::Adds => authorities.added.extend(read),
                CaVariable::Replaces => authorities.replaced = Some(read),
            }
        }
        Ok(authorities)
    }
}

impl Authorities {
    /// The verifier of a server's certificate.
    pub(crate) fn verifier(
        self,
        provider: Arc<CryptoProvider>,
    ) -> Result<Arc<dyn ServerCertVerifier>, InviteError> {
        let Some(instead) = self.replaced else {
            return system(self.added, provider);
        };
        let mut roots = RootCertStore::empty();
        // As for the system's: one unusable certificate must not disable the others.
        roots.add_parsable_certificates(instead.into_iter().chain(self.added));
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .map_err(|error| {
                InviteError::invalid_input(format!(
                    "the certificate authorities cannot be used: {error}"
                ))
                .with_source(error)
            })?;
        Ok(verifier)
    }
}

/// The system's authorities, and these.
fn system(
    added: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, InviteError> {
    // Checked first, so that an error below is about the system alone.
    let mut roots = RootCertStore::empty();
    for authority in &added {
        roots.add(authority.clone()).map_err(|error| {
            InviteError::invalid_input(format!("the CA certificate cannot be used: {error}"))
                .with_source(error)
        })?;
    }
    #[cfg(target_os = "android")]
    crate::http::android::check(&added)?;
    let unreadable = unreadable_file();
    match platform(added, provider) {
        Ok(verifier) => match unreadable {
            Some(why) => Err(InviteError::invalid_input(why)),
            None => Ok(Arc::new(verifier)),
        },
        Err(error) => {
            let mut what =
                "this machine has no certificate authorities, so no https server can be trusted"
                    .to_owned();
            if let Some(why) = unreadable {
                what = format!("{what}; {why}");
            }
            Err(InviteError::new(ErrorKind::Connection, what)
                .not_retryable()
                .with_advice(
                    "Install the package ca-certificates, or give the authorities' PEM file by the variable SSL_CERT_FILE or the option ca_certificate_pem (--ca-certificate).",
                )
                .with_source(error))
        }
    }
}

/// The platform's verifier, with these authorities beside its own.
fn platform(
    added: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Verifier, rustls::Error> {
    #[cfg(target_os = "android")]
    {
        // There are none: `android::check` rejects them.
        drop(added);
        Verifier::new(provider)
    }
    #[cfg(not(target_os = "android"))]
    Verifier::new_with_extra_roots(added, provider)
}

/// Why the file that `SSL_CERT_FILE` names cannot be read, where the system's store is files at all.
fn unreadable_file() -> Option<String> {
    if cfg!(any(windows, target_vendor = "apple", target_os = "android")) {
        return None;
    }
    let path = std::env::var_os("SSL_CERT_FILE").filter(|path| !path.is_empty())?;
    let error = std::fs::read(&path).err()?;
    Some(format!(
        "SSL_CERT_FILE names {path:?}, which cannot be read: {error}"
    ))
}

/// The certificates of a file, or of all files of a folder.
fn from_path(variable: &str, path: &Path) -> Result<Vec<CertificateDer<'static>>, InviteError> {
    let refused = |error: std::io::Error| {
        InviteError::invalid_input(format!(
            "{variable} names {path:?}, which cannot be read: {error}"
        ))
        .with_source(error)
    };
    let what = format!("the file that {variable} names");
    if !path.is_dir() {
        return certificates(&what, &std::fs::read(path).map_err(refused)?);
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path).map_err(refused)? {
        let file = entry.map_err(refused)?.path();
        // A folder of authorities also has lists of revoked certificates and notes.
        if let Ok(pem) = std::fs::read(&file)
            && let Ok(more) = certificates(&what, &pem)
        {
            found.extend(more);
        }
    }
    if found.is_empty() {
        return Err(InviteError::invalid_input(format!(
            "{variable} names {path:?}, a folder without a certificate in PEM"
        )));
    }
    Ok(found)
}

/// All certificates in a PEM text, at least one.
fn certificates(what: &str, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, InviteError> {
    let pem = options::pem(what, pem)?;
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<_, _>>()
        .map_err(|error| InviteError::invalid_input(format!("{what} is not PEM: {error}")))?;
    if certificates.is_empty() {
        return Err(InviteError::invalid_input(format!(
            "{what} has no certificate in it; give PEM text that begins with -----BEGIN CERTIFICATE-----"
        )));
    }
    Ok(certificates)
}

/// A client certificate: its chain, and its key.
pub(crate) type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// Reads a client certificate: the chain and the key in one PEM text. No error shows any of it.
pub(crate) fn identity(pem: &[u8]) -> Result<Identity, InviteError> {
    let what = "the client certificate";
    let text = options::pem(what, pem)?;
    if memchr::memmem::find(&text, b"-----BEGIN ENCRYPTED PRIVATE KEY-----").is_some()
        || memchr::memmem::find(&text, b"Proc-Type: 4,ENCRYPTED").is_some()
    {
        return Err(InviteError::invalid_input(format!(
            "{what} has an encrypted key; decrypt it first, with openssl pkey -in FILE"
        )));
    }
    let chain = certificates(what, &text)?;
    let key = PrivateKeyDer::from_pem_slice(&text).map_err(|_| {
        InviteError::invalid_input(format!(
            "{what} has no private key in it; give the chain and the key in one PEM text"
        ))
    })?;
    Ok((chain, key))
}

/// The error of a client certificate that TLS does not accept.
pub(crate) fn identity_refused(error: rustls::Error) -> InviteError {
    let what = match &error {
        rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
            "the client certificate and its key do not belong together".to_owned()
        }
        error => format!("the client certificate cannot be used: {error}"),
    };
    InviteError::invalid_input(what).with_source(error)
}
