//! The options of a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{self, HeaderMap, HeaderValue};

use crate::client::handle::InviteClient;
use crate::clock::Clock;
use crate::engine::rate_limit::Pacing;
use crate::engine::rate_limiter::RateLimiter;
use crate::engine::retry_policy::RetryPolicy;
use crate::engine::session::Session;
use crate::engine::state::{ALL_CHANGES, State};
use crate::error::InviteError;
use crate::event::{Event, Hook};
use crate::http::authorities::{self, CaVariable};
use crate::http::connections::Connections;
use crate::http::limits::{LONGEST, Limits, share_for_connecting};
use crate::http::options;
use crate::http::proxy;
use crate::http::secret::Secret;
use crate::http::tls;
use crate::http::transport::Transport;
use crate::http::url;

const DEFAULT_BASE_URL: &str = "https://api.icepanel.io/v1";

/// Options of an [`InviteClient`]; made by [`InviteClient::builder`].
#[derive(Clone, Debug)]
#[must_use]
pub struct InviteClientBuilder {
    api_key: Secret,
    organization_id: String,
    base_url: Address,
    limits: Limits,
    idle: Duration,
    timeout: Duration,
    pub(super) retry: RetryPolicy,
    proxy: Option<Secret>,
    authorities: authorities::Sources,
    client_certificate: Option<Secret>,
    user_agent_suffix: Option<String>,
    hook: Option<Hook>,
    waits: Clock,
    pacing: Pacing,
}

/// A base URL as it was given. One with a password in it is rejected, but may be shown before that.
#[derive(Clone)]
struct Address(String);

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.rsplit_once('@') {
            Some((_, rest)) => write!(f, "…@{rest}"),
            None => f.write_str(&self.0),
        }
    }
}

impl InviteClientBuilder {
    pub(crate) fn new(api_key: Secret, organization_id: String) -> Self {
        Self {
            api_key,
            organization_id,
            base_url: Address(DEFAULT_BASE_URL.to_owned()),
            limits: Limits {
                connect: Duration::from_secs(10),
                read: Duration::from_secs(30),
                body: 256 * 1024 * 1024,
            },
            // Shorter than the limit of load balancers (60 s and more), so that a create rarely
            // uses a connection that the other side is closing.
            idle: Duration::from_secs(30),
            timeout: InviteClient::DEFAULT_TIMEOUT,
            retry: RetryPolicy::default(),
            proxy: None,
            authorities: authorities::Sources::default(),
            client_certificate: None,
            user_agent_suffix: None,
            hook: None,
            waits: Clock::system(),
            pacing: Pacing::default(),
        }
    }

