//! The options of a client, as a language hands them over.

use icepanel_invites::{Clock, InviteClientBuilder, InviteError};

use crate::event::Listener;
use crate::limits::{count, duration};
use crate::pacing::Pacing;
use crate::retry::RetryPolicy;

/// Options of a client. What is left out is as the core has it; a negative number is invalid input. Nothing prints them:
/// a proxy may have a password.
#[derive(Clone, Default, uniffi::Record)]
pub struct ClientOptions {
    /// Where the API is.
    #[uniffi(default = None)]
    pub base_url: Option<String>,
    /// The limit for making a connection, TLS included.
    #[uniffi(default = None)]
    pub connect_timeout_ms: Option<i64>,
    /// The limit for the first byte of an answer and for each further read of it.
    #[uniffi(default = None)]
    pub read_timeout_ms: Option<i64>,
    /// The limit for a whole call.
    #[uniffi(default = None)]
    pub timeout_ms: Option<i64>,
    /// How often a request is sent again, and after what wait.
    #[uniffi(default = None)]
    pub retry: Option<RetryPolicy>,
    /// The proxy for all requests.
    #[uniffi(default = None)]
    pub proxy: Option<String>,
    /// Certificate authorities to trust beside those of the system, in PEM.
    #[uniffi(default = None)]
    pub ca_certificate_pem: Option<String>,
    /// What is added to the `User-Agent`.
    #[uniffi(default = None)]
    pub user_agent_suffix: Option<String>,
    /// The longest answer that is read, in bytes after unpacking.
    #[uniffi(default = None)]
    pub max_body_bytes: Option<i64>,
    /// Whether waits between tries take no time: for tests.
    #[uniffi(default = false)]
    pub skip_waits: bool,
    /// The pace of the requests.
    #[uniffi(default = None)]
    pub pacing: Option<Pacing>,
}

impl ClientOptions {
    /// `builder` with these options.
    pub(crate) fn on(
        self,
        mut builder: InviteClientBuilder,
        listener: Option<Listener>,
    ) -> Result<InviteClientBuilder, InviteError> {
        if let Some(url) = self.base_url {
            builder = builder.base_url(url);
        }
        if let Some(ms) = self.connect_timeout_ms {
            builder = builder.connect_timeout(duration("connect time-out", ms)?);
        }
        if let Some(ms) = self.read_timeout_ms {
            builder = builder.read_timeout(duration("read time-out", ms)?);
        }
        if let Some(ms) = self.timeout_ms {
            builder = builder.timeout(duration("time-out", ms)?);
        }
        if let Some(policy) = self.retry {
            builder = builder.retry(policy.into_core()?);
        }
        if let Some(url) = self.proxy {
            builder = builder.proxy(url);
        }
        if let Some(pem) = self.ca_certificate_pem {
            builder = builder.ca_certificate_pem(pem);
        }
        if let Some(suffix) = self.user_agent_suffix {
            builder = builder.user_agent_suffix(suffix);
        }
        if let Some(bytes) = self.max_body_bytes {
            builder = builder.max_body_bytes(count("limit of an answer", bytes)?);
        }
        if let Some(pacing) = self.pacing {
            builder = builder.pacing(pacing.into_core()?);
        }
        if self.skip_waits {
            builder = builder.clock(Clock::skipping());
        }
        if let Some(listener) = listener {
            builder = builder.on_event(move |event| listener.tell(event));
        }
        Ok(builder)
    }
}
