//! A driver under way: requests go in as lines, answers come out of it in any order.

use std::collections::HashMap;
use std::process::ExitStatus;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin};
use tokio::sync::oneshot;

use crate::launch::{Language, Surroundings};
use crate::spoil::Spoil;

/// How much of the output of a driver that is not verbose is stored: the end of it.
const KEPT: usize = 64 * 1024;

/// How long a driver may take to start: a virtual machine on a computer with seven other things to do took a minute.
const START: Duration = Duration::from_secs(300);

/// How long a driver may take to end, once its stdin has.
const END: Duration = Duration::from_secs(60);

/// How long a driver may take to say that it is there, when a call of it has not ended in its time.
const THERE: Duration = Duration::from_secs(if cfg!(test) { 1 } else { 60 });

/// How many calls may hang before a driver is ended: each takes its whole time, and thousands may follow.
const HANGS: u32 = 10;

/// The outcome of a request.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    Result(Value),
    /// An error of the taxonomy.
    Error(Value),
    /// Anything else: a broken promise.
    Broken(String),
}

impl Answer {
    pub(crate) fn kind(&self) -> Option<&str> {
        match self {
            Self::Error(error) => error["kind"].as_str(),
            _ => None,
        }
    }

    /// `result`, the kind of the error, or what is broken.
    pub(crate) fn word(&self) -> String {
        match self {
            Self::Result(_) => "result".to_owned(),
            Self::Error(error) => error["kind"]
                .as_str()
                .unwrap_or("an error without a kind")
                .to_owned(),
            Self::Broken(why) => why.clone(),
        }
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Result(result) => write!(f, "the result {result}"),
            Self::Error(error) => write!(f, "the error {error}"),
            Self::Broken(why) => write!(f, "{why}"),
        }
    }
}

type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Value>>>>;

pub(crate) struct Driver {
    pub(crate) language: String,
    pub(crate) pid: u32,
    child: tokio::sync::Mutex<Child>,
    stdin: tokio::sync::Mutex<Option<ChildStdin>>,
    waiting: Waiting,
    numbers: AtomicU64,
    hangs: AtomicU32,
    /// Why it was ended before its time, if it was.
    given_up: Mutex<Option<String>>,
    spoil: Option<Spoil>,
    printed: Arc<Mutex<Vec<u8>>>,
    /// How many bytes it printed on stderr.
    shown: Arc<AtomicU64>,
    readers: Mutex<Vec<tokio::task::JoinHandle<()>>>,
}

impl Driver {
    /// Starts the driver of a language, and waits until it answers.
    pub(crate) async fn start(
        language: &Language,
        surroundings: &Surroundings,
    ) -> Result<Arc<Self>, String> {
        let failed = |why: &dyn std::fmt::Display| {
            format!("the driver of {} cannot be started: {why}", language.name)
        };
        let mut child = language
            .driver
            .command(surroundings)
            .kill_on_drop(true)
            .spawn()
            .map_err(|why| failed(&format!("{}: {why}", language.driver.program)))?;
        let (stdin, stdout, stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(stdout), Some(stderr), Some(pid)) = (stdout, stderr, child.id()) else {
            return Err(failed(&"it has no streams"));
        };
        let waiting = Waiting::default();
        let printed = Arc::<Mutex<Vec<u8>>>::default();
        let shown = Arc::<AtomicU64>::default();
        let most = if surroundings.verbose {
            usize::MAX
        } else {
            KEPT
        };
        let readers = vec![
            tokio::spawn(answers(stdout, waiting.clone(), printed.clone(), most)),
            tokio::spawn(collect(stderr, printed.clone(), shown.clone(), most)),
        ];
        let driver = Arc::new(Self {
            language: language.name.clone(),
            pid,
            child: tokio::sync::Mutex::new(child),
            stdin: tokio::sync::Mutex::new(stdin),
            waiting,
            numbers: AtomicU64::new(1),
            hangs: AtomicU32::new(0),
            given_up: Mutex::new(None),
            spoil: language.spoil,
            printed,
            shown,
            readers: Mutex::new(readers),
        });
        match driver.request(json!({"close": "nobody"}), START).await {
            // Nobody is no client of its: any answer will do.
            Answer::Result(_) | Answer::Error(_) => Ok(driver),
            Answer::Broken(why) if why.starts_with("crash") => Ok(driver),
            other => Err(failed(&format!("{other}\n{}", driver.printed()))),
        }
    }

