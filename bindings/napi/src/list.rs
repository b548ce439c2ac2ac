//! A list of invites as texts and numbers, from which `node/lib/list.js` creates an invite when it
//! is read. Creating 100,000 objects takes longer than downloading them; most lists are read in
//! part.

use chrono::{DateTime, Utc};
use icepanel_invites::{Invite, InviteSink};
use napi::bindgen_prelude::{Float64Array, Uint32Array};
use napi_derive::napi;

/// How many invites share a text. A string cut out of it keeps the whole text in memory, so the number is small.
const PAGE: usize = 256;

/// How many marks and times an invite has, in the order of [`InviteColumns`]; the first marks are lengths of texts.
const MARKS: usize = 11;
const TEXTS: usize = 6;
const TIMES: usize = 4;

/// The invites of a list, by column.
#[napi(object, object_from_js = false)]
pub struct InviteColumns {
    /// How many invites there are.
    pub length: u32,
    /// How many invites share a text.
    pub page: u32,
    /// One for each page: ids, addresses and the like, one after another.
    pub texts: Vec<String>,
    /// Words that recur: permissions, actors, states, the organization.
    pub words: Vec<String>,
    /// 6 lengths of texts, then 5 places of words, for each invite; 0 is nothing, else one more.
    /// Lengths are in UTF-16 units: id, email, createdById, revokedById, usedByUserId,
    /// landscapePermissions (JSON). Words: organizationId, permission, status, createdBy, revokedBy.
    pub marks: Uint32Array,
    /// expiresAt, createdAt, revokedAt, usedAt for each invite, in milliseconds; NaN is nothing.
    pub times: Float64Array,
}

/// The columns of a list that is downloading: an invite is written into them as soon as it is
/// decoded, so that the whole list is never in memory.
#[derive(Default)]
pub(crate) struct Columns {
    length: usize,
    texts: Vec<String>,
    words: Words,
    marks: Vec<u32>,
    times: Vec<f64>,
}

impl From<Columns> for InviteColumns {
    fn from(columns: Columns) -> Self {
        Self {
            length: u32::try_from(columns.length).unwrap_or(u32::MAX),
            page: PAGE as u32,
            texts: columns.texts,
            words: columns.words.0,
            marks: Uint32Array::new(columns.marks),
            times: Float64Array::new(columns.times),
        }
    }
}

impl InviteSink for Columns {
    fn push(&mut self, invite: Invite) {
        if self.length.is_multiple_of(PAGE) {
            if let Some(full) = self.texts.last_mut() {
                full.shrink_to_fit();
            }
            self.texts.push(String::with_capacity(PAGE * 80));
        }
        let at = self.length;
        self.length += 1;
        self.marks.resize(self.length * MARKS, 0);
        self.times.resize(self.length * TIMES, f64::NAN);
        let mut text = self.texts.pop().unwrap_or_default();
        self.write(at, &invite, &mut text);
        self.texts.push(text);
    }

    /// Rewrites the page of the invite, because the position of a text depends on all texts before it.
    fn replace(&mut self, place: usize, invite: Invite) {
        let page = place / PAGE;
        let written = std::mem::take(&mut self.texts[page]);
        let mut rest = written.as_str();
        let mut text = String::with_capacity(written.len());
        for at in page * PAGE..self.length.min((page + 1) * PAGE) {
            let lengths = &self.marks[at * MARKS..][..TEXTS];
            let units = lengths.iter().map(|mark| mark.saturating_sub(1)).sum();
            let (own, after) = rest.split_at(bytes(rest, units));
            rest = after;
            if at == place {
                self.write(at, &invite, &mut text);
            } else {
                text.push_str(own);
            }
        }
        self.texts[page] = text;
    }
}

impl Columns {
    /// Writes one invite, its strings to the end of `text`.
    fn write(&mut self, index: usize, invite: &Invite, text: &mut String) {
        let landscapes = invite.landscape_permissions.as_ref();
        let landscapes = landscapes.and_then(|permissions| serde_json::to_string(permissions).ok());
        let mut append = |string: Option<&str>| string.map_or(0, |string| appended(string, text));
        let mut place = |word: Option<&str>| word.map_or(0, |word| self.words.place(word));
        let marks: [u32; MARKS] = [
            append(Some(&invite.id)),
            append(Some(&invite.email)),
            append(Some(&invite.created_by_id)),
            append(invite.revoked_by_id.as_deref()),
            append(invite.used_by_user_id.as_deref()),
            append(landscapes.as_deref()),
            place(Some(&invite.organization_id)),
            place(Some(invite.permission.as_str())),
            place(Some(invite.status.as_str())),
            place(Some(invite.created_by.as_str())),
            place(invite.revoked_by.as_ref().map(|actor| actor.as_str())),
        ];
        let times: [f64; TIMES] = [
            milliseconds(Some(invite.expires_at)),
            milliseconds(Some(invite.created_at)),
            milliseconds(invite.revoked_at),
            milliseconds(invite.used_at),
        ];
        self.marks[index * MARKS..][..MARKS].copy_from_slice(&marks);
        self.times[index * TIMES..][..TIMES].copy_from_slice(&times);
    }
}

/// Appends a string; one more than its length in UTF-16 units, in which JavaScript counts.
fn appended(string: &str, text: &mut String) -> u32 {
    text.push_str(string);
    let units = match string.is_ascii() {
        true => string.len(),
        false => string.encode_utf16().count(),
    };
    u32::try_from(units + 1).unwrap_or(u32::MAX)
}

/// How many bytes the first `units` UTF-16 units of a text take.
fn bytes(text: &str, units: u32) -> usize {
    let mut left = units as usize;
    let longer = text.char_indices().find(|(_, character)| {
        let full = left == 0;
        left = left.saturating_sub(character.len_utf16());
        full
    });
    longer.map_or(text.len(), |(at, _)| at)
}

/// Words, each stored once. There are about a dozen, so the search is linear.
#[derive(Default)]
struct Words(Vec<String>);

impl Words {
    /// One more than the word's index.
    fn place(&mut self, word: &str) -> u32 {
        let index = match self.0.iter().position(|known| known == word) {
            Some(index) => index,
            None => {
                self.0.push(word.to_owned());
                self.0.len() - 1
            }
        };
        u32::try_from(index + 1).unwrap_or(u32::MAX)
    }
}

/// The precision of a `Date`: whole milliseconds, like the API's times.
#[expect(
    clippy::cast_precision_loss,
    reason = "a float has all milliseconds of 285,000 years"
)]
fn milliseconds(time: Option<DateTime<Utc>>) -> f64 {
    time.map_or(f64::NAN, |time| time.timestamp_millis() as f64)
}
