//! The options of a client.

use std::time::Duration;

use icepanel_invites::{
    CaVariable, Clock, InviteClient, InviteClientBuilder, InviteError, Pacing, RateLimit,
    RetryPolicy,
};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::error;
use crate::number::count;
use crate::time::duration;

/// Whose client it is.
#[derive(Clone)]
pub(crate) enum Account {
    Of {
        api_key: String,
        organization_id: String,
    },
    FromEnv,
}

/// All that a client is made of, so that a forked process can make its own.
#[derive(Clone, Default)]
pub(crate) struct Options {
    base_url: Option<String>,
    connect_timeout: Option<Duration>,
    read_timeout: Option<Duration>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: RetryPolicy,
    proxy: Option<String>,
    ca_certificate: Option<Vec<u8>>,
    client_certificate: Option<Vec<u8>>,
    user_agent_suffix: Option<String>,
    max_body_bytes: Option<u64>,
    pacing: Pacing,
    skip_waits: bool,
}

/// A listener that a keyword gives, or takes away.
pub(crate) type OnEvent = Option<Py<PyAny>>;

impl Options {
    /// Takes Python's keywords over those there are. None is the default.
    pub(crate) fn set(
        &mut self,
        keywords: &Bound<'_, PyDict>,
        on_event: &mut OnEvent,
    ) -> PyResult<()> {
        for (name, value) in keywords {
            let name: &str = name.extract()?;
            self.set_one(name, (!value.is_none()).then_some(&value), on_event)?;
        }
        Ok(())
    }

    fn set_one(
        &mut self,
        name: &str,
        given: Option<&Bound<'_, PyAny>>,
        on_event: &mut OnEvent,
    ) -> PyResult<()> {
        let text = || given.map(|value| value.extract()).transpose();
        let span = || given.map(|value| duration(name, value)).transpose();
        let retry = RetryPolicy::default();
        match name {
            "base_url" => self.base_url = text()?,
            "connect_timeout" => self.connect_timeout = span()?,
            "read_timeout" => self.read_timeout = span()?,
            "timeout" => self.timeout = span()?,
            "max_attempts" => {
                let attempts = given.map(|value| count(name, value)).transpose()?;
                self.retry.max_attempts = attempts.unwrap_or(retry.max_attempts);
            }
            "base_delay" => self.retry.base_delay = span()?.unwrap_or(retry.base_delay),
            "max_delay" => self.retry.max_delay = span()?.unwrap_or(retry.max_delay),
            "proxy" => self.proxy = text()?,
            "ca_certificate" => {
                self.ca_certificate = given.map(|value| pem(name, value)).transpose()?;
            }
            "client_certificate" => {
                self.client_certificate = given.map(|value| pem(name, value)).transpose()?;
            }
            "user_agent_suffix" => self.user_agent_suffix = text()?,
            "max_body_bytes" => {
                self.max_body_bytes = given.map(|value| count(name, value)).transpose()?;
            }
            "pacing" => self.pacing = given.map(pacing).transpose()?.unwrap_or_default(),
            "on_event" if given.is_none_or(|hook| hook.is_callable()) => {
                *on_event = given.map(|hook| hook.clone().unbind());
            }
            "on_event" => return Err(PyTypeError::new_err("on_event must be callable")),
            "_skip_waits" => {
                self.skip_waits = given.is_some_and(|skip| skip.is_truthy().unwrap_or(true));
            }
            _ => return Err(unexpected(name)),
        }
        Ok(())
    }

