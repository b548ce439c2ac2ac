//! What a client takes from its surroundings: environment variables, the resolver of names.

use std::net::Ipv6Addr;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use tokio::sync::Mutex;

use crate::driver::{Driver, lock};
use crate::hosts::orderly_end;
use crate::launch::{Language, Surroundings};
use crate::network::{self, PART, To, Trial};
use crate::secured::{PASSWORD, Secured};
use crate::servers::{NAMES, Names, Proxy};
use crate::table::{Table, Tried};

/// Runs everything about networks in one language.
pub(crate) async fn run(language: &Language, table: &mut Table) -> Result<(), String> {
    let driver = Driver::start(language, &Surroundings::default()).await?;
    network::on(&driver, table).await?;
    orderly_end(&driver, table).await;
    by_environment(language, table).await?;
    by_name(language, table).await
}

/// What a client takes from the environment: a driver of its own for each.
async fn by_environment(language: &Language, table: &mut Table) -> Result<(), String> {
    let service = Secured::new("localhost", false).await?;
    let file = scratch(language, "authority.pem");
    std::fs::write(&file, &service.authority).map_err(|why| why.to_string())?;
    let proxy = Proxy::start(Some(PASSWORD), service.server.address)
        .await
        .map_err(|why| why.to_string())?;
    let authority = ("SSL_CERT_FILE".to_owned(), file.display().to_string());
    let by_proxy = (
        "HTTPS_PROXY".to_owned(),
        format!("http://ada:correct-horse@{}", proxy.server.address),
    );
    let past = ("NO_PROXY".to_owned(), "localhost".to_owned());
    for (what, environment, tunnel) in [
        (
            "TLS: a company's authority, by SSL_CERT_FILE",
            vec![authority.clone()],
            false,
        ),
        (
            "a proxy with a password, by HTTPS_PROXY",
            vec![authority.clone(), by_proxy.clone()],
            true,
        ),
        (
            "past that proxy, by NO_PROXY",
            vec![authority, by_proxy, past],
            false,
        ),
    ] {
        lock(&proxy.asked).clear();
        let before = service.server.connections();
        let surroundings = Surroundings {
            environment,
            ..Surroundings::default()
        };
        let driver = Driver::start(language, &surroundings).await?;
        let mut trial = Trial::new(&driver, "own");
        trial
            .ends(
                what,
                service.to("localhost"),
                json!({}),
                &["result"],
                &["result"],
            )
            .await;
        table.merge(trial.table);
        orderly_end(&driver, table).await;
        let came = service.server.connections() > before;
        let asked = lock(&proxy.asked).contains("CONNECT localhost:");
        let tried = Tried::new(
            PART,
            "3",
            format!("{what}: whether a tunnel was asked for"),
            if tunnel { "yes" } else { "no" },
        );
        let verdict = match asked == tunnel {
            _ if !came => Err("no connection was made".to_owned()),
            true => Ok(()),
            false => Err(format!("asked: {asked}")),
        };
        table.add(&tried, &language.name, verdict);
    }
    let _ = std::fs::remove_file(&file);
    Ok(())
}

/// A file of this run and language.
fn scratch(language: &Language, name: &str) -> PathBuf {
    let language = language.name.replace(", ", "-");
    std::env::temp_dir().join(format!("prove-{}-{language}-{name}", std::process::id()))
}

/// There is one port for names.
static PORT_FOR_NAMES: Mutex<()> = Mutex::const_new(());

/// Names that resolve late, or not at all: a name server of our own, which takes the rights of root.
async fn by_name(language: &Language, table: &mut Table) -> Result<(), String> {
    let late = "a name that resolves after 300 ms";
    let silent = "a name server that does not answer";
    let none = "a name server that knows no such name";
    let _port = PORT_FOR_NAMES.lock().await;
    let names = match Names::start(Duration::from_millis(300)).await {
        Ok(names) => names,
        Err(why) => {
            let tried = Tried::new(
                PART,
                "1, 3",
                "names: late, silent, unknown",
                "the typed error or the right answer, in time",
            );
            table.untried(
                &tried,
                &language.name,
                &format!("no name server on {NAMES}: {why}"),
            );
            return Ok(());
        }
    };
    let file = scratch(language, "resolv.conf");
    std::fs::write(&file, format!("nameserver {NAMES}\n")).map_err(|why| why.to_string())?;
    let surroundings = Surroundings {
        resolv_conf: Some(file.clone()),
        ..Surroundings::default()
    };
    let driver = Driver::start(language, &surroundings).await?;
    let mut trial = Trial::new(&driver, "own");
    let service = Secured::new("slow.example.test", false).await?;
    let known = json!({"caCertificatePem": service.authority});
    let more = known.clone();
    trial
        .ends(
            late,
            service.to("slow.example.test"),
            more,
            &["result"],
            &["result"],
        )
        .await;
    trial
        .ends(
            silent,
            To::nobody(service.url("silent.example.test")),
            known.clone(),
            &["timeout"],
            &["timeout"],
        )
        .await;
    trial
        .ends(
            none,
            To::nobody(service.url("unknown.example.test")),
            known,
            &["connection"],
            &["connection"],
        )
        .await;
    let both = "a name with IPv4 and IPv6, and a service on IPv6 alone";
    match Secured::on(Ipv6Addr::LOCALHOST.into(), "both.example.test", false).await {
        Ok(service) => {
            let more = json!({"caCertificatePem": service.authority});
            let to = service.to("both.example.test");
            trial.ends(both, to, more, &["result"], &["result"]).await;
        }
        Err(why) => {
            let tried = Tried::new(PART, "1, 3", both, "read: result; create: result");
            trial
                .table
                .untried(&tried, &language.name, &format!("no IPv6 here: {why}"));
        }
    }
    table.merge(trial.table);
    orderly_end(&driver, table).await;
    drop(names);
    let _ = std::fs::remove_file(&file);
    Ok(())
}
