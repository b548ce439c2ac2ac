//! Certificates: whom the client trusts, and what it shows of itself.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

#[path = "support/child.rs"]
mod child;
mod support;
#[path = "support/tls.rs"]
mod tls;

use std::path::PathBuf;

use chrono::TimeDelta;
use icepanel_invites::{
    CaVariable, ErrorKind, InviteClient, InviteClientBuilder, NewInvite, Permission,
};
use support::{open_state, start};
use tls::{Authority, Secured, config};

/// A file or a folder of this process, removed when it is dropped.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("trust-{}-{name}", std::process::id())))
    }

    fn file(name: &str, text: &str) -> Self {
        let file = Self::new(name);
        std::fs::write(&file.0, text).expect("a file");
        file
    }

    fn folder(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = Self::new(name);
        std::fs::create_dir_all(&folder.0).expect("a folder");
        for (name, text) in files {
            std::fs::write(folder.0.join(name), text).expect("a file");
        }
        folder
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("a path in UTF-8")
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = match self.0.is_dir() {
            true => std::fs::remove_dir_all(&self.0),
            false => std::fs::remove_file(&self.0),
        };
    }
}

fn guest() -> NewInvite {
    NewInvite::new("ada@example.com", Permission::Read, TimeDelta::days(1))
}

#[tokio::test]
async fn a_client_certificate_by_option_is_shown_to_a_gateway_that_asks_for_one() {
    let (authority, company) = (Authority::new(), Authority::new());
    let sandbox = start(open_state());
    let gateway = Secured::start(config(&authority, Some(&company)), &sandbox).await;
    let identity = company.identity("ada");
    let (certificate, key) = identity.split_at(identity.find("-----BEGIN PRIVATE").expect("a key"));
    // The key first, with what editors and variables do to a PEM text.
    let windows = format!("\u{feff}{}", identity.replace('\n', "\r\n  "));
    for pem in [
        identity.clone(),
        format!("{key}{certificate}"),
        windows,
        identity.replace('\n', "\\n"),
    ] {
        let client = gateway
            .builder()
            .ca_certificate_pem(authority.pem())
            .client_certificate_pem(pem)
            .build()
            .expect("a client");
        client.members().await.expect("the gateway lets it through");
    }
}

#[test]
fn a_client_certificate_that_cannot_be_used_is_named_and_its_key_is_not_shown() {
    let company = Authority::new();
    let identity = company.identity("ada");
    let at = identity.find("-----BEGIN PRIVATE").expect("a key");
    let (certificate, key) = identity.split_at(at);
    let (_, other) = company.issue("ada");
    let encrypted = key.replace("PRIVATE", "ENCRYPTED PRIVATE");
    // As openssl wrote them before PKCS #8.
    let of_old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
    for (pem, says) in [
        (certificate.to_owned(), "no private key"),
        (key.to_owned(), "no certificate"),
        (format!("{certificate}{encrypted}"), "decrypt it first"),
        (format!("{certificate}{of_old}"), "decrypt it first"),
        (
            format!("{certificate}{}", other.serialize_pem()),
            "do not belong together",
        ),
        (format!("'{identity}'"), "quotes"),
        (String::new(), "no certificate"),
    ] {
        let builder = InviteClient::builder("id:5a4db0c5", "organization");
        let builder = builder.client_certificate_pem(pem);
        assert!(!format!("{builder:?}").contains("BEGIN"), "{builder:?}");
        let error = builder.build().expect_err("it cannot be used");
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert!(error.message().contains(says), "{error}");
        let secret = key.lines().nth(1).expect("the key's first line");
        assert!(!format!("{error}{error:?}").contains(secret));
    }
}

/// The service's authority, by the variables that this process was started with.
async fn by_variable(effect: CaVariable) {
    let authority = std::env::var("TEST_AUTHORITY").expect("an authority");
    let (_, pem) = authority.split_once('|').expect("a port and a PEM text");
    let pem: &str = pem;
    assert!(!pem.is_empty());
    let client = builder(&authority).ca_variable("TEST_CA", effect).build();
    client
        .expect("a client")
        .members()
        .await
        .expect("it is trusted");
}

fn builder(authority: &str) -> InviteClientBuilder {
    let (port, _) = authority.split_once('|').expect("a port");
    InviteClient::builder(icepanel_sandbox::API_KEY, icepanel_sandbox::ORGANIZATION_ID)
        .base_url(format!("https://localhost:{port}/v1"))
}

#[tokio::test]
async fn child_trusts_what_a_variable_adds() {
    if child::is_child("child_trusts_what_a_variable_adds") {
        by_variable(CaVariable::Adds).await;
    }
}

