//! The rate limiter that all calls of a client share: if the service asks one call to wait, all
//! wait, and in each window no more requests are sent than the service allows.
//!
//! Nobody documents whether the service's window is fixed or sliding. With a limit of N, a request is sent at least one
//! window after the response to the request N places before it. Then no window of that length, wherever it begins, has
//! more requests than the limit, and both kinds of window are satisfied.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::clock::Clock;
use crate::engine::rate_limit::RateLimit;

/// The longest wait for all calls that one response can cause. The documented window is a minute; a
/// broken header must not block the client forever.
const LONGEST_HOLD: Duration = Duration::from_secs(300);

/// How many requests of a limited class run at the same time. If others use the same key, at most
/// this number of requests is rejected before the client knows.
const MOST_AT_ONCE: usize = 5;

/// One class of requests: the running ones, the recent ones, and the waiting calls.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    limit: Option<RateLimit>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Until when the service asked the client to send nothing.
    held: Option<Instant>,
    /// When the responses of the last window arrived, the oldest first.
    done: VecDeque<Instant>,
    /// How many permits are given out: each counts in the window.
    given: usize,
    /// How many of those are for running requests. The others are reserved.
    under_way: usize,
    /// How many requests may run at the same time: one after a rejection, and one more after each accepted request.
    at_once: usize,
    /// The waiting calls, in the order in which they came. The first one watches the clock.
    queue: VecDeque<Waiting>,
    /// The number of the next call that comes.
    next: u64,
}

/// A call in the queue.
#[derive(Debug)]
struct Waiting {
    number: u64,
    /// How many permits it needs, all at the same time.
    wanted: usize,
    /// Wakes it when it becomes the first, and when something has changed.
    wake: Arc<Notify>,
}

/// When a call can send.
#[derive(Debug, PartialEq, Eq)]
enum When {
    Now,
    /// It is the first, and the window opens then.
    At(Instant),
    /// Once another one has ended, or has left the queue; not before this instant.
    AfterAnother(Option<Instant>),
}

/// The call has too little time: it would get a permit only at this instant, if that is known.
#[derive(Debug)]
pub(crate) struct TooLate(pub(crate) Option<Instant>);

impl RateLimiter {
    pub(crate) fn new(limit: Option<RateLimit>) -> Self {
        Self {
            limit,
            state: Mutex::new(State {
                held: None,
                done: VecDeque::new(),
                given: 0,
                under_way: 0,
                at_once: MOST_AT_ONCE,
                queue: VecDeque::new(),
                next: 0,
            }),
        }
    }

    /// The limit, if there is one.
    pub(crate) fn limit(&self) -> Option<RateLimit> {
        self.limit
    }

