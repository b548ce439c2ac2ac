//! The rate limits: separate for reads and writes, in fixed or sliding windows.

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

enum Window {
    Fixed {
        most: u32,
        length: Duration,
        start: Option<Instant>,
        passed: u32,
    },
    Sliding {
        most: u32,
        length: Duration,
        passed: VecDeque<Instant>,
    },
}

impl Window {
    fn new(most: u32, length: Duration, kind: WindowKind) -> Self {
        match kind {
            WindowKind::Fixed => Self::Fixed {
                most,
                length,
                start: None,
                passed: 0,
            },
            WindowKind::Sliding => Self::Sliding {
                most,
                length,
                passed: VecDeque::new(),
            },
        }
    }

    fn admit(&mut self, now: Instant) -> Result<(), Duration> {
        match self {
            Self::Fixed {
                most,
                length,
                start,
                passed,
            } => {
                let begun = match *start {
                    Some(begun) if now.duration_since(begun) < *length => begun,
                    _ => {
                        *passed = 0;
                        *start.insert(now)
                    }
                };
                if *passed < *most {
                    *passed += 1;
                    return Ok(());
                }
                Err(length.saturating_sub(now.duration_since(begun)))
            }
            Self::Sliding {
                most,
                length,
                passed,
            } => {
                while passed
                    .front()
                    .is_some_and(|at| now.duration_since(*at) >= *length)
                {
                    passed.pop_front();
                }
                if passed.len() < *most as usize {
                    passed.push_back(now);
                    return Ok(());
                }
                let oldest = passed.front().copied().unwrap_or(now);
                Err(length.saturating_sub(now.duration_since(oldest)))
            }
        }
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
