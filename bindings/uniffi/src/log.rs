//! The client's log, for a listener of the language: only the entries of this library's client (not those of the HTTP
//! library), from their own thread.

use std::fmt::{Debug, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Once, PoisonError, RwLock};
use std::thread;

use icepanel_invites::InviteError;
use tracing::callsite::rebuild_interest_cache;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{Interest, Subscriber, set_global_default};
use tracing::{Event, Level, Metadata};

use crate::error::Failure;
use crate::event::ListenerFailure;

/// How many entries may wait for a listener. No call waits for it: further entries are dropped, and counted.
const MOST_WAITING: usize = 1024;

/// The target of the client's entries, and what the targets of its modules begin with.
const TARGET: &str = "icepanel_invites";

/// How much a log entry matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, uniffi::Enum)]
pub enum LogLevel {
    /// The client writes nothing at this level today.
    Error,
    /// A request is retried, or the list is read because a response was lost.
    Warn,
    /// The client writes nothing at this level today.
    Info,
    /// Each attempt at a request.
    Debug,
    /// The client writes nothing at this level today.
    Trace,
}

/// One entry of the log. No part of it contains the API key, and no entry above the level debug contains an e-mail
/// address.
#[derive(Clone, Debug, PartialEq, Eq, Hash, uniffi::Record)]
pub struct LogEntry {
    /// How much it matters.
    pub level: LogLevel,
    /// What happened, and its fields: `sent again operation=list_invites attempt=1 status=503 …`.
    pub message: String,
}

/// Receives the entries, one after another, on its own thread.
#[uniffi::export(callback_interface)]
pub trait LogListener: Send + Sync {
    /// An entry was written. Errors here are ignored.
    fn on_entry(&self, entry: LogEntry) -> Result<(), ListenerFailure>;
}

/// A listener that receives the entries.
struct Started {
    level: LogLevel,
    entries: SyncSender<LogEntry>,
    dropped: Arc<AtomicU64>,
}

static STARTED: RwLock<Option<Started>> = RwLock::new(None);

/// Passes the entries from this level upwards to a listener, which replaces the previous one: for all clients of the
/// process.
///
/// # Errors
/// If the system has no thread left for it.
#[uniffi::export]
pub fn start_log(level: LogLevel, listener: Box<dyn LogListener>) -> Result<(), Failure> {
    static INSTALLED: Once = Once::new();
    let (entries, waiting) = sync_channel(MOST_WAITING);
    let dropped = Arc::new(AtomicU64::new(0));
    let missed = dropped.clone();
    thread::Builder::new()
        .name("icepanel-invites-log".to_owned())
        .spawn(move || deliver(&*listener, &waiting, &missed))
        .map_err(|why| InviteError::no_thread(&why))?;
    let started = Started {
        level,
        entries,
        dropped,
    };
    *STARTED.write().unwrap_or_else(PoisonError::into_inner) = Some(started);
    // The shared library has its own global default, which no other code of the process can set.
    INSTALLED.call_once(|| {
        drop(set_global_default(Bridge));
        // An entry that was first reached while the default was set may have found none, and tracing remembers that.
        rebuild_interest_cache();
    });
    Ok(())
}

/// Ends the log. Entries written before are still delivered.
#[uniffi::export]
pub fn stop_log() {
    *STARTED.write().unwrap_or_else(PoisonError::into_inner) = None;
}

fn deliver(listener: &dyn LogListener, waiting: &Receiver<LogEntry>, dropped: &AtomicU64) {
    let tell = |entry| {
        // An error of the listener is ignored; the next entry is delivered nevertheless.
        let _ = catch_unwind(AssertUnwindSafe(|| listener.on_entry(entry)));
    };
    for entry in waiting {
        tell(entry);
        let missed = dropped.swap(0, Ordering::Relaxed);
        if missed > 0 {
            tell(LogEntry {
                level: LogLevel::Warn,
                message: format!("{missed} log entries were dropped: the listener is too slow"),
            });
        }
    }
}

/// Receives the client's events, and ignores spans and the entries of other crates.
struct Bridge;

impl Bridge {
    fn is_ours(metadata: &Metadata<'_>) -> bool {
        let module = metadata.target().strip_prefix(TARGET);
        metadata.is_event()
            && module.is_some_and(|module| module.is_empty() || module.starts_with("::"))
    }
}

impl Subscriber for Bridge {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        // The level may change.
        match Self::is_ours(metadata) {
            true => Interest::sometimes(),
            false => Interest::never(),
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let started = STARTED.read().unwrap_or_else(PoisonError::into_inner);
        let level = started.as_ref().map(|started| started.level);
        Self::is_ours(metadata) && level.is_some_and(|level| of(*metadata.level()) <= level)
    }

    fn event(&self, event: &Event<'_>) {
        let mut text = Text::default();
        event.record(&mut text);
        let entry = LogEntry {
            level: of(*event.metadata().level()),
            message: text.message + &text.fields,
        };
        let started = STARTED.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(started) = &*started
            && started.entries.try_send(entry).is_err()
        {
            started.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn of(level: Level) -> LogLevel {
    match level {
        Level::ERROR => LogLevel::Error,
        Level::WARN => LogLevel::Warn,
        Level::INFO => LogLevel::Info,
        Level::DEBUG => LogLevel::Debug,
        Level::TRACE => LogLevel::Trace,
    }
}

/// An event as text.
#[derive(Default)]
struct Text {
    message: String,
    fields: String,
}

impl Visit for Text {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Writing to a string does not fail.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};
    use std::time::Duration;

    use super::*;

    /// Passes the entries on, and returns from each when it is allowed to.
    struct Slow(Sender<LogEntry>, std::sync::Mutex<Receiver<()>>);

    impl LogListener for Slow {
        fn on_entry(&self, entry: LogEntry) -> Result<(), ListenerFailure> {
            let _ = self.0.send(entry);
            let _ = self.1.lock().unwrap_or_else(PoisonError::into_inner).recv();
            Ok(())
        }
    }

    // One test: there is one log in a process.
    #[test]
    fn the_listener_gets_the_clients_entries_at_its_level_and_hears_what_it_missed() {
        let (entries, seen) = channel();
        let (go_on, may_go_on) = channel();
        let listener = Slow(entries, may_go_on.into());
        assert!(start_log(LogLevel::Warn, Box::new(listener)).is_ok());
        let next = || seen.recv_timeout(Duration::from_secs(60)).ok();
        tracing::subscriber::with_default(Bridge, || {
            tracing::warn!(target: "icepanel_invites_of_another", "another crate's");
            tracing::warn!(target: "reqwest::connect", "the HTTP library's");
            tracing::info!(target: "icepanel_invites::engine", "below the level");
            tracing::warn!(target: "icepanel_invites::engine", status = 503, error = "server", "retrying");
            let first = next();
            let message = "retrying status=503 error=server".to_owned();
            let level = LogLevel::Warn;
            assert_eq!(first, Some(LogEntry { level, message }));
            for _ in 0..MOST_WAITING + 7 {
                tracing::error!(target: "icepanel_invites", "more");
            }
        });
        // Without the sender nothing waits any more.
        drop(go_on);
        assert!(
            next().is_some_and(|entry| entry.message.starts_with("7 log entries were dropped"))
        );
        for _ in 0..MOST_WAITING {
            assert!(next().is_some_and(|entry| entry.level == LogLevel::Error));
        }
        stop_log();
        assert_eq!(next(), None, "its thread has ended");
    }
}
