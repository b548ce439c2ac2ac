//! The list of invites, decoded while it downloads. Entries that do not match the filter are
//! dropped immediately, so that the memory depends on the stored invites and not on the length of
//! the list.

use std::collections::{HashSet, VecDeque};

use chrono::{DateTime, Utc};

use crate::engine::recent_invites::{self, Revoked};
use crate::http::array_splitter::ArraySplitter;
use crate::http::body::{Decode, DecodeError};
use crate::http::pagination::MorePages;
use crate::invites::id_positions::IdPositions;
use crate::model::InviteFilter;
use crate::model::email::same_address;
use crate::model::{Invite, WireInvite};

/// The field of the response that has the invites (`api.md` of the service, "list invites").
const FIELD: &str = "organizationUserInvites";

/// Chooses the entries of a list to store.
pub(crate) trait Pick {
    /// Whether an entry may be wanted, by its bytes alone, so that others are not parsed.
    fn may_pick(&self, _json: &[u8]) -> bool {
        true
    }

    /// Whether entries of this address are certainly not wanted, so that an unreadable one does not
    /// matter.
    fn is_of_another(&self, email: &str) -> bool;

    /// Whether an invite is stored; `now` is the service's time.
    fn pick(&mut self, invite: &Invite, now: DateTime<Utc>) -> bool;
}

impl Pick for &InviteFilter {
    fn may_pick(&self, json: &[u8]) -> bool {
        self.email
            .as_ref()
            .is_none_or(|email| may_hold(json, email.as_bytes()))
    }

    fn is_of_another(&self, email: &str) -> bool {
        self.email
            .as_ref()
            .is_some_and(|wanted| !same_address(wanted, email))
    }

    fn pick(&mut self, invite: &Invite, now: DateTime<Utc>) -> bool {
        self.matches_at(invite, now)
    }
}

/// Receives the invites of a list as they arrive: [`list_into`](crate::InviteClient::list_into)
/// fills it.
pub trait InviteSink {
    /// The next invite.
    fn push(&mut self, invite: Invite);

    /// The list repeats an invite: the last entry applies. `place` is the position of the earlier entry, which this one
    /// replaces, among the pushed ones.
    fn replace(&mut self, place: usize, invite: Invite);
}

impl InviteSink for Vec<Invite> {
    fn push(&mut self, invite: Invite) {
        self.push(invite);
    }

    fn replace(&mut self, place: usize, invite: Invite) {
        self[place] = invite;
    }
}

/// What is known when a list begins to arrive.
pub(crate) struct Beginning {
    /// The service's time, which decides the status of each invite.
    pub(crate) now: DateTime<Utc>,
    /// What this client has revoked, as the service returned it, by id: a list that lags behind may
    /// show it as active.
    pub(crate) revoked: Revoked,
    /// The signs of further pages in the headers.
    pub(crate) more: MorePages,
}

/// The result of reading a list.
pub(crate) struct Picked<P, S> {
    /// The picked invites, each id once: at the position of the first entry, with the content of the last.
    pub(crate) kept: S,
    /// The ids in `kept` whose later entry was not picked.
    pub(crate) withdrawn: HashSet<String>,
    /// The ids of the picked invites that were made recently, the last ones only.
    pub(crate) young: VecDeque<String>,
    /// The picker.
    pub(crate) pick: P,
}

impl<P> Picked<P, Vec<Invite>> {
    /// The stored invites that were not withdrawn.
    pub(crate) fn invites(self) -> Vec<Invite> {
        let mut invites = self.kept;
        if !self.withdrawn.is_empty() {
            invites.retain(|invite| !self.withdrawn.contains(&invite.id));
        }
        invites
    }
}

/// Reads the body of a list and stores the picked invites.
pub(crate) struct ListDecoder<P, S> {
    splitter: ArraySplitter,
    keep: Keep<P, S>,
}

impl<P: Pick, S: InviteSink> ListDecoder<P, S> {
    /// Stores what is picked in `kept`.
    pub(crate) fn new(pick: P, kept: S, beginning: Beginning) -> Self {
        Self {
            splitter: ArraySplitter::new(FIELD, beginning.more.clone()),
            keep: Keep {
                beginning,
                seen: 0,
                positions: IdPositions::default(),
                picked: Picked {
                    kept,
                    withdrawn: HashSet::new(),
                    young: VecDeque::new(),
                    pick,
                },
            },
        }
    }
}

