//! Small servers that do what real ones do on bad days.

use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpSocket, TcpStream, UdpSocket};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use crate::driver::lock;

/// A server on loopback that ends when this is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    connections: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// Hands each connection to `handle`, in a task of its own.
    pub(crate) async fn start<F>(
        handle: impl Fn(TcpStream) -> F + Send + 'static,
    ) -> io::Result<Self>
    where
        F: Future<Output = io::Result<()>> + Send + 'static,
    {
        Self::start_on(Ipv4Addr::LOCALHOST.into(), handle).await
    }

    /// The same on this address.
    async fn start_on<F>(
        address: IpAddr,
        handle: impl Fn(TcpStream) -> F + Send + 'static,
    ) -> io::Result<Self>
    where
        F: Future<Output = io::Result<()>> + Send + 'static,
    {
        let listener = TcpListener::bind((address, 0)).await?;
        let address = listener.local_addr()?;
        let connections = Arc::<AtomicU64>::default();
        let counted = connections.clone();
        let task = tokio::spawn(async move {
            let mut under_way = tokio::task::JoinSet::new();
            while let Ok((socket, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::Relaxed);
                under_way.spawn(handle(socket));
            }
        });
        Ok(Self {
            address,
            connections,
            task,
        })
    }

    /// How many connections were made to it.
    pub(crate) fn connections(&self) -> u64 {
        self.connections.load(Ordering::Relaxed)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Accepts, and says nothing.
    pub(crate) async fn deaf() -> io::Result<Self> {
        Self::start(|socket| async move {
            tokio::time::sleep(Duration::from_secs(60)).await;
            drop(socket);
            Ok(())
        })
        .await
    }

    /// Says the same to every request, byte for byte, and closes.
    pub(crate) async fn saying(
        answers: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let answers = Arc::new(answers);
        Self::start(move |mut socket| {
            let answers = answers.clone();
            async move {
                let request = request(&mut socket).await?;
                socket.write_all(&answers(&request)).await?;
                // Until the client has read it: closing at once with unread bytes would reset.
                drained(&mut socket).await
            }
        })
        .await
    }

    /// Passes requests on and their answers back, and closes a connection that has been idle for so long.
    pub(crate) async fn closing(
        behind: SocketAddr,
        idle: impl Fn() -> Duration + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let idle = Arc::new(idle);
        Self::start(move |mut socket| {
            let idle = idle.clone();
            async move {
                let mut patience = Duration::from_secs(60);
                while let Ok(asked) = tokio::time::timeout(patience, request(&mut socket)).await {
                    let mut service = TcpStream::connect(behind).await?;
                    service.write_all(asked?.as_bytes()).await?;
                    let answer = request(&mut service).await?;
                    socket.write_all(answer.as_bytes()).await?;
                    patience = idle();
                }
                Ok(())
            }
        })
        .await
    }

    /// TLS with this certificate, on this address, in front of another server. With `clients` for clients with a
    /// certificate of this authority.
    pub(crate) async fn secured(
        certificate: &Certificate,
        clients: Option<&Authority>,
        on: IpAddr,
        behind: SocketAddr,
    ) -> Result<Self, String> {
        let acceptor = certificate.acceptor(clients)?;
        let server = Self::start_on(on, move |socket| {
            let acceptor = acceptor.clone();
            async move {
                let mut outside = match acceptor.accept(socket).into_fallible().await {
                    Ok(outside) => outside,
                    // Until the client has read the alert: closing at once with unread bytes would reset.
                    Err((_, mut socket)) => return drained(&mut socket).await,
                };
                let mut inside = TcpStream::connect(behind).await?;
                copy_bidirectional(&mut outside, &mut inside).await?;
                Ok(())
            }
        });
        server.await.map_err(|why| why.to_string())
    }
}

/// Sends no more, and reads until the other side has closed.
async fn drained(socket: &mut TcpStream) -> io::Result<()> {
    socket.shutdown().await?;
    let mut rest = [0; 1024];
    while socket.read(&mut rest).await? > 0 {}
    Ok(())
}

/// One message of HTTP, head and body, as text.
async fn request(socket: &mut TcpStream) -> io::Result<String> {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let head = head.to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok())
                .unwrap_or(0);
            if body.len() >= length {
                return Ok(text);
            }
        }
        match socket.read(&mut piece).await? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            length => bytes.extend_from_slice(&piece[..length]),
        }
    }
}

