//! What networks do: a connection that is not made, breaks, stalls or lies; TLS, proxies, names.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::pin::Pin;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use icepanel_sandbox::{Sandbox, State};
use serde_json::json;
use tokio::io::AsyncWriteExt;

use crate::driver::{Answer, Driver};
use crate::secured;
use crate::servers::{BlackHole, Server, body_for, read_request};
use crate::table::{Table, Tried};
use crate::told;
use crate::trial::{Cases, PART, To, Trial};

/// What needs no surroundings of its own.
pub(crate) async fn on(driver: &Arc<Driver>, table: &mut Table) -> Result<(), String> {
    let mut cases = Cases::new(driver);
    cases.add(refused);
    cases.add(black_hole);
    cases.add(by_ipv6);
    cases.add(without_a_name);
    broken(&mut cases);
    strange(&mut cases);
    cases.add(racing);
    cases.add(idle);
    secured::certificates(&mut cases);
    secured::mutual(&mut cases);
    secured::proxies(&mut cases);
    cases.run(table).await?;
    // Alone, for its memory is looked at.
    let mut alone = Cases::new(driver);
    alone.add(bomb);
    alone.run(table).await
}

#[allow(clippy::needless_pass_by_value, reason = "map_err hands it over so")]
fn said(why: io::Error) -> String {
    why.to_string()
}

async fn refused(mut trial: Trial<'_>) -> Result<Table, String> {
    // Bound and not listening: the port refuses, and nobody else gets it meanwhile.
    let socket = tokio::net::TcpSocket::new_v4().map_err(said)?;
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).map_err(said)?;
    let gone = format!("http://{}/v1", socket.local_addr().map_err(said)?);
    trial
        .ends(
            "connection refused",
            To::nobody(gone),
            json!({}),
            &["connection"],
            &["connection"],
        )
        .await;
    drop(socket);
    Ok(trial.table)
}

async fn black_hole(mut trial: Trial<'_>) -> Result<Table, String> {
    let hole = BlackHole::new().await.map_err(said)?;
    let url = format!("http://{}/v1", hole.address);
    trial
        .ends(
            "black hole: no answer to a SYN",
            To::nobody(url),
            json!({}),
            &["timeout"],
            &["timeout"],
        )
        .await;
    drop(hole);
    Ok(trial.table)
}

async fn by_ipv6(mut trial: Trial<'_>) -> Result<Table, String> {
    match Sandbox::start_on((Ipv6Addr::LOCALHOST, 0).into(), State::default()) {
        Ok(sandbox) => {
            let (to, result): (_, &[&str]) = (To::sandbox(&sandbox), &["result"]);
            trial.ends("IPv6 only", to, json!({}), result, result).await;
        }
        Err(why) => {
            let tried = Tried::new(PART, "1, 3", "IPv6 only", "read: result; create: result");
            trial.table.untried(
                &tried,
                &trial.driver.language,
                &format!("no IPv6 here: {why}"),
            );
        }
    }
    Ok(trial.table)
}

async fn without_a_name(mut trial: Trial<'_>) -> Result<Table, String> {
    let name = "https://there-is-no-such-name.invalid/v1";
    trial
        .ends(
            "a name that there is not",
            To::nobody(name),
            json!({}),
            &["connection", "timeout"],
            &["connection", "timeout"],
        )
        .await;
    Ok(trial.table)
}

/// What an answer may be to a create that has gone out, and has none.
const UNKNOWN: &[&str] = &["outcome_unknown"];

