//! The server: threads of its own, one task a connection.

use std::{
    fmt, io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use hyper::{Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, runtime, sync::oneshot};

use crate::{
    Fault, Refusal, Report, State, control,
    delivery::{Cut, Delivery, Ticket},
    route::Route,
    shared::{Shared, collect},
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
    /// If the state is refused (`InvalidInput`), or if there is no port or no thread to be had.
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
        let shared = Arc::new(Shared::new(&state)?);
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
        // A runtime must not be dropped inside another one, where the caller may be: it gets a thread for that.
        let thread = thread::Builder::new()
            .name("icepanel-sandbox".to_owned())
            .spawn(move || {
                runtime.spawn(accept(listener, served));
                // An error means that the sender is gone, which is as good a reason to stop.
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

    /// The base URL of the API, as in `http://127.0.0.1:8080/v1`.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The base URL of the control API, as in `http://127.0.0.1:8080/control`.
    pub fn control_url(&self) -> String {
        format!("http://{}/control", self.address)
    }

    /// The address that the server listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Forgets everything and starts from this state. Requests under way end as they would have, unseen.
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

    /// Adds faults behind those there are.
    ///
    /// # Errors
    /// If one has a value out of range, or a field that is not its own; then none is added.
    pub fn add_faults(&self, faults: impl IntoIterator<Item = Fault>) -> Result<(), Refusal> {
        self.shared.world().add_faults(faults.into_iter().collect())
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
    // Without it small answers may wait for the client's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let connection = Arc::new(Connection {
        shared,
        counted_in: AtomicU64::new(0),
    });
    let service = service_fn(move |request| answer(Arc::clone(&connection), request));
    // How a connection ends is the client's affair, or a fault's.
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
    if request.uri().path().starts_with("/control/") {
        return control::answer(&connection.shared, request).await;
    }
    let world = connection.shared.world();
    let arrived = Instant::now();
    if connection.counted_in.swap(world.serial, Ordering::Relaxed) != world.serial {
        world.connections.fetch_add(1, Ordering::SeqCst);
    }
    let ticket = Ticket::new(Arc::clone(&world));
    let (parts, body) = request.into_parts();
    // A body that breaks off is a client that has gone: dropping the ticket counts it.
    let body = collect(body, LONGEST_BODY).await.map_err(|_| Cut)?;
    let route = Route::of(&parts.method, parts.uri.path());
    let request = Request {
        parts: &parts,
        route,
        body,
        arrived,
    };
    let (number, fate) = world.judge(&request);
    match fate {
        Fate::Answer { reply, after, pace } => {
            if !after.is_zero() {
                tokio::time::sleep(after).await;
            }
            world.sent(number, &reply);
            Ok(world.message(number, reply, pace, &parts, ticket))
        }
        Fate::Cut => {
            ticket.settle();
            Err(Cut)
        }
        Fate::Hang => std::future::pending().await,
        Fate::LateAct { after } => {
            let Request { route, body, .. } = request;
            // A task of its own: the client's leaving ends this one.
            tokio::spawn(async move {
                tokio::time::sleep(after).await;
                world.act(&route, &body);
            });
            std::future::pending().await
        }
    }
}
