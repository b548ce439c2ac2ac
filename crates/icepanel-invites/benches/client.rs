//! The client beside its peers, against one sandbox in this process: `cargo xtask bench`.
//!
//! `list`: a document of 100,000 invites, downloaded and decoded, beside `serde_json` alone decoding
//! the same document from memory into the same structs. `create`: one after another, beside a bare
//! hyper client that sends the same request and reads the same answer without looking at it. `plan`: 10,000 people
//! against 100,000 invites and 10,000 members, beside downloading and decoding the same documents alone.

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a benchmark fails by panicking, and criterion's macros document nothing"
)]

use std::time::Duration;

use chrono::TimeDelta;
use criterion::{Criterion, criterion_group, criterion_main};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use icepanel_invites::{
    Expiry, Invite, InviteClient, InviteFilter, InviteStatus, NewInvite, Pacing, Permission,
    PlanOptions, Roster,
};
use icepanel_sandbox::{API_KEY, Generate, ORGANIZATION_ID, Sandbox, State};
use serde::Deserialize;

type Hyper = Client<hyper_util::client::legacy::connect::HttpConnector, Full<Bytes>>;

fn client(sandbox: &Sandbox) -> InviteClient {
    InviteClient::builder(API_KEY, ORGANIZATION_ID)
        .base_url(sandbox.base_url())
        .pacing(Pacing::none())
        .build()
        .unwrap()
}

fn state() -> State {
    State {
        rate_limit: None,
        ..State::default()
    }
}

fn hyper_request(sandbox: &Sandbox, method: &str, body: Vec<u8>) -> hyper::Request<Full<Bytes>> {
    hyper::Request::builder()
        .method(method)
        .uri(format!(
            "{}/organizations/{ORGANIZATION_ID}/users/invites",
            sandbox.base_url()
        ))
        .header("x-api-key", API_KEY)
        .header("content-type", "application/json")
        .body(Full::new(Bytes::from(body)))
        .unwrap()
}

async fn hyper_exchange(hyper: &Hyper, request: hyper::Request<Full<Bytes>>) -> Bytes {
    let response = hyper.request(request).await.unwrap();
    assert_eq!(response.status(), 200);
    response.into_body().collect().await.unwrap().to_bytes()
}

fn list(criterion: &mut Criterion) {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Document {
        organization_user_invites: Vec<Invite>,
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sandbox = Sandbox::start(State {
        generate: Some(Generate {
            invites: 100_000,
            active: 1000,
            seed: 7,
        }),
        ..state()
    })
    .unwrap();
    let hyper: Hyper = Client::builder(TokioExecutor::new()).build_http();
    let document = runtime.block_on(async {
        hyper_exchange(&hyper, hyper_request(&sandbox, "GET", Vec::new())).await
    });
    let client = client(&sandbox);
    let of_one = InviteFilter::default()
        .email("user-99999@example.com")
        .status(InviteStatus::Active);
    let active = InviteFilter::default().status(InviteStatus::Active);
    let all = InviteFilter::default();

    let mut group = criterion.benchmark_group("list");
    group
        .sample_size(20)
        .measurement_time(Duration::from_secs(8));
    group.bench_function("serde_json_alone", |bencher| {
        bencher.iter(|| {
            let document: Document = serde_json::from_slice(&document).unwrap();
            assert_eq!(document.organization_user_invites.len(), 100_000);
        });
    });
    for (name, filter, expected) in [
        ("active_of_one", &of_one, 1),
        ("active", &active, 1000),
        ("all", &all, 100_000),
    ] {
        group.bench_function(name, |bencher| {
            bencher.to_async(&runtime).iter(|| async {
                assert_eq!(client.list(filter).await.unwrap().len(), expected);
            });
        });
    }
    group.finish();
}

fn create(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let sandbox = Sandbox::start(state()).unwrap();
    let expires_at = chrono::Utc::now() + TimeDelta::days(7);
    let body = serde_json::to_vec(&serde_json::json!({
        "email": "ada@example.com",
        "expiresAt": expires_at,
        "permission": "read",
    }))
    .unwrap();

    let mut group = criterion.benchmark_group("create");
    group.measurement_time(Duration::from_secs(5));
    let hyper: Hyper = Client::builder(TokioExecutor::new()).build_http();
    group.bench_function("bare_hyper", |bencher| {
        bencher.to_async(&runtime).iter(|| async {
            hyper_exchange(&hyper, hyper_request(&sandbox, "POST", body.clone())).await
        });
    });
    sandbox.set_state(state()).unwrap();
    let client = client(&sandbox);
    let guest = NewInvite::new("ada@example.com", Permission::Read, Expiry::At(expires_at));
    group.bench_function("client", |bencher| {
        bencher
            .to_async(&runtime)
            .iter(|| async { client.create(&guest).await.unwrap() });
    });
    group.finish();
}

/// Half of the people are invited, a quarter are members, a quarter is new.
fn roster(people: usize) -> Roster {
    Roster::new((0..people).map(|n| {
        let email = match n % 4 {
            0 => format!("member-{n}@example.com"),
            1 => format!("new-{n}@example.com"),
            // The last invites are the active ones.
            _ => format!("user-{}@example.com", 99_999 - n),
        };
        NewInvite::new(email, Permission::Read, TimeDelta::days(7))
    }))
    .unwrap()
}

fn plan(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let members: Vec<_> = (0..10_000)
        .map(|n| serde_json::json!({"email": format!("member-{n}@example.com"), "permission": "read"}))
        .collect();
    let sandbox = Sandbox::start(State {
        members: serde_json::from_value(members.into()).unwrap(),
        generate: Some(Generate {
            invites: 100_000,
            active: 20_000,
            seed: 7,
        }),
        ..state()
    })
    .unwrap();
    let client = client(&sandbox);
    let roster = roster(10_000);
    let all = InviteFilter::default();

    let mut group = criterion.benchmark_group("plan");
    group
        .sample_size(20)
        .measurement_time(Duration::from_secs(8));
    group.bench_function("download_alone", |bencher| {
        bencher.to_async(&runtime).iter(|| async {
            let (invites, members) = tokio::join!(client.list(&all), client.members());
            assert_eq!(
                (invites.unwrap().len(), members.unwrap().len()),
                (100_000, 10_000)
            );
        });
    });
    for (name, prune) in [("plan", false), ("plan_with_prune", true)] {
        let options = PlanOptions::default().prune(prune);
        group.bench_function(name, |bencher| {
            bencher.to_async(&runtime).iter(|| async {
                let plan = client.plan(&roster, &options).await.unwrap();
                assert!(plan.steps.len() >= 10_000);
            });
        });
    }
    group.finish();
}

criterion_group!(benches, list, create, plan);
criterion_main!(benches);
