//! What must hold for any bytes. `tests/fuzz` looks for bytes for which it does not; an ordinary test
//! replays what it has found. Not in a library that is built for use.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "what does not hold ends the run, as in any test"
)]

use std::fmt::Debug;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::runtime::Runtime;

use crate::engine::recent_invites::Revoked;
use crate::http::body::{Decode, DecodeError};
use crate::http::headers;
use crate::http::pagination::MorePages;
use crate::invites::list_decoder::{Beginning, ListDecoder, Picked};
use crate::model::WireInvite;
use crate::{
    ApplyOptions, ClientChanges, ClientOptions, Clock, ErrorKind, Invite, InviteClient,
    InviteClientBuilder, InviteError, InviteFilter, NewInvite, Permission, Plan, PlanOptions,
    RetryPolicy, Roster, Spelling,
};

/// The body of a list, after a line with an address: it says the same however it is cut, what
/// serde_json says of it, and the filter by address leaves out nothing.
pub fn list(data: &[u8]) {
    let (address, document) = line(data);
    let all = InviteFilter::default();
    let whole = decode(&all, [document]);
    for size in [1, 2, 3, 5] {
        assert_eq!(decode(&all, document.chunks(size)), whole);
    }
    #[cfg(test)]
    for cut in 0..document.len() {
        let (one, other) = document.split_at(cut);
        assert_eq!(decode(&all, [one, other]), whole, "cut at {cut}");
    }
    let Some(entries) = plainly(document) else {
        return;
    };
    assert_eq!(whole, Ok(each_once(entries.iter())));
    let of_one = InviteFilter::default().email(String::from_utf8_lossy(address));
    let kept = each_once(entries.iter().filter(|entry| of_one.matches(entry)));
    assert_eq!(decode(&of_one, [document]), Ok(kept));
}

fn decode<'a>(
    filter: &InviteFilter,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<Invite>, DecodeError> {
    let beginning = Beginning {
        now: noon(),
        revoked: Revoked::default(),
        more: MorePages::default(),
    };
    let mut decoder = ListDecoder::new(filter, Vec::new(), beginning);
    for piece in pieces {
        decoder.piece(piece)?;
    }
    decoder.finish().map(Picked::invites)
}

/// The entries as serde_json reads them, if it takes the document for a list of invites.
fn plainly(document: &[u8]) -> Option<Vec<Invite>> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer<'a> {
        #[serde(borrow)]
        organization_user_invites: Vec<&'a RawValue>,
    }
    // It would also take a list of the fields for the object.
    let is_object = |json: &[u8]| json.trim_ascii_start().starts_with(b"{");
    let answer: Answer<'_> = serde_json::from_slice(document).ok()?;
    // A list that says it goes on elsewhere is an error; such fields have tests of their own.
    let fields: std::collections::HashMap<String, serde::de::IgnoredAny> =
        serde_json::from_slice(document).ok()?;
    if fields.keys().any(|name| MorePages::concerns(name)) {
        return None;
    }
    let entries = answer.organization_user_invites.into_iter();
    let invites = entries.map(|entry| {
        let wire: WireInvite = serde_json::from_str(entry.get()).ok()?;
        wire.into_invite(noon())
            .ok()
            .filter(|_| is_object(entry.get().as_bytes()))
    });
    invites
        .collect::<Option<_>>()
        .filter(|_| is_object(document))
}

/// The last of the entries with the same id, at the position of the first.
fn each_once<'a>(entries: impl Iterator<Item = &'a Invite>) -> Vec<Invite> {
    let mut once: Vec<Invite> = Vec::new();
    for entry in entries {
        match once.iter_mut().find(|other| other.id == entry.id) {
            Some(place) => *place = entry.clone(),
            None => once.push(entry.clone()),
        }
    }
    once
}

/// A `Date` and, on the next line, a `Retry-After`: no wait is longer than a day, and what is
/// read of a date is what is written of it.
pub fn headers(data: &[u8]) {
    let (date, wait) = line(data);
    let mut map = HeaderMap::new();
    for (name, value) in [(DATE, date), (RETRY_AFTER, wait)] {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            map.insert(name, value);
        }
    }
    let now = headers::date(&map);
    if let Some(now) = now {
        let written = httpdate::fmt_http_date(now.into());
        let again = headers::parse_retry_after(&written, now);
        assert_eq!(again, Some(Duration::ZERO), "{written}");
    }
    let wait = headers::retry_after(&map, now.unwrap_or_else(noon));
    assert!(wait.unwrap_or_default() <= headers::LONGEST_WAIT);
}

