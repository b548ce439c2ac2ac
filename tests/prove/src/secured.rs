//! TLS and proxies, as a program meets them in a company.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use icepanel_sandbox::{API_KEY, Sandbox, State};
use serde_json::json;

use crate::driver::lock;
use crate::servers::{Authority, Certificate, Opens, Proxy, Server};
use crate::table::Tried;
use crate::trial::{Cases, PART, To};

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
        Self::start(address, &Certificate::new(host, expired)?, None).await
    }

    /// For clients with a certificate of this authority.
    async fn mutual(clients: &Authority) -> Result<Self, String> {
        let certificate = Certificate::new("localhost", false)?;
        Self::start(Ipv4Addr::LOCALHOST.into(), &certificate, Some(clients)).await
    }

    async fn start(
        address: IpAddr,
        certificate: &Certificate,
        clients: Option<&Authority>,
    ) -> Result<Self, String> {
        let state = State {
            rate_limit: None,
            ..State::default()
        };
        let sandbox = Sandbox::start(state).map_err(|why| why.to_string())?;
        let server = Server::secured(certificate, clients, address, sandbox.address()).await?;
        Ok(Self {
            sandbox,
            server,
            authority: certificate.authority.clone(),
        })
    }

    pub(crate) fn url(&self, host: &str) -> String {
        format!("https://{host}:{}/v1", self.server.address.port())
    }

    pub(crate) fn to(&self, host: &str) -> To<'_> {
        To::by_way_of(self.url(host), &self.server)
    }

    /// Whether nothing came through the TLS, of two connections at least.
    fn got_nothing(&self) -> Result<(), String> {
        match self.sandbox.report().log.is_empty() {
            _ if self.server.connections() < 2 => Err("no connection was made".to_owned()),
            true => Ok(()),
            false => Err("requests came".to_owned()),
        }
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
            trial
                .table
                .add(&tried, &trial.driver.language, service.got_nothing());
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

/// What a client shows a gateway.
#[derive(Clone, Copy)]
enum Shown {
    Nothing,
    /// A certificate of the authority that the gateway wants.
    Wanted,
    Other,
}

/// A gateway that lets in only clients with a certificate.
pub(crate) fn mutual(cases: &mut Cases<'_>) {
    for (what, shown, known, expected) in [
        (
            "mutual TLS: a client certificate",
            Shown::Wanted,
            true,
            "result",
        ),
        (
            "mutual TLS: no client certificate",
            Shown::Nothing,
            true,
            "connection",
        ),
        (
            "mutual TLS: a client certificate of another authority",
            Shown::Other,
            true,
            "connection",
        ),
        (
            "mutual TLS: a client certificate, and a server of an authority that nobody knows",
            Shown::Wanted,
            false,
            "connection",
        ),
    ] {
        cases.add(async move |mut trial| {
            let clients = Authority::new("the clients")?;
            let service = Secured::mutual(&clients).await?;
            let mut more = json!({"skipWaits": true});
            if known {
                more["caCertificatePem"] = service.authority.as_str().into();
            }
            match shown {
                Shown::Nothing => {}
                Shown::Wanted => more["clientCertificatePem"] = clients.identity()?.into(),
                Shown::Other => {
                    let other = Authority::new("other clients")?;
                    more["clientCertificatePem"] = other.identity()?.into();
                }
            }
            let to = service.to("localhost");
            trial.ends(what, to, more, &[expected], &[expected]).await;
            if expected == "connection" {
                let tried = Tried::new(
                    PART,
                    "4",
                    format!("{what}: what the service got"),
                    "not one request, and no key",
                );
                let verdict = service.got_nothing();
                trial.table.add(&tried, &trial.driver.language, verdict);
            }
            Ok(trial.table)
        });
    }
}

/// Responses of a proxy that opens no tunnel; an empty one: the connection is closed.
const FORBIDDEN: &str = "HTTP/1.1 403 Forbidden\r\ncontent-type: text/html\r\ncontent-length: 19\r\n\r\n<h1>Forbidden</h1>\n";
const BAD_GATEWAY: &str = "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n";
const CLOSED: &str = "";

/// Proxies between client and service.
pub(crate) fn proxies(cases: &mut Cases<'_>) {
    for (what, opens, credentials, expected) in [
        ("a proxy without a password", Opens::ForAll, "", "result"),
        (
            "a proxy with a password",
            Opens::For(PASSWORD),
            "ada:correct-horse@",
            "result",
        ),
        (
            "a proxy with a password, and another one given",
            Opens::For(PASSWORD),
            "ada:wrong-horse@",
            "connection",
        ),
        (
            "a proxy with a password, and none given",
            Opens::For(PASSWORD),
            "",
            "connection",
        ),
        (
            "a proxy that refuses the host, with 403 and a page",
            Opens::Never(FORBIDDEN),
            "",
            "connection",
        ),
        (
            "a proxy that does not reach the host: 502",
            Opens::Never(BAD_GATEWAY),
            "",
            "connection",
        ),
        (
            "a proxy that closes the connection",
            Opens::Never(CLOSED),
            "",
            "connection",
        ),
    ] {
        cases.add(async move |mut trial| {
            let service = Secured::new("localhost", false).await?;
            let proxy = Proxy::start(opens, service.server.address)
                .await
                .map_err(|why| why.to_string())?;
            let more = json!({
                "caCertificatePem": service.authority,
                "proxy": format!("http://{credentials}{}", proxy.server.address),
                // Some of these are tried again, all of them in no time.
                "skipWaits": true,
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
            let requests = asked.split_inclusive("\r\n\r\n");
            let is_tunnel = |request: &str| request.starts_with("CONNECT localhost:");
            let verdict = match requests.clone().count() > 0
                && requests.clone().all(is_tunnel)
                && !asked.contains(API_KEY)
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
