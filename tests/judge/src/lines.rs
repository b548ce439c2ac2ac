//! A driver at the other end of two streams: a request and an answer are a line of JSON each.

use std::collections::HashMap;
use std::io::{BufRead, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::Driver;

type Waiting = HashMap<u64, oneshot::Sender<Value>>;

/// Writes requests, and hands each answer to whom it is for.
#[derive(Clone)]
pub struct Lines {
    requests: Arc<Mutex<dyn Write + Send>>,
    /// None once the answers have ended.
    waiting: Arc<Mutex<Option<Waiting>>>,
}

impl Lines {
    /// A driver that reads these requests, and writes these answers. A thread reads them to their end.
    pub fn new(
        requests: impl Write + Send + 'static,
        answers: impl BufRead + Send + 'static,
    ) -> Self {
        let waiting = Arc::new(Mutex::new(Some(Waiting::new())));
        let waits = Arc::clone(&waiting);
        std::thread::spawn(move || {
            for line in answers.lines().map_while(Result::ok) {
                hand_over(&waits, &line);
            }
            // Who still waits learns that the driver is gone.
            lock(&waits).take();
        });
        let requests = Arc::new(Mutex::new(requests));
        Self { requests, waiting }
    }

    fn write(&self, request: &Value) -> std::io::Result<()> {
        let mut requests = lock(&self.requests);
        writeln!(requests, "{request}")?;
        requests.flush()
    }
}

impl Driver for Lines {
    async fn answer(&self, request: Value) -> Value {
        let ended = json!({"crash": "the driver has ended"});
        let Some(id) = request["id"].as_u64() else {
            return json!({"crash": "a request without an id"});
        };
        let (sender, receiver) = oneshot::channel();
        match &mut *lock(&self.waiting) {
            Some(waiting) => waiting.insert(id, sender),
            None => return ended,
        };
        match self.write(&request) {
            Ok(()) => receiver.await.unwrap_or(ended),
            Err(_) => ended,
        }
    }
}

/// Hands an answer over. A line that is not an answer is a driver's mistake, which the waiting thread must receive.
fn hand_over(waiting: &Mutex<Option<Waiting>>, line: &str) {
    let answer = serde_json::from_str::<Value>(line).unwrap_or_default();
    let mut waiting = lock(waiting);
    let Some(waiting) = waiting.as_mut() else {
        return;
    };
    match answer["id"].as_u64().and_then(|id| waiting.remove(&id)) {
        Some(waits) => drop(waits.send(answer)),
        None => {
            for (_, waits) in waiting.drain() {
                drop(
                    waits.send(
                        json!({"crash": format!("the driver sent no response that can be read: {line}")}),
                    ),
                );
            }
        }
    }
}

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
