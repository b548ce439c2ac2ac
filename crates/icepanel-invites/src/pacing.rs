//! The limits as all calls of a client see them: where one was told to wait, all wait, and no more
//! is sent in a window than the service allows.
//!
//! Nobody documents whether the service's window is fixed or slides. A request is sent once the one
//! that is a whole limit before it was answered at least a window ago: then no window of that length,
//! wherever it begins, has more requests than the limit, and both kinds of window are satisfied.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::clock::Clock;

/// How many requests the service takes in a window of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// So many requests.
    pub requests: u32,
    /// In so much time.
    pub window: Duration,
}

/// At which pace a client sends: reads and writes apart, as the service counts them. The default is
/// [`documented`](Self::documented).
///
/// Without a limit a class is only slowed down by the service's own words: where one call is told
/// to wait, all wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pacing {
    /// The limit of `GET`.
    pub reads: Option<RateLimit>,
    /// The limit of `POST`.
    pub writes: Option<RateLimit>,
}

/// The documented limit of `GET`.
const READS: RateLimit = RateLimit {
    requests: 2400,
    window: Duration::from_secs(60),
};

/// The documented limit of `POST`.
pub(crate) const WRITES: RateLimit = RateLimit {
    requests: 60,
    window: Duration::from_secs(60),
};

impl Pacing {
    /// The limits of the service's rate-limits page: 2,400 reads and 60 writes a minute.
    pub fn documented() -> Self {
        Self {
            reads: Some(READS),
            writes: Some(WRITES),
        }
    }

    /// No limit of the client's own, for a service that has none, such as a server in a test.
    pub fn none() -> Self {
        Self {
            reads: None,
            writes: None,
        }
    }

    /// Sets the limit of `POST`.
    #[must_use]
    pub fn writes(mut self, requests: u32, window: Duration) -> Self {
        self.writes = Some(RateLimit { requests, window });
        self
    }

    /// Sets the limit of `GET`.
    #[must_use]
    pub fn reads(mut self, requests: u32, window: Duration) -> Self {
        self.reads = Some(RateLimit { requests, window });
        self
    }
}

impl Default for Pacing {
    fn default() -> Self {
        Self::documented()
    }
}

/// The longest that one answer can make all calls wait. The documented window is a minute; a
/// broken header must not close the client for good.
const LONGEST_HOLD: Duration = Duration::from_secs(300);

/// How many requests of a paced class are under way at once. Where others use the same key, that
/// many at most are refused before the client knows.
const MOST_AT_ONCE: usize = 5;

/// One class of requests: what is under way, what was sent lately, who waits.
#[derive(Debug)]
pub(crate) struct Lane {
    limit: Option<RateLimit>,
    state: Mutex<State>,
    /// A request has ended.
    ended: Notify,
    /// The calls that wait, in the order in which they came; the first of them watches the clock.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct State {
    /// Until when the service asked for nothing to be sent.
    held: Option<Instant>,
    /// When the requests of the last window were answered, the oldest first.
    done: VecDeque<Instant>,
    under_way: usize,
    /// How many may be under way: one after a refusal, and one more after each that is taken.
    at_once: usize,
}

/// When a request can be sent.
#[derive(Debug, PartialEq, Eq)]
enum When {
    Now,
    At(Instant),
    /// Once another one has ended.
    AfterAnother,
}

/// The call's time does not suffice: the lane opens only then, if that is known.
#[derive(Debug)]
pub(crate) struct TooLate(pub(crate) Option<Instant>);

impl Lane {
    pub(crate) fn new(limit: Option<RateLimit>) -> Self {
        Self {
            limit,
            state: Mutex::new(State {
                held: None,
                done: VecDeque::new(),
                under_way: 0,
                at_once: MOST_AT_ONCE,
            }),
            ended: Notify::new(),
            turn: tokio::sync::Mutex::new(()),
        }
    }

    /// The limit that is kept, if one is.
    pub(crate) fn limit(&self) -> Option<RateLimit> {
        self.limit
    }

    /// Waits for the turn of one request. Calls go in the order in which they come.
    pub(crate) async fn enter(
        &self,
        clock: &Clock,
        deadline: Instant,
    ) -> Result<Permit<'_>, TooLate> {
        let patience = deadline.saturating_duration_since(clock.now());
        let Ok(_turn) = tokio::time::timeout(patience, self.turn.lock()).await else {
            return Err(TooLate(None));
        };
        loop {
            // Before the look at the state, so that no end in between is missed.
            let ended = self.ended.notified();
            let now = clock.now();
            let when = self.state().when(now, self.limit);
            match when {
                When::Now => {
                    self.state().under_way += 1;
                    return Ok(Permit {
                        lane: self,
                        clock: clock.clone(),
                    });
                }
                When::At(opens) if opens >= deadline => return Err(TooLate(Some(opens))),
                When::At(opens) => clock.sleep_until(opens).await,
                When::AfterAnother => {
                    let patience = deadline.saturating_duration_since(now);
                    if tokio::time::timeout(patience, ended).await.is_err() {
                        return Err(TooLate(None));
                    }
                }
            }
        }
    }

    /// The service asked for a wait: nothing of this class goes out before it is over.
    pub(crate) fn hold(&self, now: Instant, wait: Duration) {
        let until = now + wait.min(LONGEST_HOLD);
        let mut state = self.state();
        state.held = Some(state.held.map_or(until, |held| held.max(until)));
        state.at_once = 1;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn when(&mut self, now: Instant, limit: Option<RateLimit>) -> When {
        if let Some(held) = self.held.filter(|held| *held > now) {
            return When::At(held);
        }
        let Some(limit) = limit else {
            return When::Now;
        };
        while self
            .done
            .front()
            .is_some_and(|done| *done + limit.window <= now)
        {
            self.done.pop_front();
        }
        if self.under_way >= self.at_once {
            return When::AfterAnother;
        }
        let most = (limit.requests as usize).max(1);
        match (self.done.len() + self.under_way).checked_sub(most) {
            None => When::Now,
            // So many of the window must have left it.
            Some(over) => match self.done.get(over) {
                Some(done) => When::At(*done + limit.window),
                None => When::AfterAnother,
            },
        }
    }
}

