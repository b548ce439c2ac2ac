//! Who watches a sandbox hears of each request.

use std::fmt;

use serde::Serialize;

use crate::{FaultName, route::unescape};

/// A request, and how it was answered. The key is in none of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Served {
    /// The HTTP method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The status; none if there is no answer.
    pub status: Option<u16>,
    /// The fault that the request met.
    pub fault: Option<FaultName>,
    /// From the request's arrival until its answer began, in milliseconds.
    pub latency_ms: f64,
}

impl fmt::Display for Served {
    /// `POST /v1/organizations/sandbox/users/invites 502 0.3 ms fault=act_then_status`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ", self.method, self.path)?;
        match self.status {
            Some(status) => write!(f, "{status} {:.1} ms", self.latency_ms)?,
            None => f.write_str("no answer")?,
        }
        if let Some(fault) = self.fault {
            write!(f, " fault={}", fault.as_str())?;
        }
        Ok(())
    }
}

/// What is called with each request.
pub(crate) type Watch = Box<dyn Fn(&Served) + Send + Sync>;

/// A path without the key, and without the half of it that is secret.
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
    fn a_line_says_what_there_is() {
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
            "GET /v1 no answer fault=act_then_cut"
        );
    }
}