    /// Sends a request and waits for its answer. What takes longer than `allowed` hangs; a driver that hangs itself,
    /// or whose calls do again and again, is ended, and every later request of it is answered at once.
    pub(crate) async fn request(&self, request: Value, allowed: Duration) -> Answer {
        if let Some(why) = lock(&self.given_up).clone() {
            return Answer::Broken(why);
        }
        if let Some(answer) = self.answer(request, allowed).await {
            return answer;
        }
        let hangs = self.hangs.fetch_add(1, Ordering::Relaxed) + 1;
        let there = self.answer(json!({"close": "nobody"}), THERE).await;
        if there.is_none() {
            self.give_up("the driver was ended, for it no longer answered")
                .await;
        } else if hangs >= HANGS {
            self.give_up(&format!("the driver was ended, for {hangs} calls hung"))
                .await;
        }
        Answer::Broken(format!("hangs: no answer within {allowed:?}"))
    }

    /// Sends a request; `None` if there is no answer in time.
    async fn answer(&self, request: Value, allowed: Duration) -> Option<Answer> {
        let Some(spoil) = self.spoil else {
            return self.true_answer(request, allowed).await;
        };
        match spoil.instead(&request) {
            Some(spoiled) => spoiled,
            None => {
                let answer = self.true_answer(request.clone(), allowed).await?;
                Some(spoil.after(&request, answer))
            }
        }
    }

    async fn true_answer(&self, mut request: Value, allowed: Duration) -> Option<Answer> {
        let id = self.numbers.fetch_add(1, Ordering::Relaxed);
        request["id"] = id.into();
        let (sender, receiver) = oneshot::channel();
        lock(&self.waiting).insert(id, sender);
        let answered = async {
            if let Err(why) = self.write(&request).await {
                return Answer::Broken(format!("the driver has ended: {why}"));
            }
            let Ok(mut answer) = receiver.await else {
                return Answer::Broken("the driver has ended".to_owned());
            };
            match (
                answer["result"].take(),
                answer["error"].take(),
                answer["crash"].take(),
            ) {
                (_, _, Value::String(crash)) => Answer::Broken(format!("crash: {crash}")),
                (_, error @ Value::Object(_), _) => Answer::Error(error),
                (result, _, _) => Answer::Result(result),
            }
        };
        // The writing too: a driver that no longer reads takes what its pipe holds, and no more.
        let answer = tokio::time::timeout(allowed, answered).await.ok();
        lock(&self.waiting).remove(&id);
        answer
    }

    async fn give_up(&self, why: &str) {
        lock(&self.given_up).get_or_insert_with(|| why.to_owned());
        self.kill().await;
    }

    async fn write(&self, request: &Value) -> Result<(), String> {
        let mut line = request.to_string();
        line.push('\n');
        let mut stdin = self.stdin.lock().await;
        let stdin = stdin.as_mut().ok_or("its stdin is closed")?;
        stdin
            .write_all(line.as_bytes())
            .await
            .map_err(|why| why.to_string())
    }

    /// Makes a client.
    pub(crate) async fn client(&self, name: &str, options: &Value) -> Answer {
        self.request(json!({"client": name, "options": options}), START)
            .await
    }

    /// Makes a call, and returns how long it took.
    pub(crate) async fn call(
        &self,
        client: &str,
        call: &str,
        args: &Value,
        allowed: Duration,
    ) -> (Answer, Duration) {
        let began = Instant::now();
        let request = json!({"client": client, "call": call, "args": args});
        let answer = self.request(request, allowed).await;
        (answer, began.elapsed())
    }

    pub(crate) async fn close(&self, client: &str) -> Answer {
        self.request(json!({"close": client}), START).await
    }

    /// Closes its stdin, and waits until it has ended.
    pub(crate) async fn end(&self) -> Result<(), String> {
        self.stdin.lock().await.take();
        let mut child = self.child.lock().await;
        let ended = tokio::time::timeout(END, child.wait()).await;
        let verdict = match ended {
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(Ok(status)) => {
                let why = lock(&self.given_up).clone().unwrap_or_default();
                Err(format!("it ended with {status}; {why}\n{}", self.printed()))
            }
            Ok(Err(why)) => Err(why.to_string()),
            Err(_) => {
                let _ = child.kill().await;
                Err(format!(
                    "it did not end within {END:?} of the end of its stdin"
                ))
            }
        };
        drop(child);
        let readers = std::mem::take(&mut *lock(&self.readers));
        for reader in readers {
            let _ = tokio::time::timeout(Duration::from_secs(5), reader).await;
        }
        verdict
    }

    /// Asks it to end, as a machine does that shuts down, and waits until it has ended.
    #[cfg(unix)]
    pub(crate) async fn terminate(&self) -> Result<ExitStatus, String> {
        let mut child = self.child.lock().await;
        // Without the process, the number may be another's.
        let pid = child.id().ok_or("it has ended before")?;
        let sent = tokio::process::Command::new("kill")
            .args(["-TERM", &pid.to_string()])
            .status();
        match sent.await {
            Ok(status) if status.success() => {}
            Ok(status) => return Err(format!("kill ended with {status}")),
            Err(why) => return Err(format!("kill: {why}")),
        }
        match tokio::time::timeout(END, child.wait()).await {
            Ok(ended) => ended.map_err(|why| why.to_string()),
            Err(_) => {
                let _ = child.kill().await;
                Err(format!("it did not end within {END:?} of SIGTERM"))
            }
        }
    }

