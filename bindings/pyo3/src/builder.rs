//! The options of a client: values that only Python has are taken out of its keywords, and the rest is passed as one
//! value, which the core reads and checks.

use icepanel_invites::{
    CaVariable, ClientChanges, ClientOptions, Clock, InviteClient, InviteError, Secret, Spelling,
};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::data;
use crate::error;

/// The account of a client.
#[derive(Clone)]
pub(crate) enum Account {
    Of {
        api_key: Secret,
        organization_id: String,
    },
    FromEnv,
}

/// Everything that is needed to create a client, so that a forked process can create its own.
#[derive(Clone, Default)]
pub(crate) struct Options {
    data: ClientOptions,
    proxy: Option<Secret>,
    client_certificate: Option<Secret>,
    skip_waits: bool,
}

/// A listener that a keyword gives, or takes away.
pub(crate) type OnEvent = Option<Py<PyAny>>;

impl Options {
    /// The options in Python's keywords. None is the default.
    pub(crate) fn read(
        keywords: Option<&Bound<'_, PyDict>>,
        on_event: &mut OnEvent,
    ) -> PyResult<Self> {
        let Some(keywords) = keywords else {
            return Ok(Self::default());
        };
        let rest = keywords.copy()?;
        let proxy = secret(&rest, "proxy")?;
        let client_certificate = secret(&rest, "client_certificate")?;
        let skip_waits =
            taken(&rest, "_skip_waits")?.is_some_and(|skip| skip.is_truthy().unwrap_or(true));
        listener(&rest, on_event)?;
        Ok(Self {
            data: data::read(&rest, ClientOptions::read)?,
            proxy,
            client_certificate,
            skip_waits,
        })
    }

    /// Creates the core's client. With TLS this takes a while, because the system's authorities are read.
    pub(crate) fn build(&self, account: &Account) -> Result<InviteClient, InviteError> {
        let builder = match account {
            Account::Of {
                api_key,
                organization_id,
            } => InviteClient::builder(api_key.clone(), organization_id),
            Account::FromEnv => InviteClient::builder_from_env()?,
        };
        let mut builder = builder
            .options(self.data.clone(), Spelling::Python)?
            // The variable that users of Python's HTTP libraries set.
            .ca_variable("REQUESTS_CA_BUNDLE", CaVariable::Replaces);
        if let Some(url) = &self.proxy {
            builder = builder.proxy(url.clone());
        }
        if let Some(pem) = &self.client_certificate {
            builder = builder.client_certificate_pem(pem.clone());
        }
        if self.skip_waits {
            builder = builder.clock(Clock::skipping());
        }
        builder.build()
    }
}

/// The changes in Python's keywords.
pub(crate) fn changes(
    keywords: &Bound<'_, PyDict>,
    on_event: &mut OnEvent,
) -> PyResult<ClientChanges> {
    let rest = keywords.copy()?;
    listener(&rest, on_event)?;
    data::read(&rest, ClientChanges::read)
}

/// Takes a keyword out. None is one that was not given.
fn taken<'py>(keywords: &Bound<'py, PyDict>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Some(value) = keywords.get_item(name)? else {
        return Ok(None);
    };
    keywords.del_item(name)?;
    Ok(Some(value).filter(|value| !value.is_none()))
}

/// Takes a secret out: text or bytes. No error shows it.
fn secret(keywords: &Bound<'_, PyDict>, name: &str) -> PyResult<Option<Secret>> {
    let Some(value) = taken(keywords, name)? else {
        return Ok(None);
    };
    if let Ok(text) = value.extract::<String>() {
        return Ok(Some(text.into()));
    }
    match value.cast::<PyBytes>() {
        Ok(bytes) => Ok(Some(bytes.as_bytes().into())),
        Err(_) => Err(error::invalid(
            value.py(),
            format!("{name} must be text or bytes"),
        )),
    }
}

/// Takes the listener out, if one is given or taken away.
fn listener(keywords: &Bound<'_, PyDict>, on_event: &mut OnEvent) -> PyResult<()> {
    if !keywords.contains("on_event")? {
        return Ok(());
    }
    let given = taken(keywords, "on_event")?;
    if given.as_ref().is_some_and(|hook| !hook.is_callable()) {
        return Err(error::invalid(keywords.py(), "on_event must be callable"));
    }
    *on_event = given.map(Bound::unbind);
    Ok(())
}