/// The leave to send one request.
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    lane: &'a Lane,
    clock: Clock,
}

impl Permit<'_> {
    /// The service did not count the request: it did not reach it, or was refused for the limit.
    pub(crate) fn not_counted(self) {
        self.lane.state().under_way -= 1;
        self.lane.ended.notify_one();
        std::mem::forget(self);
    }
}

/// The request was counted, or may have been.
impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let mut state = self.lane.state();
        state.under_way -= 1;
        if self.lane.limit.is_some() {
            state.done.push_back(self.clock.now());
            state.at_once = (state.at_once + 1).min(MOST_AT_ONCE);
        }
        drop(state);
        self.lane.ended.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn three_a_second() -> Lane {
        Lane::new(Some(RateLimit {
            requests: 3,
            window: Duration::from_secs(1),
        }))
    }

    #[test]
    fn a_hold_is_over_at_its_end() {
        let lane = Lane::new(None);
        let now = Instant::now();
        let end = now + Duration::from_secs(60);
        lane.hold(now, end - now);
        let just_before = end - Duration::from_nanos(1);
        assert_eq!(lane.state().when(just_before, None), When::At(end));
        assert_eq!(lane.state().when(end, None), When::Now);
    }

    #[test]
    fn each_class_has_the_limit_that_was_set() {
        let limit = |requests| RateLimit {
            requests,
            window: HOUR,
        };
        let pacing = Pacing::none().reads(7, HOUR).writes(3, HOUR);
        let both = (pacing.reads, pacing.writes);
        assert_eq!(both, (Some(limit(7)), Some(limit(3))));
    }

    #[tokio::test]
    async fn no_window_has_more_than_the_limit() {
        let (lane, clock) = (three_a_second(), Clock::skipping());
        let start = clock.now();
        let mut sent = Vec::new();
        for _ in 0..10 {
            let permit = lane.enter(&clock, start + HOUR).await.expect("a turn");
            sent.push(clock.now());
            drop(permit);
        }
        for (nth, first) in sent.iter().enumerate() {
            if let Some(fourth) = sent.get(nth + 3) {
                assert!(*fourth - *first >= Duration::from_secs(1));
            }
        }
        let took = *sent.last().expect("ten") - start;
        assert!(
            took < Duration::from_millis(3100),
            "ten at three a second take three: {took:?}"
        );
    }

    #[tokio::test]
    async fn the_longest_hold_counts_and_ends() {
        let (lane, clock) = (Lane::new(None), Clock::skipping());
        let now = clock.now();
        lane.hold(now, Duration::from_secs(20));
        lane.hold(now, Duration::from_secs(5));
        drop(lane.enter(&clock, now + HOUR).await.expect("a turn"));
        let waited = clock.now() - now;
        assert!(
            waited >= Duration::from_secs(20) && waited < Duration::from_secs(21),
            "{waited:?}"
        );
    }

    #[tokio::test]
    async fn no_answer_closes_the_lane_for_good() {
        let lane = Lane::new(None);
        let now = Instant::now();
        lane.hold(now, Duration::MAX);
        let late = lane
            .enter(&Clock::system(), now + Duration::from_secs(1))
            .await;
        assert_eq!(late.expect_err("too late").0, Some(now + LONGEST_HOLD));
    }

    #[tokio::test]
    async fn what_was_not_counted_leaves_its_place_and_a_dropped_request_does_not() {
        let (lane, clock) = (three_a_second(), Clock::system());
        let soon = clock.now() + Duration::from_millis(500);
        for _ in 0..10 {
            lane.enter(&clock, soon)
                .await
                .expect("a turn")
                .not_counted();
        }
        for _ in 0..3 {
            drop(lane.enter(&clock, soon).await.expect("a turn"));
        }
        assert!(lane.enter(&clock, soon).await.is_err());
    }

    #[tokio::test]
    async fn after_a_refusal_one_goes_ahead() {
        let (lane, clock) = (three_a_second(), Clock::skipping());
        let now = clock.now();
        lane.hold(now, Duration::from_secs(1));
        let first = lane.enter(&clock, now + HOUR).await.expect("a turn");
        let soon = clock.now() + Duration::from_millis(20);
        assert!(
            lane.enter(&clock, soon).await.is_err(),
            "the second waits for the first"
        );
        drop(first);
        let _second = lane
            .enter(&clock, clock.now() + HOUR)
            .await
            .expect("a turn");
        let _third = lane
            .enter(&clock, clock.now() + HOUR)
            .await
            .expect("both go");
    }
}
