//! Reading a body piece by piece.

use std::fmt;

use serde::de::DeserializeOwned;

/// Why a body could not be read: the place in it, and the problem there.
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

    /// A sign in or next to the list at `path`, or in the headers, indicates that there is more of it.
    pub(crate) fn more(path: &str, sign: &str) -> Self {
        let what = format!(
            "incomplete: {sign} indicates that there is more, and this client does not support paging"
        );
        Self::at(path, what)
    }

    /// Why this document, which is at `path` in the whole, is not a `T`: it is read again to find the place.
    pub(crate) fn not_a<T: DeserializeOwned>(path: &str, json: &[u8]) -> Self {
        let mut json = serde_json::Deserializer::from_slice(json);
        let (place, error) = match serde_path_to_error::deserialize::<_, T>(&mut json) {
            Err(error) => (error.path().to_string(), error.into_inner().to_string()),
            Ok(_) => (
                ".".to_owned(),
                json.end()
                    .map_or_else(|error| error.to_string(), |()| "not readable".to_owned()),
            ),
        };
        match (path, place.as_str()) {
            ("", ".") => Self(error),
            (path, ".") | ("", path) => Self::at(path, error),
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
    /// The content of the body.
    type Output;

    /// The next piece.
    fn piece(&mut self, bytes: &[u8]) -> Result<(), DecodeError>;

    /// The body has ended.
    fn finish(self) -> Result<Self::Output, DecodeError>;
}

/// Stores the whole body and reads it at the end: for small responses.
pub(crate) struct Whole<T, F> {
    bytes: Vec<u8>,
    convert: F,
    wire: std::marker::PhantomData<fn() -> T>,
}

impl<T, F> Whole<T, F> {
    /// `convert` makes the output from the JSON, or names the place with the error.
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
        match serde_json::from_slice(&self.bytes) {
            Ok(wire) => (self.convert)(wire),
            Err(_) => Err(DecodeError::not_a::<T>("", &self.bytes)),
        }
    }
}