    /// Waits for the permit of one request.
    pub(crate) async fn enter(
        &self,
        clock: &Clock,
        deadline: Instant,
    ) -> Result<Permit<'_>, TooLate> {
        let mut permits = self.enter_for(clock, deadline, 1).await?;
        permits.pop().ok_or(TooLate(None))
    }

    /// Waits for the permits of several requests, and takes them together, so that the requests after the first one
    /// need no further wait. It returns fewer permits if the window has fewer. Calls are served in the order in which
    /// they come. A call that would get its permit too late fails immediately; if a waiting call is dropped, the next
    /// one moves up.
    pub(crate) async fn enter_for(
        &self,
        clock: &Clock,
        deadline: Instant,
        wanted: usize,
    ) -> Result<Vec<Permit<'_>>, TooLate> {
        let most = self.limit.map_or(wanted, |limit| wanted.min(limit.most()));
        let place = self.queue_up(most.max(1));
        loop {
            let now = clock.now();
            let when = match self.try_take(&place, now) {
                When::Now => {
                    return Ok((0..place.wanted)
                        .map(|nth| Permit {
                            limiter: self,
                            clock: clock.clone(),
                            under_way: nth + 1 == place.wanted,
                            sent: false,
                        })
                        .collect());
                }
                when => when,
            };
            match when {
                When::At(opens) if opens >= deadline => return Err(TooLate(Some(opens))),
                When::AfterAnother(Some(opens)) if opens >= deadline => {
                    return Err(TooLate(Some(opens)));
                }
                When::At(opens) => tokio::select! {
                    () = place.wake.notified() => {}
                    () = clock.sleep_until(opens) => {}
                },
                _ => {
                    let patience = deadline.saturating_duration_since(now);
                    let woken = tokio::time::timeout(patience, place.wake.notified()).await;
                    if woken.is_err() {
                        return Err(TooLate(None));
                    }
                }
            }
        }
    }

    /// Puts a call at the end of the queue.
    fn queue_up(&self, wanted: usize) -> Place<'_> {
        let mut state = self.state();
        let (number, wake) = (state.next, Arc::new(Notify::new()));
        state.next += 1;
        state.queue.push_back(Waiting {
            number,
            wanted,
            wake: wake.clone(),
        });
        Place {
            limiter: self,
            number,
            wanted,
            wake,
        }
    }

    /// Takes the permits that a call waits for, if it can go now; otherwise returns when it can.
    fn try_take(&self, place: &Place<'_>, now: Instant) -> When {
        let mut state = self.state();
        let when = state.when(place.number, now, self.limit);
        if when == When::Now {
            state.given += place.wanted;
            state.under_way += 1;
        }
        when
    }

    /// The service asked for a wait: no request of this class is sent before its end.
    pub(crate) fn pause(&self, now: Instant, wait: Duration) {
        let until = now + wait.min(LONGEST_HOLD);
        let mut state = self.state();
        state.held = Some(state.held.map_or(until, |held| held.max(until)));
        state.at_once = 1;
        // Calls that cannot wait so long fail immediately.
        for waiting in &state.queue {
            waiting.wake.notify_one();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// When the call with this number can go.
    fn when(&mut self, number: u64, now: Instant, limit: Option<RateLimit>) -> When {
        let held = self.held.filter(|held| *held > now);
        let Ok(position) = self
            .queue
            .binary_search_by_key(&number, |waiting| waiting.number)
        else {
            return When::Now;
        };
        let Some(limit) = limit else {
            return match (held, position) {
                (Some(held), 0) => When::At(held),
                (held @ Some(_), _) => When::AfterAnother(held),
                // Without a limit nobody waits for another.
                (None, _) => When::Now,
            };
        };
        while self
            .done
            .front()
            .is_some_and(|done| *done + limit.window <= now)
        {
            self.done.pop_front();
        }
        let before: usize = self.queue.range(..position).map(|one| one.wanted).sum();
        let wanted = self.queue.get(position).map_or(1, |one| one.wanted);
        if position > 0 {
            return When::AfterAnother(self.opens(before + wanted, now, limit));
        }
        if let Some(held) = held {
            return When::At(held);
        }
        if self.under_way >= self.at_once {
            return When::AfterAnother(self.opens(wanted, now, limit));
        }
        match (self.done.len() + self.given + wanted).checked_sub(limit.most() + 1) {
            None => When::Now,
            // This number of requests must have left the window.
            Some(over) => match self.done.get(over) {
                Some(done) => When::At(*done + limit.window),
                None => When::AfterAnother(self.opens(wanted, now, limit)),
            },
        }
    }

    /// The earliest instant at which the last of the queue's first `requests` requests can go, if the running ones end
    /// now and each waiting one goes as soon as it can.
    fn opens(&self, requests: usize, now: Instant, limit: RateLimit) -> Option<Instant> {
        let soonest = self.held.map_or(now, |held| held.max(now));
        let out = self.done.len() + self.given;
        let (most, last) = (limit.most(), (out + requests).saturating_sub(1));
        let mut index = last % most;
        let mut time = soonest;
        loop {
            time = match self.done.get(index) {
                Some(done) => *done,
                None if index < out => now,
                None if index < most => soonest,
                None => time.checked_add(limit.window)?.max(soonest),
            };
            if index >= last {
                return Some(time);
            }
            index += most;
        }
    }

    /// Wakes the first of the queue: something has changed for it.
    fn wake_first(&self) {
        if let Some(first) = self.queue.front() {
            first.wake.notify_one();
        }
    }
}

/// A place in the queue. If it is dropped, the next call moves up.
struct Place<'a> {
    limiter: &'a RateLimiter,
    number: u64,
    wanted: usize,
    wake: Arc<Notify>,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.limiter.state();
        if let Ok(position) = state
            .queue
            .binary_search_by_key(&self.number, |waiting| waiting.number)
        {
            state.queue.remove(position);
            if position == 0 {
                state.wake_first();
            }
        }
    }
}

/// The permit to send one request. If nothing was sent, it no longer counts in the window.
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    limiter: &'a RateLimiter,
    clock: Clock,
    /// Whether it counts as running, or is reserved.
    under_way: bool,
    /// Whether the request was sent, so that the service counts it or may count it.
    sent: bool,
}

