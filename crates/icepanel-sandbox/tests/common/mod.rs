//! A small HTTP/1.1 client that shows what really came over the connection.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and not every test file needs every helper"
)]

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    time::Duration,
};

use icepanel_sandbox::{API_KEY, Sandbox, State};
use serde_json::{Value, json};

pub const INVITES: &str = "/v1/organizations/sandbox/users/invites";
pub const MEMBERS: &str = "/v1/organizations/sandbox/users";
pub const ORGANIZATION: &str = "/v1/organizations/sandbox";

pub fn sandbox(state: Value) -> Sandbox {
    let state: State = serde_json::from_value(state).unwrap();
    Sandbox::start(state).unwrap()
}

/// The state with no limits, and these faults.
pub fn with_faults(faults: &Value) -> Sandbox {
    sandbox(json!({"rateLimit": null, "faults": faults}))
}

pub fn in_days(days: i64) -> String {
    (chrono::Utc::now() + chrono::TimeDelta::days(days)).to_rfc3339()
}

pub fn new_invite(email: &str) -> Value {
    json!({"email": email, "permission": "read", "expiresAt": in_days(7)})
}

/// Waits until this is true: a minute, for the machine may be busy.
pub fn eventually(what: &str, condition: impl Fn() -> bool) {
    for _ in 0..12_000 {
        if condition() {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("never: {what}");
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

/// One keep-alive connection.
pub struct Client {
    pub stream: TcpStream,
    pub headers: Vec<(String, String)>,
}

impl Client {
    pub fn new(sandbox: &Sandbox) -> Self {
        let stream = TcpStream::connect(sandbox.address()).unwrap();
        stream.set_nodelay(true).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_millis(300)))
            .unwrap();
        Self {
            stream,
            headers: vec![("X-API-Key".into(), API_KEY.into())],
        }
    }

    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn without_headers(mut self) -> Self {
        self.headers.clear();
        self
    }

    pub fn get(&mut self, path: &str) -> Answer {
        self.try_send("GET", path, b"").unwrap()
    }

    /// Moves the clock of the sandbox, as in `"30s"`.
    pub fn advance(&mut self, by: &str) {
        let moved = self.post("/control/clock", &json!({ "advance": by }));
        assert!((200..300).contains(&moved.status), "{}", moved.status);
    }

    pub fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.try_send("POST", path, body.to_string().as_bytes())
            .unwrap()
    }

    pub fn invite(&mut self, email: &str) -> Answer {
        self.post(INVITES, &new_invite(email))
    }

    pub fn list(&mut self) -> Vec<Value> {
        let answer = self.get(INVITES).json();
        answer["organizationUserInvites"]
            .as_array()
            .unwrap()
            .clone()
    }

    pub fn try_send(&mut self, method: &str, path: &str, body: &[u8]) -> io::Result<Answer> {
        self.send(method, path, body)?;
        self.receive()
    }

    pub fn send(&mut self, method: &str, path: &str, body: &[u8]) -> io::Result<()> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: sandbox\r\n");
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() {
            head += &format!(
                "Content-Type: application/json\r\nContent-Length: {}\r\n",
                body.len()
            );
        }
        let mut message = head.into_bytes();
        message.extend_from_slice(b"\r\n");
        message.extend_from_slice(body);
        self.stream.write_all(&message)
    }

    pub fn receive(&mut self) -> io::Result<Answer> {
        let (mut answer, length) = self.receive_head()?;
        answer.body = vec![0; length];
        self.stream.read_exact(&mut answer.body)?;
        Ok(answer)
    }

    /// The answer without its body, and how long that is promised to be.
    pub fn receive_head(&mut self) -> io::Result<(Answer, usize)> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.stream.read_exact(&mut byte)?;
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap();
        let mut lines = head.lines();
        let status = lines
            .next()
            .unwrap()
            .split(' ')
            .nth(1)
            .unwrap()
            .parse()
            .unwrap();
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let answer = Answer {
            status,
            headers,
            body: Vec::new(),
        };
        let length = answer
            .header("content-length")
            .map_or(0, |length| length.parse().unwrap());
        Ok((answer, length))
    }
}
