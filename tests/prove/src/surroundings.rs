//! What a client takes from its surroundings: environment variables, the resolver of names.

use std::net::Ipv6Addr;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use tokio::sync::OnceCell;

use crate::driver::{Driver, lock};
use crate::hosts::orderly_end;
use crate::launch::{Language, Surroundings};
use crate::network;
use crate::secured::{PASSWORD, Secured};
use crate::servers::{NAMES, Names, Opens, Proxy};
use crate::table::{Table, Tried};
use crate::trial::{Cases, PART, To, Trial};

/// Runs everything about networks in one language.
pub(crate) async fn run(language: &Language, table: &mut Table) -> Result<(), String> {
    let driver = Driver::start(language, &Surroundings::default()).await?;
    network::on(&driver, table).await?;
    orderly_end(&driver, table).await;
    let (mut environment, mut names) = (Table::default(), Table::default());
    tokio::try_join!(
        by_environment(language, &mut environment),
        by_name(language, &mut names)
    )?;
    table.merge(environment);
    table.merge(names);
    Ok(())
}

/// What a client takes from the environment: a driver of its own for each.
async fn by_environment(language: &Language, table: &mut Table) -> Result<(), String> {
    let authority = "TLS: a company's authority, by SSL_CERT_FILE";
    let proxy = "a proxy with a password, by HTTPS_PROXY";
    let past = "past that proxy, by NO_PROXY";
    let ended = tokio::try_join!(
        environment(language, authority, false, false),
        environment(language, proxy, true, false),
        environment(language, past, true, true),
    )?;
    for ended in [ended.0, ended.1, ended.2] {
        table.merge(ended);
    }
    Ok(())
}

/// A service whose authority is named in the environment, and a proxy that is, or is not to be used all the same.
async fn environment(
    language: &Language,
    what: &str,
    proxied: bool,
    past: bool,
) -> Result<Table, String> {
    let service = Secured::new("localhost", false).await?;
    let proxy = Proxy::start(Opens::For(PASSWORD), service.server.address)
        .await
        .map_err(|why| why.to_string())?;
    let file = scratch(language, &format!("authority-{proxied}-{past}.pem"));
    std::fs::write(&file, &service.authority).map_err(|why| why.to_string())?;
    let mut environment = vec![("SSL_CERT_FILE".to_owned(), file.display().to_string())];
    if proxied {
        let url = format!("http://ada:correct-horse@{}", proxy.server.address);
        environment.push(("HTTPS_PROXY".to_owned(), url));
    }
    if past {
        environment.push(("NO_PROXY".to_owned(), "localhost".to_owned()));
    }
    let surroundings = Surroundings {
        environment,
        ..Surroundings::default()
    };
    let driver = Driver::start(language, &surroundings).await?;
    let mut trial = Trial::new(&driver, "own");
    let to = service.to("localhost");
    trial
        .ends(what, to, json!({}), &["result"], &["result"])
        .await;
    let tunnel = proxied && !past;
    let tried = Tried::new(
        PART,
        "3",
        format!("{what}: whether a tunnel was asked for"),
        if tunnel { "yes" } else { "no" },
    );
    let asked = lock(&proxy.asked).contains("CONNECT localhost:");
    let verdict = match asked == tunnel {
        _ if service.server.connections() == 0 => Err("no connection was made".to_owned()),
        true => Ok(()),
        false => Err(format!("asked: {asked}")),
    };
    let mut table = trial.table;
    table.add(&tried, &language.name, verdict);
    orderly_end(&driver, &mut table).await;
    let _ = std::fs::remove_file(&file);
    Ok(table)
}

/// A file of this run and language.
fn scratch(language: &Language, name: &str) -> PathBuf {
    let language = language.name.replace(", ", "-");
    std::env::temp_dir().join(format!("prove-{}-{language}-{name}", std::process::id()))
}

/// There is one port for names, and one name server for all languages.
static NAME_SERVER: OnceCell<Names> = OnceCell::const_new();

/// Names that resolve late, or not at all: a name server of our own, which takes the rights of root.
async fn by_name(language: &Language, table: &mut Table) -> Result<(), String> {
    let late = "a name that resolves after 300 ms";
    let silent = "a name server that does not answer";
    let none = "a name server that knows no such name";
    let names = NAME_SERVER.get_or_try_init(|| Names::start(Duration::from_millis(300)));
    match names.await {
        Ok(_) => {}
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
    }
    let file = scratch(language, "resolv.conf");
    // A look-up cannot be cancelled, and a process waits for it when it ends: 10 s unless the file says otherwise.
    let resolver = format!("nameserver {NAMES}\noptions timeout:3 attempts:1\n");
    std::fs::write(&file, resolver).map_err(|why| why.to_string())?;
    let surroundings = Surroundings {
        resolv_conf: Some(file.clone()),
        ..Surroundings::default()
    };
    let driver = Driver::start(language, &surroundings).await?;
    let mut cases = Cases::new(&driver);
    for (what, host, counts, expected) in [
        (late, "slow.example.test", true, "result"),
        (silent, "silent.example.test", false, "timeout"),
        (none, "unknown.example.test", false, "connection"),
    ] {
        cases.add(async move |mut trial| {
            let service = Secured::new(host, false).await?;
            let more = json!({"caCertificatePem": service.authority});
            let to = match counts {
                true => service.to(host),
                false => To::nobody(service.url(host)),
            };
            trial.ends(what, to, more, &[expected], &[expected]).await;
            Ok(trial.table)
        });
    }
    cases.add(by_both);
    cases.run(table).await?;
    orderly_end(&driver, table).await;
    let _ = std::fs::remove_file(&file);
    Ok(())
}

async fn by_both(mut trial: Trial<'_>) -> Result<Table, String> {
    let what = "a name with IPv4 and IPv6, and a service on IPv6 alone";
    match Secured::on(Ipv6Addr::LOCALHOST.into(), "both.example.test", false).await {
        Ok(service) => {
            let more = json!({"caCertificatePem": service.authority});
            let to = service.to("both.example.test");
            trial.ends(what, to, more, &["result"], &["result"]).await;
        }
        Err(why) => {
            let tried = Tried::new(PART, "1, 3", what, "read: result; create: result");
            let why = format!("no IPv6 here: {why}");
            trial.table.untried(&tried, &trial.driver.language, &why);
        }
    }
    Ok(trial.table)
}
