//! What each language's package declares.

use crate::core::{Kind, Member};
use crate::{root, sources};

pub(crate) struct Language {
    pub(crate) name: &'static str,
    /// Where its public declarations are, below the root.
    folders: &'static [&'static str],
    endings: &'static [&'static str],
    /// The name of the language in `bindings/uniffi/uniffi.toml`, if types are generated for it.
    generated: Option<&'static str>,
    /// Whether names have underscores.
    snake: bool,
    /// How a variant is spelled.
    variant: Variant,
    /// The words that declare a type.
    declares: &'static [&'static str],
}

#[derive(Clone, Copy)]
enum Variant {
    /// `seats_exhausted`, as text or as the value of a constant.
    Word,
    /// `SeatsExhausted`
    Upper,
    /// `seatsExhausted`
    Lower,
}

pub(crate) const LANGUAGES: &[Language] = &[
    Language {
        name: "Python",
        folders: &["python/src/icepanel_invites"],
        endings: &[".py", ".pyi"],
        generated: None,
        snake: true,
        variant: Variant::Word,
        declares: &["class"],
    },
    Language {
        name: "Node",
        folders: &["node/lib"],
        endings: &[".d.ts"],
        generated: None,
        snake: false,
        variant: Variant::Word,
        declares: &["class", "interface", "type"],
    },
    Language {
        name: "Kotlin",
        folders: &["bindings/kotlin/invites/src/main/kotlin"],
        endings: &[".kt"],
        generated: Some("kotlin"),
        snake: false,
        variant: Variant::Upper,
        declares: &[
            "class",
            "interface",
            "object",
            "enum",
            "struct",
            "val",
            "fun",
        ],
    },
    Language {
        name: "Swift",
        folders: &["bindings/swift/Sources/IcePanelInvites"],
        endings: &[".swift"],
        generated: Some("swift"),
        snake: false,
        variant: Variant::Lower,
        declares: &["struct", "enum", "class", "extension", "protocol", "actor"],
    },
];

impl Language {
    pub(crate) fn surface(&self) -> Surface {
        let text: String = self
            .folders
            .iter()
            .map(|folder| sources(&root().join(folder), self.endings))
            .collect();
        let generated = self.generated.map(generated).unwrap_or_default();
        Surface {
            text: without_comments(&text, self.snake) + &generated,
            python: self.snake,
            declares: self.declares,
        }
    }

    pub(crate) fn spelled(&self, member: &Member) -> String {
        match (member.kind, self.variant) {
            (Kind::Variant, Variant::Word) => snake(&member.name),
            (Kind::Variant, Variant::Upper) => member.name.clone(),
            (Kind::Variant, Variant::Lower) => camel(&snake(&member.name)),
            _ if self.snake => member.name.clone(),
            _ => camel(&member.name),
        }
    }
}

/// What UniFFI generates the public types of a language from: declarations in Rust, with the names of the language, a
/// variant of Swift's too. What is renamed is internal.
fn generated(language: &str) -> String {
    let binding = root().join("bindings/uniffi");
    let config = std::fs::read_to_string(binding.join("uniffi.toml")).unwrap_or_default();
    let section = format!("[bindings.{language}.rename]");
    let renames = config
        .split_once(&section)
        .map_or("", |(_, rest)| rest.split("\n[").next().unwrap_or_default());
    let source = without_comments(&sources(&binding.join("src"), &[".rs"]), false);
    let declarations = ["pub struct ", "pub enum "]
        .iter()
        .flat_map(|start| source.match_indices(start))
        .map(|(at, _)| braced(&source[at..]))
        .filter(|declaration| {
            let name = declaration
                .split([' ', '<', '(', ';'])
                .nth(2)
                .unwrap_or_default();
            !renames.contains(&format!("\n{name} = "))
        });
    declarations
        .flat_map(|declaration| declaration.split_inclusive(|letter: char| !is_part(letter)))
        .map(|part| {
            let name = camel(part);
            match language {
                "swift" if name.starts_with(char::is_uppercase) => {
                    // What follows the word, a bracket say, stays once.
                    let word = part.trim_end_matches(|letter: char| !is_part(letter));
                    let rest = &part[word.len()..];
                    format!("{} {}{rest}", camel(word), camel(&snake(word)))
                }
                _ => name,
            }
        })
        .collect()
}

/// The declarations of a package, without comments.
pub(crate) struct Surface {
    text: String,
    python: bool,
    declares: &'static [&'static str],
}

impl Surface {
    /// Everything in the declarations of a type.
    pub(crate) fn of_type(&self, name: &str) -> String {
        let mut found = String::new();
        for word in self.declares {
            let start = format!("{word} {name}");
            for (at, _) in self.text.match_indices(&start) {
                let rest = &self.text[at + start.len()..];
                let before = self.text[..at].chars().next_back();
                let whole =
                    !rest.starts_with(is_part) && before.is_none_or(|before| !is_part(before));
                if whole {
                    found.push_str(if self.python {
                        indented(&self.text[at..])
                    } else {
                        braced(&self.text[at..])
                    });
                    found.push('\n');
                }
            }
        }
        found
    }
}

fn is_part(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Whether a text contains a word as a whole word.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        before.is_none_or(|before| !is_part(before)) && after.is_none_or(|after| !is_part(after))
    })
}

/// Until the first line that is indented no more.
fn indented(text: &str) -> &str {
    let mut end = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if number > 0 && line.starts_with(|first: char| !first.is_whitespace() && first != ')') {
            break;
        }
        end += line.len();
    }
    &text[..end]
}

/// Until the end of the line on which every bracket is closed; a union of words goes on in the next one.
fn braced(text: &str) -> &str {
    let mut depth = 0_i32;
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        depth += line.matches(['(', '{', '[']).count() as i32
            - line.matches([')', '}', ']']).count() as i32;
        end += line.len();
        let goes_on = text[end..].trim_start().starts_with(['|', ':'])
            || line.trim_end().ends_with(['=', ':', ',']);
        if depth <= 0 && !goes_on {
            break;
        }
    }
    &text[..end]
}

/// A text without its comments, so that what is only spoken of does not count; of Python the docstrings go.
fn without_comments(text: &str, python: bool) -> String {
    let mut kept = String::new();
    let mut rest = text;
    let marks: &[(&str, &str)] = match python {
        true => &[("\"\"\"", "\"\"\""), ("# ", "\n")],
        false => &[("/*", "*/"), ("// ", "\n"), ("///", "\n")],
    };
    while let Some((at, (begin, end))) = marks
        .iter()
        .filter_map(|mark| Some((rest.find(mark.0)?, mark)))
        .min_by_key(|(at, _)| *at)
    {
        kept.push_str(&rest[..at]);
        let inside = &rest[at + begin.len()..];
        rest = inside
            .find(end)
            .map_or("", |close| &inside[close + end.len()..]);
        if *end == "\n" {
            kept.push('\n');
        }
    }
    kept.push_str(rest);
    kept
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| {
        let (head, tail) = word.split_at(1.min(word.len()));
        text + &head.to_uppercase() + tail
    })
}

fn snake(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}
