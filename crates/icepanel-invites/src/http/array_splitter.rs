//! Extracts the elements of one list from a JSON document that arrives in pieces.

use crate::http::body::DecodeError;
use crate::http::pagination::MorePages;

/// A field next to the list that is longer than this is not inspected.
const LONGEST_ASIDE: usize = 64 * 1024;

/// Finds the list under one key of the document's root object and returns each of its elements, which must be objects.
/// Values under other keys are skipped without being stored or checked, except for signs of further pages.
///
/// Between two pieces it stores at most the beginning of one element, or of one such field.
pub(crate) struct ArraySplitter {
    field: &'static str,
    state: State,
    nested: Nested,
    /// The element or key in which the last piece ended.
    carry: Vec<u8>,
    found: bool,
    /// How many elements were returned.
    count: usize,
    /// The key of a field that is [inspected](MorePages::look), and the part of its value that has arrived.
    aside: Option<(String, Vec<u8>)>,
    more: MorePages,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before the root object.
    Start,
    /// Inside the root object, before its first key or its end.
    FirstKey,
    /// After a comma: a key must come.
    NextKey,
    /// Inside a key.
    Key,
    /// After a key; whether it is the wanted one.
    Colon(bool),
    /// After a colon.
    Value(bool),
    /// Inside a skipped value: an object, a list or a string.
    Skip,
    /// Inside a skipped number, `true`, `false` or `null`.
    SkipWord,
    /// After a value.
    AfterValue,
    /// After `[`: an element or the end.
    FirstElement,
    /// After a comma in the list: an element must come.
    NextElement,
    /// Inside an element.
    Element,
    /// After an element.
    AfterElement,
    /// After the root object.
    End,
}

impl ArraySplitter {
    /// For the list under `field`; `more` has the signs of further pages in the headers.
    pub(crate) fn new(field: &'static str, more: MorePages) -> Self {
        Self {
            field,
            aside: None,
            more,
            state: State::Start,
            nested: Nested::default(),
            carry: Vec::new(),
            found: false,
            count: 0,
        }
    }

    /// Takes the next piece and returns each element that ends in it.
    pub(crate) fn push(
        &mut self,
        piece: &[u8],
        mut each: impl FnMut(&[u8]) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        let mut rest = piece;
        while let Some(&byte) = rest.first() {
            match self.state {
                State::Element => {
                    let Some(end) = self.nested.end(rest) else {
                        self.carry.extend_from_slice(rest);
                        return Ok(());
                    };
                    let (tail, after) = rest.split_at(end);
                    if self.carry.is_empty() {
                        each(tail)?;
                    } else {
                        self.carry.extend_from_slice(tail);
                        each(&self.carry)?;
                        self.carry.clear();
                    }
                    self.count += 1;
                    self.state = State::AfterElement;
                    rest = after;
                }
                State::Skip => {
                    let Some(end) = self.nested.end(rest) else {
                        self.keep_aside(rest);
                        return Ok(());
                    };
                    self.keep_aside(&rest[..end]);
                    self.look_aside();
                    self.state = State::AfterValue;
                    rest = &rest[end..];
                }
                State::Key => {
                    let Some(end) = self.nested.end(rest) else {
                        self.carry.extend_from_slice(rest);
                        return Ok(());
                    };
                    self.carry.extend_from_slice(&rest[..end]);
                    let key: String = serde_json::from_slice(&self.carry)
                        .map_err(|error| DecodeError::at("a key of the response", error))?;
                    self.carry.clear();
                    self.state = State::Colon(key == self.field);
                    self.aside = MorePages::concerns(&key).then(|| (key, Vec::new()));
                    rest = &rest[end..];
                }
                _ => {
                    // A byte that begins something is left for the state that reads it.
                    if self.punctuation(byte)? {
                        rest = &rest[1..];
                    }
                }
            }
        }
        Ok(())
    }

    /// Stores more of the value that is inspected, if there is one.
    fn keep_aside(&mut self, bytes: &[u8]) {
        if let Some((_, value)) = &mut self.aside
            && value.len() <= LONGEST_ASIDE
        {
            value.extend_from_slice(bytes);
        }
    }

    /// The value has ended.
    fn look_aside(&mut self) {
        if let Some((key, value)) = self.aside.take()
            && value.len() <= LONGEST_ASIDE
            && let Ok(value) = serde_json::from_slice(&value)
        {
            self.more.look(&key, &value);
        }
    }