    /// Where the API is. `https://api.icepanel.io/v1` unless set; https, or http on loopback.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Address(url.into());
        self
    }

    /// The limit for making a connection, TLS included. 10 s unless set; never more than 0.9 of the
    /// read time-out and 0.3 of the whole call's.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.limits.connect = limit;
        self
    }

    /// The limit for the first byte of a response, counted from the start of the request, and for each further read of
    /// it. 30 s unless set.
    pub fn read_timeout(mut self, limit: Duration) -> Self {
        self.limits.read = limit;
        self
    }

    /// How long an unused connection remains open. 30 s unless set. Set it shorter if a proxy or a gateway closes
    /// connections sooner, so that no request is sent on a connection that is being closed.
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.idle = limit;
        self
    }

    /// The limit for a whole call: all its attempts, and the waits between them. 120 s unless set,
    /// which is longer than the service's window of a minute.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// How often a request is retried, and after what wait.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The proxy for all requests: `http://[user:password@]host:port`, or with `https`, `socks5`, or `socks5h`, where
    /// the proxy resolves the name. Without it the variables `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` apply. A base
    /// URL with http, on loopback, uses neither the variables nor a proxy, since the key would leave the machine in
    /// plain text.
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// Certificate authorities to trust in addition to those of the system, in PEM: those of a company, for example.
    pub fn ca_certificate_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.authorities.pem = Some(pem.into());
        self
    }

    /// An environment variable that names a PEM file of certificate authorities, or a folder of such files: the
    /// variable that users of the host's language know. It is read when the client is created. A variable that is unset
    /// or empty has no effect; a file that cannot be read is an error.
    ///
    /// The system's own variables on Linux, `SSL_CERT_FILE` and `SSL_CERT_DIR`, are read without this.
    pub fn ca_variable(mut self, name: impl Into<String>, effect: CaVariable) -> Self {
        self.authorities.variables.push((name.into(), effect));
        self
    }

    /// The client certificate for a server that requires one, such as a company's gateway: the
    /// chain and the private key in one PEM text. The key is not encrypted.
    pub fn client_certificate_pem(mut self, pem: impl Into<Secret>) -> Self {
        self.client_certificate = Some(pem.into());
        self
    }

    /// Text that is added to the `User-Agent`, `icepanel-invites/VERSION`: the name of a program,
    /// or of a language's package.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// The longest response that is read, in bytes after decompression. 256 MiB unless set.
    pub fn max_body_bytes(mut self, limit: u64) -> Self {
        self.limits.body = limit;
        self
    }

    /// A function that receives each attempt when it has ended. It is called on the task of the call, so it should be
    /// quick.
    pub fn on_event(mut self, hook: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self.hook = Some(Hook(Arc::new(hook)));
        self
    }

    /// The rate of the requests. Unless set, [`Pacing::documented`]: just below the documented limits, so that a bulk
    /// run gets hardly any 429. With [`Pacing::none`] only the responses of the service slow the client down. A limit
    /// of 0 requests, and a window of length 0 or of more than a year, are invalid input.
    pub fn pacing(mut self, pacing: Pacing) -> Self {
        self.pacing = pacing;
        self
    }

    /// The clock of the waits between attempts; for tests, with the feature `test-util`.
    #[cfg(any(test, feature = "test-util"))]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.waits = clock;
        self
    }

    /// Checks the options and creates the client. Nothing is sent.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if an option or a variable is invalid;
    /// [`Connection`](crate::ErrorKind::Connection) if https is needed and this machine has no
    /// certificate authorities.
    pub fn build(mut self) -> Result<InviteClient, InviteError> {
        let api_key = self.api_key.text("the API key")?;
        let api_key = options::bare_value("the API key", api_key)?;
        options::api_key(&api_key)?;
        let headers = self.headers(&api_key)?;
        self.api_key = api_key.into();
        self.organization_id = options::bare_value("the organization id", &self.organization_id)?;
        url::check_id("organization", &self.organization_id)?;
        let base_url = options::bare_value("the base URL", &self.base_url.0)?;
        let base_url = url::base_url(&base_url)?;
        for (name, limit) in [
            ("connect time-out", self.limits.connect),
            ("read time-out", self.limits.read),
            ("idle time-out", self.idle),
            ("time-out", self.timeout),
        ] {
            options::time_limit(name, limit)?;
        }
        self.retry.check()?;
        self.pacing.check()?;
        if self.limits.body == 0 {
            return Err(InviteError::invalid_input(
                "the limit on the size of a response is zero bytes",
            ));
        }

        // A longer limit is treated as this one, because it could not be added to an instant.
        self.limits.connect = self.limits.connect.min(LONGEST);
        self.limits.read = self.limits.read.min(LONGEST);
        // The client must distinguish a failed connection from a missing response. So the connection's limit ends
        // first: before the limit of the first read, and before the half of the remaining time that a create has after
        // a quarter of the call was spent on asking for the time.
        self.limits.connect = self
            .limits
            .connect
            .min(self.limits.read.mul_f64(0.9))
            .min(share_for_connecting(self.timeout));

        let tls = tls::config(
            &self.authorities,
            self.client_certificate.as_ref().map(Secret::bytes),
            base_url.scheme() == "https",
        )?;
        let proxy = self
            .proxy
            .as_ref()
            .map(|proxy| proxy.text("the option proxy"));
        let proxy = proxy::choose(&base_url, proxy.transpose()?)?;
        let http = Connections::new(headers, tls, proxy, self.limits.connect, self.idle)?;

        let organization_url = url::below(&base_url, &["organizations", &self.organization_id]);
        let state = State {
            transport: Transport {
                http,
                trust: self.authorities.advice(),
                refusal: Default::default(),
                limits: self.limits,
                clock: Default::default(),
                secret: self.api_key,
            },
            organization_id: self.organization_id,
            organization_url,
            reads: RateLimiter::new(self.pacing.reads),
            writes: RateLimiter::new(self.pacing.writes),
            budget: Default::default(),
            recent: Default::default(),
            unfinished: Default::default(),
            addresses: Default::default(),
            member_changes: tokio::sync::Semaphore::new(ALL_CHANGES as usize),
            recent_members: Default::default(),
            waits: self.waits,
            closed: Default::default(),
        };
        Ok(InviteClient(Session {
            state: Arc::new(state),
            retry: self.retry,
            timeout: self.timeout,
            hook: self.hook,
        }))
    }

    fn headers(&self, api_key: &str) -> Result<HeaderMap, InviteError> {
        let mut key = HeaderValue::from_str(api_key)
            .map_err(|_| InviteError::invalid_input("the API key does not fit in a header"))?;
        key.set_sensitive(true);
        let mut headers = HeaderMap::new();
        headers.insert("x-api-key", key);
        headers.insert(header::USER_AGENT, self.user_agent()?);
        for (name, value) in [
            (header::ACCEPT, "application/json"),
            (header::ACCEPT_ENCODING, "gzip"),
            // A cached list is of no use here.
            (header::CACHE_CONTROL, "no-cache"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        Ok(headers)
    }

    fn user_agent(&self) -> Result<HeaderValue, InviteError> {
        let mut agent = concat!("icepanel-invites/", env!("CARGO_PKG_VERSION")).to_owned();
        if let Some(suffix) = &self.user_agent_suffix {
            if !suffix.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
                return Err(InviteError::invalid_input(
                    "the user-agent suffix has a character that is not printable ASCII",
                ));
            }
            agent.push(' ');
            agent.push_str(suffix);
        }
        HeaderValue::from_str(agent.trim_end()).map_err(|_| {
            InviteError::invalid_input("the user-agent suffix does not fit in a header")
        })
    }
}
