//! The permits for the writes of one step of a run.

use std::time::Instant;

use crate::engine::rate_limit::{RateLimit, WRITES};
use crate::engine::rate_limiter::Permit;
use crate::engine::session::Session;
use crate::http::limits::LONGEST;
use crate::roster::stop::Stop;

/// The permits for the writes of a step. They are taken together before the first write is sent, so
/// that a step that has begun can be finished without a wait.
pub(crate) struct WritePermits<'a> {
    session: &'a Session,
    permits: Vec<Permit<'a>>,
    /// What ends the waits, as long as the step has not begun.
    stop: Stop,
}

impl<'a> WritePermits<'a> {
    /// No permit: each write waits for its own, also if the run is stopped.
    pub(crate) fn none(session: &'a Session) -> Self {
        Self {
            session,
            permits: Vec::new(),
            stop: Stop::new(),
        }
    }

    /// Waits for the permits for this number of writes, without a limit; none if the run is stopped.
    pub(crate) async fn wait(session: &'a Session, writes: u64, stop: &Stop) -> Option<Self> {
        let mut permits = Self {
            session,
            permits: Vec::new(),
            stop: stop.clone(),
        };
        permits.refill(writes).await.then_some(permits)
    }

    /// Gives back what is left, and waits for the permits for this number of writes. False if the run is stopped, unless
    /// the step has begun.
    pub(crate) async fn refill(&mut self, writes: u64) -> bool {
        self.permits.clear();
        let writes = usize::try_from(writes).unwrap_or(usize::MAX);
        match self.session.write_permits(&self.stop, writes).await {
            Some(permits) => {
                self.permits = permits;
                true
            }
            None => false,
        }
    }

    /// The service may have carried out a write of the step. From here on the step is finished, even if the run is stopped.
    pub(crate) fn begun(&mut self) {
        self.stop = Stop::new();
    }

    /// The permit for the next write. Waits for one if none is left; none if the run is stopped, unless the step has begun.
    pub(crate) async fn next(&mut self) -> Option<Permit<'a>> {
        loop {
            if let Some(permit) = self.permits.pop() {
                return Some(permit);
            }
            if !self.refill(1).await {
                return None;
            }
        }
    }
}

impl Session {
    /// The session's limit of writes, or the documented one.
    pub(crate) fn pace(&self) -> RateLimit {
        let kept = self.state.writes.limit();
        kept.unwrap_or(WRITES)
    }

    /// Waits until this number of writes can be sent one after another, without a limit, and takes the permits of all
    /// of them; none if the run is stopped. It returns fewer permits if a window has fewer.
    pub(crate) async fn write_permits(
        &self,
        stop: &Stop,
        writes: usize,
    ) -> Option<Vec<Permit<'_>>> {
        let (limiter, waits) = (&self.state.writes, &self.state.waits);
        loop {
            let far: Instant = waits.now() + LONGEST;
            let permits = async {
                let permits = limiter.enter_for(waits, far, writes).await.ok();
                if permits.is_none() {
                    // The permits are available only later, and are requested again.
                    waits.sleep_until(waits.now() + LONGEST / 2).await;
                }
                permits
            };
            tokio::select! {
                biased;
                () = stop.stopped() => return None,
                permits = permits => if permits.is_some() {
                    return permits;
                },
            }
        }
    }
}