    /// The document has ended.
    pub(crate) fn finish(&self) -> Result<(), DecodeError> {
        match self.state {
            State::End if self.found => match self.more.than(self.count) {
                Some(sign) => Err(DecodeError::more(self.field, sign)),
                None => Ok(()),
            },
            State::End => Err(DecodeError::at(self.field, "missing")),
            State::Start => Err(DecodeError::new("the body is empty")),
            _ if self.found => Err(DecodeError::at(
                &format!("{}[{}]", self.field, self.count),
                "the body ends in the middle",
            )),
            _ => Err(DecodeError::new("the body ends in the middle")),
        }
    }

    /// Takes one byte between values; returns whether it is used up.
    fn punctuation(&mut self, byte: u8) -> Result<bool, DecodeError> {
        if byte.is_ascii_whitespace() && self.state != State::SkipWord {
            return Ok(true);
        }
        let (next, used) = match (self.state, byte) {
            (State::Start, b'{') => (State::FirstKey, true),
            (State::FirstKey | State::NextKey, b'"') => {
                self.nested = Nested::default();
                (State::Key, false)
            }
            (State::FirstKey | State::AfterValue, b'}') => (State::End, true),
            (State::Colon(wanted), b':') => (State::Value(wanted), true),
            (State::Value(true), b'[') if !self.found => {
                self.found = true;
                (State::FirstElement, true)
            }
            (State::Value(true), _) => {
                let what = if self.found {
                    "occurs twice"
                } else {
                    "not a list"
                };
                return Err(DecodeError::at(self.field, what));
            }
            (State::Value(false), b'{' | b'[' | b'"') => {
                self.nested = Nested::default();
                (State::Skip, false)
            }
            (State::Value(false), b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
                self.keep_aside(&[byte]);
                (State::SkipWord, true)
            }
            (State::SkipWord, b',' | b'}' | b' ' | b'\t' | b'\r' | b'\n') => {
                self.look_aside();
                (State::AfterValue, false)
            }
            (State::SkipWord, _) => {
                self.keep_aside(&[byte]);
                (State::SkipWord, true)
            }
            (State::AfterValue, b',') => (State::NextKey, true),
            (State::FirstElement | State::NextElement, b'{') => {
                self.nested = Nested::default();
                (State::Element, false)
            }
            (State::FirstElement | State::AfterElement, b']') => (State::AfterValue, true),
            (State::FirstElement | State::NextElement, _) => {
                return Err(DecodeError::at(
                    &format!("{}[{}]", self.field, self.count),
                    "not an object",
                ));
            }
            (State::AfterElement, b',') => (State::NextElement, true),
            (state, _) => return Err(self.not_json(state, byte)),
        };
        self.state = next;
        Ok(used)
    }

    fn not_json(&self, state: State, byte: u8) -> DecodeError {
        let byte = byte.escape_ascii();
        match state {
            State::Start => {
                DecodeError::new(format!("the body is not JSON: it begins with '{byte}'"))
            }
            State::AfterElement => DecodeError::at(
                &format!("{}[{}]", self.field, self.count),
                format!("'{byte}' where a comma or the end of the list should be"),
            ),
            State::End => DecodeError::new(format!("'{byte}' after the end of the document")),
            _ => DecodeError::new(format!("'{byte}' in a place where JSON does not allow it")),
        }
    }
}

/// Finds the end of an object, a list or a string, across pieces.
#[derive(Clone, Copy, Debug, Default)]
struct Nested {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Nested {
    /// How many bytes of `bytes` still belong to the value, or none if it continues after them.
    fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        if self.escaped && !bytes.is_empty() {
            self.escaped = false;
            at = 1;
        }
        while at < bytes.len() {
            if self.in_string {
                at += memchr::memchr2(b'"', b'\\', &bytes[at..])?;
                if bytes[at] == b'\\' {
                    if at + 1 == bytes.len() {
                        self.escaped = true;
                        return None;
                    }
                    at += 2;
                    continue;
                }
                self.in_string = false;
                at += 1;
                if self.depth == 0 {
                    return Some(at);
                }
            } else {
                at += bytes[at..]
                    .iter()
                    .position(|byte| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']'))?;
                match bytes[at] {
                    b'"' => self.in_string = true,
                    b'{' | b'[' => self.depth += 1,
                    _ => {
                        // A closing bracket comes only after an opening one: each value begins
                        // with `{`, `[` or `"`.
                        self.depth = self.depth.saturating_sub(1);
                        if self.depth == 0 {
                            return Some(at + 1);
                        }
                    }
                }
                at += 1;
            }
        }
        None
    }
}