impl<P: Pick, S: InviteSink> Decode for ListDecoder<P, S> {
    type Output = Picked<P, S>;

    fn piece(&mut self, bytes: &[u8]) -> Result<(), DecodeError> {
        let keep = &mut self.keep;
        self.splitter.push(bytes, |element| keep.element(element))
    }

    fn finish(self) -> Result<Picked<P, S>, DecodeError> {
        self.splitter.finish()?;
        Ok(self.keep.picked)
    }
}

struct Keep<P, S> {
    beginning: Beginning,
    seen: usize,
    /// The position in `kept` of each id.
    positions: IdPositions,
    picked: Picked<P, S>,
}

impl<P: Pick, S: InviteSink> Keep<P, S> {
    fn element(&mut self, json: &[u8]) -> Result<(), DecodeError> {
        let index = self.seen;
        self.seen += 1;
        if !self.picked.pick.may_pick(json) {
            return Ok(());
        }
        let path = || format!("{FIELD}[{index}]");
        let wire: WireInvite = match parse(json) {
            Ok(wire) => wire,
            Err(_) if self.is_of_another(json) => return Ok(()),
            Err(_) => return Err(DecodeError::not_a::<WireInvite>(&path(), json)),
        };
        match wire.into_invite(self.beginning.now) {
            Ok(invite) => {
                self.invite(invite);
                Ok(())
            }
            Err(_) if self.is_of_another(json) => Ok(()),
            Err(field) => Err(DecodeError::at(
                &format!("{}.{field}", path()),
                "missing or null",
            )),
        }
    }

    fn invite(&mut self, mut invite: Invite) {
        let Picked {
            kept,
            withdrawn,
            young,
            pick,
        } = &mut self.picked;
        if invite.is_active()
            && let Some(revoked) = self.beginning.revoked.get(invite.id.as_str())
        {
            invite = revoked.as_ref().clone();
        }
        if !pick.pick(&invite, self.beginning.now) {
            // Entries of other addresses are mostly dropped unread, so they do not apply here.
            if !pick.is_of_another(&invite.email) && self.positions.get(&invite.id).is_some() {
                withdrawn.insert(invite.id);
            }
            return;
        }
        if !withdrawn.is_empty() {
            withdrawn.remove(&invite.id);
        }
        if recent_invites::is_young(&invite, self.beginning.now) {
            if young.len() == recent_invites::MOST {
                young.pop_front();
            }
            young.push_back(invite.id.clone());
        }
        match self.positions.get_or_add(&invite.id) {
            Some(position) => kept.replace(position, invite),
            None => kept.push(invite),
        }
    }

    /// Whether an unreadable entry is certainly about an address that is not wanted.
    fn is_of_another(&self, json: &[u8]) -> bool {
        #[derive(serde::Deserialize)]
        struct Address {
            email: String,
        }
        serde_json::from_slice::<Address>(json)
            .is_ok_and(|entry| self.picked.pick.is_of_another(&entry.email))
    }
}

/// Reads an entry. Checking its encoding as a whole is faster than string by string; unused parts
/// may be invalid.
fn parse(json: &[u8]) -> Result<WireInvite, serde_json::Error> {
    match std::str::from_utf8(json) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(json),
    }
}