    /// Makes the core's client. Takes a while where there is TLS: the system's authorities are read.
    pub(crate) fn build(&self, account: &Account) -> Result<InviteClient, InviteError> {
        let mut builder = self
            .builder(account)?
            .retry(self.retry)
            .pacing(self.pacing)
            // What users of Python's HTTP libraries set.
            .ca_variable("REQUESTS_CA_BUNDLE", CaVariable::Replaces);
        if let Some(url) = &self.base_url {
            builder = builder.base_url(url);
        }
        if let Some(limit) = self.connect_timeout {
            builder = builder.connect_timeout(limit);
        }
        if let Some(limit) = self.read_timeout {
            builder = builder.read_timeout(limit);
        }
        if let Some(limit) = self.timeout {
            builder = builder.timeout(limit);
        }
        if let Some(url) = &self.proxy {
            builder = builder.proxy(url);
        }
        if let Some(pem) = &self.ca_certificate {
            builder = builder.ca_certificate_pem(pem.as_slice());
        }
        if let Some(pem) = &self.client_certificate {
            builder = builder.client_certificate_pem(pem.as_slice());
        }
        if let Some(suffix) = &self.user_agent_suffix {
            builder = builder.user_agent_suffix(suffix);
        }
        if let Some(limit) = self.max_body_bytes {
            builder = builder.max_body_bytes(limit);
        }
        builder.build()
    }

    fn builder(&self, account: &Account) -> Result<InviteClientBuilder, InviteError> {
        let builder = match account {
            Account::Of {
                api_key,
                organization_id,
            } => InviteClient::builder(api_key, organization_id),
            Account::FromEnv => InviteClient::builder_from_env()?,
        };
        Ok(match self.skip_waits {
            true => builder.clock(Clock::skipping()),
            false => builder,
        })
    }
}

pub(crate) fn unexpected(name: &str) -> PyErr {
    PyTypeError::new_err(format!("there is no option {name:?}"))
}

/// PEM, as text or as bytes.
fn pem(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(text) = value.extract::<String>() {
        return Ok(text.into_bytes());
    }
    let bytes = value.extract::<Vec<u8>>();
    bytes.map_err(|_| PyTypeError::new_err(format!("{name} must be PEM, as text or as bytes")))
}

/// `"documented"`, `"none"`, or `{"reads": (2400, 60), "writes": "none"}`: so many requests in so much time, or as
/// many as there are. What is not named, or None, stays as documented.
fn pacing(value: &Bound<'_, PyAny>) -> PyResult<Pacing> {
    let documented = Pacing::documented();
    if let Some(name) = word(value) {
        return match name.as_str() {
            "documented" => Ok(documented),
            "none" => Ok(Pacing::none()),
            _ => Err(no_pacing("pacing", value)),
        };
    }
    let Ok(classes) = value.cast::<PyDict>() else {
        return Err(no_pacing("pacing", value));
    };
    let mut pacing = documented;
    for (class, limit) in classes {
        let (name, kept) = match word(&class).as_deref() {
            Some("reads") => ("pacing: reads", &mut pacing.reads),
            Some("writes") => ("pacing: writes", &mut pacing.writes),
            _ => return Err(no_pacing("pacing", value)),
        };
        *kept = match word(&limit).as_deref() {
            _ if limit.is_none() => continue,
            Some("documented") => continue,
            Some("none") => None,
            _ => Some(rate_limit(name, &limit)?),
        };
    }
    Ok(pacing)
}

/// `(60, 60)` or `(60, timedelta(minutes=1))`.
fn rate_limit(name: &str, value: &Bound<'_, PyAny>) -> PyResult<RateLimit> {
    let Ok((requests, window)) = value.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>() else {
        return Err(no_pacing(name, value));
    };
    let requests = count(name, &requests)?;
    Ok(RateLimit::new(requests, duration(name, &window)?))
}

fn word(value: &Bound<'_, PyAny>) -> Option<String> {
    value.extract().ok()
}

fn no_pacing(name: &str, value: &Bound<'_, PyAny>) -> PyErr {
    let shown = value.repr().map(|it| it.to_string()).unwrap_or_default();
    error::invalid(
        value.py(),
        format!(
            "{name} is {shown}; it is \"documented\", \"none\" or, for writes and reads, a tuple of a number and its \
             seconds: {{\"writes\": (60, 60), \"reads\": \"none\"}}"
        ),
    )
}
