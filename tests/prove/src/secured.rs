//! TLS and proxies, as a program meets them in a company.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use icepanel_sandbox::{API_KEY, Sandbox, State};
use serde_json::json;

use crate::driver::lock;
use crate::network::{Cases, PART, To};
use crate::servers::{Certificate, Proxy, Server};
use crate::table::Tried;

/// `ada:correct-horse` in base64, as a proxy gets it.
pub(crate) const PASSWORD: &str = "YWRhOmNvcnJlY3QtaG9yc2U=";

/// A sandbox behind TLS.
pub(crate) struct Secured {
    sandbox: Sandbox,
    pub(crate) server: Server,
    pub(crate) authority: String,
}

impl Secured {
    pub(crate) async fn new(host: &str, expired: bool) -> Result<Self, String> {
        Self::on(Ipv4Addr::LOCALHOST.into(), host, expired).await
    }

    pub(crate) async fn on(address: IpAddr, host: &str, expired: bool) -> Result<Self, String> {
        let state = State {
            rate_limit: None,
            ..State::default()
        };
        let sandbox = Sandbox::start(state).map_err(|why| why.to_string())?;
        let certificate = Certificate::new(host, expired)?;
        let server = Server::secured(&certificate, address, sandbox.address()).await?;
        Ok(Self {
            sandbox,
            server,
            authority: certificate.authority,
        })
    }

    pub(crate) fn url(&self, host: &str) -> String {
        format!("https://{host}:{}/v1", self.server.address.port())
    }

    pub(crate) fn to(&self, host: &str) -> To<'_> {
        To::by_way_of(self.url(host), &self.server)
    }
}

/// Certificates that are right, and others.
pub(crate) fn certificates(cases: &mut Cases<'_>) {
    let refused: &[&str] = &["connection"];
    for (what, host, expired, known) in [
        (
            "TLS: an authority that nobody knows",
            "localhost",
            false,
            false,
        ),
        (
            "TLS: a certificate for another host",
            "other.example.com",
            false,
            true,
        ),
        ("TLS: an expired certificate", "localhost", true, true),
    ] {
        cases.add(async move |mut trial| {
            let service = Secured::new(host, expired).await?;
            let more = match known {
                true => json!({"caCertificatePem": service.authority}),
                false => json!({}),
            };
            let to = service.to("localhost");
            trial.ends(what, to, more, refused, refused).await;
            let tried = Tried::new(
                PART,
                "4",
                format!("{what}: what the service got"),
                "not one request, and no key",
            );
            let verdict = match service.sandbox.report().log.is_empty() {
                _ if service.server.connections() < 2 => Err("no connection was made".to_owned()),
                true => Ok(()),
                false => Err("requests came".to_owned()),
            };
            trial.table.add(&tried, &trial.driver.language, verdict);
            Ok(trial.table)
        });
    }
    cases.add(async |mut trial| {
        let service = Secured::new("localhost", false).await?;
        let more = json!({"caCertificatePem": service.authority});
        let what = "TLS: a company's authority, by option";
        let to = service.to("localhost");
        trial.ends(what, to, more, &["result"], &["result"]).await;
        Ok(trial.table)
    });
    cases.add(async |mut trial| {
        let deaf = Server::deaf().await.map_err(|why| why.to_string())?;
        let url = format!("https://localhost:{}/v1", deaf.address.port());
        let what = "TLS: no answer to the greeting";
        let to = To::by_way_of(url, &deaf);
        trial
            .ends(what, to, json!({}), &["timeout"], &["timeout"])
            .await;
        Ok(trial.table)
    });
    cases.add(async |mut trial| {
        let plain =
            Server::saying(|_| b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n".to_vec());
        let plain = plain.await.map_err(|why| why.to_string())?;
        let url = format!("https://localhost:{}/v1", plain.address.port());
        let what = "TLS: a server that speaks none";
        let (to, either) = (To::by_way_of(url, &plain), ["connection", "timeout"]);
        trial.ends(what, to, json!({}), &either, &either).await;
        Ok(trial.table)
    });
}

/// Proxies between client and service.
pub(crate) fn proxies(cases: &mut Cases<'_>) {
    for (what, password, credentials, expected) in [
        ("a proxy without a password", None, "", "result"),
        (
            "a proxy with a password",
            Some(PASSWORD),
            "ada:correct-horse@",
            "result",
        ),
        (
            "a proxy with a password, and another one given",
            Some(PASSWORD),
            "ada:wrong-horse@",
            "connection",
        ),
        (
            "a proxy with a password, and none given",
            Some(PASSWORD),
            "",
            "connection",
        ),
    ] {
        cases.add(async move |mut trial| {
            let service = Secured::new("localhost", false).await?;
            let proxy = Proxy::start(password, service.server.address)
                .await
                .map_err(|why| why.to_string())?;
            let more = json!({
                "caCertificatePem": service.authority,
                "proxy": format!("http://{credentials}{}", proxy.server.address),
            });
            let to = To::by_way_of(service.url("localhost"), &proxy.server);
            trial.ends(what, to, more, &[expected], &[expected]).await;
            let asked = lock(&proxy.asked).clone();
            let tried = Tried::new(
                PART,
                "4",
                format!("{what}: what the proxy saw"),
                "CONNECT, and no key",
            );
            let verdict = match asked.starts_with("CONNECT localhost:") && !asked.contains(API_KEY)
            {
                true => Ok(()),
                false => Err(format!("it was asked {asked:?}")),
            };
            trial.table.add(&tried, &trial.driver.language, verdict);
            Ok(trial.table)
        });
    }
    cases.add(async |mut trial| {
        let service = Secured::new("localhost", false).await?;
        let gone = Server::saying(|_| Vec::new())
            .await
            .map_err(|why| why.to_string())?
            .address;
        tokio::time::sleep(Duration::from_millis(50)).await;
        let more =
            json!({"caCertificatePem": service.authority, "proxy": format!("http://{gone}")});
        let to = To::nobody(service.url("localhost"));
        let what = "a proxy that is not there";
        trial
            .ends(what, to, more, &["connection"], &["connection"])
            .await;
        Ok(trial.table)
    });
}
