//! A list of invites as texts and numbers, from which `node/lib/list.js` makes an invite when it is
//! read. Making 100,000 objects takes longer than downloading them; most lists are read in part.

use chrono::{DateTime, Utc};
use icepanel_invites::Invite;
use napi::bindgen_prelude::{Float64Array, Uint32Array};
use napi_derive::napi;

/// So many invites share a text. A string cut out of it keeps all of it alive, so not too many.
const PAGE: usize = 256;

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

/// Writes the columns. Consumes the invites one by one, so that they are not there twice.
pub(crate) fn columns(invites: Vec<Invite>) -> InviteColumns {
    let mut columns = Columns {
        text: String::new(),
        words: Words::default(),
        marks: Vec::with_capacity(invites.len() * 11),
        times: Vec::with_capacity(invites.len() * 4),
    };
    let length = u32::try_from(invites.len()).unwrap_or(u32::MAX);
    let mut texts = Vec::with_capacity(invites.len().div_ceil(PAGE));
    for (index, invite) in invites.into_iter().enumerate() {
        if index > 0 && index % PAGE == 0 {
            texts.push(columns.text.as_str().to_owned());
            columns.text.clear();
        }
        columns.invite(&invite);
    }
    texts.push(columns.text);
    InviteColumns {
        length,
        page: PAGE as u32,
        texts,
        words: columns.words.0,
        marks: Uint32Array::new(columns.marks),
        times: Float64Array::new(columns.times),
    }
}

struct Columns {
    text: String,
    words: Words,
    marks: Vec<u32>,
    times: Vec<f64>,
}

impl Columns {
    fn invite(&mut self, invite: &Invite) {
        let landscapes = invite.landscape_permissions.as_ref();
        let landscapes = landscapes.and_then(|permissions| serde_json::to_string(permissions).ok());
        self.text(Some(&invite.id));
        self.text(Some(&invite.email));
        self.text(Some(&invite.created_by_id));
        self.text(invite.revoked_by_id.as_deref());
        self.text(invite.used_by_user_id.as_deref());
        self.text(landscapes.as_deref());
        self.word(Some(&invite.organization_id));
        self.word(Some(invite.permission.as_str()));
        self.word(Some(invite.status.as_str()));
        self.word(Some(invite.created_by.as_str()));
        self.word(invite.revoked_by.as_ref().map(|actor| actor.as_str()));
        self.times.extend([
            milliseconds(Some(invite.expires_at)),
            milliseconds(Some(invite.created_at)),
            milliseconds(invite.revoked_at),
            milliseconds(invite.used_at),
        ]);
    }

    fn text(&mut self, text: Option<&str>) {
        let length = text.map_or(0, |text| {
            self.text.push_str(text);
            1 + match text.is_ascii() {
                true => text.len(),
                false => text.encode_utf16().count(),
            }
        });
        self.marks.push(u32::try_from(length).unwrap_or(u32::MAX));
    }

    fn word(&mut self, word: Option<&str>) {
        self.marks
            .push(word.map_or(0, |word| self.words.place(word)));
    }
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
