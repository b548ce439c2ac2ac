//! The rate limits: reads and writes apart, in windows that are fixed or slide.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use crate::{RateLimit, WindowKind};

/// The limits of the one key that a sandbox knows.
pub(crate) struct Limits {
    reads: Option<Window>,
    writes: Option<Window>,
}

impl Limits {
    pub(crate) fn new(limit: Option<&RateLimit>) -> Self {
        let window = |most: u32| {
            limit.map(|l| Window::new(most, Duration::from_millis(l.window_ms), l.kind))
        };
        Self {
            reads: window(limit.map_or(0, |l| l.reads)),
            writes: window(limit.map_or(0, |l| l.writes)),
        }
    }

    /// Counts a request, or says after how many seconds the next has a chance.
    pub(crate) fn admit(&mut self, write: bool, now: Instant) -> Result<(), u64> {
        let window = if write {
            &mut self.writes
        } else {
            &mut self.reads
        };
        match window {
            Some(window) => window
                .admit(now)
                .map_err(|wait| wait.as_millis().div_ceil(1000).max(1) as u64),
            None => Ok(()),
        }
    }
}

struct Window {
    most: usize,
    length: Duration,
    kind: WindowKind,
    /// When the requests of this window came; of a fixed window only the first counts for its end.
    passed: VecDeque<Instant>,
}

impl Window {
    fn new(most: u32, length: Duration, kind: WindowKind) -> Self {
        Self {
            most: most as usize,
            length,
            kind,
            passed: VecDeque::new(),
        }
    }

    fn admit(&mut self, now: Instant) -> Result<(), Duration> {
        let over = |at: &Instant| now.duration_since(*at) >= self.length;
        match self.kind {
            WindowKind::Fixed if self.passed.front().is_some_and(over) => self.passed.clear(),
            WindowKind::Fixed => {}
            WindowKind::Sliding => {
                while self.passed.front().is_some_and(over) {
                    self.passed.pop_front();
                }
            }
        }
        if self.passed.len() < self.most {
            self.passed.push_back(now);
            return Ok(());
        }
        let oldest = self.passed.front().copied().unwrap_or(now);
        Err(self.length.saturating_sub(now.duration_since(oldest)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(kind: WindowKind) -> Limits {
        Limits::new(Some(&RateLimit {
            writes: 2,
            reads: 3,
            window_ms: 10_000,
            kind,
        }))
    }

    #[test]
    fn a_fixed_window_forgets_all_at_its_end() {
        let (mut limits, start) = (limits(WindowKind::Fixed), Instant::now());
        let at = |ms| start + Duration::from_millis(ms);
        assert_eq!(limits.admit(true, at(0)), Ok(()));
        assert_eq!(limits.admit(true, at(9_000)), Ok(()));
        assert_eq!(limits.admit(true, at(9_500)), Err(1));
        assert_eq!(limits.admit(true, at(10_000)), Ok(()));
        assert_eq!(limits.admit(true, at(10_001)), Ok(()));
        assert_eq!(limits.admit(true, at(10_002)), Err(10));
    }

    #[test]
    fn a_sliding_window_forgets_one_by_one() {
        let (mut limits, start) = (limits(WindowKind::Sliding), Instant::now());
        let at = |ms| start + Duration::from_millis(ms);
        assert_eq!(limits.admit(true, at(0)), Ok(()));
        assert_eq!(limits.admit(true, at(9_000)), Ok(()));
        assert_eq!(limits.admit(true, at(9_001)), Err(1));
        assert_eq!(limits.admit(true, at(10_000)), Ok(()));
        assert_eq!(limits.admit(true, at(10_001)), Err(9));
        assert_eq!(limits.admit(true, at(19_000)), Ok(()));
    }

    #[test]
    fn reads_and_writes_are_counted_apart() {
        let (mut limits, now) = (limits(WindowKind::Fixed), Instant::now());
        for _ in 0..2 {
            assert_eq!(limits.admit(true, now), Ok(()));
        }
        assert_eq!(limits.admit(true, now), Err(10));
        for _ in 0..3 {
            assert_eq!(limits.admit(false, now), Ok(()));
        }
        assert_eq!(limits.admit(false, now), Err(10));
    }

    #[test]
    fn without_a_limit_everything_passes() {
        let mut limits = Limits::new(None);
        assert!((0..10_000).all(|_| limits.admit(true, Instant::now()).is_ok()));
    }
}