/// Whether an entry may be about this address, by its bytes alone, so that nearly all other entries
/// are not parsed. It may only be true by mistake, never false.
fn may_hold(json: &[u8], email: &[u8]) -> bool {
    let Some(at) = email.iter().position(|byte| *byte == b'@') else {
        return true;
    };
    // An escape may hide any character, and letter case beyond ASCII is not seen in bytes.
    if !email.is_ascii() {
        return true;
    }
    memchr::memchr_iter(b'@', json).any(|found| {
        found
            .checked_sub(at)
            .and_then(|start| json.get(start..start + email.len()))
            .is_some_and(|text| text.eq_ignore_ascii_case(email))
    }) || memchr::memchr(b'\\', json).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn now() -> DateTime<Utc> {
        "2026-01-15T12:00:00Z".parse().expect("a time")
    }

    fn decode(
        document: &[u8],
        filter: &InviteFilter,
        cuts: &[usize],
    ) -> Result<Vec<Invite>, DecodeError> {
        let beginning = Beginning {
            now: now(),
            revoked: Revoked::default(),
            more: MorePages::default(),
        };
        let mut decoder = ListDecoder::new(filter, Vec::new(), beginning);
        let mut rest = document;
        for cut in cuts {
            let (piece, after) = rest.split_at((*cut).min(rest.len()));
            decoder.piece(piece)?;
            rest = after;
        }
        decoder.piece(rest)?;
        decoder.finish().map(Picked::invites)
    }

    fn entry(id: &str, email: &str) -> Value {
        json!({
            "id": id, "organizationId": "o", "email": email, "permission": "read",
            "expiresAt": "2026-02-01T00:00:00.000Z", "createdAt": "2026-01-01T00:00:00Z",
            "createdBy": "api-key", "createdById": "k", "revokedAt": null,
        })
    }

    fn ids(result: Result<Vec<Invite>, DecodeError>) -> Vec<String> {
        result
            .expect("a list")
            .into_iter()
            .map(|invite| invite.id)
            .collect()
    }

    #[test]
    fn the_content_around_the_list_does_not_matter() {
        let list = json!([entry("1", "ada@example.com"), entry("2", "bob@example.com")]);
        for document in [
            json!({"organizationUserInvites": list}).to_string(),
            format!(
                r#" {{ "before": {{"organizationUserInvites": [1, "]}}"]}}, "n" : -1.5e3 , "organizationUserInvites" : {list} , "x":null,"y":"\"}}"}}  "#
            ),
            format!(r#"{{"organizationUserInvites":{list}}}"#),
        ] {
            let all = InviteFilter::default();
            assert_eq!(
                ids(decode(document.as_bytes(), &all, &[])),
                ["1", "2"],
                "{document}"
            );
        }
    }

    #[test]
    fn each_broken_document_names_its_place() {
        let broken = |document: &str| {
            decode(document.as_bytes(), &InviteFilter::default(), &[])
                .expect_err(document)
                .to_string()
        };
        let mut missing = entry("1", "ada@example.com");
        missing["expiresAt"] = Value::Null;
        let mut wrong = entry("1", "ada@example.com");
        wrong["createdAt"] = json!("yesterday");
        let good = entry("0", "ada@example.com");
        for (document, place) in [
            (String::new(), "the body is empty"),
            ("<html>".to_owned(), "not JSON: it begins with '<'"),
            ("[]".to_owned(), "not JSON: it begins with '['"),
            ("{}".to_owned(), "organizationUserInvites: missing"),
            (
                r#"{"organizationUserInvites":null}"#.to_owned(),
                "organizationUserInvites: not a list",
            ),
            (
                r#"{"organizationUserInvites":[1]}"#.to_owned(),
                "organizationUserInvites[0]: not an object",
            ),
            (
                format!(r#"{{"organizationUserInvites":[{good},{missing}]}}"#),
                "organizationUserInvites[1].expiresAt: missing or null",
            ),
            (
                format!(r#"{{"organizationUserInvites":[{good},{wrong}]}}"#),
                "organizationUserInvites[1].createdAt: ",
            ),
            (
                format!(r#"{{"organizationUserInvites":[{good}"#),
                "organizationUserInvites[1]: the body ends",
            ),
            (
                format!(r#"{{"organizationUserInvites":[{good},]}}"#),
                "organizationUserInvites[1]: not an object",
            ),
            (
                format!(r#"{{"organizationUserInvites":[{good} {good}]}}"#),
                "organizationUserInvites[1]: '{'",
            ),
            (
                format!(r#"{{"organizationUserInvites":[{good}]}}]"#),
                "']' after the end",
            ),
            (
                r#"{"organizationUserInvites":[],"organizationUserInvites":[]}"#.to_owned(),
                "occurs twice",
            ),
        ] {
            let said = broken(&document);
            assert!(
                said.contains(place),
                "{document}\n  said: {said}\n  should have: {place}"
            );
        }
    }

    #[test]
    fn a_broken_entry_of_another_address_does_not_matter() {
        let mut other = entry("1", "bob@example.com");
        other["expiresAt"] = json!(7);
        let document = json!({"organizationUserInvites": [other, entry("2", "Ada@Example.com")]});
        let ada = InviteFilter::default().email("ada@example.COM");
        assert_eq!(
            ids(decode(document.to_string().as_bytes(), &ada, &[])),
            ["2"]
        );
        assert!(
            decode(
                document.to_string().as_bytes(),
                &InviteFilter::default(),
                &[]
            )
            .is_err()
        );
    }

    #[test]
    fn an_address_hidden_in_escapes_is_found() {
        let document = r#"{"organizationUserInvites":[ENTRY]}"#.replace(
            "ENTRY",
            &entry("1", "ada@example.com")
                .to_string()
                .replace("ada@", r"\u0061da\u0040"),
        );
        let ada = InviteFilter::default().email("ada@example.com");
        assert_eq!(ids(decode(document.as_bytes(), &ada, &[])), ["1"]);
    }

    #[test]
    fn a_repeated_entry_is_returned_once_as_it_came_last() {
        let mut late = entry("1", "ada@example.com");
        late["permission"] = json!("write");
        let document = json!({"organizationUserInvites":
            [entry("1", "ada@example.com"), entry("2", "bob@example.com"), late]});
        let list = decode(
            document.to_string().as_bytes(),
            &InviteFilter::default(),
            &[],
        )
        .expect("a list");
        let seen: Vec<_> = list
            .iter()
            .map(|invite| (invite.id.as_str(), invite.permission.as_str()))
            .collect();
        assert_eq!(seen, [("1", "write"), ("2", "read")]);
    }

    /// The last of the entries with the same id, at the position of the first.
    fn without_repeats(invites: &[Invite]) -> Vec<Invite> {
        let mut once: Vec<Invite> = Vec::new();
        for invite in invites {
            match once.iter_mut().find(|other| other.id == invite.id) {
                Some(place) => *place = invite.clone(),
                None => once.push(invite.clone()),
            }
        }
        once
    }

    fn text() -> impl Strategy<Value = String> {
        prop_oneof![".{0,12}", r#"[\\"{}\[\],:@a-z]{0,12}"#]
    }

    fn anything() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            text().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map(text(), inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    fn invite() -> impl Strategy<Value = Value> {
        (text(), text(), anything(), text()).prop_map(|(id, email, extra, name)| {
            let mut value = entry(&id, &email);
            if value.get(&name).is_none() && !name.ends_with("By") {
                value[name] = extra;
            }
            value
        })
    }

    proptest! {
        /// Split anywhere, with anything around it: the same result as serde_json gives for the whole.
        #[test]
        fn it_reads_what_serde_json_reads(
            list in prop::collection::vec(invite(), 0..6),
            before in anything(),
            after in anything(),
            pretty in any::<bool>(),
            cuts in prop::collection::vec(0usize..40, 0..60),
        ) {
            let document = json!({"a": before, "organizationUserInvites": list, "z": after});
            let bytes = if pretty { serde_json::to_vec_pretty(&document) } else { serde_json::to_vec(&document) };
            let bytes = bytes.expect("JSON");
            let all = InviteFilter::default();
            let whole: Vec<Invite> = list
                .iter()
                .map(|value| serde_json::from_value::<WireInvite>(value.clone()).expect("an invite"))
                .map(|wire| wire.into_invite(now()).expect("complete"))
                .collect();
            prop_assert_eq!(decode(&bytes, &all, &cuts).expect("a list"), without_repeats(&whole));

            // And a filter by address gives the same result as filtering afterwards.
            if let Some(wanted) = whole.first().map(|invite| invite.email.clone()) {
                let filter = InviteFilter::default().email(wanted.to_uppercase());
                let kept: Vec<Invite> = whole.into_iter().filter(|invite| filter.matches(invite)).collect();
                prop_assert_eq!(decode(&bytes, &filter, &cuts).expect("a list"), without_repeats(&kept));
            }
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), cut in 0usize..400) {
            let _ = decode(&bytes, &InviteFilter::default(), &[cut]);
        }

        #[test]
        fn nothing_like_json_panics(text in r#"[{}\[\],:"\\ a-z0-9]{0,80}"#, cut in 0usize..80) {
            let text = format!(r#"{{"organizationUserInvites":[{text}"#);
            let _ = decode(text.as_bytes(), &InviteFilter::default().email("a@b.cd"), &[cut]);
        }
    }
}
