//! The HTTP client, and further ones with a shorter connection limit for calls with less time.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::Client;
use reqwest::header::HeaderMap;

use crate::error::InviteError;
use crate::http::limits::LONGEST;
use crate::http::proxy::Choice;

/// For how many other limits a client is stored.
const MOST: usize = 4;

/// The settings of every such client.
struct Recipe {
    headers: HeaderMap,
    tls: rustls::ClientConfig,
    proxy: Choice,
    /// How long a connection that is not used remains open.
    idle: Duration,
}

/// The client for calls with the time of the options, and the clients for calls with less.
pub(crate) struct Connections {
    recipe: Recipe,
    limit: Duration,
    client: Client,
    shorter: Mutex<Vec<(Duration, Client)>>,
}

impl Connections {
    /// `limit` is that of making a connection.
    pub(crate) fn new(
        headers: HeaderMap,
        tls: rustls::ClientConfig,
        proxy: Choice,
        limit: Duration,
        idle: Duration,
    ) -> Result<Self, InviteError> {
        let recipe = Recipe {
            headers,
            tls,
            proxy,
            idle: idle.min(LONGEST),
        };
        let client = recipe.make(limit).map_err(|error| {
            InviteError::invalid_input("the HTTP client cannot be made with these options")
                .with_source(error.without_url())
        })?;
        Ok(Self {
            recipe,
            limit,
            client,
            shorter: Mutex::default(),
        })
    }

    /// The proxy, if there is one by option or variable.
    pub(crate) fn proxy(&self) -> &Choice {
        &self.recipe.proxy
    }

    /// How TLS is set up.
    pub(crate) fn tls(&self) -> &rustls::ClientConfig {
        &self.recipe.tls
    }

    /// A client with this limit for making a connection. A client has one limit for all its connections, so each limit
    /// needs its own client.
    pub(crate) fn within(&self, limit: Duration) -> Client {
        if limit >= self.limit {
            return self.client.clone();
        }
        let mut shorter = self.shorter.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, client)) = shorter.iter().find(|(kept, _)| *kept == limit) {
            return client.clone();
        }
        // A client was made with these options before, so this does not fail.
        let Ok(client) = self.recipe.make(limit) else {
            return self.client.clone();
        };
        if shorter.len() >= MOST {
            shorter.remove(0);
        }
        shorter.push((limit, client.clone()));
        client
    }
}

impl Recipe {
    fn make(&self, limit: Duration) -> reqwest::Result<Client> {
        let mut http = Client::builder()
            .default_headers(self.headers.clone())
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .tcp_nodelay(true)
            .connect_timeout(limit)
            .pool_idle_timeout(self.idle)
            .tls_backend_preconfigured(self.tls.clone());
        match &self.proxy {
            Choice::System => {}
            Choice::None => http = http.no_proxy(),
            Choice::By(proxy) => {
                http = http.no_proxy().proxy(reqwest::Proxy::all(&proxy.url)?);
            }
        }
        http.build()
    }
}
