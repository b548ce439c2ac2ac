//! The account of a client: its secrets, and how a client is opened with options, which are the core's JSON.

use std::env::VarError;

use icepanel_invites::{
    CaVariable, ClientOptions, Clock, InviteClient, InviteClientBuilder, InviteError, Spelling,
};
use napi::bindgen_prelude::Either;
use napi_derive::napi;

use crate::client::Client;
use crate::error;
use crate::mailbox::Mailbox;

/// The environment variables with the account and the base URL.
const VARIABLES: [&str; 3] = [
    "ICEPANEL_API_KEY",
    "ICEPANEL_ORGANIZATION_ID",
    "ICEPANEL_BASE_URL",
];

/// The names of the variables that `Account.fromVariables` takes, in their order.
#[napi]
pub fn variables() -> Vec<&'static str> {
    VARIABLES.to_vec()
}

/// A key, its organization, and the other secrets of a client. JavaScript sees no field of it.
#[napi]
pub struct Account(Result<InviteClientBuilder, InviteError>);

#[napi]
impl Account {
    /// The account of a key.
    #[napi(factory)]
    pub fn of(api_key: String, organization_id: String) -> Self {
        Self(Ok(InviteClient::builder(api_key, organization_id)))
    }

    /// The account from these values of `variables`: only JavaScript knows the environment of a worker thread.
    #[napi(factory)]
    pub fn from_variables(values: Vec<Option<String>>) -> Self {
        let variable = |name: &str| {
            let at = VARIABLES.iter().position(|known| *known == name);
            let value = at.and_then(|at| values.get(at)).cloned().flatten();
            value.ok_or(VarError::NotPresent)
        };
        Self(InviteClient::builder_from_variables(variable))
    }

    /// Sets the proxy, whose URL may have a password.
    #[napi]
    pub fn proxy(&mut self, url: String) {
        self.with(|builder| builder.proxy(url));
    }

    /// Sets the client certificate, with its private key, in PEM.
    #[napi]
    pub fn client_certificate(&mut self, pem: String) {
        self.with(|builder| builder.client_certificate_pem(pem));
    }

    /// A client with these options, or the error, as JSON, if an option is invalid. `events` is the number for the
    /// messages with events; without one there are none. With `skip_waits` waits between attempts take no time: for
    /// tests.
    #[napi]
    pub fn open(
        &self,
        mailbox: &Mailbox,
        options: String,
        events: Option<u32>,
        skip_waits: Option<bool>,
    ) -> Either<Client, String> {
        let post = mailbox.post();
        let open = || {
            let options = ClientOptions::read(&options, Spelling::JavaScript)?;
            let mut builder = match &self.0 {
                Ok(builder) => builder.clone(),
                Err(wrong) => return Err(InviteError::invalid_input(wrong.message())),
            };
            builder = builder
                .options(options, Spelling::JavaScript)?
                .ca_variable("NODE_EXTRA_CA_CERTS", CaVariable::Adds);
            if skip_waits == Some(true) {
                builder = builder.clock(Clock::skipping());
            }
            if let Some(number) = events {
                let post = post.clone();
                builder = builder.on_event(move |event| post.event(number, event));
            }
            builder.build()
        };
        match open() {
            Ok(core) => Either::A(Client::new(core, post.clone())),
            Err(wrong) => Either::B(error::json(&wrong)),
        }
    }
}

impl Account {
    fn with(&mut self, change: impl FnOnce(InviteClientBuilder) -> InviteClientBuilder) {
        if let Ok(builder) = &self.0 {
            self.0 = Ok(change(builder.clone()));
        }
    }
}
