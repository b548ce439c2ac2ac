//! The watcher of a sandbox, which receives each request.

use std::fmt;

use serde::Serialize;

use crate::{FaultName, route::unescape};

/// A request, and its response. No part of it contains the key.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Served {
    /// The HTTP method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The status; none if there is no response.
    pub status: Option<u16>,
    /// The fault of the request.
    pub fault: Option<FaultName>,
    /// The time from the request's arrival until its response began, in milliseconds.
    pub latency_ms: f64,
}

impl fmt::Display for Served {
    /// `POST /v1/organizations/sandbox/users/invites 502 0.3 ms fault=act_then_status`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ", self.method, self.path)?;
        match self.status {
            Some(status) => write!(f, "{status} {:.1} ms", self.latency_ms)?,
            None => f.write_str("no response")?,
        }
        if let Some(fault) = self.fault {
            write!(f, " fault={}", fault.as_str())?;
        }
        Ok(())
    }
}

/// The function that is called with each request.
pub(crate) type Watch = Box<dyn Fn(&Served) + Send + Sync>;

/// A path without the key, and without its secret half.
pub(crate) fn without_key(path: &str, key: &str) -> String {
    let plain = unescape(path);
    let secret = key.rsplit(':').next().unwrap_or_default();
    match secret.len() {
        8.. if plain.contains(secret) => plain.replace(key, "…").replace(secret, "…"),
        _ if plain.contains(key) => plain.replace(key, "…"),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_in_no_path_however_it_is_escaped() {
        let key = "id:0123456789";
        for (path, shown) in [
            ("/v1/a%20b?x", "/v1/a%20b?x"),
            ("/v1/id:0123456789/x", "/v1/…/x"),
            ("/v1/id%3A0123456789", "/v1/…"),
            ("/v1/%30123456789?k=id:0123456789", "/v1/…?k=…"),
        ] {
            assert_eq!(without_key(path, key), shown);
        }
        assert_eq!(without_key("/k/k:1", "k:1"), "/k/…");
    }

    #[test]
    fn a_line_has_all_known_fields() {
        let served = |status, fault| Served {
            method: "GET".to_owned(),
            path: "/v1".to_owned(),
            status,
            fault,
            latency_ms: 1.26,
        };
        assert_eq!(served(Some(404), None).to_string(), "GET /v1 404 1.3 ms");
        assert_eq!(
            served(None, Some(FaultName::ActThenCut)).to_string(),
            "GET /v1 no response fault=act_then_cut"
        );
    }
}