/// Reads one request and no more.
pub(crate) async fn read_request(socket: &mut TcpStream) -> io::Result<()> {
    request(socket).await.map(drop)
}

/// An address whose queue of connections is full: a new connection gets no response at all.
pub(crate) struct BlackHole {
    pub(crate) address: SocketAddr,
    _listener: TcpListener,
    _queue: Vec<TcpStream>,
}

impl BlackHole {
    pub(crate) async fn new() -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        let listener = socket.listen(1)?;
        let address = listener.local_addr()?;
        let mut queue = Vec::new();
        while let Ok(connected) =
            tokio::time::timeout(Duration::from_millis(300), TcpStream::connect(address)).await
        {
            queue.push(connected?);
        }
        Ok(Self {
            address,
            _listener: listener,
            _queue: queue,
        })
    }
}

/// For whom a proxy opens tunnels.
#[derive(Clone, Copy)]
pub(crate) enum Opens {
    ForAll,
    /// For clients with this password, in base64.
    For(&'static str),
    /// For nobody: the response to each request, before the connection is closed.
    Never(&'static str),
}

/// A proxy that opens tunnels, or does not, and records the requests.
pub(crate) struct Proxy {
    pub(crate) server: Server,
    pub(crate) asked: Arc<Mutex<String>>,
}

impl Proxy {
    /// All tunnels end at `target`, whatever they were for.
    pub(crate) async fn start(opens: Opens, target: SocketAddr) -> io::Result<Self> {
        let asked = Arc::<Mutex<String>>::default();
        let noted = asked.clone();
        let server = Server::start(move |mut client| {
            let noted = noted.clone();
            async move {
                let head = request(&mut client).await?;
                lock(&noted).push_str(&head);
                let refusal = match opens {
                    Opens::For(password) if !head.contains(password) => Some(
                        "HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm=\"corp\"\r\ncontent-length: 0\r\n\r\n",
                    ),
                    Opens::Never(response) => Some(response),
                    Opens::ForAll | Opens::For(_) => None,
                };
                if let Some(refusal) = refusal {
                    return client.write_all(refusal.as_bytes()).await;
                }
                client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
                let mut service = TcpStream::connect(target).await?;
                copy_bidirectional(&mut client, &mut service).await?;
                Ok(())
            }
        })
        .await?;
        Ok(Self { server, asked })
    }
}

/// An authority that nobody knows.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new(name: &str) -> Result<Self, String> {
        let mut params = CertificateParams::new(Vec::new()).map_err(told)?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().map_err(told)?);
        Ok(Self(issuer.map_err(told)?))
    }

    /// A certificate for a host or a client.
    fn issue(&self, name: &str, expired: bool) -> Result<(rcgen::Certificate, KeyPair), String> {
        let key = KeyPair::generate().map_err(told)?;
        let mut params = CertificateParams::new(vec![name.to_owned()]).map_err(told)?;
        if expired {
            params.not_before = rcgen::date_time_ymd(2020, 1, 1);
            params.not_after = rcgen::date_time_ymd(2021, 1, 1);
        }
        Ok((params.signed_by(&key, &self.0).map_err(told)?, key))
    }

    /// What a client shows a gateway: certificate and key in one PEM text.
    pub(crate) fn identity(&self) -> Result<String, String> {
        let (certificate, key) = self.issue("client", false)?;
        Ok(format!("{}{}", certificate.pem(), key.serialize_pem()))
    }
}

#[allow(clippy::needless_pass_by_value, reason = "map_err hands it over so")]
fn told(why: rcgen::Error) -> String {
    why.to_string()
}

/// A certificate for a host, of an authority that nobody knows.
pub(crate) struct Certificate {
    /// The authority, in PEM.
    pub(crate) authority: String,
    leaf: rcgen::Certificate,
    key: KeyPair,
}

impl Certificate {
    pub(crate) fn new(host: &str, expired: bool) -> Result<Self, String> {
        let authority = Authority::new("a company")?;
        let (leaf, key) = authority.issue(host, expired)?;
        Ok(Self {
            authority: authority.0.pem(),
            leaf,
            key,
        })
    }

