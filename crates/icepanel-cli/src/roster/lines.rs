//! Lines as an editor numbers them: one ends with CRLF, LF or CR, also inside a quoted cell.

/// Numbers the lines of a text, for places that come in their order.
pub(super) struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text: text.as_bytes(),
            at: 0,
            line: 1,
        }
    }

    /// The number of the line that has the byte `at`, which must not be before the previous one.
    pub(super) fn of(&mut self, at: usize) -> usize {
        let at = at.min(self.text.len());
        while self.at < at {
            let ends = match self.text[self.at] {
                b'\n' => true,
                b'\r' => self.text.get(self.at + 1) != Some(&b'\n'),
                _ => false,
            };
            self.line += usize::from(ends);
            self.at += 1;
        }
        self.line
    }
}

/// The number of the line that has the byte `at`.
pub(super) fn line_at(text: &str, at: usize) -> usize {
    Lines::new(text).of(at)
}
