//! Writing JSON objects field by field, into one buffer.

use std::io::Write;

use serde::Serialize;

/// An object that is being written.
pub(crate) struct Object<'a> {
    out: &'a mut Vec<u8>,
    unknown_fields: bool,
    empty: bool,
}

impl<'a> Object<'a> {
    /// Starts an object; with `unknown_fields` it gets fields that no document mentions, first and last.
    pub(crate) fn open(out: &'a mut Vec<u8>, unknown_fields: bool) -> Self {
        out.push(b'{');
        let mut object = Self {
            out,
            unknown_fields,
            empty: true,
        };
        if unknown_fields {
            object.raw("aNewNumber", b"42");
            object.raw(
                "aNewObject",
                br#"{"deep":{"er":[1,"two",{"three":null}]},"permission":7}"#,
            );
        }
        object
    }

    /// Writes a name and hands out the buffer, for a value of any kind.
    pub(crate) fn name(&mut self, name: &str) -> &mut Vec<u8> {
        if !self.empty {
            self.out.push(b',');
        }
        self.empty = false;
        write_string(self.out, name);
        self.out.push(b':');
        self.out
    }

    pub(crate) fn raw(&mut self, name: &str, json: &[u8]) {
        self.name(name).extend_from_slice(json);
    }

    pub(crate) fn text(&mut self, name: &str, value: &str) {
        write_string(self.name(name), value);
    }

    pub(crate) fn value(&mut self, name: &str, value: &impl Serialize) {
        write_value(self.name(name), value);
    }

    pub(crate) fn close(mut self) {
        if self.unknown_fields {
            self.raw("zNewNull", b"null");
            self.raw("zNewList", br#"[[],{},"x",1.5e3,true]"#);
        }
        self.out.push(b'}');
    }
}

/// An object in a buffer of its own.
pub(crate) fn object(unknown_fields: bool, write: impl FnOnce(&mut Object<'_>)) -> Vec<u8> {
    let mut out = Vec::with_capacity(320);
    let mut object = Object::open(&mut out, unknown_fields);
    write(&mut object);
    object.close();
    out
}

pub(crate) fn write_string(out: &mut Vec<u8>, text: &str) {
    if text.bytes().all(|b| b >= 0x20 && b != b'"' && b != b'\\') {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        write_value(out, &text);
    }
}

fn write_value(out: &mut Vec<u8>, value: &impl Serialize) {
    let start = out.len();
    if serde_json::to_writer(&mut *out, value).is_err() {
        // Only a map with keys that are not strings fails, and there is no such map.
        out.truncate(start);
        let _ = out.write_all(b"null");
    }
}