#[tokio::test]
async fn child_trusts_what_a_variable_names_in_place_of_the_systems() {
    if child::is_child("child_trusts_what_a_variable_names_in_place_of_the_systems") {
        by_variable(CaVariable::Replaces).await;
    }
}

#[tokio::test]
async fn child_distrusts_what_was_replaced() {
    if child::is_child("child_distrusts_what_was_replaced") {
        let authority = std::env::var("TEST_AUTHORITY").expect("an authority");
        let client = builder(&authority).ca_variable("TEST_CA", CaVariable::Replaces);
        let client = client.build().expect("a client");
        let error = client.members().await.expect_err("it is not trusted");
        assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variable_of_the_host_adds_authorities_or_replaces_the_systems() {
    let (authority, other) = (Authority::new(), Authority::new());
    let sandbox = start(open_state());
    let service = Secured::start(config(&authority, None), &sandbox).await;
    let told = format!("{}|{}", service.address.port(), authority.pem());
    let right = Temporary::file("right.pem", &authority.pem());
    let wrong = Temporary::file("wrong.pem", &other.pem());
    let both = |test: &'static str, system: &str, variable: &str| {
        let variables = [
            ("TEST_AUTHORITY", told.as_str()),
            ("SSL_CERT_FILE", system),
            ("TEST_CA", variable),
        ];
        child::run(test, &variables);
    };
    both(
        "child_trusts_what_a_variable_adds",
        wrong.path(),
        right.path(),
    );
    both(
        "child_trusts_what_a_variable_adds",
        right.path(),
        wrong.path(),
    );
    both("child_trusts_what_a_variable_adds", right.path(), "");
    // A folder of authorities has other files too.
    let folder = Temporary::folder(
        "folder",
        &[("ca.pem", &authority.pem()), ("README", "notes")],
    );
    both(
        "child_trusts_what_a_variable_adds",
        wrong.path(),
        folder.path(),
    );
    let replaces = "child_trusts_what_a_variable_names_in_place_of_the_systems";
    both(replaces, wrong.path(), right.path());
    both(
        "child_distrusts_what_was_replaced",
        right.path(),
        wrong.path(),
    );
}

#[test]
fn child_gets_the_name_of_the_variable_without_a_file() {
    if child::is_child("child_gets_the_name_of_the_variable_without_a_file") {
        for effect in [CaVariable::Adds, CaVariable::Replaces] {
            let builder = InviteClient::builder("id:5a4db0c5", "o").ca_variable("TEST_CA", effect);
            let error = builder.build().expect_err("there is no such file");
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
            assert!(error.message().contains("TEST_CA"), "{error}");
            let local = InviteClient::builder("id:5a4db0c5", "o").base_url("http://localhost:1");
            let local = local.ca_variable("TEST_CA", effect).build();
            assert!(local.is_ok(), "http on this machine needs no authorities");
        }
    }
}

#[test]
fn a_variable_that_names_a_file_which_cannot_be_read_is_an_error() {
    let empty = Temporary::file("empty.pem", "");
    for file in ["/nowhere/ca.pem", empty.path(), "/"] {
        child::run(
            "child_gets_the_name_of_the_variable_without_a_file",
            &[("TEST_CA", file)],
        );
    }
}

#[tokio::test]
async fn child_has_no_authorities() {
    if !child::is_child("child_has_no_authorities") {
        return;
    }
    let builder = InviteClient::builder("id:5a4db0c5", "organization");
    let error = builder.clone().build().expect_err("nobody can be trusted");
    assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
    assert!(!error.retryable() && !error.invite_may_exist());
    assert!(error.advice().contains("ca-certificates"), "{error}");
    assert!(error.advice().contains("SSL_CERT_FILE"), "{error}");
    assert!(!error.advice().contains("Correct the value"), "{error}");
    let given = builder.ca_certificate_pem(Authority::new().pem()).build();
    match std::env::var("SSL_CERT_FILE") {
        // A file that cannot be read is an error, whatever else is trusted.
        Ok(_) => assert!(
            given
                .expect_err("a file is missing")
                .message()
                .contains("SSL_CERT_FILE")
        ),
        Err(_) => drop(given.expect("the option's authority suffices")),
    }
    let sandbox = start(open_state());
    let local = support::client(&sandbox);
    local
        .create(&guest())
        .await
        .expect("http needs no authority");
}

#[test]
fn without_certificates_the_error_says_what_to_install_and_http_works() {
    let nowhere = ("SSL_CERT_DIR", "/nowhere");
    child::run(
        "child_has_no_authorities",
        &[("SSL_CERT_FILE", "/nowhere.pem"), nowhere],
    );
    child::run("child_has_no_authorities", &[nowhere]);
}
