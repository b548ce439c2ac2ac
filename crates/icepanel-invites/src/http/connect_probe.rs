//! The response of a proxy to CONNECT. The HTTP client reports a rejection without its status, which decides whether
//! the rejection is final.

use std::sync::Arc;

use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Method, Request, StatusCode, header};
use hyper_util::client::proxy::matcher::Intercept;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::task::Task;

/// Asks a proxy again for a tunnel to `target` (host and port), and closes it. None if the proxy does not respond.
pub(crate) async fn status(
    proxy: &Intercept,
    target: &str,
    tls: &rustls::ClientConfig,
) -> Option<StatusCode> {
    let uri = proxy.uri();
    let secure = uri.scheme_str() == Some("https");
    let host = uri.host()?.trim_start_matches('[').trim_end_matches(']');
    let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
    let tcp = TcpStream::connect((host, port)).await.ok()?;
    if !secure {
        return ask(tcp, proxy, target).await;
    }
    let name = ServerName::try_from(host.to_owned()).ok()?;
    let tls = TlsConnector::from(Arc::new(tls.clone()));
    ask(tls.connect(name, tcp).await.ok()?, proxy, target).await
}

async fn ask(
    io: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    proxy: &Intercept,
    target: &str,
) -> Option<StatusCode> {
    let mut request = Request::builder()
        .method(Method::CONNECT)
        .uri(target)
        .header(header::HOST, target);
    if let Some(credentials) = proxy.basic_auth() {
        request = request.header(header::PROXY_AUTHORIZATION, credentials);
    }
    let request = request.body(http_body_util::Empty::<Bytes>::new()).ok()?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(io)).await.ok()?;
    let _driver = Task::new(Box::pin(connection));
    Some(sender.send_request(request).await.ok()?.status())
}
