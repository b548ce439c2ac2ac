//! Proxies, TLS and packed bodies: what a company's network puts between client and service.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

#[path = "support/child.rs"]
mod child;
mod support;
#[path = "support/tls.rs"]
mod tls;

use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use icepanel_invites::{
    ErrorKind, InviteClient, InviteError, NewInvite, Pacing, Permission, RetryPolicy,
};
use icepanel_sandbox::{API_KEY, ORGANIZATION_ID, Sandbox};
use support::{open_state, start};
use tls::{Authority, Secured, config};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

fn guest() -> NewInvite {
    NewInvite::new("ada@example.com", Permission::Read, TimeDelta::days(1))
}

/// Quick tries: what is tested is the total number.
fn quick() -> RetryPolicy {
    RetryPolicy::default()
        .base_delay(Duration::from_millis(1))
        .max_delay(Duration::from_millis(1))
}

/// A service behind TLS, and its authority.
async fn service() -> (Sandbox, Secured, Authority) {
    let (sandbox, authority) = (start(open_state()), Authority::new());
    let service = Secured::start(config(&authority, None), &sandbox).await;
    (sandbox, service, authority)
}

/// A server on loopback that hands each connection on, and notes what each of them began with.
struct Noted {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Noted {
    async fn start<F>(handle: impl Fn(TcpStream) -> F + Send + 'static) -> Self
    where
        F: Future<Output = std::io::Result<String>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let seen = Arc::<Mutex<Vec<String>>>::default();
        let noted = seen.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (noted, handled) = (noted.clone(), handle(socket));
                tokio::spawn(async move {
                    let said = handled.await.unwrap_or_else(|why| why.to_string());
                    noted.lock().expect("no panic").push(said);
                });
            }
        });
        Self { address, seen }
    }

    /// What arrived, once there was this number of connections.
    async fn seen(&self, connections: usize) -> Vec<String> {
        loop {
            let seen = self.seen.lock().expect("no panic").clone();
            if seen.len() >= connections {
                return seen;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

async fn head(socket: &mut TcpStream) -> std::io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// Joins both in the background.
fn join(mut one: TcpStream, other: SocketAddr) {
    tokio::spawn(async move {
        if let Ok(mut other) = TcpStream::connect(other).await {
            let _ = copy_bidirectional(&mut one, &mut other).await;
        }
    });
}

/// A proxy that opens a tunnel with 200, and refuses one with any other status.
async fn proxy(status: u16, target: SocketAddr) -> Noted {
    Noted::start(move |mut client| async move {
        let asked = head(&mut client).await?;
        let answer = format!("HTTP/1.1 {status} Said\r\ncontent-length: 0\r\n\r\n");
        client.write_all(answer.as_bytes()).await?;
        if status == 200 {
            join(client, target);
        }
        Ok(asked)
    })
    .await
}

/// A proxy that speaks SOCKS 5, and wants `ada` and `correct-horse` if it wants a password.
async fn socks(password: bool, target: SocketAddr) -> Noted {
    Noted::start(move |mut client| async move {
        let mut methods = vec![0; 2];
        client.read_exact(&mut methods).await?;
        let mut offered = vec![0; methods[1].into()];
        client.read_exact(&mut offered).await?;
        let wanted = if password { 2 } else { 0 };
        if !offered.contains(&wanted) {
            client.write_all(&[5, 0xff]).await?;
            return Ok("no method".to_owned());
        }
        client.write_all(&[5, wanted]).await?;
        if password {
            let mut texts = Vec::new();
            client.read_u8().await?;
            for _ in 0..2 {
                let mut text = vec![0; client.read_u8().await?.into()];
                client.read_exact(&mut text).await?;
                texts.push(String::from_utf8_lossy(&text).into_owned());
            }
            let right = texts == ["ada", "correct-horse"];
            client.write_all(&[1, u8::from(!right)]).await?;
            if !right {
                return Ok("a wrong password".to_owned());
            }
        }
        let mut asked = [0; 4];
        client.read_exact(&mut asked).await?;
        let asked = match asked[3] {
            1 => {
                let mut address = [0; 6];
                client.read_exact(&mut address).await?;
                "an address".to_owned()
            }
            _ => {
                let mut name = vec![0; client.read_u8().await?.into()];
                client.read_exact(&mut name).await?;
                client.read_u16().await?;
                format!("the name {}", String::from_utf8_lossy(&name))
            }
        };
        client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
        join(client, target);
        Ok(asked)
    })
    .await
}

/// What a create comes to by this proxy.
async fn by_proxy(
    service: &Secured,
    authority: &Authority,
    proxy: String,
) -> Result<(), InviteError> {
    let client = service
        .builder()
        .ca_certificate_pem(authority.pem())
        .retry(quick())
        // What a proxy refuses takes no place in the window of the service.
        .pacing(Pacing::none().writes(1, Duration::from_secs(60)))
        .timeout(Duration::from_secs(20))
        .proxy(proxy)
        .build()?;
    client.create(&guest()).await.map(drop)
}

#[tokio::test]
async fn a_proxy_that_refuses_is_final_and_one_in_trouble_is_tried_again() {
    let (sandbox, service, authority) = service().await;
    for (status, times, says) in [
        (407, 1, "password"),
        // And once more, for the status.
        (403, 2, "localhost"),
        (404, 2, "localhost"),
        // The service's time is asked for first, once.
        (502, 10, "proxy"),
        (503, 10, "proxy"),
        (504, 10, "proxy"),
    ] {
        let proxy = proxy(status, service.address).await;
        let url = format!("http://ada:wrong-horse@{}", proxy.address);
        let error = by_proxy(&service, &authority, url)
            .await
            .expect_err("it is refused");
        assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
        assert_eq!(error.status(), Some(status), "{error}");
        assert!(error.message().contains(&status.to_string()), "{error}");
        assert_eq!(error.retryable(), status >= 500, "{error}");
        assert!(!error.invite_may_exist());
        assert!(error.advice().contains(says), "{}", error.advice());
        assert!(!error.full().contains("the system's settings"), "{error}");
        assert!(!format!("{error:?}{}", error.full()).contains("wrong-horse"));
        let seen = proxy.seen(times).await;
        assert_eq!(seen.len(), times, "{status}");
        for asked in seen {
            assert!(asked.starts_with("CONNECT localhost:"), "{asked}");
            // Without its password a proxy would say 407 of everything.
            let lower = asked.to_lowercase();
            assert!(lower.contains("proxy-authorization: basic "), "{asked}");
            assert!(!asked.contains(API_KEY), "{asked}");
        }
    }
    let open = proxy(200, service.address).await;
    by_proxy(&service, &authority, format!("http://{}", open.address))
        .await
        .expect("a tunnel");
    assert_eq!(sandbox.report().active_invites_total, 1);
}

#[tokio::test]
async fn socks_is_spoken_and_the_proxy_resolves_the_name_if_it_shall() {
    let (_sandbox, service, authority) = service().await;
    for (scheme, asked) in [("socks5", "an address"), ("socks5h", "the name localhost")] {
        let proxy = socks(true, service.address).await;
        let url = format!("{scheme}://ada:correct-horse@{}", proxy.address);
        by_proxy(&service, &authority, url).await.expect("a tunnel");
        assert_eq!(proxy.seen(1).await, [asked]);
        for credentials in ["ada:wrong-horse@", ""] {
            let url = format!("{scheme}://{credentials}{}", proxy.address);
            let error = by_proxy(&service, &authority, url)
                .await
                .expect_err("it is refused");
            assert!(!error.retryable() && !error.invite_may_exist(), "{error}");
            assert!(error.advice().contains("password"), "{}", error.advice());
        }
        assert_eq!(proxy.seen(3).await.len(), 3, "each is tried once");
        let open = socks(false, service.address).await;
        by_proxy(&service, &authority, format!("{scheme}://{}", open.address))
            .await
            .expect("a tunnel");
    }
}

/// The proxy that the variables of this process lead to; the parent sets them.
#[tokio::test]
async fn child_uses_the_variables() {
    if !child::is_child("child_uses_the_variables") {
        return;
    }
    let expected = std::env::var("TEST_EXPECTED").expect("an expectation");
    let (url, authority) = (
        std::env::var("TEST_URL").expect("a URL"),
        std::env::var("TEST_AUTHORITY").expect("an authority"),
    );
    let made = InviteClient::builder(API_KEY, ORGANIZATION_ID)
        .base_url(url)
        .ca_certificate_pem(authority)
        .retry(quick())
        .build();
    match (expected.strip_prefix("refused:"), made) {
        (None, client) => drop(client.expect("a client").members().await.expect("members")),
        (Some(name), made) => {
            let error = made.expect_err("the variable cannot be used");
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
            assert!(error.message().starts_with(name), "{error}");
            let text = format!("{error:?}{}", error.full());
            assert!(
                !text.contains("horse") && !text.contains("10.0.0.1"),
                "{text}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variable_is_used_or_named_and_one_that_is_not_needed_is_not_looked_at() {
    let (sandbox, service, authority) = service().await;
    let url = format!("https://localhost:{}/v1", service.address.port());
    let authority = authority.pem();
    let http = proxy(200, service.address).await;
    let socks = socks(true, service.address).await;
    let by_http = format!("http://{}", http.address);
    let bare = format!(" {} \n", http.address);
    let by_socks = format!("socks5h://ada:correct-horse@{}", socks.address);
    let child = |url: &str, expected: &str, variables: &[(&str, &str)]| {
        let told = [
            ("TEST_URL", url),
            ("TEST_AUTHORITY", authority.as_str()),
            ("TEST_EXPECTED", expected),
        ];
        child::run("child_uses_the_variables", &[&told, variables].concat());
    };
    let quoted = format!("\"{by_http}\"");
    for broken in [
        quoted.as_str(),
        "http://ada:correct-horse@[",
        "ftp://ada:correct-horse@10.0.0.1",
        "socks4://10.0.0.1:1080",
        "http://",
    ] {
        child(&url, "refused:HTTPS_PROXY", &[("HTTPS_PROXY", broken)]);
        child(&url, "refused:https_proxy", &[("https_proxy", broken)]);
        child(&url, "refused:ALL_PROXY", &[("ALL_PROXY", broken)]);
        // What is not needed is not looked at.
        child(
            &url,
            "used",
            &[("HTTPS_PROXY", broken), ("NO_PROXY", "localhost")],
        );
        child(
            &url,
            "used",
            &[("HTTP_PROXY", broken), ("http_proxy", broken)],
        );
        // A web server that starts a program writes a visitor's headers into such variables.
        child(
            &url,
            "used",
            &[("HTTPS_PROXY", broken), ("REQUEST_METHOD", "GET")],
        );
        let used = [("HTTPS_PROXY", by_http.as_str()), ("ALL_PROXY", broken)];
        child(&url, "used", &used);
        // Nor for http on this machine.
        child(
            &sandbox.base_url(),
            "used",
            &[("HTTPS_PROXY", broken), ("ALL_PROXY", broken)],
        );
    }
    assert_eq!(http.seen(5).await.len(), 5, "one for each that was used");
    child(&url, "used", &[("HTTPS_PROXY", &bare)]);
    child(
        &url,
        "used",
        &[("HTTPS_PROXY", ""), ("ALL_PROXY", &by_http)],
    );
    assert_eq!(http.seen(7).await.len(), 7);
    child(&url, "used", &[("ALL_PROXY", &by_socks)]);
    assert_eq!(socks.seen(1).await, ["the name localhost"]);
}

#[test]
fn a_proxy_that_cannot_be_used_is_refused_without_being_shown() {
    for (base_url, proxy) in [
        (
            "https://example.com",
            "\"http://ada:correct-horse@10.0.0.1\"",
        ),
        ("https://example.com", "socks4://ada:correct-horse@10.0.0.1"),
        ("https://example.com", "10.0.0.1:3128"),
        ("https://example.com", "socks5://"),
        ("http://127.0.0.1:1", "http://ada:correct-horse@127.0.0.1:2"),
    ] {
        let builder = InviteClient::builder("id:5a4db0c5", "organization");
        let error = builder.base_url(base_url).proxy(proxy).build();
        let error = error.expect_err("it cannot be used");
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert!(error.message().contains("proxy"), "{error}");
        assert!(!format!("{error:?}").contains("horse"), "{error:?}");
    }
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_looked_at_once_and_the_advice_names_what_to_set() {
    // An authority of another name, and one of the same name with another key.
    for trusted in [Authority::named("another company"), Authority::new()] {
        let (sandbox, service, _) = service().await;
        let client = service
            .builder()
            .ca_certificate_pem(trusted.pem())
            .ca_variable("A_HOSTS_OWN_CA", icepanel_invites::CaVariable::Adds)
            .retry(quick())
            .build()
            .expect("a client");
        let named = ["ca_certificate_pem", "SSL_CERT_FILE", "A_HOSTS_OWN_CA"];
        is_final(&client, &named).await;
        assert_eq!(service.connections(), 1, "one handshake for all requests");
        assert!(sandbox.report().log.is_empty());
    }
}

/// A create that is refused for good: no invite was made, and the advice names what to change.
async fn is_final(client: &InviteClient, named: &[&str]) {
    let error = client.create(&guest()).await.expect_err("it is refused");
    assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
    assert!(!error.retryable() && !error.invite_may_exist(), "{error}");
    for named in named {
        assert!(error.advice().contains(named), "{}", error.advice());
    }
}

/// TLS 1.3: after the client's part of the handshake.
#[tokio::test]
async fn a_gateway_that_rejects_the_client_certificate_is_tried_once_and_no_invite_was_made() {
    let (authority, company) = (Authority::new(), Authority::new());
    // None, one of an authority with another name, and one of the same name with another key.
    for shown in [
        None,
        Some(Authority::named("another company").identity("ada")),
        Some(Authority::new().identity("ada")),
    ] {
        let sandbox = start(open_state());
        let gateway = Secured::start(config(&authority, Some(&company)), &sandbox).await;
        let mut builder = gateway
            .builder()
            .ca_certificate_pem(authority.pem())
            .timeout(Duration::from_secs(10))
            .retry(quick());
        if let Some(identity) = shown {
            builder = builder.client_certificate_pem(identity);
        }
        let client = builder.build().expect("a client");
        is_final(&client, &["client_certificate_pem"]).await;
        assert_eq!(gateway.connections(), 1);
        assert!(sandbox.report().log.is_empty());
    }
}

/// As with TLS 1.2.
#[tokio::test]
async fn a_gateway_that_ends_the_handshake_is_tried_once_and_the_advice_says_for_want_of_what() {
    for (alert, wanted) in [
        // Of a handshake that fails, of a bad certificate, of an unknown authority, of none.
        (40, "client_certificate_pem"),
        (42, "client_certificate_pem"),
        (48, "client_certificate_pem"),
        (116, "client_certificate_pem"),
        // Of another version of TLS.
        (70, "TLS 1.2"),
    ] {
        let gateway = Noted::start(move |mut client| async move {
            let mut record = [0; 5];
            client.read_exact(&mut record).await?;
            let length = u16::from_be_bytes([record[3], record[4]]);
            client.read_exact(&mut vec![0; length.into()]).await?;
            client.write_all(&[21, 3, 3, 0, 2, 2, alert]).await?;
            Ok("a greeting".to_owned())
        })
        .await;
        let client = InviteClient::builder(API_KEY, ORGANIZATION_ID)
            .base_url(format!("https://localhost:{}/v1", gateway.address.port()))
            .ca_certificate_pem(Authority::new().pem())
            .timeout(Duration::from_secs(10))
            .retry(quick())
            .build()
            .expect("a client");
        is_final(&client, &[wanted]).await;
        assert_eq!(gateway.seen(1).await.len(), 1, "{alert}");
    }
}

/// After a finished handshake, a reset connection does not show whether the request was read.
#[tokio::test]
async fn a_connection_that_is_reset_after_the_handshake_leaves_the_doubt() {
    let authority = Authority::new();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config(&authority, None)));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            if let Ok(mut io) = acceptor.accept(socket).await {
                let mut some = [0; 16];
                let _ = io.read(&mut some).await;
            }
        }
    });
    let client = InviteClient::builder(API_KEY, ORGANIZATION_ID)
        .base_url(format!("https://localhost:{port}/v1"))
        .ca_certificate_pem(authority.pem())
        .pacing(Pacing::none())
        .timeout(Duration::from_secs(5))
        .retry(quick())
        .build()
        .expect("a client");
    let error = client.create(&guest()).await.expect_err("it is reset");
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
    assert!(error.invite_may_exist());
}

/// A service that says this of its packing, and packs so.
async fn packed(encoding: &'static str) -> Noted {
    Noted::start(move |mut client| async move {
        let asked = head(&mut client).await?;
        let mut body = br#"{"organizationUsers":{}}"#.to_vec();
        if encoding.to_lowercase().contains("gzip") {
            let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packer.write_all(&body)?;
            body = packer.finish()?;
        }
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-encoding: {encoding}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        client.write_all(&[head.as_bytes(), &body].concat()).await?;
        Ok(asked)
    })
    .await
}

#[tokio::test]
async fn a_packed_body_is_unpacked_however_its_packing_is_spelled() {
    for encoding in [
        "gzip",
        "GZIP",
        "x-gzip",
        "X-Gzip",
        "identity, gzip",
        "identity",
        "",
    ] {
        let service = packed(encoding).await;
        let client = InviteClient::builder(API_KEY, ORGANIZATION_ID)
            .base_url(format!("http://{}/v1", service.address))
            .build()
            .expect("a client");
        let members = client.members().await;
        assert!(members.expect(encoding).is_empty(), "{encoding}");
    }
    for encoding in ["br", "gzip, gzip", "deflate"] {
        let service = packed(encoding).await;
        let client = InviteClient::builder(API_KEY, ORGANIZATION_ID)
            .base_url(format!("http://{}/v1", service.address))
            .build()
            .expect("a client");
        let error = client.members().await.expect_err(encoding);
        assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer, "{error}");
    }
}
