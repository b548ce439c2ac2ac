//! Reading a body: piece by piece, never more than is needed at once.

use std::fmt;

use serde::de::DeserializeOwned;

use crate::error::{Effect, ErrorKind, InviteError};
use crate::misfit::place;
use crate::transport::Head;

/// Why a body could not be read as what it should be: where in it, and what was wrong there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DecodeError(String);

impl DecodeError {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Names the place in the document and what is wrong there.
    pub(crate) fn at(path: &str, what: impl fmt::Display) -> Self {
        Self(format!("{path}: {what}"))
    }

    /// Something in or beside the list at `path`, or among the headers, says that there is more of it.
    pub(crate) fn more(path: &str, sign: &str) -> Self {
        let what = format!(
            "not the whole: {sign} says that there is more, and this client reads whole lists only"
        );
        Self::at(path, what)
    }

    /// Of an error of serde_json in this document, which stands at `path` in the whole.
    pub(crate) fn misfit(path: &str, json: &[u8], error: &serde_json::Error) -> Self {
        match (path, place(json, error).as_str()) {
            ("", "") => Self::new(error.to_string()),
            ("", path) | (path, "") => Self::at(path, error),
            (path, place) => Self::at(&format!("{path}.{place}"), error),
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Takes a body as it comes in.
pub(crate) trait Decode {
    /// What the body says.
    type Output;

    /// The next piece.
    fn piece(&mut self, bytes: &[u8]) -> Result<(), DecodeError>;

    /// The body has ended.
    fn finish(self) -> Result<Self::Output, DecodeError>;
}

/// Reads the body of an answer, whatever comes of it: what sends requests is compiled once, and not
/// for each kind of answer.
pub(crate) trait Read: Send {
    /// An answer begins; what was read of one before it is forgotten.
    fn begin(&mut self, head: &Head);

    /// The next piece.
    fn piece(&mut self, bytes: &[u8]) -> Result<(), DecodeError>;

    /// The body has ended.
    fn end(&mut self) -> Result<(), DecodeError>;
}

/// Reads an answer with what `make` makes for it.
pub(crate) struct Reading<D: Decode, M> {
    make: M,
    decoder: Option<D>,
    output: Option<D::Output>,
}

impl<D: Decode, M: Fn(&Head) -> D> Reading<D, M> {
    pub(crate) fn new(make: M) -> Self {
        Self {
            make,
            decoder: None,
            output: None,
        }
    }

    /// What the answer says that was read to its end.
    pub(crate) fn output(self) -> Result<D::Output, InviteError> {
        self.output.ok_or_else(|| {
            InviteError::new(ErrorKind::UnexpectedAnswer, "the answer was not read")
                .with_effect(Effect::Unclear)
        })
    }
}

impl<D, M> Read for Reading<D, M>
where
    D: Decode<Output: Send> + Send,
    M: Fn(&Head) -> D + Send,
{
    fn begin(&mut self, head: &Head) {
        self.decoder = Some((self.make)(head));
    }

    fn piece(&mut self, bytes: &[u8]) -> Result<(), DecodeError> {
        match &mut self.decoder {
            Some(decoder) => decoder.piece(bytes),
            None => Ok(()),
        }
    }

    fn end(&mut self) -> Result<(), DecodeError> {
        if let Some(decoder) = self.decoder.take() {
            self.output = Some(decoder.finish()?);
        }
        Ok(())
    }
}

/// Keeps the whole body and reads it at the end: for answers that are small.
pub(crate) struct Whole<T, F> {
    bytes: Vec<u8>,
    convert: F,
    wire: std::marker::PhantomData<fn() -> T>,
}

impl<T, F> Whole<T, F> {
    /// `convert` makes the output of what the JSON says, or names the place that is wrong.
    pub(crate) fn new(convert: F) -> Self {
        Self {
            bytes: Vec::new(),
            convert,
            wire: std::marker::PhantomData,
        }
    }
}

impl<T, O, F> Decode for Whole<T, F>
where
    T: DeserializeOwned,
    F: FnOnce(T) -> Result<O, DecodeError>,
{
    type Output = O;

    fn piece(&mut self, bytes: &[u8]) -> Result<(), DecodeError> {
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn finish(self) -> Result<O, DecodeError> {
        let wire = match serde_json::from_slice(&self.bytes) {
            Ok(wire) => wire,
            Err(error) => return Err(DecodeError::misfit("", &self.bytes, &error)),
        };
        (self.convert)(wire)
    }
}
