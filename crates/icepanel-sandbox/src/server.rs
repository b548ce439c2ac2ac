//! The server: its own threads, one task for each connection.

use std::{
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use hyper::{
    Method, Response, StatusCode, body::Incoming, header, server::conn::http1, service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, runtime, sync::oneshot};

use crate::{
    Fault, Refusal, Report, Served, State, control,
    delivery::{Cut, Delivery, Ticket},
    route::Route,
    shared::{Shared, collect},
    watch::Watch,
    world::{Fate, Request},
};

/// A running server. It ends, and closes all its connections, when this is dropped.
pub struct Sandbox {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts a server on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// If the state is invalid (`InvalidInput`), or if no port or no thread is available.
    pub fn start(state: State) -> io::Result<Self> {
        Self::start_on((Ipv4Addr::LOCALHOST, 0).into(), state)
    }

    /// Starts a server on this address.
    ///
    /// # Errors
    /// As [`Sandbox::start`], or if the address is taken.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "a caller that starts a sandbox is done with its state"
    )]
    pub fn start_on(address: SocketAddr, state: State) -> io::Result<Self> {
        Self::serve(address, &state, None)
    }

    /// Starts a server on this address that calls `watch` with each request, on threads of the server.
    ///
    /// # Errors
    /// As [`Sandbox::start_on`].
    #[allow(
        clippy::needless_pass_by_value,
        reason = "a caller that starts a sandbox is done with its state"
    )]
    pub fn start_watched(
        address: SocketAddr,
        state: State,
        watch: impl Fn(&Served) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        Self::serve(address, &state, Some(Box::new(watch)))
    }

    fn serve(address: SocketAddr, state: &State, watch: Option<Watch>) -> io::Result<Self> {
        let shared = Arc::new(Shared::new(state, watch)?);
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("icepanel-sandbox")
            .enable_all()
            .build()?;
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&shared);
        // A runtime must not be dropped inside another one, where the caller may be, so it has its own thread.
        let thread = thread::Builder::new()
            .name("icepanel-sandbox".to_owned())
            .spawn(move || {
                runtime.spawn(accept(listener, served));
                // An error means that the sender is gone, which is also a reason to stop.
                let _ = runtime.block_on(stopped);
                runtime.shutdown_timeout(Duration::from_secs(1));
            })?;
        Ok(Self {
            address,
            shared,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The base URL of the API, as in `http://127.0.0.1:8080/v1`: for this machine, if the server listens on all addresses.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.reachable())
    }

    /// The base URL of the control API, as in `http://127.0.0.1:8080/control`.
    pub fn control_url(&self) -> String {
        format!("http://{}/control", self.reachable())
    }

    fn reachable(&self) -> SocketAddr {
        let loopback: IpAddr = match self.address.ip() {
            ip if !ip.is_unspecified() => ip,
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        };
        (loopback, self.address.port()).into()
    }

    /// The address that the server listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Deletes its data and starts from this state. Running requests end as before, and are not reported.
    ///
    /// # Errors
    /// If a value in the state is out of range; then nothing changes.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "a caller that sets a state is done with it"
    )]
    pub fn set_state(&self, state: State) -> Result<(), Refusal> {
        self.shared.set_state(&state)
    }

    /// Adds faults after the existing ones.
    ///
    /// # Errors
    /// If one has a value out of range, or a field of another fault; then none is added.
    pub fn add_faults(&self, faults: impl IntoIterator<Item = Fault>) -> Result<(), Refusal> {
        self.shared.world().add_faults(faults.into_iter().collect())
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.shared.world().clear_faults();
    }

    /// Moves the service's clock ahead: invites expire, and windows of the rate limit and lags end. No data is deleted.
    ///
    /// # Errors
    /// If it would be more than a hundred years ahead; then nothing changes.
    pub fn advance(&self, by: Duration) -> Result<(), Refusal> {
        let by = TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
        self.shared.world().settings.clock.advance(by)
    }

    /// Marks the newest active invite with this address (letter case ignored) or id as used, and makes the person a
    /// member.
    ///
    /// # Errors
    /// If there is no such invite.
    pub fn mark_used(&self, email_or_id: &str) -> Result<(), Refusal> {
        self.shared.world().mark_used(email_or_id)
    }

    /// What happened since the state was set.
    pub fn report(&self) -> Report {
        self.shared.world().report()
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
            // Out of file descriptors, most likely: some will be free again.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    // Without it small responses may wait for the client's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let connection = Arc::new(Connection {
        shared,
        counted_in: AtomicU64::new(0),
    });
    let service = service_fn(move |request| answer(Arc::clone(&connection), request));
    // The client, or a fault, may end a connection in any way.
    let _ = http1::Builder::new()
        .auto_date_header(false)
        .header_read_timeout(None)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

struct Connection {
    shared: Arc<Shared>,
    /// The serial of the last world that has counted this connection.
    counted_in: AtomicU64,
}

const LONGEST_BODY: usize = 1024 * 1024;

async fn answer(
    connection: Arc<Connection>,
    request: hyper::Request<Incoming>,
) -> Result<Response<Delivery>, Cut> {
    let arrived = Instant::now();
    let shared = &connection.shared;
    if is_control(&request) {
        let head = (request.method().clone(), request.uri().clone());
        let response = control::answer(shared, request).await?;
        shared.served((&head.0, &head.1), arrived, Some(response.status()), None);
        return Ok(response);
    }
    let world = shared.world();
    if connection.counted_in.swap(world.serial, Ordering::Relaxed) != world.serial {
        world.connections.fetch_add(1, Ordering::SeqCst);
    }
    let ticket = Ticket::new(Arc::clone(&world));
    let (parts, body) = request.into_parts();
    // If the body breaks off, the client has disconnected: dropping the ticket counts it.
    let body = collect(body, LONGEST_BODY).await.map_err(|_| Cut)?;
    let route = Route::of(&parts.method, parts.uri.path());
    let request = Request {
        parts: &parts,
        route,
        body,
        arrived,
    };
    let (number, fault, fate) = world.judge(&request);
    let served = |status: Option<StatusCode>| {
        shared.served((&parts.method, &parts.uri), arrived, status, fault);
    };
    match fate {
        Fate::Answer { reply, after, pace } => {
            if !after.is_zero() {
                tokio::time::sleep(after).await;
            }
            served(Some(reply.status));
            world.sent(number, &reply);
            Ok(world.message(number, reply, pace, &parts, ticket))
        }
        Fate::Cut => {
            served(None);
            ticket.settle();
            Err(Cut)
        }
        Fate::Hang => {
            served(None);
            std::future::pending().await
        }
        Fate::LateAct { after } => {
            served(None);
            let Request { route, body, .. } = request;
            // A separate task, because this one ends when the client disconnects.
            tokio::spawn(async move {
                tokio::time::sleep(after).await;
                world.act(&route, &body);
            });
            std::future::pending().await
        }
    }
}

/// Whether a request is for the sandbox itself. A request with a key is always reported, at any path.
fn is_control(request: &hyper::Request<Incoming>) -> bool {
    let key = ["x-api-key", header::AUTHORIZATION.as_str()];
    match request.uri().path() {
        "/" | "/control" => {
            request.method() == Method::GET
                && !key.iter().any(|name| request.headers().contains_key(*name))
        }
        path => path.starts_with("/control/"),
    }
}
