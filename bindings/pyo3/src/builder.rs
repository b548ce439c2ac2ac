//! The options of a client.

use std::time::Duration;

use icepanel_invites::{
    Clock, InviteClient, InviteClientBuilder, InviteError, Pacing, RateLimit, RetryPolicy,
};
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::error;
use crate::event;
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
    user_agent_suffix: Option<String>,
    max_body_bytes: Option<u64>,
    pacing: Pacing,
    skip_waits: bool,
}

/// A listener that a keyword gives, or takes away.
pub(crate) type OnEvent = Option<Py<PyAny>>;

impl Options {
    /// Takes Python's keywords over those there are. One that is None is as one that is not given; for
    /// `pacing`, whose default has a name, None means none.
    pub(crate) fn set(
        &mut self,
        keywords: &Bound<'_, PyDict>,
        on_event: &mut OnEvent,
    ) -> PyResult<()> {
        for (name, value) in keywords {
            let name: &str = name.extract()?;
            if !value.is_none() || name == "pacing" {
                self.set_one(name, &value, on_event)?;
            }
        }
        Ok(())
    }

    fn set_one(
        &mut self,
        name: &str,
        value: &Bound<'_, PyAny>,
        on_event: &mut OnEvent,
    ) -> PyResult<()> {
        match name {
            "base_url" => self.base_url = Some(value.extract()?),
            "connect_timeout" => self.connect_timeout = Some(duration(name, value)?),
            "read_timeout" => self.read_timeout = Some(duration(name, value)?),
            "timeout" => self.timeout = Some(duration(name, value)?),
            "max_attempts" => self.retry.max_attempts = count(name, value)?,
            "base_delay" => self.retry.base_delay = duration(name, value)?,
            "max_delay" => self.retry.max_delay = duration(name, value)?,
            "proxy" => self.proxy = Some(value.extract()?),
            "ca_certificate" => self.ca_certificate = Some(pem(value)?),
            "user_agent_suffix" => self.user_agent_suffix = Some(value.extract()?),
            "max_body_bytes" => self.max_body_bytes = Some(count(name, value)?),
            "pacing" => self.pacing = pacing(value)?,
            "on_event" if value.is_callable() => *on_event = Some(value.clone().unbind()),
            "on_event" => return Err(PyTypeError::new_err("on_event must be callable")),
            "_skip_waits" => self.skip_waits = value.is_truthy()?,
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
            .on_event(event::hook);
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

/// Certificates, as text or as bytes.
fn pem(value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    match value.extract::<String>() {
        Ok(text) => Ok(text.into_bytes()),
        Err(_) => value.extract(),
    }
}

/// A number that is not negative.
fn count<T>(name: &str, value: &Bound<'_, PyAny>) -> PyResult<T>
where
    T: for<'a, 'py> FromPyObject<'a, 'py, Error = PyErr>,
{
    match value.extract() {
        Ok(number) => Ok(number),
        Err(why) if why.is_instance_of::<PyOverflowError>(value.py()) => Err(error::invalid(
            value.py(),
            format!("{name} is {value}, which is no number of them"),
        )),
        Err(why) => Err(why),
    }
}

/// `"documented"`; None; or `{"reads": (2400, 60), "writes": None}`: so many requests in so much time, or
/// as many as there are. What is not named stays as documented.
fn pacing(value: &Bound<'_, PyAny>) -> PyResult<Pacing> {
    if value.is_none() {
        return Ok(Pacing::none());
    }
    if let Ok(name) = value.extract::<String>() {
        return match name.as_str() {
            "documented" => Ok(Pacing::documented()),
            _ => Err(error::invalid(
                value.py(),
                format!("the pacing {name:?} is not \"documented\"; None is for no pacing"),
            )),
        };
    }
    let mut pacing = Pacing::documented();
    for (class, limit) in value.cast::<PyDict>()? {
        let limit = (!limit.is_none()).then(|| rate_limit(&limit)).transpose()?;
        match class.extract::<String>()?.as_str() {
            "reads" => pacing.reads = limit,
            "writes" => pacing.writes = limit,
            other => return Err(unexpected(other)),
        }
    }
    Ok(pacing)
}

/// `(60, 60)` or `(60, timedelta(minutes=1))`.
fn rate_limit(value: &Bound<'_, PyAny>) -> PyResult<RateLimit> {
    let (requests, window): (Bound<'_, PyAny>, Bound<'_, PyAny>) = value.extract()?;
    Ok(RateLimit {
        requests: count("pacing", &requests)?,
        window: duration("pacing", &window)?,
    })
}
