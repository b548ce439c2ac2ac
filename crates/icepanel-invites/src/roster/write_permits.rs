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
    /// How many writes of the step have had no permit yet.
    left: usize,
    /// What ends the waits, as long as the step has not begun.
    stop: Stop,
}

impl<'a> WritePermits<'a> {
    /// No permit: each write waits for its own, also if the run is stopped.
    pub(crate) fn none(session: &'a Session) -> Self {
        Self {
            session,
            permits: Vec::new(),
            left: 0,
            stop: Stop::new(),
        }
    }

    /// Waits for the permits for this number of writes, without a limit; none if the run is stopped.
    pub(crate) async fn wait(session: &'a Session, writes: u64, stop: &Stop) -> Option<Self> {
        let left = usize::try_from(writes).unwrap_or(usize::MAX);
        Some(Self {
            session,
            permits: session.write_permits(stop, left).await?,
            left,
            stop: stop.clone(),
        })
    }

    /// The service may have carried out a write of the step. From here on the step is finished, even if the run is stopped.
    pub(crate) fn begun(&mut self) {
        self.stop = Stop::new();
    }

    /// Gives back all permits: the last write was rejected, and has to be sent again.
    pub(crate) fn give_back(&mut self) {
        self.permits.clear();
        self.left += 1;
    }

    /// The permit for the next write. Waits for those of all writes that are left if there is none; none if the run is
    /// stopped, unless the step has begun.
    pub(crate) async fn next(&mut self) -> Option<Permit<'a>> {
        if self.permits.is_empty() {
            let writes = self.left.max(1);
            self.permits = self.session.write_permits(&self.stop, writes).await?;
        }
        self.left = self.left.saturating_sub(1);
        self.permits.pop()
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use crate::InviteClient;

    #[tokio::test]
    async fn what_was_given_back_is_taken_again_for_all_writes_that_are_left() {
        let client = InviteClient::builder("id:secret", "o").build().unwrap();
        let mut permits = WritePermits::wait(&client.0, 3, &Stop::new())
            .await
            .unwrap();
        assert_eq!(permits.permits.len(), 3);
        drop(permits.next().await);
        assert_eq!(permits.permits.len(), 2);
        permits.give_back();
        assert_eq!(permits.permits.len(), 0);
        drop(permits.next().await);
        assert_eq!(permits.permits.len(), 2, "for the other two writes");
    }
}
