//! Promise 4: the key stays in, at the most verbose settings and on every way out.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/log.rs"]
mod log;
mod support;

use std::error::Error;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use icepanel_invites::{InviteClient, InviteFilter, NewInvite, Permission};
use icepanel_sandbox::{API_KEY, Fault, FaultName, ORGANIZATION_ID, On, State};
use log::Log;
use serde_json::json;
use support::{builder, open_state, start};

/// Everything that an error can be made to say, its causes included.
fn said(error: &(dyn Error + 'static)) -> String {
    let mut text = format!("{error} {error:?} {error:#?} ");
    if let Some(source) = error.source() {
        text.push_str(&said(source));
    }
    text
}

#[tokio::test]
async fn nothing_that_is_said_has_the_key_or_its_secret_half() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .init();
    let secret = API_KEY.split(':').nth(1).unwrap();
    let mut told = String::new();

    // Each fault, at each operation, with a service that repeats the key wherever it can.
    let echo = json!({"message": format!("bad key {API_KEY}"), "code": secret, "errors": [secret, API_KEY]});
    let refusals = [400, 401, 403, 404, 409, 422, 429, 500, 503].map(|status| Fault {
        status: Some(status),
        body: Some(echo.clone()),
        headers: Some([("x-request-id".to_owned(), API_KEY.to_owned())].into()),
        ..Fault::new(FaultName::Status).always()
    });
    let broken = [
        FaultName::Cut,
        FaultName::ActThenCut,
        FaultName::Hang,
        FaultName::StallBody,
        FaultName::ShortBody,
        FaultName::Html,
        FaultName::TruncatedJson,
        FaultName::Redirect,
    ]
    .map(|fault| Fault::new(fault).always());
    let strange = [
        json!({"organizationUserInvites": [{"expiresAt": API_KEY, "email": API_KEY}]}),
        json!({"organizationUsers": API_KEY}),
        json!({"organization": {"seats": API_KEY}}),
        json!({"organizationUserInvite": {"createdAt": secret}}),
    ]
    .map(|body| Fault {
        status: Some(200),
        body: Some(body),
        ..Fault::new(FaultName::Status).on(On::Any).always()
    });
    for fault in refusals.into_iter().chain(broken).chain(strange) {
        let sandbox = start(State {
            faults: vec![fault],
            ..open_state()
        });
        let events = Arc::new(Mutex::new(String::new()));
        let seen = events.clone();
        let client = builder(&sandbox)
            .read_timeout(Duration::from_millis(30))
            .timeout(Duration::from_millis(100))
            .on_event(move |event| {
                let json = serde_json::to_string(event).unwrap();
                write!(seen.lock().unwrap(), "{event:?} {json} ").unwrap();
            })
            .build()
            .unwrap();
        let guest = NewInvite::new("ada@example.com", Permission::Read, TimeDelta::days(7));
        let errors = [
            client.list(&InviteFilter::default()).await.err(),
            client.find_active("ada@example.com").await.err(),
            client.create(&guest).await.err(),
            client.ensure(&guest).await.err(),
            client.revoke("some-invite").await.err(),
            client.revoke_active("ada@example.com").await.err(),
            client.members().await.err(),
            client.seats().await.err(),
        ];
        for error in errors.into_iter().flatten() {
            told.push_str(&said(&error));
            told.push_str(&serde_json::to_string(&error).unwrap());
        }
        write!(told, "{client:?} {}", events.lock().unwrap()).unwrap();
    }

    // Options, good and bad.
    let proxy = "http://ada:correct-horse@proxy.example.com:8080";
    for client in [
        InviteClient::builder(API_KEY, ORGANIZATION_ID),
        InviteClient::builder(format!("{API_KEY}\n"), ORGANIZATION_ID),
        InviteClient::builder(API_KEY, ".."),
        InviteClient::builder(API_KEY, "o").base_url("http://example.com"),
        InviteClient::builder(API_KEY, "o").proxy(proxy),
        InviteClient::builder(API_KEY, "o").proxy("ftp://ada:correct-horse@proxy.example.com"),
        InviteClient::builder(API_KEY, "o").ca_certificate_pem("no certificate"),
    ] {
        write!(told, "{client:?} {client:#?}").unwrap();
        match client.build() {
            Ok(client) => write!(told, "{client:?}").unwrap(),
            Err(error) => told.push_str(&said(&error)),
        }
    }

    let logged = log.text();
    for (place, text) in [("the log", &logged), ("the output", &told)] {
        assert!(
            text.len() > 10_000,
            "too little of {place} to show anything: {}",
            text.len()
        );
        for word in [API_KEY, secret, "correct-horse"] {
            let at = text.find(word).map(|at| &text[at.saturating_sub(300)..at]);
            assert_eq!(at, None, "{word} in {place}");
        }
    }
    assert!(
        logged.contains("create_invite") && logged.contains("attempt"),
        "{logged}"
    );
}

#[tokio::test]
async fn endless_limits_do_not_panic() {
    let sandbox = start(open_state());
    let client = builder(&sandbox)
        .connect_timeout(Duration::MAX)
        .read_timeout(Duration::MAX)
        .timeout(Duration::MAX)
        .build()
        .unwrap()
        .with_timeout(Duration::MAX)
        .unwrap();
    assert_eq!(client.list(&InviteFilter::default()).await.unwrap(), []);
}