/// Connections that are made, and then are none.
fn broken(cases: &mut Cases<'_>) {
    type Starts = Pin<Box<dyn Future<Output = io::Result<Server>> + Send>>;
    let mut add = |what: &'static str, server: Starts, read, create| {
        cases.add(async move |mut trial| {
            let server = server.await.map_err(said)?;
            let to = To::server(&server);
            trial.ends(what, to, json!({}), read, create).await;
            Ok(trial.table)
        });
    };
    let reset = Server::start(|mut socket| async move {
        read_request(&mut socket).await?;
        socket.set_zero_linger()
    });
    add(
        "reset after the request",
        Box::pin(reset),
        &["connection"],
        UNKNOWN,
    );

    let reset_at_once = Server::start(|socket| async move { socket.set_zero_linger() });
    let either: &[&str] = &["connection", "outcome_unknown"];
    add(
        "reset before the request",
        Box::pin(reset_at_once),
        &["connection"],
        either,
    );

    let half = Server::start(|mut socket| async move {
        read_request(&mut socket).await?;
        socket.shutdown().await?;
        tokio::time::sleep(Duration::from_secs(60)).await;
        Ok(())
    });
    let what = "half-closed: no answer, and the line stays open";
    add(what, Box::pin(half), &["connection"], UNKNOWN);

    let what = "accepted, and never answered";
    add(what, Box::pin(Server::deaf()), &["timeout"], UNKNOWN);

    let drip = Server::start(|mut socket| async move {
        read_request(&mut socket).await?;
        socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{").await?;
        loop {
            tokio::time::sleep(Duration::from_millis(200)).await;
            socket.write_all(b" ").await?;
        }
    });
    let what = "a drip of 5 bytes a second, within every limit of a read";
    add(what, Box::pin(drip), &["timeout"], UNKNOWN);
}

/// Answers that are no HTTP, or a strange one.
fn strange(cases: &mut Cases<'_>) {
    let unknown = UNKNOWN;
    let either: &[&str] = &["connection", "unexpected_answer"];
    let result: &[&str] = &["result"];
    type Say = fn(&str) -> Vec<u8>;
    let strange: [(&str, Say, &[&str], &[&str]); 9] = [
        (
            "HTTP/1.0, ended by closing",
            |request| format!("HTTP/1.0 200 OK\r\n\r\n{}", body_for(request)).into(),
            result,
            result,
        ),
        (
            "chunked, right",
            |request| {
                let body = body_for(request);
                format!("HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len()).into()
            },
            result,
            result,
        ),
        (
            "chunked, a chunk shorter than it says",
            |request| {
                format!(
                    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffff\r\n{}",
                    body_for(request)
                )
                .into()
            },
            &["connection"],
            unknown,
        ),
        (
            "chunked, with an invalid length",
            |request| {
                format!(
                    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
                    body_for(request)
                )
                .into()
            },
            either,
            unknown,
        ),
        (
            "a body shorter than it says",
            |request| {
                format!(
                    "HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n{}",
                    body_for(request)
                )
                .into()
            },
            &["connection"],
            unknown,
        ),
        (
            "a body longer than it says",
            |request| {
                format!(
                    "HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{}",
                    body_for(request)
                )
                .into()
            },
            &["unexpected_answer"],
            unknown,
        ),
        (
            "200 without a body",
            |_| b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec(),
            &["unexpected_answer"],
            unknown,
        ),
        (
            "what is no HTTP",
            |_| b"SSH-2.0-OpenSSH_9.2p1\r\n".to_vec(),
            either,
            unknown,
        ),
        (
            "headers without end",
            |_| {
                format!(
                    "HTTP/1.1 200 OK\r\n{}",
                    "x-more: and more\r\n".repeat(100_000)
                )
                .into()
            },
            either,
            unknown,
        ),
    ];
    for (what, say, read, create) in strange {
        cases.add(async move |mut trial| {
            let server = Server::saying(say).await.map_err(said)?;
            let to = To::server(&server);
            trial.ends(what, to, json!({}), read, create).await;
            Ok(trial.table)
        });
    }
}

/// Spaces without end, packed once for all languages.
static PACKED: LazyLock<Result<Vec<u8>, String>> = LazyLock::new(|| {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let spaces = vec![b' '; 1024 * 1024];
    for _ in 0..256 {
        io::Write::write_all(&mut packer, &spaces).map_err(said)?;
    }
    packer.finish().map_err(said)
});

/// A gigabyte that came as a megabyte.
async fn bomb(mut trial: Trial<'_>) -> Result<Table, String> {
    let packed = PACKED.as_ref().map_err(String::clone)?;
    let server = Server::saying(move |_| {
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
            packed.len()
        );
        [head.as_bytes(), packed].concat()
    })
    .await
    .map_err(said)?;
    let before = trial.driver.usage();
    let limit = json!({"maxBodyBytes": 8 * 1024 * 1024});
    let what = "a compressed bomb of 256 MiB, with 8 MiB allowed";
    trial
        .ends(
            what,
            To::server(&server),
            limit,
            &["unexpected_answer"],
            &["outcome_unknown"],
        )
        .await;
    let tried = Tried::new(
        PART,
        "3",
        "memory while the bomb is read",
        "at most 64 MiB more",
    );
    let verdict = match (before, trial.driver.usage()) {
        _ if server.connections() < 2 => Err("the bomb was not read".to_owned()),
        (Some(before), Some(after))
            if after.peak_kib < before.peak_kib.max(before.resident_kib + 64 * 1024) + 1024 =>
        {
            Ok(())
        }
        (before, after) => Err(format!("{before:?}, then {after:?}")),
    };
    trial.table.add(&tried, &trial.driver.language, verdict);
    Ok(trial.table)
}

