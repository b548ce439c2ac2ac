//! A service behind TLS, and what a company puts in front of it.

#![allow(
    dead_code,
    clippy::expect_used,
    reason = "each test uses a part of it, and fails by panicking"
)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use icepanel_invites::{InviteClient, InviteClientBuilder, Pacing};
use icepanel_sandbox::{API_KEY, ORGANIZATION_ID, Sandbox};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

/// A certificate authority that nobody knows.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    /// All of these have one name, and keys of their own.
    pub(crate) fn new() -> Self {
        Self::named("a company")
    }

    pub(crate) fn named(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("an authority"))
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate for a host or a client, and its key.
    pub(crate) fn issue(&self, name: &str) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        let certificate = params.signed_by(&key, &self.0).expect("a certificate");
        (certificate, key)
    }

    /// What a client shows: certificate and key in one PEM text.
    pub(crate) fn identity(&self, name: &str) -> String {
        let (certificate, key) = self.issue(name);
        format!("{}{}", certificate.pem(), key.serialize_pem())
    }

    fn der(&self) -> CertificateDer<'static> {
        self.0.der().clone()
    }
}

/// A server with a certificate for localhost. With `clients` it asks for a certificate of theirs.
pub(crate) fn config(authority: &Authority, clients: Option<&Authority>) -> ServerConfig {
    let provider = Arc::new(default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .expect("versions");
    let builder = match clients {
        Some(clients) => {
            let mut roots = RootCertStore::empty();
            roots.add(clients.der()).expect("an authority");
            let verifier =
                WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
            builder.with_client_cert_verifier(verifier.expect("a verifier"))
        }
        None => builder.with_no_client_auth(),
    };
    let (leaf, key) = authority.issue("localhost");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    builder
        .with_single_cert(vec![leaf.der().clone()], key)
        .expect("a certificate")
}

/// TLS in front of a sandbox.
pub(crate) struct Secured {
    pub(crate) address: SocketAddr,
    connections: Arc<AtomicU32>,
}

impl Secured {
    pub(crate) async fn start(config: ServerConfig, sandbox: &Sandbox) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let connections = Arc::new(AtomicU32::new(0));
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let (behind, counted) = (sandbox.address(), connections.clone());
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    if let Ok(mut outside) = acceptor.accept(socket).await
                        && let Ok(mut inside) = TcpStream::connect(behind).await
                    {
                        let _ = copy_bidirectional(&mut outside, &mut inside).await;
                    }
                });
            }
        });
        Self {
            address,
            connections,
        }
    }

    pub(crate) fn connections(&self) -> u32 {
        self.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn builder(&self) -> InviteClientBuilder {
        InviteClient::builder(API_KEY, ORGANIZATION_ID)
            .base_url(format!("https://localhost:{}/v1", self.address.port()))
            .pacing(Pacing::none())
    }
}
