//! The options of a client, as JavaScript hands them over.

use std::time::Duration;

use icepanel_invites::{CaVariable, Clock, InviteClientBuilder, InviteError, Pacing, RetryPolicy};
use napi::bindgen_prelude::Either;
use napi_derive::napi;

use crate::model::{count, limit};

/// Options of a client. `node/lib/client.js` documents them.
#[napi(object)]
#[derive(Default)]
pub struct ClientOptions {
    /// `<id>:<hex secret>`.
    pub api_key: String,
    /// The organization's id.
    pub organization_id: String,
    /// Where the API is.
    pub base_url: Option<String>,
    /// The limit for making a connection.
    pub connect_timeout_ms: Option<f64>,
    /// The limit for the first byte and each further read.
    pub read_timeout_ms: Option<f64>,
    /// The limit for a whole call.
    pub timeout_ms: Option<f64>,
    /// How often one request may be sent.
    pub max_attempts: Option<f64>,
    /// The longest wait after the first failure.
    pub base_delay_ms: Option<f64>,
    /// The longest wait after any failure.
    pub max_delay_ms: Option<f64>,
    /// The proxy for all requests.
    pub proxy: Option<String>,
    /// Certificate authorities to trust beside the system's, in PEM.
    pub ca_certificate: Option<String>,
    /// The certificate that the client shows: chain and private key, in one PEM text.
    pub client_certificate: Option<String>,
    /// What is added to the `User-Agent`.
    pub user_agent_suffix: Option<String>,
    /// The longest answer that is read.
    pub max_body_bytes: Option<f64>,
    /// The pace of the requests.
    pub pacing: Option<PacingOptions>,
    /// The number under which events come by mail; none come without one.
    pub events: Option<u32>,
    /// Whether waits between tries take no time: for tests.
    pub skip_waits: Option<bool>,
}

/// At which pace a client sends. A class that is not given has the documented limit.
#[napi(object)]
pub struct PacingOptions {
    /// The limit of reads, or any text for none.
    pub reads: Option<Either<RateLimit, String>>,
    /// The limit of writes, or any text for none.
    pub writes: Option<Either<RateLimit, String>>,
}

/// How many requests the service takes in a window of time.
#[napi(object)]
pub struct RateLimit {
    /// So many requests.
    pub requests: f64,
    /// In so much time.
    pub window_ms: f64,
}

impl PacingOptions {
    fn into_core(self) -> Result<Pacing, InviteError> {
        let mut pacing = Pacing::documented();
        if let Some(limit) = self.reads {
            pacing.reads = rate("pacing.reads", limit)?;
        }
        if let Some(limit) = self.writes {
            pacing.writes = rate("pacing.writes", limit)?;
        }
        Ok(pacing)
    }
}

fn rate(
    name: &str,
    given: Either<RateLimit, String>,
) -> Result<Option<icepanel_invites::RateLimit>, InviteError> {
    let Either::A(given) = given else {
        return Ok(None);
    };
    let requests = count(&format!("{name}.requests"), given.requests)?;
    Ok(Some(icepanel_invites::RateLimit::new(
        u32::try_from(requests).unwrap_or(u32::MAX),
        limit(&format!("{name}.windowMs"), given.window_ms)?,
    )))
}

impl ClientOptions {
    /// A builder with these options, and the retry policy among them.
    pub(crate) fn builder(self) -> Result<(InviteClientBuilder, RetryPolicy), InviteError> {
        let retry = retry(
            RetryPolicy::default(),
            self.max_attempts,
            self.base_delay_ms,
            self.max_delay_ms,
        )?;
        let mut builder =
            icepanel_invites::InviteClient::builder(self.api_key, self.organization_id)
                .ca_variable("NODE_EXTRA_CA_CERTS", CaVariable::Adds)
                .retry(retry);
        if let Some(url) = self.base_url {
            builder = builder.base_url(url);
        }
        if let Some(ms) = self.connect_timeout_ms {
            builder = builder.connect_timeout(limit("connectTimeoutMs", ms)?);
        }
        if let Some(ms) = self.read_timeout_ms {
            builder = builder.read_timeout(limit("readTimeoutMs", ms)?);
        }
        if let Some(ms) = self.timeout_ms {
            builder = builder.timeout(limit("timeoutMs", ms)?);
        }
        if let Some(url) = self.proxy {
            builder = builder.proxy(url);
        }
        if let Some(pem) = self.ca_certificate {
            builder = builder.ca_certificate_pem(pem);
        }
        if let Some(pem) = self.client_certificate {
            builder = builder.client_certificate_pem(pem);
        }
        if let Some(suffix) = self.user_agent_suffix {
            builder = builder.user_agent_suffix(suffix);
        }
        if let Some(bytes) = self.max_body_bytes {
            builder = builder.max_body_bytes(count("maxBodyBytes", bytes)?);
        }
        if let Some(pacing) = self.pacing {
            builder = builder.pacing(pacing.into_core()?);
        }
        if self.skip_waits == Some(true) {
            builder = builder.clock(Clock::skipping());
        }
        Ok((builder, retry))
    }
}

/// `policy` with what is given put in its place.
pub(crate) fn retry(
    mut policy: RetryPolicy,
    max_attempts: Option<f64>,
    base_delay_ms: Option<f64>,
    max_delay_ms: Option<f64>,
) -> Result<RetryPolicy, InviteError> {
    if let Some(attempts) = max_attempts {
        let attempts = count("maxAttempts", attempts)?;
        policy = policy.max_attempts(u32::try_from(attempts).unwrap_or(u32::MAX));
    }
    let delay = |name, ms| -> Result<Duration, InviteError> { limit(name, ms) };
    if let Some(ms) = base_delay_ms {
        policy = policy.base_delay(delay("baseDelayMs", ms)?);
    }
    if let Some(ms) = max_delay_ms {
        policy = policy.max_delay(delay("maxDelayMs", ms)?);
    }
    Ok(policy)
}
