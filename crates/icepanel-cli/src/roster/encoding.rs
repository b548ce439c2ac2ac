//! The text in a file's bytes. Certain text is read; text that must be guessed is rejected.

use super::Problem;
use super::lines::line_at;

/// A file's text.
pub(super) struct Text {
    pub(super) text: String,
    /// Whether the encoding is known. If not, only ASCII in it is certain: commas, quotes and line ends are the same in
    /// every encoding that spreadsheets write, an `ü` is not.
    pub(super) is_certain: bool,
}

/// How to save a file so that it can be read.
const SAVE_AS: &str = "save it as CSV UTF-8";

/// Decodes UTF-8 and UTF-16 by their byte order marks, else UTF-8.
pub(super) fn text(bytes: Vec<u8>) -> Result<Text, Problem> {
    if let Some(kind) = not_text(&bytes) {
        return Err(Problem::new(1, format!("the file is {kind}; {SAVE_AS}")));
    }
    let decoded = match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        _ => match String::from_utf8(bytes) {
            Ok(text) => Text {
                text,
                is_certain: true,
            },
            // An invalid byte does not affect the ASCII around it.
            Err(error) => Text {
                text: String::from_utf8_lossy(error.as_bytes()).into_owned(),
                is_certain: false,
            },
        },
    };
    // These occur in a file in UTF-16 without a byte order mark, in an encoding with shifts, and in a file that is not
    // text.
    if let Some(at) = decoded.text.find(['\0', '\u{1b}']) {
        let text =
            format!("the file is not text in UTF-8: there is a control character; {SAVE_AS}");
        return Err(Problem::new(line_at(&decoded.text, at), text));
    }
    Ok(decoded)
}

/// The first bytes of a spreadsheet's own file, and of a web page.
fn not_text(bytes: &[u8]) -> Option<&'static str> {
    let start = bytes.trim_ascii_start();
    let markup = |tag: &[u8]| {
        let start = start.get(..tag.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(tag))
    };
    if bytes.starts_with(b"PK\x03\x04") {
        Some("a workbook (Excel, LibreOffice or Numbers) or another ZIP archive")
    } else if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        Some("a workbook of Excel")
    } else if bytes.starts_with(b"%PDF-") {
        Some("a PDF")
    } else if markup(b"<?xml") || markup(b"<!doctype") || markup(b"<html") || markup(b"<table") {
        Some("HTML or XML, whatever its name says")
    } else {
        None
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Text, Problem> {
    let pairs = bytes.chunks_exact(2);
    let whole = pairs.remainder().is_empty();
    let units: Vec<u16> = pairs.map(|pair| unit([pair[0], pair[1]])).collect();
    match String::from_utf16(&units) {
        Ok(text) if whole => Ok(Text {
            text,
            is_certain: true,
        }),
        _ => Err(Problem::new(
            1,
            format!("the file is UTF-16, but is cut or damaged; {SAVE_AS}"),
        )),
    }
}
