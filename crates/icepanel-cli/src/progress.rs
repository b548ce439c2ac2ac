//! The progress of a run: a bar with the time left on a terminal, lines elsewhere.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use icepanel_invites::{Outcome, Progress};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use serde_json::json;

use crate::format::Format;
use crate::output::Output;
use crate::text::printable;
use crate::time;

/// How often the bar is drawn, whether or not anything has happened.
const FRAME: Duration = Duration::from_millis(250);

/// If the time between two responses is this long, the run waits for the rate limit.
const QUIET: Duration = Duration::from_millis(1500);

/// Where progress is shown: on the error output.
pub(crate) struct Shown {
    output: Output,
    bar: Option<(ProgressBar, Arc<Mutex<Last>>)>,
}

/// The last progress.
#[derive(Clone, Copy)]
struct Last {
    when: Instant,
    /// The time left then; none before the first step has ended.
    left: Option<Duration>,
    stopping: bool,
}

impl Last {
    /// What the run does now.
    fn what(self, now: Instant) -> String {
        let quiet = now.duration_since(self.when);
        let left = self.left.map(|left| left.saturating_sub(quiet));
        match left {
            _ if self.stopping => "stopping: waiting for the running requests".to_owned(),
            None => "reading the list, so that nobody is invited twice".to_owned(),
            Some(left) if left.is_zero() => "waiting for responses".to_owned(),
            Some(left) if quiet >= QUIET => {
                format!("waiting {} for the rate limit", time::rounded(left))
            }
            Some(left) => format!("{} left", time::about(left)),
        }
    }
}

impl Shown {
    pub(crate) fn new(steps: usize, output: &Output) -> Self {
        let bar = output.takes_bar().then(|| {
            let last = Arc::new(Mutex::new(Last {
                when: Instant::now(),
                left: None,
                stopping: false,
            }));
            let seen = last.clone();
            let what = move |_: &ProgressState, out: &mut dyn std::fmt::Write| {
                let last = *seen.lock().unwrap_or_else(PoisonError::into_inner);
                let _ = out.write_str(&last.what(Instant::now()));
            };
            let target = ProgressDrawTarget::stderr();
            let bar = ProgressBar::with_draw_target(Some(steps as u64), target);
            let style = ProgressStyle::with_template("{wide_bar} {pos}/{len}, {what}")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            bar.set_style(style.with_key("what", what));
            bar.tick();
            bar.enable_steady_tick(FRAME);
            output.screen.set_bar(Some(bar.clone()));
            (bar, last)
        });
        Self {
            output: output.clone(),
            bar,
        }
    }

    /// A step has ended.
    pub(crate) fn tell(&self, progress: &Progress<'_>) {
        let line = progress.line;
        if let Some((bar, last)) = &self.bar {
            {
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                last.when = Instant::now();
                // People who need nothing are reported before anything is sent, when nothing waits for the limit.
                if line.outcome != Outcome::Kept || last.left.is_some() {
                    last.left = Some(progress.left);
                }
            }
            bar.set_position(progress.done as u64);
        }
        let format = self.output.format;
        match line.outcome {
            _ if format == Format::Json => {
                self.output
                    .say(&json!({ "progress": progress }).to_string());
                return;
            }
            // The report has them, and a run that was stopped has many of them.
            Outcome::Kept | Outcome::Skipped => return,
            Outcome::Done if self.bar.is_some() => return,
            _ => {}
        }
        let last = format!(
            "{}: {}, {}",
            printable(&line.email),
            line.outcome,
            printable(&line.note)
        );
        self.output.say(&match self.bar {
            Some(_) => last,
            None => format!(
                "{}/{} {last}; {} left",
                progress.done,
                progress.total,
                time::about(progress.left)
            ),
        });
    }

    /// The run was asked to stop.
    pub(crate) fn stopping(&self) {
        if let Some((_, last)) = &self.bar {
            last.lock().unwrap_or_else(PoisonError::into_inner).stopping = true;
        }
        if self.output.format != Format::Json {
            self.output.say(
                "Stopping: the running requests end first. Press Ctrl-C again to stop without waiting for them.",
            );
        }
    }
}

/// The run has ended, one way or another.
impl Drop for Shown {
    fn drop(&mut self) {
        if let Some((bar, _)) = &self.bar {
            self.output.screen.set_bar(None);
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_says_what_it_waits_for() {
        let when = Instant::now();
        let after = |left, quiet| {
            let last = Last {
                when,
                left,
                stopping: false,
            };
            last.what(when + Duration::from_millis(quiet))
        };
        let minute = Some(Duration::from_secs(60));
        assert!(after(None, 0).starts_with("reading the list"));
        assert_eq!(after(minute, 0), "about 60 s left");
        assert_eq!(after(minute, 3000), "waiting 57 s for the rate limit");
        assert_eq!(after(minute, 3400), "waiting 57 s for the rate limit");
        assert_eq!(after(minute, 61_000), "waiting for responses");
        let hour = Some(Duration::from_secs(3600));
        assert_eq!(after(hour, 2000), "waiting 60 min for the rate limit");
    }
}