    /// With `clients` only clients with a certificate of this authority are let in.
    fn acceptor(&self, clients: Option<&Authority>) -> Result<TlsAcceptor, String> {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.serialize_der()));
        let provider = Arc::new(default_provider());
        let config = ServerConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|why| why.to_string())?;
        let config = match clients {
            None => config.with_no_client_auth(),
            Some(clients) => {
                let mut roots = RootCertStore::empty();
                let added = roots.add(clients.0.der().clone());
                added.map_err(|why| why.to_string())?;
                let roots = Arc::new(roots);
                let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider).build();
                config.with_client_cert_verifier(verifier.map_err(|why| why.to_string())?)
            }
        };
        let config = config
            .with_single_cert(vec![self.leaf.der().clone()], key)
            .map_err(|why| why.to_string())?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

/// A name server: `slow.…`, `service.…` and `both.…` are this machine, the first after a while, the last by IPv6 too;
/// `silent.…` gets no answer; there is no other name.
pub(crate) struct Names {
    task: JoinHandle<()>,
}

/// Where the name server listens: the port is not for a resolver's file to choose.
pub(crate) const NAMES: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 77);

impl Drop for Names {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Names {
    pub(crate) async fn start(slow: Duration) -> io::Result<Self> {
        let socket = Arc::new(UdpSocket::bind((NAMES, 53)).await?);
        let task = tokio::spawn(async move {
            let mut query = [0; 512];
            while let Ok((length, from)) = socket.recv_from(&mut query).await {
                let Some((name, answer)) = named(&query[..length]) else {
                    continue;
                };
                let socket = socket.clone();
                let wait = if name.starts_with("slow.") {
                    slow
                } else {
                    Duration::ZERO
                };
                if !name.starts_with("silent.") {
                    tokio::spawn(async move {
                        tokio::time::sleep(wait).await;
                        let _ = socket.send_to(&answer, from).await;
                    });
                }
            }
        });
        Ok(Self { task })
    }
}

/// The name in a query, and the answer to it.
fn named(query: &[u8]) -> Option<(String, Vec<u8>)> {
    let mut name = String::new();
    let mut at = 12;
    loop {
        let length = usize::from(*query.get(at)?);
        at += 1;
        if length == 0 {
            break;
        }
        name.push_str(&String::from_utf8_lossy(query.get(at..at + length)?));
        name.push('.');
        at += length;
    }
    let question = query.get(12..at + 4)?;
    let known = ["slow.", "service.", "silent.", "both."];
    let known = known.iter().any(|known| name.starts_with(known));
    let address: &[u8] = match question[question.len() - 4..] {
        [0, 1, 0, 1] if known => &[127, 0, 0, 1],
        [0, 28, 0, 1] if name.starts_with("both.") => &Ipv6Addr::LOCALHOST.octets(),
        _ => &[],
    };
    let answers = u8::from(!address.is_empty());
    let code = if known { 0 } else { 3 };
    let mut answer = vec![
        query[0],
        query[1],
        0x81,
        0x80 | code,
        0,
        1,
        0,
        answers,
        0,
        0,
        0,
        0,
    ];
    answer.extend_from_slice(question);
    if answers == 1 {
        let kind = question[question.len() - 3];
        let length = u8::try_from(address.len()).unwrap_or_default();
        answer.extend_from_slice(&[0xc0, 12, 0, kind, 0, 1, 0, 0, 0, 1, 0, length]);
        answer.extend_from_slice(address);
    }
    Some((name, answer))
}

/// Answers 200 with a JSON body to every request: members to a read, an invite to a create.
pub(crate) fn body_for(request: &str) -> &'static str {
    match request.starts_with("POST") {
        true => {
            r#"{"organizationUserInvite":{"id":"dSFX243sBI1Y08H3owQf","organizationId":"sandbox","email":"new@example.com","permission":"read","expiresAt":"2099-01-08T00:00:00.000Z","createdAt":"2026-01-01T00:00:00.000Z","createdBy":"api-key","createdById":"sandbox"}}"#
        }
        false => {
            r#"{"organizationUsers":{"u1":{"email":"ada@example.com","permission":"admin","lastActiveAt":"2026-01-01T00:00:00Z"}}}"#
        }
    }
}