impl Permit<'_> {
    /// The request is sent now.
    pub(crate) fn begin(&mut self) {
        self.sent = true;
        if !self.under_way {
            self.under_way = true;
            self.limiter.state().under_way += 1;
        }
    }

    /// The service did not count the request: it did not arrive, or was rejected because of the limit.
    pub(crate) fn not_counted(mut self) {
        self.sent = false;
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let mut state = self.limiter.state();
        state.given -= 1;
        state.under_way -= usize::from(self.under_way);
        if self.sent && self.limiter.limit.is_some() {
            state.done.push_back(self.clock.now());
            state.at_once = (state.at_once + 1).min(MOST_AT_ONCE);
        }
        state.wake_first();
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::Pin;
    use std::task::Poll;

    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn three_a_second() -> RateLimiter {
        RateLimiter::new(Some(RateLimit {
            requests: 3,
            window: Duration::from_secs(1),
        }))
    }

    async fn polled<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
        poll_fn(|context| Poll::Ready(Pin::new(&mut *future).poll(context))).await
    }

    /// Sends a request, which the service counts.
    fn send(mut permit: Permit<'_>) {
        permit.begin();
    }

    #[test]
    fn a_hold_is_over_at_its_end() {
        let limiter = RateLimiter::new(None);
        let now = Instant::now();
        let end = now + Duration::from_secs(60);
        limiter.pause(now, end - now);
        let just_before = end - Duration::from_nanos(1);
        let place = limiter.queue_up(1);
        let when = |now| limiter.state().when(place.number, now, None);
        assert_eq!(when(just_before), When::At(end));
        assert_eq!(when(end), When::Now);
    }

    #[tokio::test]
    async fn no_window_has_more_than_the_limit() {
        let (limiter, clock) = (three_a_second(), Clock::skipping());
        let start = clock.now();
        let mut sent = Vec::new();
        for _ in 0..10 {
            let permit = limiter.enter(&clock, start + HOUR).await.expect("a permit");
            sent.push(clock.now());
            send(permit);
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
        let (limiter, clock) = (RateLimiter::new(None), Clock::skipping());
        let now = clock.now();
        limiter.pause(now, Duration::from_secs(20));
        limiter.pause(now, Duration::from_secs(5));
        drop(limiter.enter(&clock, now + HOUR).await.expect("a permit"));
        let waited = clock.now() - now;
        assert!(
            waited >= Duration::from_secs(20) && waited < Duration::from_secs(21),
            "{waited:?}"
        );
    }

    #[tokio::test]
    async fn no_answer_closes_the_limiter_for_good() {
        let limiter = RateLimiter::new(None);
        let now = Instant::now();
        limiter.pause(now, Duration::MAX);
        let late = limiter
            .enter(&Clock::system(), now + Duration::from_secs(1))
            .await;
        assert_eq!(late.expect_err("too late").0, Some(now + LONGEST_HOLD));
    }

    #[tokio::test]
    async fn what_was_not_counted_or_not_sent_leaves_its_place_and_a_dropped_request_does_not() {
        let (limiter, clock) = (three_a_second(), Clock::system());
        let soon = clock.now() + Duration::from_millis(500);
        for _ in 0..10 {
            let mut permit = limiter.enter(&clock, soon).await.expect("a permit");
            permit.begin();
            permit.not_counted();
        }
        for _ in 0..3 {
            drop(limiter.enter(&clock, soon).await.expect("a permit"));
            send(limiter.enter(&clock, soon).await.expect("a permit"));
        }
        assert!(limiter.enter(&clock, soon).await.is_err());
    }

    #[tokio::test]
    async fn after_a_refusal_one_goes_ahead() {
        let (limiter, clock) = (three_a_second(), Clock::skipping());
        let now = clock.now();
        limiter.pause(now, Duration::from_secs(1));
        let first = limiter.enter(&clock, now + HOUR).await.expect("a permit");
        let soon = clock.now() + Duration::from_millis(20);
        assert!(
            limiter.enter(&clock, soon).await.is_err(),
            "the second waits for the first"
        );
        send(first);
        let _second = limiter
            .enter(&clock, clock.now() + HOUR)
            .await
            .expect("a permit");
        let _third = limiter
            .enter(&clock, clock.now() + HOUR)
            .await
            .expect("both go");
    }

    /// A limiter of one request an hour, whose first window is full.
    async fn full(clock: &Clock) -> RateLimiter {
        let limiter = RateLimiter::new(Some(RateLimit {
            requests: 1,
            window: HOUR,
        }));
        let permit = limiter.enter(clock, clock.now() + HOUR).await;
        send(permit.expect("a permit"));
        limiter
    }

    #[tokio::test]
    async fn every_call_that_comes_too_late_fails_immediately_with_the_time_of_its_permit() {
        let clock = Clock::system();
        let limiter = full(&clock).await;
        let start = clock.now();
        let mut first = Box::pin(limiter.enter(&clock, start + HOUR * 9));
        let mut second = Box::pin(limiter.enter(&clock, start + HOUR * 9));
        assert!(polled(&mut first).await.is_pending());
        assert!(polled(&mut second).await.is_pending());
        // The third of the queue: three windows from now. After one poll it knows.
        let mut third = Box::pin(limiter.enter(&clock, start + HOUR * 2));
        let Poll::Ready(Err(TooLate(Some(opens)))) = polled(&mut third).await else {
            unreachable!("it must fail immediately");
        };
        let wait = opens - start;
        assert!(wait > HOUR * 3 - HOUR / 60 && wait <= HOUR * 3, "{wait:?}");
        // With enough time it waits.
        let mut fourth = Box::pin(limiter.enter(&clock, opens + Duration::from_secs(1)));
        assert!(polled(&mut fourth).await.is_pending());
    }

    #[tokio::test]
    async fn a_hold_delays_the_next_requests_and_not_the_one_under_way() {
        let clock = Clock::system();
        let limiter = RateLimiter::new(Some(RateLimit {
            requests: 1,
            window: HOUR,
        }));
        let start = clock.now();
        let _under_way = limiter.enter(&clock, start + HOUR).await.expect("a permit");
        limiter.pause(start, HOUR / 2);
        let mut first = Box::pin(limiter.enter(&clock, start + HOUR * 9));
        assert!(polled(&mut first).await.is_pending());
        // The request under way leaves its window in an hour, and the first call has the next one.
        let mut second = Box::pin(limiter.enter(&clock, start + HOUR));
        let Poll::Ready(Err(TooLate(Some(opens)))) = polled(&mut second).await else {
            unreachable!("it must fail immediately");
        };
        let wait = opens - start;
        assert!(wait >= HOUR * 2 && wait < HOUR * 2 + HOUR / 60, "{wait:?}");
    }

    #[tokio::test]
    async fn a_hold_fails_all_calls_that_cannot_wait_so_long() {
        let (limiter, clock) = (RateLimiter::new(None), Clock::system());
        let now = clock.now();
        limiter.pause(now, Duration::from_secs(10));
        let soon = now + Duration::from_secs(20);
        let waiting = [limiter.enter(&clock, soon), limiter.enter(&clock, soon)];
        let mut all = Box::pin(futures_util::future::join_all(waiting));
        assert!(polled(&mut all).await.is_pending());
        limiter.pause(now, Duration::from_secs(30));
        for late in all.await {
            let opens = late.expect_err("it cannot wait so long").0;
            assert_eq!(opens, Some(now + Duration::from_secs(30)));
        }
    }

    #[tokio::test]
    async fn a_place_in_the_queue_passes_on_when_its_call_is_dropped() {
        let clock = Clock::skipping();
        let limiter = full(&clock).await;
        let end = clock.now() + HOUR * 9;
        let mut first = Box::pin(limiter.enter(&clock, end));
        let mut second = Box::pin(limiter.enter(&clock, end));
        let mut third = Box::pin(limiter.enter(&clock, end));
        assert!(polled(&mut second).await.is_pending());
        assert!(polled(&mut third).await.is_pending());
        drop(second);
        assert!(polled(&mut first).await.is_pending(), "it came later");
        let third = tokio::time::timeout(Duration::from_secs(10), third).await;
        send(third.expect("woken").expect("it is the first now"));
        send(first.await.expect("and then the other"));
        assert!(limiter.state().queue.is_empty());
    }

    #[tokio::test]
    async fn permits_for_several_requests_are_taken_together_or_not_at_all() {
        let (limiter, clock) = (three_a_second(), Clock::skipping());
        let start = clock.now();
        send(limiter.enter(&clock, start + HOUR).await.expect("a permit"));
        let mut two = limiter
            .enter_for(&clock, start + HOUR, 2)
            .await
            .expect("two");
        assert_eq!(two.len(), 2);
        assert_eq!(limiter.state().under_way, 1, "the other one is kept");
        // The window is full, as if both were sent.
        let soon = clock.now() + Duration::from_millis(20);
        assert!(limiter.enter(&clock, soon).await.is_err());
        send(two.pop().expect("the first"));
        drop(two);
        drop(
            limiter
                .enter(&clock, start + HOUR)
                .await
                .expect("the kept one's place"),
        );
        assert!(clock.now() - start < Duration::from_secs(1), "at once");
        // Three of two that are left: at the next window, all together.
        let three = limiter
            .enter_for(&clock, start + HOUR, 3)
            .await
            .expect("three");
        assert_eq!(three.len(), 3);
        assert!(clock.now() - start >= Duration::from_secs(1));
        drop(three);
        let most = limiter
            .enter_for(&clock, clock.now() + HOUR, 9)
            .await
            .expect("some");
        assert_eq!(most.len(), 3, "as many as a window has");
    }
}
