//! A case of the network: servers and a client of its own, calls, and how each of them must end.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join_all;
use icepanel_sandbox::{API_KEY, ORGANIZATION_ID, Sandbox};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::driver::{Answer, Driver};
use crate::matrix::SLACK;
use crate::servers::Server;
use crate::table::{Part, Table, Tried};
use crate::told;
use crate::{guest, with};

pub(crate) const PART: Part = Part::Network;

/// How many cases run at the same time: most of their time is waiting, and the rest must leave time for a connection.
const AT_ONCE: usize = 16;

type Case<'a> = Pin<Box<dyn Future<Output = Result<Table, String>> + Send + 'a>>;

/// Cases that do not meet each other: each has servers and clients of its own.
pub(crate) struct Cases<'a> {
    driver: &'a Arc<Driver>,
    cases: Vec<Case<'a>>,
}

impl<'a> Cases<'a> {
    pub(crate) fn new(driver: &'a Arc<Driver>) -> Self {
        let cases = Vec::new();
        Self { driver, cases }
    }

    pub(crate) fn add<F>(&mut self, case: impl FnOnce(Trial<'a>) -> F)
    where
        F: Future<Output = Result<Table, String>> + Send + 'a,
    {
        let trial = Trial::new(self.driver, format!("case-{}", self.cases.len()));
        self.cases.push(Box::pin(case(trial)));
    }

    /// Runs them, and adds their rows in the order in which they were added.
    pub(crate) async fn run(self, table: &mut Table) -> Result<(), String> {
        let permits = Semaphore::new(AT_ONCE);
        let running = self.cases.into_iter().map(|case| {
            let permit = permits.acquire();
            async move {
                let _permit = permit.await;
                case.await
            }
        });
        for ended in try_join_all(running).await? {
            table.merge(ended);
        }
        Ok(())
    }
}

/// Where calls are sent, and how many connections have been made to it so far, where that can be counted.
pub(crate) struct To<'a> {
    url: String,
    counted: Option<Counted<'a>>,
}

type Counted<'a> = Box<dyn Fn() -> u64 + Send + Sync + 'a>;

impl<'a> To<'a> {
    /// A place where nothing counts.
    pub(crate) fn nobody(url: impl Into<String>) -> Self {
        let (url, counted) = (url.into(), None);
        Self { url, counted }
    }

    /// A server by its address.
    pub(crate) fn server(server: &'a Server) -> Self {
        Self::by_way_of(server.url(), server)
    }

    /// A URL of a service that is reached by way of this server: by name, or through a proxy.
    pub(crate) fn by_way_of(url: String, server: &'a Server) -> Self {
        let counted: Option<Counted<'a>> = Some(Box::new(|| server.connections()));
        Self { url, counted }
    }

    pub(crate) fn sandbox(sandbox: &'a Sandbox) -> Self {
        let counted: Option<Counted<'a>> = Some(Box::new(|| sandbox.report().connections));
        let url = sandbox.base_url();
        Self { url, counted }
    }

    fn connections(&self) -> Option<u64> {
        self.counted.as_ref().map(|counted| counted())
    }
}

/// A driver that is tried, and what came out so far.
pub(crate) struct Trial<'a> {
    pub(crate) driver: &'a Arc<Driver>,
    pub(crate) table: Table,
    name: String,
    number: u32,
}

impl<'a> Trial<'a> {
    pub(crate) fn new(driver: &'a Arc<Driver>, name: impl Into<String>) -> Self {
        Self {
            driver,
            table: Table::default(),
            name: name.into(),
            number: 0,
        }
    }

    /// A new client of a service at `url`.
    pub(crate) async fn client(&mut self, url: &str, more: Value) -> Result<String, String> {
        self.number += 1;
        let name = format!("{}-{}", self.name, self.number);
        let options = with(
            json!({
                "apiKey": API_KEY, "organizationId": ORGANIZATION_ID, "baseUrl": url, "pacing": "none",
            }),
            more,
        );
        match self.driver.client(&name, &options).await {
            Answer::Result(_) => Ok(name),
            other => Err(format!("no client: {other}")),
        }
    }

    /// A read and a create, each of which must end as one of these words says, in time, and having gone there.
    pub(crate) async fn ends(
        &mut self,
        what: &str,
        to: To<'_>,
        more: Value,
        read: &[&str],
        create: &[&str],
    ) {
        let expected = format!(
            "read: {}; create: {}",
            read.join(" or "),
            create.join(" or ")
        );
        let tried = Tried::new(PART, "1, 3", what, expected);
        let guest = guest("new@example.com");
        for (call, args, words) in [("members", json!({}), read), ("create", guest, create)] {
            let options = with(time_for(words), more.clone());
            let before = to.connections();
            let verdict = match self.client(&to.url, options).await {
                Ok(client) => {
                    let verdict = self.end(&client, call, args, words).await;
                    self.driver.close(&client).await;
                    verdict.and_then(|()| match (before, to.connections()) {
                        (Some(before), Some(after)) if before >= after => {
                            Err(format!("{call}: no connection was made"))
                        }
                        _ => Ok(()),
                    })
                }
                Err(why) => Err(why),
            };
            self.table.add(&tried, &self.driver.language, verdict);
        }
    }

    /// Creates an invite for somebody.
    pub(crate) async fn create(&self, client: &str, name: &str) -> (String, Answer) {
        let email = format!("{name}@example.com");
        let guest = guest(&email);
        let allowed = Duration::from_secs(60);
        let (answer, _) = self.driver.call(client, "create", &guest, allowed).await;
        (email, answer)
    }

    async fn end(
        &self,
        client: &str,
        call: &str,
        args: Value,
        words: &[&str],
    ) -> Result<(), String> {
        let time = time_for(words)["timeoutMs"].as_u64().unwrap_or_default();
        let allowed = Duration::from_millis(time) + SLACK;
        let (answer, took) = self.driver.call(client, call, &args, allowed).await;
        match words.contains(&answer.word().as_str()) {
            true => told::consistent(call, &answer),
            false => Err(format!("{call}: {answer}, after {took:?}")),
        }
    }
}

/// The limits of a call that is to end as one of these words says.
fn time_for(words: &[&str]) -> Value {
    let (call, connect, read) = match words {
        // By its time.
        words if words.contains(&"timeout") => (2_500, 600, 900),
        // By its time as well, and must have sent its request by then, on a busy machine too.
        words if words.contains(&"outcome_unknown") => (4_000, 3_500, 1_500),
        // By itself, and not because the machine is busy.
        _ => (30_000, 30_000, 30_000),
    };
    json!({"timeoutMs": call, "connectTimeoutMs": connect, "readTimeoutMs": read})
}
