//! TLS, certificate authorities and proxies, as a program meets them in a company.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use common::{Ended, TempFile, bare, command, end, sandbox};
use icepanel_sandbox::{API_KEY, ORGANIZATION_ID, Sandbox};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// A sandbox behind TLS, with a certificate of an authority that nobody knows.
struct Secured {
    sandbox: Sandbox,
    address: SocketAddr,
    authority: TempFile,
    _runtime: Runtime,
}

/// `name` makes the files of each test unique; the certificate is for `host`.
fn secured(name: &str, host: &str) -> Secured {
    let sandbox = sandbox(json!({}));
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = rcgen::CertifiedIssuer::self_signed(params, key).unwrap();
    let leaf_key = rcgen::KeyPair::generate().unwrap();
    let leaf = rcgen::CertificateParams::new(vec![host.to_owned()])
        .unwrap()
        .signed_by(&leaf_key, &authority)
        .unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![leaf.der().clone()],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(leaf_key.serialize_der())),
        )
        .unwrap();
    let runtime = Runtime::new().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    let behind = sandbox.address();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    runtime.spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(mut outside) = acceptor.accept(socket).await {
                    let mut inside = TcpStream::connect(behind).await.unwrap();
                    let _ = copy_bidirectional(&mut outside, &mut inside).await;
                }
            });
        }
    });
    Secured {
        sandbox,
        address,
        authority: TempFile::new(&format!("{name}.pem"), authority.pem()),
        _runtime: runtime,
    }
}

impl Secured {
    /// `seats` against it, with more arguments and variables.
    fn seats(&self, args: &[&str], variables: &[(&str, &str)]) -> Ended {
        let mut command = bare(&[&["seats", "--output", "json"], args].concat());
        command
            .env("ICEPANEL_API_KEY", API_KEY)
            .env("ICEPANEL_ORGANIZATION_ID", ORGANIZATION_ID)
            .env(
                "ICEPANEL_BASE_URL",
                format!("https://localhost:{}/v1", self.address.port()),
            )
            .envs(variables.iter().copied());
        end(command)
    }
}

/// A proxy that opens tunnels and notes what it was asked for.
struct Proxy {
    address: SocketAddr,
    asked: Arc<Mutex<String>>,
    _runtime: Runtime,
}

fn proxy() -> Proxy {
    let runtime = Runtime::new().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::<Mutex<String>>::default();
    let noted = asked.clone();
    runtime.spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let noted = noted.clone();
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(client.read_u8().await.unwrap());
                }
                let head = String::from_utf8(head).unwrap();
                noted.lock().unwrap().push_str(&head);
                let Some(target) = head.strip_prefix("CONNECT ") else {
                    return;
                };
                let target = target.split(' ').next().unwrap().to_owned();
                client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
                let mut service = TcpStream::connect(target).await.unwrap();
                let _ = copy_bidirectional(&mut client, &mut service).await;
            });
        }
    });
    Proxy {
        address,
        asked,
        _runtime: runtime,
    }
}

#[test]
fn an_authority_that_nobody_knows_gets_no_key() {
    let service = secured("unknown", "localhost");
    let ended = service.seats(&[], &[]).failed(19);
    let error = &ended.error()["error"];
    assert_eq!(error["kind"], "connection", "{error}");
    assert!(
        error["message"].as_str().unwrap().contains("certificate"),
        "{error}"
    );
    assert_eq!(service.sandbox.report().log, []);
}

#[test]
fn a_companys_authority_is_trusted_by_option_and_by_variable() {
    let service = secured("company", "localhost");
    let authority = service.authority.path();
    let by_option = service.seats(&["--ca-certificate", authority], &[]).ok();
    assert_eq!(by_option.json()["free"], 10);
    service.seats(&[], &[("SSL_CERT_FILE", authority)]).ok();
}

#[test]
fn a_certificate_for_another_host_gets_no_key() {
    let service = secured("other-host", "other.example.com");
    let authority = service.authority.path();
    let ended = service
        .seats(&["--ca-certificate", authority], &[])
        .failed(19);
    assert_eq!(ended.error()["error"]["kind"], "connection");
    assert_eq!(service.sandbox.report().log, []);
}

#[test]
fn the_standard_variable_and_the_option_name_the_proxy() {
    let service = secured("proxy", "localhost");
    let authority = service.authority.path();
    let target = format!("CONNECT localhost:{} ", service.address.port());
    for by_option in [false, true] {
        let proxy = proxy();
        let url = format!("http://ada:correct-horse@{}", proxy.address);
        let ended = match by_option {
            true => service.seats(&["--ca-certificate", authority, "--proxy", &url, "-v"], &[]),
            false => service.seats(
                &["--ca-certificate", authority, "-v"],
                &[("HTTPS_PROXY", &url)],
            ),
        }
        .ok();
        assert!(!format!("{ended:?}").contains("correct-horse"), "{ended:?}");
        let asked = proxy.asked.lock().unwrap();
        assert!(asked.starts_with(&target), "{asked}");
        // "ada:correct-horse" in base64.
        assert!(asked.contains("Basic YWRhOmNvcnJlY3QtaG9yc2U="), "{asked}");
        assert!(!asked.contains(API_KEY), "{asked}");
    }
}

#[test]
fn plain_http_on_this_machine_goes_past_the_proxy_that_would_see_the_key() {
    let sandbox = sandbox(json!({}));
    let proxy = proxy();
    let url = format!("http://{}", proxy.address);
    let mut command = command(&sandbox, &["seats"]);
    command.envs([
        ("HTTP_PROXY", &url),
        ("http_proxy", &url),
        ("ALL_PROXY", &url),
    ]);
    end(command).ok();
    assert_eq!(*proxy.asked.lock().unwrap(), "");
}

#[test]
fn a_proxy_that_is_not_there_is_a_connection_error() {
    let service = secured("no-proxy", "localhost");
    let authority = service.authority.path();
    let ended = service
        .seats(
            &[
                "--ca-certificate",
                authority,
                "--proxy",
                "http://127.0.0.1:9",
                "--timeout",
                "10s",
            ],
            &[],
        )
        .failed(19);
    assert_eq!(ended.error()["error"]["kind"], "connection");
}

#[test]
fn processes_that_ensure_one_person_at_once_end_with_one_invite() {
    let sandbox = sandbox(json!({}));
    let workers: Vec<_> = (0..8)
        .map(|_| {
            command(
                &sandbox,
                &[
                    "ensure",
                    "ada@example.com",
                    "--permission",
                    "read",
                    "--output",
                    "json",
                ],
            )
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap()
        })
        .collect();
    let mut ids: Vec<String> = workers
        .into_iter()
        .map(|worker| {
            Ended::from(worker.wait_with_output().unwrap()).ok().json()["invite"]["id"].to_string()
        })
        .collect();
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
    assert_eq!(sandbox.report().active_invites_total, 1);
}
