//! Options of clients as data: a binding passes the options of its language as one value, which is
//! read and checked here.
//!
//! Secrets are not part of the data: the API key, a proxy URL and a client certificate are passed to the builder, as
//! [`Secret`](crate::Secret)s.

use std::time::Duration;

use serde_json::Value;

use crate::client::builder::InviteClientBuilder;
use crate::client::handle::InviteClient;
use crate::client::read::{Fields, Spelling};
use crate::engine::rate_limit::{Pacing, RateLimit};
use crate::engine::retry_policy::RetryPolicy;
use crate::error::InviteError;

/// The options of a client as data: each is an option of [`InviteClientBuilder`], which documents its default. An
/// option that is `None` remains as the builder has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClientOptions {
    /// Where the API is.
    pub base_url: Option<String>,
    /// The limit for making a connection, in milliseconds.
    pub connect_timeout_ms: Option<i64>,
    /// The limit for the first byte of an answer and for each further read of it, in milliseconds.
    pub read_timeout_ms: Option<i64>,
    /// The limit for a whole call, in milliseconds.
    pub timeout_ms: Option<i64>,
    /// How often one request may be sent, the first time included.
    pub max_attempts: Option<i64>,
    /// The longest wait after the first failure, in milliseconds.
    pub base_delay_ms: Option<i64>,
    /// The longest wait after any failure, in milliseconds.
    pub max_delay_ms: Option<i64>,
    /// The rate of the requests.
    pub pacing: Option<PacingOptions>,
    /// Certificate authorities to trust in addition to those of the system, in PEM.
    pub ca_certificate_pem: Option<String>,
    /// Text that is added to the `User-Agent`.
    pub user_agent_suffix: Option<String>,
    /// The longest response that is read, in bytes after decompression.
    pub max_body_bytes: Option<i64>,
    /// How long a connection that is not used remains open, in milliseconds.
    pub idle_timeout_ms: Option<i64>,
}

/// The options of a client that is made from another one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClientChanges {
    /// The limit for a whole call, in milliseconds.
    pub timeout_ms: Option<i64>,
    /// How often one request may be sent, the first time included.
    pub max_attempts: Option<i64>,
    /// The longest wait after the first failure, in milliseconds.
    pub base_delay_ms: Option<i64>,
    /// The longest wait after any failure, in milliseconds.
    pub max_delay_ms: Option<i64>,
}

/// The rate of a client's requests as data. A class that is `None` has the documented limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PacingOptions {
    /// The limit of reads.
    pub reads: Option<RateLimitOption>,
    /// The limit of writes.
    pub writes: Option<RateLimitOption>,
}

/// The rate of one class of requests as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateLimitOption {
    /// No limit of the client itself: only the service's responses slow such requests down.
    Unlimited,
    /// A number of requests in a window of time.
    Window {
        /// The number of requests.
        requests: i64,
        /// The length of the window, in milliseconds.
        window_ms: i64,
    },
}

/// What a language passes separately: secrets, functions, and values without a form in JSON.
const APART: &[&str] = &[
    "apiKey",
    "organizationId",
    "proxy",
    "clientCertificate",
    "onEvent",
];

impl ClientOptions {
    /// Reads the options from JSON, with the names of a language. Null is the default.
    ///
    /// # Errors
    /// Invalid input that names the option, and has no value in it, for a name that does not exist and for another type.
    pub fn read(text: &str, spelling: Spelling) -> Result<Self, InviteError> {
        let mut fields = Fields::parse(text, spelling)?;
        fields.apart(APART);
        let options = Self {
            base_url: fields.text("baseUrl")?,
            connect_timeout_ms: fields.wait("connectTimeout")?,
            read_timeout_ms: fields.wait("readTimeout")?,
            timeout_ms: fields.wait("timeout")?,
            max_attempts: fields.count("maxAttempts")?,
            base_delay_ms: fields.wait("baseDelay")?,
            max_delay_ms: fields.wait("maxDelay")?,
            pacing: pacing(&mut fields)?,
            ca_certificate_pem: fields.text("caCertificate")?,
            user_agent_suffix: fields.text("userAgentSuffix")?,
            max_body_bytes: fields.count("maxBodyBytes")?,
            idle_timeout_ms: fields.wait("idleTimeout")?,
        };
        fields.end()?;
        Ok(options)
    }
}