/// The times of an invite: the short way says what chrono says, and what is written is read again.
pub fn times(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let plain = text.parse::<DateTime<Utc>>().ok();
    let json = serde_json::json!({
        "id": "i", "organizationId": "o", "email": "ada@example.com", "permission": "read",
        "expiresAt": text, "createdAt": text, "createdBy": "user", "createdById": "u", "usedAt": text,
    });
    let read = Invite::deserialize(&json).ok();
    assert_eq!(read.as_ref().map(|invite| invite.expires_at), plain);
    if let Some(invite) = read {
        read_again(&invite);
    }
}

/// Rosters, plans and options: what is read can be written, and is the same when it is read again.
pub fn json(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(roster) = Roster::from_json(text) {
        read_again(&roster);
    }
    if let Ok(plan) = Plan::from_json(text) {
        read_again(&plan);
    }
    if let Ok(options) = PlanOptions::from_json(text) {
        read_again(&options);
    }
    if let Ok(options) = ApplyOptions::from_json(text) {
        let json = serde_json::to_string(&options).unwrap_or_default();
        assert!(ApplyOptions::from_json(&json).is_ok(), "{json}");
    }
    if let Ok(invite) = serde_json::from_str::<Invite>(text) {
        read_again(&invite);
    }
}

/// Options as data, after a line with the language: no error has a value in it, and what is read is taken over or
/// rejected as invalid input.
pub fn options(data: &[u8]) {
    let (language, rest) = line(data);
    let spelling = match language {
        b"node" => Spelling::JavaScript,
        b"python" => Spelling::Python,
        b"typed" => Spelling::Typed,
        _ => Spelling::Json,
    };
    let Ok(text) = std::str::from_utf8(rest) else {
        return;
    };
    let values = values(text);
    let check = |error: &InviteError| {
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let text = error.full();
        let shown = values.iter().find(|value| text.contains(*value));
        assert!(shown.is_none(), "{text:?} shows {shown:?}");
    };
    match ClientOptions::read(text, spelling) {
        Err(error) => check(&error),
        Ok(options) => {
            let builder = InviteClient::builder(KEY, "fuzz").options(options, spelling);
            if let Err(error) = builder.and_then(InviteClientBuilder::build) {
                assert_eq!(error.kind(), ErrorKind::InvalidInput);
                assert!(!error.full().contains(KEY));
            }
        }
    }
    let changes = [
        ClientChanges::read(text, spelling),
        ClientChanges::read_call(text, spelling),
    ];
    changes
        .iter()
        .filter_map(|it| it.as_ref().err())
        .for_each(check);
    let read = [
        PlanOptions::read(text, spelling).err(),
        ApplyOptions::read(text, spelling).err(),
        InviteFilter::read(text, spelling).err(),
    ];
    read.iter().flatten().for_each(check);
}

/// The texts in a JSON object that an error could only have from there: long ones with a sign that no text of this library has,
/// and not in a name, since errors name what they do not know.
fn values(text: &str) -> Vec<String> {
    fn collect(value: &Value, names: &mut Vec<String>, texts: &mut Vec<String>) {
        match value {
            Value::String(text) => texts.push(text.clone()),
            Value::Array(values) => values.iter().for_each(|it| collect(it, names, texts)),
            Value::Object(fields) => fields.iter().for_each(|(name, value)| {
                names.push(name.clone());
                collect(value, names, texts);
            }),
            _ => {}
        }
    }
    let (mut names, mut texts) = (Vec::new(), Vec::new());
    if let Ok(value) = serde_json::from_str(text) {
        collect(&value, &mut names, &mut texts);
    }
    texts.retain(|text| {
        text.len() >= 8 && text.contains('#') && !names.iter().any(|name| name.contains(text))
    });
    texts
}

fn read_again<T: Debug + PartialEq + serde::Serialize + DeserializeOwned>(value: &T) {
    let json = serde_json::to_string(value).unwrap_or_default();
    let again = serde_json::from_str(&json).ok();
    assert_eq!(again.as_ref(), Some(value), "{json}");
}

