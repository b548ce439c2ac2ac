//! A list of invites as texts and numbers, from which `node/lib/list.js` makes an invite when it is
//! read. Making 100,000 objects takes longer than downloading them; most lists are read in part.

use chrono::{DateTime, Utc};
use icepanel_invites::Invite;
use napi::bindgen_prelude::{Float64Array, Uint32Array};
use napi_derive::napi;

/// So many invites share a text. A string cut out of it keeps all of it alive, so not too many.
const PAGE: usize = 256;

/// So many marks and times an invite has, in the order that [`InviteColumns`] tells.
const MARKS: usize = 11;
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

/// Writes the columns, from the last page to the first: what is written is cut off the list and its
/// memory given back, so that the list and its columns are never there in full at once.
pub(crate) fn columns(mut invites: Vec<Invite>) -> InviteColumns {
    let length = invites.len();
    let mut columns = Columns {
        words: Words::default(),
        marks: vec![0; length * MARKS],
        times: vec![f64::NAN; length * TIMES],
    };
    let mut texts = vec![String::new(); length.div_ceil(PAGE)];
    for (page, text) in texts.iter_mut().enumerate().rev() {
        let start = page * PAGE;
        for (index, invite) in invites.drain(start..).enumerate() {
            columns.invite(start + index, &invite, text);
        }
        text.shrink_to_fit();
        if page % 32 == 0 {
            invites.shrink_to_fit();
        }
    }
    InviteColumns {
        length: u32::try_from(length).unwrap_or(u32::MAX),
        page: PAGE as u32,
        texts,
        words: columns.words.0,
        marks: Uint32Array::new(columns.marks),
        times: Float64Array::new(columns.times),
    }
}

struct Columns {
    words: Words,
    marks: Vec<u32>,
    times: Vec<f64>,
}

impl Columns {
    /// Writes one invite, its strings to the end of `text`.
    fn invite(&mut self, index: usize, invite: &Invite, text: &mut String) {
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

/// Words, each kept once. There are a dozen, so they are looked through from the first.
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

/// What a `Date` can hold: whole milliseconds, as the API tells them.
#[expect(
    clippy::cast_precision_loss,
    reason = "a float has all milliseconds of 285,000 years"
)]
fn milliseconds(time: Option<DateTime<Utc>>) -> f64 {
    time.map_or(f64::NAN, |time| time.timestamp_millis() as f64)
}
