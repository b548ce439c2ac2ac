//! Signs that a response is incomplete. The API documents no paging. If it gets paging later, the client must not
//! mistake the first page for the whole list.

use serde_json::Value;

/// The signs in a response of entries beyond those in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct MorePages {
    /// The sign that there are more.
    sign: Option<String>,
    /// The field with the total, and the total.
    total: Option<(String, u64)>,
}

/// The meaning of a field with this name, if it is usual for paging.
enum Field {
    /// The next page: there is one unless this is empty.
    Next,
    /// Whether there is more.
    HasMore,
    /// The total number of entries.
    Total,
    /// The number of pages.
    Pages,
    /// An object that may have such fields.
    Group,
}

impl Field {
    fn of(name: &str) -> Option<Self> {
        let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
        let name: Vec<u8> = letters.map(|byte| byte.to_ascii_lowercase()).collect();
        Some(match name.as_slice() {
            b"hasmore" | b"hasnext" | b"hasnextpage" | b"more" | b"truncated" | b"istruncated" => {
                Self::HasMore
            }
            b"total" | b"totalcount" | b"totalitems" | b"totalresults" | b"totalelements" => {
                Self::Total
            }
            b"totalpages" | b"pagecount" => Self::Pages,
            b"pagination" | b"paging" | b"pageinfo" | b"page" | b"meta" | b"metadata"
            | b"links" | b"cursors" | b"responsemetadata" => Self::Group,
            b"cursor" | b"continuationtoken" | b"pagetoken" | b"odatanextlink" => Self::Next,
            name if name.starts_with(b"next") => Self::Next,
            _ => return None,
        })
    }
}

impl MorePages {
    /// Whether a field of this name needs a [look](Self::look).
    pub(crate) fn concerns(name: &str) -> bool {
        Field::of(name).is_some()
    }

    /// Inspects a field next to the entries.
    pub(crate) fn look(&mut self, name: &str, value: &Value) {
        self.look_at(name, name, value, true);
    }

    /// This indicates that there is more.
    pub(crate) fn says(&mut self, name: impl Into<String>) {
        self.sign.get_or_insert(name.into());
    }

    /// Inspects a header, `x-next-page` or similar.
    pub(crate) fn look_at_header(&mut self, name: &str, value: &str) {
        let field = name.trim_start_matches("x-");
        self.look_at(name, field, &Value::from(value), true);
    }

    fn look_at(&mut self, path: &str, name: &str, value: &Value, outermost: bool) {
        let Some(field) = Field::of(name) else {
            return;
        };
        match (field, value) {
            (Field::Next, value) if !is_empty(value) => self.says(path),
            (Field::HasMore, Value::Bool(true)) => self.says(path),
            (Field::Pages, value) if number(value).is_some_and(|pages| pages > 1) => {
                self.says(path);
            }
            (Field::Total, value) => {
                if let Some(total) = number(value)
                    && self.total.as_ref().is_none_or(|(_, known)| total > *known)
                {
                    self.total = Some((path.to_owned(), total));
                }
            }
            (Field::Group, Value::Object(fields)) => {
                for (name, value) in fields {
                    // `links` in `meta`, and `cursors` in `paging`; no deeper.
                    if outermost || !matches!(Field::of(name), Some(Field::Group)) {
                        self.look_at(&format!("{path}.{name}"), name, value, false);
                    }
                }
            }
            // A list of links, each with what it leads to.
            (Field::Group, Value::Array(links)) => {
                let next = |link: &&Value| link["rel"] == "next" && !is_empty(&link["href"]);
                if links.iter().any(|link| next(&link)) {
                    self.says(format!("{path}: next"));
                }
            }
            _ => {}
        }
    }

    /// The sign that there are more entries than those that arrived, if there is one.
    pub(crate) fn than(&self, came: usize) -> Option<&str> {
        let above = |(_, total): &&(String, u64)| usize::try_from(*total).is_ok_and(|n| n > came);
        let total = self.total.as_ref().filter(above);
        self.sign.as_deref().or(total.map(|(name, _)| &**name))
    }
}

/// Whether a cursor or a link is empty.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) => false,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.trim().is_empty(),
        Value::Array(values) => values.iter().all(is_empty),
        Value::Object(fields) => fields.values().all(is_empty),
    }
}

fn number(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        value => value.as_u64(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The sign that a response with these fields has more than two entries.
    fn pagination_field(fields: &Value) -> Option<String> {
        let mut more = MorePages::default();
        for (name, value) in fields.as_object().expect("an object") {
            assert!(MorePages::concerns(name), "{name}");
            more.look(name, value);
        }
        more.than(2).map(str::to_owned)
    }

    #[test]
    fn what_says_that_there_is_more() {
        for (fields, sign) in [
            (json!({"nextCursor": "a"}), "nextCursor"),
            (json!({"next_page_token": "a"}), "next_page_token"),
            (json!({"next": {"href": "/2"}}), "next"),
            (json!({"nextOffset": 100}), "nextOffset"),
            (json!({"cursor": "a"}), "cursor"),
            (json!({"@odata.nextLink": "/2"}), "@odata.nextLink"),
            (json!({"hasMore": true}), "hasMore"),
            (json!({"total": 3}), "total"),
            (json!({"total_count": "3"}), "total_count"),
            (json!({"totalPages": 2}), "totalPages"),
            (
                json!({"pageInfo": {"hasNextPage": true}}),
                "pageInfo.hasNextPage",
            ),
            (
                json!({"meta": {"links": {"next": "/2"}}}),
                "meta.links.next",
            ),
            (json!({"_links": {"next": {"href": "/2"}}}), "_links.next"),
            (
                json!({"links": [{"rel": "next", "href": "/2"}]}),
                "links: next",
            ),
        ] {
            assert_eq!(pagination_field(&fields).as_deref(), Some(sign), "{fields}");
        }
    }

    #[test]
    fn what_says_that_this_is_all_is_ignored() {
        for fields in [
            json!({"nextCursor": null, "next": "", "nextPage": false, "nextOffset": 0}),
            json!({"hasMore": false, "more": "yes", "total": 2, "totalPages": 1}),
            json!({"pageInfo": {"hasNextPage": false, "endCursor": "a"}, "page": 1}),
            json!({"paging": {"cursors": {"before": "a", "after": "b"}}}),
            json!({"links": {"self": "/1", "prev": "/0", "next": {"href": null}}}),
            json!({"links": [{"rel": "self", "href": "/1"}], "meta": [], "metadata": null}),
            json!({"meta": {"meta": {"links": {"next": "/2"}}}}),
        ] {
            assert_eq!(pagination_field(&fields), None, "{fields}");
        }
        assert!(
            !MorePages::concerns("organizationUserInvites") && !MorePages::concerns("aNewObject")
        );
    }
}
