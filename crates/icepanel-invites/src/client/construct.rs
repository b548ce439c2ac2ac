//! How a client is created: from a key and an organization, or from the environment.

use std::env::VarError;

use crate::client::builder::InviteClientBuilder;
use crate::client::handle::InviteClient;
use crate::error::InviteError;
use crate::http::secret::Secret;

impl InviteClient {
    /// Options for a client of one organization. The key is `<id>:<hex secret>`; only an admin of
    /// the organization can create one.
    pub fn builder(
        api_key: impl Into<Secret>,
        organization_id: impl Into<String>,
    ) -> InviteClientBuilder {
        InviteClientBuilder::new(api_key.into(), organization_id.into())
    }

    /// A client from the environment: `ICEPANEL_API_KEY`, `ICEPANEL_ORGANIZATION_ID`, and
    /// `ICEPANEL_BASE_URL` if it is set.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if one is missing or invalid.
    pub fn from_env() -> Result<Self, InviteError> {
        Self::builder_from_env()?.build()
    }

    /// As [`from_env`](Self::from_env), for options to be added.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if a variable is missing.
    pub fn builder_from_env() -> Result<InviteClientBuilder, InviteError> {
        Self::builder_from_variables(|name| std::env::var(name))
    }

    /// As [`builder_from_env`](Self::builder_from_env), for a host whose environment is not that of the process, such
    /// as a worker thread of Node.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if a variable is missing.
    pub fn builder_from_variables(
        variable: impl Fn(&str) -> Result<String, VarError>,
    ) -> Result<InviteClientBuilder, InviteError> {
        let required = |name: &str| match variable(name) {
            Ok(value) if !value.is_empty() => Ok(value),
            Err(VarError::NotUnicode(_)) => {
                Err(InviteError::invalid_input(format!("{name} is not text")))
            }
            _ => Err(InviteError::invalid_input(format!(
                "{name} is not set in the environment"
            ))),
        };
        let builder = Self::builder(
            required("ICEPANEL_API_KEY")?,
            required("ICEPANEL_ORGANIZATION_ID")?,
        );
        Ok(match variable("ICEPANEL_BASE_URL") {
            Ok(url) if !url.is_empty() => builder.base_url(url),
            _ => builder,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn the_variables_have_the_organization_and_may_have_the_base_url() {
        let client = |base_url: &str| {
            let variable = |name: &str| match name {
                "ICEPANEL_API_KEY" => Ok("id:secret".to_owned()),
                "ICEPANEL_ORGANIZATION_ID" => Ok("o-1".to_owned()),
                _ => Ok(base_url.to_owned()),
            };
            InviteClient::builder_from_variables(variable)?.build()
        };
        assert_eq!(client("").unwrap().organization_id(), "o-1");
        let error = client("ftp://example.com").err().unwrap();
        assert!(error.message().contains("ftp"), "{error}");
    }
}