impl InviteClientBuilder {
    /// Takes options over. `spelling` is that of the names in errors.
    ///
    /// # Errors
    /// Invalid input that names the option for a number that is negative.
    pub fn options(
        mut self,
        options: ClientOptions,
        spelling: Spelling,
    ) -> Result<Self, InviteError> {
        if let Some(url) = options.base_url {
            self = self.base_url(url);
        }
        if let Some(ms) = options.connect_timeout_ms {
            self = self.connect_timeout(spelling.duration("", "connectTimeout", ms)?);
        }
        if let Some(ms) = options.read_timeout_ms {
            self = self.read_timeout(spelling.duration("", "readTimeout", ms)?);
        }
        if let Some(ms) = options.timeout_ms {
            self = self.timeout(spelling.duration("", "timeout", ms)?);
        }
        if let Some(pem) = options.ca_certificate_pem {
            self = self.ca_certificate_pem(pem);
        }
        if let Some(suffix) = options.user_agent_suffix {
            self = self.user_agent_suffix(suffix);
        }
        if let Some(bytes) = options.max_body_bytes {
            self = self.max_body_bytes(spelling.count("", "maxBodyBytes", bytes)?);
        }
        if let Some(ms) = options.idle_timeout_ms {
            self = self.idle_timeout(spelling.duration("", "idleTimeout", ms)?);
        }
        if let Some(pacing) = options.pacing {
            self = self.pacing(pacing.into_pacing(spelling)?);
        }
        let changes = ClientChanges {
            timeout_ms: None,
            max_attempts: options.max_attempts,
            base_delay_ms: options.base_delay_ms,
            max_delay_ms: options.max_delay_ms,
        };
        let policy = changes.retry(self.retry, spelling)?;
        Ok(self.retry(policy))
    }
}

impl ClientChanges {
    /// Reads the changes from JSON. Null is the default of a client, and an absent option remains unchanged.
    ///
    /// # Errors
    /// Those of [`ClientOptions::read`].
    pub fn read(text: &str, spelling: Spelling) -> Result<Self, InviteError> {
        let mut fields = Fields::parse(text, spelling)?;
        let retry = RetryPolicy::default();
        let default = |name: &str, wait: Duration, fields: &Fields| {
            let ms = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
            fields.is_null(name).then_some(ms)
        };
        let attempts = fields
            .is_null("maxAttempts")
            .then_some(i64::from(retry.max_attempts));
        let timeout = default("timeout", InviteClient::DEFAULT_TIMEOUT, &fields);
        let base_delay = default("baseDelay", retry.base_delay, &fields);
        let max_delay = default("maxDelay", retry.max_delay, &fields);
        let changes = Self {
            timeout_ms: fields.wait("timeout")?.or(timeout),
            max_attempts: fields.count("maxAttempts")?.or(attempts),
            base_delay_ms: fields.wait("baseDelay")?.or(base_delay),
            max_delay_ms: fields.wait("maxDelay")?.or(max_delay),
        };
        fields.end()?;
        Ok(changes)
    }

    /// Reads the options of one call: its limit on time.
    ///
    /// # Errors
    /// Those of [`ClientOptions::read`].
    pub fn read_call(text: &str, spelling: Spelling) -> Result<Self, InviteError> {
        let mut fields = Fields::parse(text, spelling)?;
        fields.apart(&["signal"]);
        let timeout_ms = fields.wait("timeout")?;
        fields.end()?;
        Ok(Self {
            timeout_ms,
            ..Self::default()
        })
    }

    /// These changes with others applied over them.
    #[must_use]
    pub fn then(self, later: Self) -> Self {
        Self {
            timeout_ms: later.timeout_ms.or(self.timeout_ms),
            max_attempts: later.max_attempts.or(self.max_attempts),
            base_delay_ms: later.base_delay_ms.or(self.base_delay_ms),
            max_delay_ms: later.max_delay_ms.or(self.max_delay_ms),
        }
    }

