//! The messages for a listener, in order, on its own thread: a listener may wait for anything, and no call of another
//! client, and no timer, waits with it.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use icepanel_invites::InviteError;
use tokio::sync::oneshot;

/// How long the result of a call waits for a listener that does not return from one message. It must be limited,
/// because the listener may wait for this result.
const PATIENCE: Duration = Duration::from_secs(5);

/// One message for a listener.
type Letter = Box<dyn FnOnce() + Send>;

/// The messages for one listener, and the thread that calls it. The thread starts with the first call that may need
/// it and ends, once all messages are delivered, with the outbox.
///
/// It needs no limit of its own: a call returns only after its messages were delivered, so that a slow listener slows
/// its callers down.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    letters: Mutex<Option<Sender<Letter>>>,
    /// How many messages the listener has returned from.
    count: Arc<AtomicU64>,
}

impl Outbox {
    /// Starts the thread, unless there is one.
    ///
    /// # Errors
    /// If the system has no thread left; the next call tries again.
    pub(crate) fn start(&self) -> Result<(), InviteError> {
        let mut letters = self.lock();
        if letters.is_none() {
            *letters = Some(self.begin().map_err(|why| InviteError::no_thread(&why))?);
        }
        Ok(())
    }

    /// Puts a message into the queue, and returns immediately.
    pub(crate) fn put(&self, letter: impl FnOnce() + Send + 'static) {
        if let Some(letters) = &*self.lock() {
            // The thread ends after this sender.
            let _ = letters.send(Box::new(letter));
        }
    }

    /// Waits until all earlier messages are delivered. Stops waiting if the listener does not return.
    pub(crate) async fn delivered(&self) {
        self.delivered_with(PATIENCE).await;
    }

    async fn delivered_with(&self, patience: Duration) {
        let (done, mut delivered) = oneshot::channel();
        self.put(move || {
            // Nobody waits any more if the call was cancelled.
            let _ = done.send(());
        });
        loop {
            let before = self.count.load(Ordering::Relaxed);
            let waited = tokio::time::timeout(patience, &mut delivered).await;
            // An error of the inner kind: there is no thread.
            if waited.is_ok() || self.count.load(Ordering::Relaxed) == before {
                return;
            }
        }
    }

    fn begin(&self) -> io::Result<Sender<Letter>> {
        let (sender, letters) = channel();
        let count = self.count.clone();
        thread::Builder::new()
            .name("icepanel-invites-events".to_owned())
            .spawn(move || deliver(&letters, &count))?;
        Ok(sender)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Sender<Letter>>> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn deliver(letters: &Receiver<Letter>, count: &AtomicU64) {
    for letter in letters {
        // A listener's panic is ignored; the next message is delivered nevertheless.
        let _ = catch_unwind(AssertUnwindSafe(letter));
        count.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An outbox whose thread runs, and how its messages are waited for.
    fn started() -> (Outbox, impl Fn(&Outbox, Duration)) {
        let outbox = Outbox::default();
        assert!(outbox.start().is_ok());
        let wait = |outbox: &Outbox, patience| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build();
            assert!(
                runtime
                    .map(|runtime| runtime.block_on(outbox.delivered_with(patience)))
                    .is_ok()
            );
        };
        (outbox, wait)
    }

    #[test]
    fn messages_come_in_order_and_before_the_end_of_the_call() {
        let (outbox, wait) = started();
        let seen = Arc::new(Mutex::new(Vec::new()));
        for n in 0..1_000 {
            let seen = seen.clone();
            outbox.put(move || {
                assert!(n != 500, "a listener that panics harms no other message");
                seen.lock().unwrap_or_else(PoisonError::into_inner).push(n);
            });
        }
        wait(&outbox, PATIENCE);
        let expected: Vec<_> = (0..1_000).filter(|n| *n != 500).collect();
        let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        assert_eq!(*seen, expected);
    }

    #[test]
    fn a_slow_listener_is_waited_for_and_a_stuck_one_is_not() {
        let (outbox, wait) = started();
        let slow = Arc::new(AtomicU64::new(0));
        for _ in 0..50 {
            let slow = slow.clone();
            outbox.put(move || {
                thread::sleep(Duration::from_millis(2));
                slow.fetch_add(1, Ordering::SeqCst);
            });
        }
        // Longer than each, shorter than all.
        wait(&outbox, Duration::from_millis(50));
        assert_eq!(slow.load(Ordering::SeqCst), 50);

        let (release, released) = channel::<()>();
        outbox.put(move || {
            let _ = released.recv();
        });
        wait(&outbox, Duration::from_millis(1));
        drop(release);
        wait(&outbox, PATIENCE);
    }
}
