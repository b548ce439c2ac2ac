//! Decompresses the body of a response in small steps, so that little of it is in memory, regardless of its size.

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;
use hyper::body::{Buf, Bytes};
use reqwest::header::{CONTENT_ENCODING, HeaderMap};

/// How many compressed bytes are decompressed at a time. At worst they become a thousand times as many.
const STEP: usize = 4096;

/// The encoding of a body.
pub(crate) enum Decompress {
    /// Not at all.
    Plain,
    /// With gzip, and the bytes that are not yet decompressed.
    Gzip(Box<MultiGzDecoder<Vec<u8>>>, Bytes),
}

impl Decompress {
    /// According to the headers; or the name of an encoding that was not requested.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, String> {
        let mut packed = false;
        for value in headers.get_all(CONTENT_ENCODING) {
            let names = value.to_str().unwrap_or("?");
            for name in names.split(',').map(str::trim) {
                match name.to_ascii_lowercase().as_str() {
                    "" | "identity" => {}
                    "gzip" | "x-gzip" if !packed => packed = true,
                    _ => return Err(names.to_owned()),
                }
            }
        }
        Ok(match packed {
            true => Self::Gzip(Box::new(MultiGzDecoder::new(Vec::new())), Bytes::new()),
            false => Self::Plain,
        })
    }

    /// Takes bytes as they arrived, once [`next`](Self::next) has no more.
    pub(crate) fn take(&mut self, bytes: Bytes) -> Option<Bytes> {
        match self {
            Self::Plain => Some(bytes),
            Self::Gzip(_, waiting) => {
                *waiting = bytes;
                None
            }
        }
    }

    /// The next piece of the bytes that were taken.
    pub(crate) fn next(&mut self) -> io::Result<Option<Bytes>> {
        let Self::Gzip(decoder, waiting) = self else {
            return Ok(None);
        };
        while !waiting.is_empty() {
            let step = waiting.len().min(STEP);
            decoder.write_all(waiting.get(..step).unwrap_or_default())?;
            waiting.advance(step);
            decoder.flush()?;
            let piece = std::mem::take(decoder.get_mut());
            if !piece.is_empty() {
                return Ok(Some(piece.into()));
            }
        }
        Ok(None)
    }

    /// The body has ended: the last piece, or the error of an incomplete one.
    pub(crate) fn end(&mut self) -> io::Result<Option<Bytes>> {
        let Self::Gzip(decoder, _) = self else {
            return Ok(None);
        };
        decoder.try_finish()?;
        let piece = std::mem::take(decoder.get_mut());
        Ok(Some(piece.into()).filter(|piece: &Bytes| !piece.is_empty()))
    }
}