    fn retry(
        &self,
        mut policy: RetryPolicy,
        spelling: Spelling,
    ) -> Result<RetryPolicy, InviteError> {
        if let Some(attempts) = self.max_attempts {
            policy.max_attempts = spelling.small_count("", "maxAttempts", attempts)?;
        }
        if let Some(ms) = self.base_delay_ms {
            policy.base_delay = spelling.duration("", "baseDelay", ms)?;
        }
        if let Some(ms) = self.max_delay_ms {
            policy.max_delay = spelling.duration("", "maxDelay", ms)?;
        }
        Ok(policy)
    }
}

impl InviteClient {
    /// The same client with other limits. `spelling` is that of the names in errors.
    ///
    /// # Errors
    /// Those of [`with_timeout`](Self::with_timeout) and [`with_retry`](Self::with_retry), and invalid input that names the
    /// option for a number that is negative.
    pub fn with_options(
        &self,
        changes: &ClientChanges,
        spelling: Spelling,
    ) -> Result<Self, InviteError> {
        let changed = self.with_retry(changes.retry(self.0.retry, spelling)?)?;
        match changes.timeout_ms {
            Some(ms) => changed.with_timeout(spelling.duration("", "timeout", ms)?),
            None => Ok(changed),
        }
    }
}

impl PacingOptions {
    /// Reads and writes without a limit.
    pub fn unlimited() -> Self {
        Self {
            reads: Some(RateLimitOption::Unlimited),
            writes: Some(RateLimitOption::Unlimited),
        }
    }

    fn into_pacing(self, spelling: Spelling) -> Result<Pacing, InviteError> {
        let mut pacing = Pacing::documented();
        if let Some(limit) = self.reads {
            pacing.reads = limit.into_limit("pacing.reads.", spelling)?;
        }
        if let Some(limit) = self.writes {
            pacing.writes = limit.into_limit("pacing.writes.", spelling)?;
        }
        Ok(pacing)
    }
}

impl RateLimitOption {
    fn into_limit(self, path: &str, spelling: Spelling) -> Result<Option<RateLimit>, InviteError> {
        let Self::Window {
            requests,
            window_ms,
        } = self
        else {
            return Ok(None);
        };
        Ok(Some(RateLimit::new(
            spelling.small_count(path, "requests", requests)?,
            spelling.duration(path, "window", window_ms)?,
        )))
    }
}

/// `"documented"`, `"none"`, or an object of `reads` and `writes`, each one of these or a limit.
fn pacing(fields: &mut Fields) -> Result<Option<PacingOptions>, InviteError> {
    match fields.any("pacing") {
        None => Ok(None),
        Some(Value::String(word)) if word == "documented" => Ok(None),
        Some(Value::String(word)) if word == "none" => Ok(Some(PacingOptions::unlimited())),
        Some(Value::Object(classes)) => {
            let mut inside = fields.inside("pacing", classes);
            let pacing = PacingOptions {
                reads: rate_limit(&mut inside, "reads")?,
                writes: rate_limit(&mut inside, "writes")?,
            };
            inside.end()?;
            Ok(Some(pacing))
        }
        Some(_) => Err(no_pacing(fields, "pacing")),
    }
}

fn rate_limit(fields: &mut Fields, name: &str) -> Result<Option<RateLimitOption>, InviteError> {
    let given = match fields.any(name) {
        None => return Ok(None),
        Some(Value::String(word)) if word == "documented" => return Ok(None),
        Some(Value::String(word)) if word == "none" => {
            return Ok(Some(RateLimitOption::Unlimited));
        }
        // A tuple of Python: a number and its seconds.
        Some(Value::Array(pair)) if fields.spelling == Spelling::Python && pair.len() == 2 => {
            let names = ["requests".to_owned(), "window".to_owned()];
            names.into_iter().zip(pair).collect()
        }
        Some(Value::Object(given)) => given,
        Some(_) => return Err(no_pacing(fields, name)),
    };
    let mut inside = fields.inside(name, given);
    let requests = inside.count("requests")?;
    let window_ms = inside.wait("window")?;
    inside.end()?;
    match (requests, window_ms) {
        (Some(requests), Some(window_ms)) => Ok(Some(RateLimitOption::Window {
            requests,
            window_ms,
        })),
        _ => Err(no_pacing(fields, name)),
    }
}

