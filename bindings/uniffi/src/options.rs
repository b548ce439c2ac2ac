//! The options of a client: the core's own data. The compiler compares these declarations with the core's, and
//! `cargo xtask options` writes the options of the languages from them.
//!
//! They contain no secrets: the key, a proxy and a client certificate are passed as arguments.

use icepanel_invites::{
    ClientChanges, ClientOptions, Pacing, PacingOptions, RateLimit, RateLimitOption, Secret,
};

use crate::limits::signed;

uniffi::custom_type!(Secret, String, {
    remote,
    // None comes back from the core.
    lower: |_secret| "…".to_owned(),
    try_lift: |text| Ok(Secret::from(text)),
});

/// Options of a client. An option that is not given has the core's default; a negative number is invalid input.
#[uniffi::remote(Record)]
pub struct ClientOptions {
    /// Where the API is. `https://api.icepanel.io/v1` unless set; https, or http on loopback.
    #[uniffi(default = None)]
    pub base_url: Option<String>,
    /// The limit for a whole call: all its attempts, and the waits between them. 120 s unless set.
    #[uniffi(default = None)]
    pub timeout_ms: Option<i64>,
    /// The limit for making a connection, TLS included. 10 s unless set.
    #[uniffi(default = None)]
    pub connect_timeout_ms: Option<i64>,
    /// The limit for the first byte of a response, and for each further read of it. 30 s unless set.
    #[uniffi(default = None)]
    pub read_timeout_ms: Option<i64>,
    /// How often one request may be sent, the first time included.
    #[uniffi(default = None)]
    pub max_attempts: Option<i64>,
    /// The longest wait after the first failure.
    #[uniffi(default = None)]
    pub base_delay_ms: Option<i64>,
    /// The longest wait after any failure.
    #[uniffi(default = None)]
    pub max_delay_ms: Option<i64>,
    /// The rate of the requests.
    #[uniffi(default = None)]
    pub pacing: Option<PacingOptions>,
    /// Certificate authorities to trust in addition to those of the system, in PEM: those of a company, for example.
    #[uniffi(default = None)]
    pub ca_certificate_pem: Option<String>,
    /// Text that is added to the `User-Agent`: the name of a program.
    #[uniffi(default = None)]
    pub user_agent_suffix: Option<String>,
    /// The longest response that is read, in bytes after decompression. 256 MiB unless set.
    #[uniffi(default = None)]
    pub max_body_bytes: Option<i64>,
    /// How long an unused connection remains open. 30 s unless set. Set it shorter if a proxy or a gateway closes
    /// connections sooner.
    #[uniffi(default = None)]
    pub idle_timeout_ms: Option<i64>,
}

/// The options of a client that is made from another one. An option that is not given remains unchanged.
#[uniffi::remote(Record)]
pub struct ClientChanges {
    /// The limit for a whole call.
    #[uniffi(default = None)]
    pub timeout_ms: Option<i64>,
    /// How often one request may be sent, the first time included.
    #[uniffi(default = None)]
    pub max_attempts: Option<i64>,
    /// The longest wait after the first failure.
    #[uniffi(default = None)]
    pub base_delay_ms: Option<i64>,
    /// The longest wait after any failure.
    #[uniffi(default = None)]
    pub max_delay_ms: Option<i64>,
}

/// The rate of a client's requests. A limit that is not given is the documented one.
#[uniffi::remote(Record)]
pub struct PacingOptions {
    /// The limit of reads.
    #[uniffi(default = None)]
    pub reads: Option<RateLimitOption>,
    /// The limit of writes.
    #[uniffi(default = None)]
    pub writes: Option<RateLimitOption>,
}

/// The rate of one class of requests.
#[uniffi::remote(Enum)]
pub enum RateLimitOption {
    /// No limit of the client itself: only a 429 slows such requests down.
    Unlimited,
    /// A number of requests in each window.
    Window {
        /// The number of requests.
        requests: i64,
        /// The length of the window, in milliseconds.
        window_ms: i64,
    },
}

/// The limits of the service's documentation.
#[uniffi::export]
pub fn documented_pacing() -> PacingOptions {
    let option = |limit: Option<RateLimit>| {
        let limit = limit?;
        Some(RateLimitOption::Window {
            requests: limit.requests.into(),
            window_ms: signed(u64::try_from(limit.window.as_millis()).unwrap_or(u64::MAX)),
        })
    };
    let documented = Pacing::documented();
    PacingOptions {
        reads: option(documented.reads),
        writes: option(documented.writes),
    }
}
