//! One exchange with the service.

#[cfg(target_os = "android")]
pub(crate) mod android;
pub(crate) mod array_splitter;
pub(crate) mod authorities;
pub(crate) mod body;
pub(crate) mod connect_error;
pub(crate) mod connect_probe;
pub(crate) mod connections;
pub(crate) mod error_response;
pub(crate) mod exchange;
pub(crate) mod gzip;
pub(crate) mod headers;
pub(crate) mod limits;
pub(crate) mod options;
pub(crate) mod pagination;
pub(crate) mod proxy;
pub(crate) mod recent_refusal;
pub(crate) mod secret;
pub(crate) mod tls;
pub(crate) mod transport;
pub(crate) mod url;