fn no_pacing(fields: &Fields, name: &str) -> InviteError {
    let example = match fields.spelling {
        Spelling::Python => {
            "a tuple of a number of requests and the seconds in which they may be sent: {\"writes\": (60, 60)}"
        }
        _ => {
            "a number of requests and the milliseconds in which they may be sent: { writes: { requests: 60, windowMs: 60000 } }"
        }
    };
    InviteError::invalid_input(format!(
        "{}{name} must be \"documented\", \"none\" or, for reads and writes, {example}",
        fields.path
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn built(text: &str, spelling: Spelling) -> Result<InviteClient, String> {
        ClientOptions::read(text, spelling)
            .and_then(|options| InviteClient::builder("id:00", "o").options(options, spelling))
            .and_then(InviteClientBuilder::build)
            .map_err(|why| why.message().to_owned())
    }

    #[test]
    fn each_option_reaches_the_client() {
        let text = r#"{"baseUrl": "http://127.0.0.1:9/v1", "connectTimeoutMs": 1, "readTimeoutMs": 2, "timeoutMs": 5000,
            "maxAttempts": 2, "baseDelayMs": 4, "maxDelayMs": 5, "userAgentSuffix": "x", "maxBodyBytes": 6, "idleTimeoutMs": 9,
            "caCertificate": null, "pacing": {"reads": "none", "writes": {"requests": 7, "windowMs": 8}}}"#;
        let options = ClientOptions::read(text, Spelling::Json).expect("options");
        let expected = ClientOptions {
            base_url: Some("http://127.0.0.1:9/v1".to_owned()),
            connect_timeout_ms: Some(1),
            read_timeout_ms: Some(2),
            timeout_ms: Some(5000),
            max_attempts: Some(2),
            base_delay_ms: Some(4),
            max_delay_ms: Some(5),
            pacing: Some(PacingOptions {
                reads: Some(RateLimitOption::Unlimited),
                writes: Some(RateLimitOption::Window {
                    requests: 7,
                    window_ms: 8,
                }),
            }),
            ca_certificate_pem: None,
            user_agent_suffix: Some("x".to_owned()),
            max_body_bytes: Some(6),
            idle_timeout_ms: Some(9),
        };
        assert_eq!(options, expected);
        let client = built(text, Spelling::Json).expect("a client");
        assert_eq!(client.0.timeout, 5 * SECOND);
        assert_eq!(client.0.retry.max_attempts, 2);
        assert_eq!(client.0.retry.max_delay, Duration::from_millis(5));
        let python = r#"{"timeout": 5, "max_attempts": 2, "base_delay": 0.004, "max_delay": 0.005, "max_body_bytes": 6,
            "base_url": "http://127.0.0.1:9/v1", "connect_timeout": 0.001, "read_timeout": 0.002,
            "user_agent_suffix": "x", "idle_timeout": 0.009, "pacing": {"reads": "none", "writes": [7, 0.008]}}"#;
        assert_eq!(
            ClientOptions::read(python, Spelling::Python).ok(),
            Some(expected)
        );
    }

    #[test]
    fn changes_name_what_they_change_and_null_is_the_default() {
        let client = built(
            r#"{"timeoutMs": 1000, "maxAttempts": 9, "baseUrl": "http://127.0.0.1:9"}"#,
            Spelling::JavaScript,
        )
        .expect("a client");
        let changed = |text: &str| {
            let changes = ClientChanges::read(text, Spelling::JavaScript)?;
            client.with_options(&changes, Spelling::JavaScript)
        };
        let other = changed(r#"{"maxAttempts": 3}"#).expect("a client");
        assert_eq!((other.0.timeout, other.0.retry.max_attempts), (SECOND, 3));
        let other = changed(r#"{"timeoutMs": null}"#).expect("a client");
        assert_eq!(other.0.timeout, InviteClient::DEFAULT_TIMEOUT);
        assert_eq!(other.0.retry.max_attempts, 9);
        let error = changed(r#"{"baseUrl": "x"}"#).expect_err("it stays");
        assert_eq!(error.message(), "there is no option \"baseUrl\"");
        assert!(
            changed(r#"{"timeoutMs": 0}"#).is_err() && changed(r#"{"timeoutMs": -1}"#).is_err()
        );
    }

    #[test]
    fn a_negative_option_is_rejected_with_the_same_text_from_a_record_and_from_json() {
        let message =
            "connectTimeoutMs must be a number of milliseconds that is finite and not negative";
        let read = built(r#"{"connectTimeoutMs": -1}"#, Spelling::Json);
        assert_eq!(read.expect_err("negative"), message);
        let mut record = ClientOptions {
            connect_timeout_ms: Some(-1),
            ..ClientOptions::default()
        };
        let refused = |record: &ClientOptions, spelling| {
            let builder = InviteClient::builder("id:00", "o");
            let refused = builder.options(record.clone(), spelling);
            refused.expect_err("negative").message().to_owned()
        };
        assert_eq!(refused(&record, Spelling::Json), message);
        let typed = "connectTimeout must be a duration that is not negative";
        assert_eq!(refused(&record, Spelling::Typed), typed);
        record = ClientOptions {
            pacing: Some(PacingOptions {
                reads: None,
                writes: Some(RateLimitOption::Window {
                    requests: -1,
                    window_ms: 1,
                }),
            }),
            ..ClientOptions::default()
        };
        assert_eq!(
            refused(&record, Spelling::Typed),
            "pacing.writes.requests must be a whole number that is not negative"
        );
    }

    #[test]
    fn secrets_are_no_options_and_no_error_has_a_value() {
        for text in [
            r#"{"apiKey": "id:c0ffee"}"#,
            r#"{"proxy": "http://u:c0ffee@h"}"#,
            r#"{"clientCertificate": "c0ffee"}"#,
            r#"{"timeoutMs": "c0ffee"}"#,
            r#"{"maxAttempts": "c0ffee"}"#,
            r#"{"baseUrl": ["c0ffee"]}"#,
            r#"{"pacing": "c0ffee"}"#,
            r#"{"pacing": {"reads": "c0ffee"}}"#,
            r#"{"baseUrl": "c0ffee"#,
        ] {
            let why = built(text, Spelling::JavaScript).expect_err(text);
            assert!(!why.contains("c0ffee"), "{why}");
        }
        let given = built(r#"{"apiKey": "k"}"#, Spelling::Json).expect_err("a secret");
        assert_eq!(
            given,
            "\"apiKey\" is not one of the options; pass it as a separate argument"
        );
        let near = built(r#"{"apikey": "k"}"#, Spelling::Json).expect_err("a secret");
        assert_eq!(
            near,
            "there is no option \"apikey\"; it is written \"apiKey\""
        );
    }

    #[test]
    fn pacing_is_a_word_or_a_limit() {
        let pacing = |text: &str, spelling| {
            ClientOptions::read(text, spelling)
                .map(|options| options.pacing)
                .map_err(|why| why.message().to_owned())
        };
        for text in [r#"{"pacing": "documented"}"#, r#"{"pacing": null}"#] {
            assert_eq!(pacing(text, Spelling::Json), Ok(None));
        }
        let none = Ok(Some(PacingOptions::unlimited()));
        assert_eq!(pacing(r#"{"pacing": "none"}"#, Spelling::Python), none);
        for text in [
            r#"{"pacing": "fast"}"#,
            r#"{"pacing": 7}"#,
            r#"{"pacing": []}"#,
            r#"{"pacing": {"reads": 7}}"#,
            r#"{"pacing": {"reads": [1, 2]}}"#,
            r#"{"pacing": {"reads": {"requests": 1}}}"#,
        ] {
            let why = pacing(text, Spelling::Json).expect_err(text);
            assert!(why.contains("must be \"documented\", \"none\" or"), "{why}");
        }
        let why = pacing(r#"{"pacing": {"write": "none"}}"#, Spelling::Json);
        assert_eq!(why, Err("there is no option \"pacing.write\"".to_owned()));
        let why = pacing(
            r#"{"pacing": {"writes": {"requests": 1.5, "windowMs": 1}}}"#,
            Spelling::Json,
        );
        assert!(why.is_err_and(|why| why.starts_with("pacing.writes.requests must be a whole")));
    }
}
