//! What all connections share, and how each of them reads a body.

use std::{
    error::Error,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::{
    Method, StatusCode, Uri,
    body::{Body, Bytes, Incoming},
};

use crate::{
    FaultName, Refusal, Served, State,
    watch::{Watch, without_key},
    world::{World, lock},
};

/// What the connections share: the current world, which a new state replaces.
pub(crate) struct Shared {
    world: Mutex<Arc<World>>,
    serials: AtomicU64,
    watch: Option<Watch>,
}

impl Shared {
    /// With the first state.
    pub(crate) fn new(state: &State, watch: Option<Watch>) -> Result<Self, Refusal> {
        Ok(Self {
            world: Mutex::new(Arc::new(World::new(state, 1)?)),
            serials: AtomicU64::new(1),
            watch,
        })
    }

    /// Reports a request that arrived at this instant to the watcher.
    pub(crate) fn served(
        &self,
        (method, uri): (&Method, &Uri),
        arrived: Instant,
        status: Option<StatusCode>,
        fault: Option<FaultName>,
    ) {
        let Some(watch) = &self.watch else {
            return;
        };
        let path = uri
            .path_and_query()
            .map_or(uri.path(), |path| path.as_str());
        watch(&Served {
            method: method.to_string(),
            path: without_key(path, &self.world().settings.api_key),
            status: status.map(|status| status.as_u16()),
            fault,
            // In whole microseconds.
            latency_ms: arrived.elapsed().as_micros() as f64 / 1000.0,
        });
    }

    pub(crate) fn world(&self) -> Arc<World> {
        Arc::clone(&lock(&self.world))
    }

    pub(crate) fn set_state(&self, state: &State) -> Result<(), Refusal> {
        let world = World::new(state, self.serials.fetch_add(1, Ordering::Relaxed) + 1)?;
        *lock(&self.world) = Arc::new(world);
        Ok(())
    }
}

/// The whole body. A body that is too long becomes empty, which is invalid JSON too.
pub(crate) async fn collect(
    body: Incoming,
    most: usize,
) -> Result<Bytes, Box<dyn Error + Send + Sync>> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    match Limited::new(body, most).collect().await {
        Ok(whole) => Ok(whole.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Ok(Bytes::new()),
        Err(error) => Err(error),
    }
}
