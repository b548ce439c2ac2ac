//! Messages from the threads of the calls to the event loop of JavaScript.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use icepanel_invites::{Event, Progress};
use napi::Status;
use napi::bindgen_prelude::{Env, FnArgs, Function};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi_derive::napi;
use serde::Serialize;

use crate::list::InviteColumns;

/// Wakes the loop. It does not keep the process alive unless [`Mailbox::hold`] says so.
type Bell = ThreadsafeFunction<(), (), FnArgs<(String, Vec<InviteColumns>)>, Status, false, true>;

/// The letters that wait for the loop.
#[derive(Default)]
struct Letters {
    /// JSON, with a comma after each.
    text: String,
    lists: Vec<InviteColumns>,
}

/// The way from the calls to one loop of JavaScript: the main thread's or a worker's.
#[napi]
pub struct Mailbox {
    post: Arc<Post>,
}

/// The end of a mailbox that tasks hold.
pub(crate) struct Post {
    letters: Arc<Mutex<Letters>>,
    bell: Mutex<Bell>,
}

#[napi]
impl Mailbox {
    /// `deliver` gets all letters that have come: a JSON list of `[number, what, value]`, where `what`
    /// is `ok`, `list` (the value is an index into the second argument), `error`, `panic`, `progress` or
    /// `event`.
    #[napi(
        constructor,
        ts_args_type = "deliver: (letters: string, lists: Array<InviteColumns>) => void"
    )]
    pub fn new(
        deliver: Function<'_, FnArgs<(String, Vec<InviteColumns>)>, ()>,
    ) -> napi::Result<Self> {
        let letters = Arc::new(Mutex::new(Letters::default()));
        let waiting = Arc::clone(&letters);
        let bell = deliver
            .build_threadsafe_function::<()>()
            .weak::<true>()
            .build_callback(move |_| {
                let Letters { text, lists } = std::mem::take(&mut *locked(&waiting));
                let text = format!("[{}]", text.trim_end_matches(','));
                Ok(FnArgs::from((text, lists)))
            })?;
        let bell = Mutex::new(bell);
        Ok(Self {
            post: Arc::new(Post { letters, bell }),
        })
    }

    /// Whether a call is awaited, so that the process must not end.
    #[napi]
    #[allow(
        deprecated,
        reason = "the advice is to drop the function instead, but this one is used again and again"
    )]
    pub fn hold(&self, env: Env, awaited: bool) -> napi::Result<()> {
        let mut bell = locked(&self.post.bell);
        if awaited {
            bell.refer(&env)
        } else {
            bell.unref(&env)
        }
    }

    pub(crate) fn post(&self) -> Arc<Post> {
        Arc::clone(&self.post)
    }
}

impl Post {
    /// A call has a result.
    pub(crate) fn result(&self, call: u32, value: &impl Serialize) {
        match serde_json::to_string(value) {
            Ok(json) => self.send(call, "ok", &json),
            Err(why) => self.send(
                call,
                "panic",
                &serde_json::json!(why.to_string()).to_string(),
            ),
        }
    }

    /// A call has a list as its result.
    pub(crate) fn list(&self, call: u32, list: InviteColumns) {
        let mut letters = locked(&self.letters);
        let index = letters.lists.len();
        letters.lists.push(list);
        self.put(letters, call, "list", &index.to_string());
    }

    /// A call has failed; `json` is the error.
    pub(crate) fn error(&self, call: u32, json: &str) {
        self.send(call, "error", json);
    }

    /// A call has panicked because of a bug in this library.
    pub(crate) fn panic(&self, call: u32) {
        self.send(call, "panic", r#""the call broke off inside the library""#);
    }

    /// A run has ended a step.
    pub(crate) fn progress(&self, call: u32, progress: &Progress<'_>) {
        if let Ok(json) = serde_json::to_string(progress) {
            self.send(call, "progress", &json);
        }
    }

    /// A client reports an attempt.
    pub(crate) fn event(&self, number: u32, event: &Event) {
        if let Ok(json) = serde_json::to_string(event) {
            self.send(number, "event", &json);
        }
    }

    fn send(&self, number: u32, what: &str, json: &str) {
        self.put(locked(&self.letters), number, what, json);
    }

    /// Rings only for the first of the letters that wait: the loop takes all of them at once.
    fn put(&self, mut letters: MutexGuard<'_, Letters>, number: u32, what: &str, json: &str) {
        let first = letters.text.is_empty();
        letters
            .text
            .push_str(&format!("[{number},\"{what}\",{json}],"));
        drop(letters);
        if first {
            // A loop that has ended needs no letters.
            let _ = locked(&self.bell).call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