/// A whole answer off the wire, headers, chunks and all, given to each operation: a result or an
/// error of its own, in time, and the key in neither.
pub fn answer(data: &[u8]) {
    static SERVICE: OnceLock<Service> = OnceLock::new();
    SERVICE.get_or_init(Service::start).check(data);
}

/// Shaped like a real one.
const KEY: &str = "fuzz:7d0c7d0c7d0c7d0c7d0c7d0c7d0c7d0c7d0c7d0c7d0c7d0c7d0c7d0c7d0c7d0c";

/// Answers every request with the same bytes, and the client that asks.
struct Service {
    bytes: Arc<Mutex<Vec<u8>>>,
    runtime: Mutex<Runtime>,
    client: InviteClient,
}

impl Service {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/v1", listener.local_addr().expect("its number"));
        let bytes = Arc::<Mutex<Vec<u8>>>::default();
        let answers = bytes.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that has gone is no matter.
                let _ = answer_one(&stream, &lock(&answers));
            }
        });
        let client = InviteClient::builder(KEY, "fuzz")
            .base_url(url)
            .clock(Clock::skipping())
            .retry(RetryPolicy::never())
            .build();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        Self {
            bytes,
            runtime: Mutex::new(runtime.expect("a runtime")),
            client: client.expect("a client"),
        }
    }

    fn check(&self, data: &[u8]) {
        let runtime = lock(&self.runtime);
        *lock(&self.bytes) = data.to_vec();
        let client = &self.client;
        let guest = NewInvite::new("ada@example.com", Permission::Read, TimeDelta::days(7));
        let all = InviteFilter::default();
        runtime.block_on(async {
            told("list", client.list(&all)).await;
            told("find_active", client.find_active("ada@example.com")).await;
            told("create", client.create(&guest)).await;
            told("revoke", client.revoke("i")).await;
            told("members", client.members()).await;
            told("seats", client.seats()).await;
        });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads a request to its end and writes the answer; then the connection is closed.
fn answer_one(mut stream: &TcpStream, answer: &[u8]) -> std::io::Result<()> {
    let mut request = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let size = stream.read(&mut piece)?;
        request.extend_from_slice(&piece[..size]);
        let text = String::from_utf8_lossy(&request);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let length = head.to_lowercase();
        let length = length.split("content-length: ").nth(1);
        let length = length.and_then(|text| text.lines().next()?.parse().ok());
        if size == 0 || (head.len() < text.len() && body.len() >= length.unwrap_or(0)) {
            return stream.write_all(answer);
        }
    }
}

/// Far more than any of the calls can take: none waits for anything but this machine.
const HUNG: Duration = Duration::from_secs(20);

async fn told<T: Debug>(call: &str, outcome: impl Future<Output = Result<T, InviteError>>) {
    let outcome = tokio::time::timeout(HUNG, outcome).await;
    let outcome = outcome.unwrap_or_else(|_| panic!("{call} hangs"));
    if let Err(error) = outcome {
        let json = serde_json::to_string(&error).unwrap_or_default();
        let said = format!("{error} {error:?} {json}");
        assert!(!said.contains(KEY), "{call} shows the key: {said}");
        assert_ne!(error.kind(), ErrorKind::InvalidInput, "{call}: {said}");
    }
}

/// The first line, and what follows it.
fn line(data: &[u8]) -> (&[u8], &[u8]) {
    let end = data.iter().position(|byte| *byte == b'\n');
    let (first, rest) = data.split_at(end.unwrap_or(data.len()));
    (first, rest.get(1..).unwrap_or_default())
}

fn noon() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_468) + TimeDelta::hours(12)
}

#[cfg(test)]
#[path = "replay.rs"]
mod replay;

#[cfg(test)]
mod tests {
    use super::replay::corpus;

    #[test]
    fn the_corpus_of_lists() {
        corpus("list", super::list);
    }

    #[test]
    fn the_corpus_of_headers() {
        corpus("headers", super::headers);
    }

    #[test]
    fn the_corpus_of_times() {
        corpus("times", super::times);
    }

    #[test]
    fn the_corpus_of_json() {
        corpus("json", super::json);
    }

    #[test]
    fn the_corpus_of_options() {
        corpus("options", super::options);
    }

    #[test]
    fn the_corpus_of_answers() {
        corpus("answer", super::answer);
    }
}