    /// Ends it as a machine does that runs out of memory.
    pub(crate) async fn kill(&self) -> Option<ExitStatus> {
        let mut child = self.child.lock().await;
        let _ = child.start_kill();
        child.wait().await.ok()
    }

    /// What it printed, on both streams.
    pub(crate) fn printed(&self) -> String {
        String::from_utf8_lossy(&lock(&self.printed)).into_owned()
    }

    /// How many bytes it printed on stderr.
    pub(crate) fn shown(&self) -> u64 {
        self.shown.load(Ordering::Relaxed)
    }

    /// What the system says of it now.
    pub(crate) fn usage(&self) -> Option<Usage> {
        Usage::of(self.pid)
    }
}

/// Memory, threads and descriptors of a process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Usage {
    pub(crate) resident_kib: u64,
    pub(crate) peak_kib: u64,
    pub(crate) threads: u64,
    pub(crate) descriptors: u64,
}

impl Usage {
    fn of(pid: u32) -> Option<Self> {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let number = |name: &str| -> Option<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim_matches([':', ' ', '\t'])
                .split_whitespace()
                .next()?
                .parse()
                .ok()
        };
        Some(Self {
            resident_kib: number("VmRSS")?,
            peak_kib: number("VmHWM")?,
            threads: number("Threads")?,
            descriptors: std::fs::read_dir(format!("/proc/{pid}/fd")).ok()?.count() as u64,
        })
    }
}

/// Reads the answers and hands each to whom it is for.
async fn answers(
    stdout: impl AsyncRead + Unpin,
    waiting: Waiting,
    printed: Arc<Mutex<Vec<u8>>>,
    most: usize,
) {
    let mut lines = BufReader::new(stdout);
    let mut line = Vec::new();
    loop {
        line.clear();
        match lines.read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => break,
            Ok(_) => {}
        }
        keep(&printed, &line, most);
        let Ok(answer) = serde_json::from_slice::<Value>(&line) else {
            continue;
        };
        let waits = answer["id"]
            .as_u64()
            .and_then(|id| lock(&waiting).remove(&id));
        if let Some(waits) = waits {
            let _ = waits.send(answer);
        }
    }
    // Who still waits learns that the driver is gone.
    lock(&waiting).clear();
}

async fn collect(
    mut stream: impl AsyncRead + Unpin,
    printed: Arc<Mutex<Vec<u8>>>,
    shown: Arc<AtomicU64>,
    most: usize,
) {
    let mut piece = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = stream.read(&mut piece).await {
        shown.fetch_add(length as u64, Ordering::Relaxed);
        keep(&printed, &piece[..length], most);
    }
}

fn keep(printed: &Mutex<Vec<u8>>, piece: &[u8], most: usize) {
    let mut printed = lock(printed);
    printed.extend_from_slice(piece);
    if printed.len() > most.saturating_mul(2) {
        let surplus = printed.len() - most;
        printed.drain(..surplus);
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::launch::Program;

    /// A shell's answer to the first request, and whatever follows.
    async fn driver(then: &str) -> Arc<Driver> {
        let script = format!(r#"read line; echo '{{"id": 1, "result": {{}}}}'; {then}"#);
        let language = Language {
            name: "sh".to_owned(),
            driver: Program {
                program: "sh".to_owned(),
                arguments: vec!["-c".to_owned(), script],
                folder: std::env::temp_dir(),
                environment: BTreeMap::new(),
            },
            hosts: Vec::new(),
            spoil: None,
        };
        let driver = Driver::start(&language, &Surroundings::default()).await;
        driver.expect("a driver")
    }

    #[tokio::test]
    async fn a_driver_that_stops_answering_is_ended() {
        let driver = driver("exec sleep 1000").await;
        let hangs = driver.request(json!({}), THERE).await;
        assert!(hangs.word().starts_with("hangs"), "{hangs}");
        let later = driver.request(json!({}), THERE).await;
        assert!(later.word().contains("no longer answered"), "{later}");
        let end = driver.end().await.expect_err("no orderly end");
        assert!(end.contains("no longer answered"), "{end}");
    }

    #[tokio::test]
    async fn nor_does_one_hang_that_no_longer_reads() {
        let driver = driver("exec sleep 1000").await;
        let more_than_a_pipe_holds = json!({"args": "x".repeat(1024 * 1024)});
        let hangs = driver.request(more_than_a_pipe_holds, THERE).await;
        assert!(hangs.word().starts_with("hangs"), "{hangs}");
        let later = driver.request(json!({}), THERE).await;
        assert!(later.word().contains("no longer answered"), "{later}");
    }
}
