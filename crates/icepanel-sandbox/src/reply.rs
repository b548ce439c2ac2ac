//! A response, before it is an HTTP message.

use std::io::Write;
use std::sync::{Arc, OnceLock};

use flate2::{Compression, write::GzEncoder};
use hyper::{
    StatusCode,
    body::Bytes,
    header::{HeaderName, HeaderValue},
};

use crate::json;

/// A response.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Arc<Payload>,
}

/// A body that many responses may share, and its compressed form.
pub(crate) struct Payload {
    pub(crate) plain: Bytes,
    compressed: OnceLock<Bytes>,
}

impl Payload {
    pub(crate) fn new(plain: impl Into<Bytes>) -> Arc<Self> {
        Arc::new(Self {
            plain: plain.into(),
            compressed: OnceLock::new(),
        })
    }

    pub(crate) fn gzip(&self) -> Bytes {
        let compress = || {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            // A Vec takes every write.
            let _ = encoder.write_all(&self.plain);
            Bytes::from(encoder.finish().unwrap_or_default())
        };
        self.compressed.get_or_init(compress).clone()
    }
}

pub(crate) const JSON: &str = "application/json; charset=utf-8";

impl Reply {
    pub(crate) fn new(
        status: StatusCode,
        content_type: Option<&'static str>,
        body: impl Into<Bytes>,
    ) -> Self {
        Self {
            status,
            content_type,
            headers: Vec::new(),
            body: Payload::new(body),
        }
    }

    pub(crate) fn json(body: impl Into<Bytes>) -> Self {
        Self::new(StatusCode::OK, Some(JSON), body)
    }

    pub(crate) fn shared(body: Arc<Payload>) -> Self {
        Self {
            status: StatusCode::OK,
            content_type: Some(JSON),
            headers: Vec::new(),
            body,
        }
    }

    pub(crate) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// Why the service rejects a request.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) message: String,
    pub(crate) errors: Vec<String>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            errors: Vec::new(),
        }
    }

    /// The status in its own words.
    pub(crate) fn plain(status: StatusCode) -> Self {
        Self::new(status, status.canonical_reason().unwrap_or("Unknown"))
    }

    pub(crate) fn reply(&self, unknown_fields: bool) -> Reply {
        let body = json::object(unknown_fields, |object| {
            object.text("message", &self.message);
            if !self.errors.is_empty() {
                object.value("errors", &self.errors);
            }
        });
        Reply::new(self.status, Some(JSON), body)
    }
}
