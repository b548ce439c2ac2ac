//! A driver that lies: the true one runs behind it, and its answers are spoiled. Every row of the table that judges
//! answers must break then, in each language, or it shows nothing of a driver that is broken by itself.

use clap::ValueEnum;
use serde_json::{Value, json};

use crate::driver::Answer;
use crate::table::{Table, Tried, say};

/// How answers to calls are spoiled. Making and closing a client is left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Spoil {
    /// No call is made; each is answered with an error of the kind `server`.
    Server,
    /// No call is made; each is answered with an error of the kind `outcome_unknown`.
    Unknown,
    /// No call is made; each is answered as cancelled.
    Cancelled,
    /// No call is made; each is answered with a result of the right form.
    Invented,
    /// No call is made, and none is answered. Nobody waits for the answers: their time is taken to be over.
    Silent,
    /// Every call is made, and answered with an error of the kind `server`, whatever came of it.
    Denied,
}

impl Spoil {
    /// What is answered in place of a call; the outer `None` where the true driver is asked, the inner where
    /// there is no answer.
    pub(crate) fn instead(self, request: &Value) -> Option<Option<Answer>> {
        request["call"].as_str()?;
        match self {
            Self::Denied => None,
            Self::Silent => Some(None),
            _ => Some(Some(self.lie(request))),
        }
    }

    /// What happens to the true response.
    pub(crate) fn after(self, request: &Value, answer: Answer) -> Answer {
        match request["call"].as_str() {
            Some(_) if self == Self::Denied => self.lie(request),
            _ => answer,
        }
    }

    fn lie(self, request: &Value) -> Answer {
        let kind = match self {
            Self::Unknown => "outcome_unknown",
            Self::Cancelled => "cancelled",
            _ => "server",
        };
        match (self, request["repeat"].as_u64()) {
            (Self::Invented, None) => Answer::Result(invented(request)),
            (Self::Invented, Some(many)) => Answer::Result(json!({"ok": many, "errors": {}})),
            (_, Some(many)) => Answer::Result(json!({"ok": 0, "errors": {kind: many}})),
            (_, None) => Answer::Error(json!({
                "kind": kind, "inviteMayExist": self == Self::Unknown, "message": "an answer that is spoiled",
            })),
        }
    }

    /// Why a row need not break: it does not judge what is spoiled.
    fn not_judged(self, tried: &Tried) -> Option<&'static str> {
        let row = |rows: &[&str]| rows.iter().any(|row| tried.what.contains(row));
        if row(&["a driver ends once its stdin has"]) {
            return Some("judges how the process ends, and that is not spoiled");
        }
        if self != Self::Denied {
            return None;
        }
        if row(&[
            "a process that ends with",
            "a process killed with",
            "a process that gets SIGTERM with",
        ]) {
            return Some("judges the requests, and those are made");
        }
        if row(&[
            "what the service got",
            "what the proxy saw",
            "whether a tunnel was asked for",
        ]) {
            return Some("judges what the other side got, and that is right");
        }
        if row(&["memory"]) {
            return Some("judges the process, and that does all its work");
        }
        if row(&["a search of all that was printed"]) {
            return Some("judges what the true driver prints");
        }
        None
    }

    /// Says which rows have not noticed, and returns how many.
    pub(crate) fn unnoticed(self, table: &Table) -> u64 {
        let (mut broken, mut unnoticed) = (0, 0);
        for (tried, language, kept) in table.tried() {
            let row = format!("{language}  {}: {}", tried.part.name(), tried.what);
            match (kept, self.not_judged(tried)) {
                (false, _) => broken += 1,
                (true, Some(why)) => say(&format!("not judged  {row}: {why}")),
                (true, None) => {
                    unnoticed += 1;
                    say(&format!("UNNOTICED  {row}"));
                }
            }
        }
        say(&format!(
            "spoiled ({self:?}): {broken} cells noticed, {unnoticed} did not"
        ));
        // A run in which nothing was tried shows nothing.
        unnoticed + u64::from(broken == 0)
    }
}

/// A result as a call may have it: of the people whom it names, and nobody else.
fn invented(request: &Value) -> Value {
    let args = &request["args"];
    let email = ["email", "target"]
        .iter()
        .find_map(|name| args[*name].as_str())
        .unwrap_or("old@example.com");
    let invite = json!({
        "id": "invented-invite-00001", "email": email, "permission": "read", "status": "active",
        "createdAt": "2026-01-01T00:00:00Z", "expiresAt": "2099-01-01T00:00:00Z",
    });
    let people = args["people"].as_array().map(Vec::as_slice);
    let lines: Vec<Value> = people
        .unwrap_or_default()
        .iter()
        .map(|person| json!({"email": person["email"], "action": "invite", "outcome": "done"}))
        .collect();
    match request["call"].as_str().unwrap_or_default() {
        "list" => json!([invite]),
        "dump" => json!({"people": [invite]}),
        "members" => json!([{"email": "ada@example.com", "permission": "admin"}]),
        "seats" => json!({"paid": 10, "free": 9}),
        "plan" => json!({"steps": lines}),
        "apply" => json!({"lines": lines}),
        "ensure" => json!({"outcome": "created", "invite": invite}),
        "revoke_active" => json!([invite]),
        "update_member" | "remove_member" => {
            json!({"userId": "invented", "email": args["member"], "permission": "write"})
        }
        _ => invite,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Part;

    #[test]
    fn a_row_that_does_not_notice_is_counted() {
        let mut table = Table::default();
        let row = |what| Tried::new(Part::Faults, "1", what, "a result");
        table.add(&row("cut"), "Rust", Err("no result".to_owned()));
        assert_eq!(Spoil::Server.unnoticed(&table), 0);
        table.add(&row("a driver ends once its stdin has"), "Rust", Ok(()));
        assert_eq!(Spoil::Server.unnoticed(&table), 0);
        table.add(&row("hang"), "Rust", Ok(()));
        table.add(&row("cut"), "Python", Ok(()));
        assert_eq!(Spoil::Server.unnoticed(&table), 2);
        assert_eq!(Spoil::Server.unnoticed(&Table::default()), 1);
    }

    #[test]
    fn calls_are_spoiled_and_clients_are_not() {
        let made = json!({"client": "a", "options": {}});
        let call = json!({"client": "a", "call": "create", "args": {"email": "new@example.com"}});
        for spoil in Spoil::value_variants() {
            assert!(spoil.instead(&made).is_none(), "{spoil:?}");
            let answer = Answer::Result(Value::Null);
            assert_eq!(spoil.after(&made, answer).word(), "result", "{spoil:?}");
        }
        let word = |spoil: Spoil| {
            let answer = spoil.instead(&call).expect("an answer of its own");
            answer.map_or("none".to_owned(), |answer| answer.word())
        };
        assert_eq!(word(Spoil::Server), "server");
        assert_eq!(word(Spoil::Invented), "result");
        assert_eq!(word(Spoil::Silent), "none");
        assert!(Spoil::Denied.instead(&call).is_none());
        let answer = Spoil::Denied.after(&call, Answer::Result(Value::Null));
        assert_eq!(answer.word(), "server");
    }
}
