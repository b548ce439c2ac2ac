//! The permits for the writes of one step of a run.

use std::time::Instant;

use crate::builder::LONGEST;
use crate::client::InviteClient;
use crate::pacing::{RateLimit, WRITES};
use crate::rate_limiter::Permit;
use crate::report::Stop;

/// The permits for the writes of a step. They are taken together before the first write is sent, so
/// that a step that has begun can be finished at once.
pub(crate) struct Turns<'a> {
    client: &'a InviteClient,
    permits: Vec<Permit<'a>>,
}

impl<'a> Turns<'a> {
    /// No permit: each write waits for its own.
    pub(crate) fn none(client: &'a InviteClient) -> Self {
        Self {
            client,
            permits: Vec::new(),
        }
    }

    /// Waits for the permits for so many writes, however long that takes; none if the run is stopped.
    pub(crate) async fn wait(client: &'a InviteClient, writes: u64, stop: &Stop) -> Option<Self> {
        let writes = usize::try_from(writes).unwrap_or(usize::MAX);
        let permits = client.turns_to_write(stop, writes).await?;
        Some(Self { client, permits })
    }

    /// The permit for the next write, which is waited for if there is none left.
    pub(crate) async fn next(&mut self) -> Permit<'a> {
        loop {
            if let Some(permit) = self.permits.pop() {
                return permit;
            }
            // What has begun is finished, also if the run is stopped.
            if let Some(more) = self.client.turns_to_write(&Stop::new(), 1).await {
                self.permits = more;
            }
        }
    }
}

impl InviteClient {
    /// The limit of writes that the client keeps, or the documented one.
    pub(crate) fn pace(&self) -> RateLimit {
        let kept = self.shared.writes.limit();
        kept.unwrap_or(WRITES)
    }

    /// Waits until so many writes can go one after another, however long that takes, and takes the
    /// permits of all of them; none if the run is stopped. There are fewer if a window of the limit has
    /// fewer.
    pub(crate) async fn turns_to_write(
        &self,
        stop: &Stop,
        writes: usize,
    ) -> Option<Vec<Permit<'_>>> {
        let (lane, waits) = (&self.shared.writes, &self.shared.waits);
        loop {
            let far: Instant = waits.now() + LONGEST;
            let turns = async {
                let turns = lane.enter_for(waits, far, writes).await.ok();
                if turns.is_none() {
                    // The turn is further off than that, and is asked for again.
                    waits.sleep_until(waits.now() + LONGEST / 2).await;
                }
                turns
            };
            tokio::select! {
                biased;
                () = stop.stopped() => return None,
                turns = turns => if turns.is_some() {
                    return turns;
                },
            }
        }
    }
}