fn without_a_limit() -> Result<Sandbox, String> {
    let state = State {
        rate_limit: None,
        ..State::default()
    };
    Sandbox::start(state).map_err(|why| why.to_string())
}

/// How many creates meet a connection that is just being closed. Half of them have a result at the least: a client that
/// only ever reports failure makes no use of the list.
const RACING: u32 = 60;

/// A service that closes its connections while the client still holds them to be open.
async fn racing(mut trial: Trial<'_>) -> Result<Table, String> {
    let sandbox = without_a_limit()?;
    // Just when the next request is on its way.
    let racing = Server::closing(sandbox.address(), || {
        Duration::from_micros(fastrand::u64(..3_000))
    });
    let racing = racing.await.map_err(said)?;
    let what = format!(
        "{RACING} creates, and the service closes each connection up to 3 ms after its answer"
    );
    let tried = Tried::new(
        PART,
        "1",
        what,
        "made once and reported so, or not made and reported so; half of them made",
    );
    let more = json!({"skipWaits": true, "timeoutMs": 60_000});
    // Without a client each call says so.
    let client = trial.client(&racing.url(), more).await;
    let client = client.unwrap_or_default();
    let mut made = 0;
    for number in 0..RACING {
        let (email, answer) = trial.create(&client, &format!("p{number}")).await;
        made += u32::from(matches!(answer, Answer::Result(_)));
        let verdict = told::consistent("create", &answer)
            .and_then(|()| told::agrees(told::of("create", &answer), &email, &sandbox.report()));
        trial.table.add(&tried, &trial.driver.language, verdict);
    }
    let language = &trial.driver.language;
    trial.table.figure(&tried, language, format!("{made} made"));
    if made < RACING / 2 {
        let why = format!("{made} of {RACING} creates had a result");
        trial.table.add(&tried, language, Err(why));
    }
    Ok(trial.table)
}

/// The same while nobody is looking.
async fn idle(mut trial: Trial<'_>) -> Result<Table, String> {
    let sandbox = without_a_limit()?;
    let idle = Server::closing(sandbox.address(), || Duration::from_millis(30));
    let idle = idle.await.map_err(said)?;
    let what = "creates on a pooled connection that the service has closed";
    let tried = Tried::new(PART, "1", what, "made, and made once");
    let client = trial.client(&idle.url(), json!({})).await;
    let client = client.unwrap_or_default();
    for number in 0..5 {
        let (email, answer) = trial.create(&client, &format!("idle{number}")).await;
        let verdict = match &answer {
            Answer::Result(_) => told::agrees(told::Told::Made, &email, &sandbox.report()),
            other => Err(other.to_string()),
        };
        trial.table.add(&tried, &trial.driver.language, verdict);
        tokio::time::sleep(Duration::from_millis(120)).await;
    }
    Ok(trial.table)
}
