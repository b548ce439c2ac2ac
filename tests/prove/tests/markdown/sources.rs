//! The prose of the sources: comments, documentation, texts with more than one word, names of tests, titles and file names of
//! scenarios.

use std::fs;
use std::path::{Path, PathBuf};

use crate::files;

/// A part of a file that a person reads.
pub(crate) struct Prose {
    /// From the root of the repository.
    pub(crate) path: PathBuf,
    pub(crate) line: usize,
    /// In lower case, with single spaces.
    pub(crate) text: String,
    /// Whether it is a text of the program, where an outcome such as `kept` is data.
    pub(crate) is_literal: bool,
}

/// How a language writes comments and texts.
#[derive(Clone, Copy, PartialEq)]
enum Language {
    Rust,
    Python,
    JavaScript,
    Kotlin,
    Java,
    Swift,
    /// TOML, YAML, shell: comments after a hash.
    Hash,
}

impl Language {
    fn of(path: &Path) -> Option<Self> {
        Some(match path.extension()?.to_str()? {
            "rs" => Self::Rust,
            "py" | "pyi" => Self::Python,
            "js" | "mjs" | "cjs" | "ts" | "mts" => Self::JavaScript,
            "kt" | "kts" => Self::Kotlin,
            "java" => Self::Java,
            "swift" => Self::Swift,
            "toml" | "yml" | "yaml" | "sh" => Self::Hash,
            _ => return None,
        })
    }

    fn has_hash_comments(self) -> bool {
        matches!(self, Self::Python | Self::Hash)
    }

    /// The signs around a text that ends with its line.
    fn quotes(self) -> &'static [char] {
        match self {
            Self::Hash => &[],
            Self::Python => &['"', '\''],
            Self::JavaScript => &['"', '\'', '`'],
            // Names of tests are between backticks.
            Self::Kotlin => &['"', '`'],
            _ => &['"'],
        }
    }

    fn has_long_texts(self) -> bool {
        matches!(self, Self::Python | Self::Kotlin | Self::Java | Self::Swift)
    }
}

/// All prose of the repository, but for the list of the words itself.
pub(crate) fn prose(root: &Path) -> Vec<Prose> {
    let mut found = Vec::new();
    for path in files::all(root) {
        let is_scenario = path.starts_with("tests/scenarios")
            && path.extension().is_some_and(|kind| kind == "json");
        let is_source = Language::of(&path).is_some() && !path.ends_with("markdown/words.rs");
        if !is_scenario && !is_source {
            continue;
        }
        let Ok(text) = fs::read_to_string(root.join(&path)) else {
            continue;
        };
        match is_scenario {
            true => found.extend(of_scenario(&path, &text)),
            false => found.extend(of_source(&path, &text)),
        }
    }
    found
}

/// The title of a scenario, and the words of its file name.
fn of_scenario(path: &Path, text: &str) -> Vec<Prose> {
    let scenario: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let title = scenario["title"].as_str().unwrap_or_default().to_owned();
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let of = |text: String| Prose {
        path: path.to_owned(),
        line: 1,
        text: text.to_lowercase(),
        is_literal: true,
    };
    vec![of(title), of(name.replace('-', " "))]
}

/// The comments, the texts and the names of the functions of a source.
pub(crate) fn of_source(path: &Path, text: &str) -> Vec<Prose> {
    let Some(language) = Language::of(path) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut block: Option<(usize, String)> = None;
    let starts: Vec<usize> = std::iter::once(0)
        .chain(text.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    let text_line = |at: usize| starts.partition_point(|start| *start <= at);
    let mut push = |at: usize, text: &str, is_literal: bool| {
        let text = match is_literal {
            // A line break in a text, and a text on several lines.
            true => {
                let inner = text.trim_matches(['"', '\'', '`']);
                flat(&inner.replace("\\n", " ").replace("\\\n", " "))
            }
            false => flat(&without_code(text)),
        };
        if text.contains(' ') || !is_literal {
            found.push(Prose {
                path: path.to_owned(),
                line: text_line(at),
                text,
                is_literal,
            });
        }
    };
    let mut rest_at = 0;
    while let Some(sign) = text[rest_at..].chars().next() {
        let rest = &text[rest_at..];
        let (end, piece) = piece(language, rest, text[..rest_at].chars().next_back());
        match piece {
            Some(Piece::Comment) => {
                let body = rest[..end].to_owned();
                // Lines of comments that follow each other are one text.
                match &mut block {
                    Some((_, before)) => {
                        before.push('\n');
                        before.push_str(&body);
                    }
                    None => block = Some((rest_at, body)),
                }
            }
            _ => {
                if !sign.is_whitespace()
                    && let Some((at, body)) = block.take()
                {
                    push(at, &body, false);
                }
                if let Some(Piece::Text) = piece {
                    push(rest_at, &rest[..end], true);
                }
                if let Some(Piece::Name(name)) = piece {
                    push(rest_at, &name, true);
                }
            }
        }
        rest_at += end;
    }
    if let Some((at, body)) = block {
        push(at, &body, false);
    }
    found
}

enum Piece {
    Comment,
    Text,
    /// The words of a function's name.
    Name(String),
}

/// What begins here, and its length; one sign if it is neither a comment nor a text.
fn piece(language: Language, rest: &str, before: Option<char>) -> (usize, Option<Piece>) {
    let sign = rest.chars().next().unwrap_or_default();
    let until = |from: usize, end: &str| match rest[from..].find(end) {
        Some(at) => from + at + end.len(),
        None => rest.len(),
    };
    let line = || rest.find('\n').unwrap_or(rest.len());
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let in_word = before.is_some_and(is_word);
    if language.has_hash_comments() {
        if sign == '#' && before.is_none_or(char::is_whitespace) {
            return (line(), Some(Piece::Comment));
        }
    } else if rest.starts_with("//") && before != Some(':') {
        return (line(), Some(Piece::Comment));
    } else if rest.starts_with("/*") {
        return (until(2, "*/"), Some(Piece::Comment));
    }
    if language.has_long_texts() && rest.starts_with("\"\"\"") {
        let kind = match language {
            Language::Python => Piece::Comment,
            _ => Piece::Text,
        };
        return (until(3, "\"\"\""), Some(kind));
    }
    if language == Language::Rust && sign == 'r' && (!in_word || before == Some('b')) {
        let hashes = rest[1..].bytes().take_while(|byte| *byte == b'#').count();
        if rest[1 + hashes..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            return (until(2 + hashes, &end), Some(Piece::Text));
        }
    }
    // A character, and not a lifetime.
    if language == Language::Rust && sign == '\'' {
        let mut signs = rest.char_indices().skip(1);
        let quoted = match signs.next() {
            Some((_, '\\')) => signs.skip(1).find(|(_, c)| *c == '\''),
            _ => signs.next().filter(|(_, c)| *c == '\''),
        };
        return (quoted.map_or(1, |(at, _)| at + 1), None);
    }
    if language.quotes().contains(&sign) {
        let mut escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                c if c == sign => return (at + 1, Some(Piece::Text)),
                '\n' if sign != '`' && language != Language::Rust => break,
                _ => {}
            }
        }
        return (sign.len_utf8(), None);
    }
    if !in_word
        && let Some(name) = ["fn ", "def ", "func ", "fun "]
            .iter()
            .find_map(|word| rest.strip_prefix(word))
    {
        let name: String = name.chars().take_while(|c| is_word(*c)).collect();
        let keyword = sign.len_utf8();
        return (keyword, Some(Piece::Name(words(&name))));
    }
    (sign.len_utf8(), None)
}

/// `aListIsEmpty` and `a_list_is_empty` as `a list is empty`.
fn words(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        match c {
            '_' => words.push(' '),
            c if c.is_uppercase() => {
                words.push(' ');
                words.extend(c.to_lowercase());
            }
            c => words.push(c),
        }
    }
    words
}

/// A comment without code: spans between backticks, and fenced blocks.
fn without_code(comment: &str) -> String {
    let mut plain = String::new();
    let mut fenced = false;
    for line in comment.lines() {
        let bare = line.trim_start_matches(|c: char| c.is_whitespace() || "/*#!".contains(c));
        if bare.starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            plain.push_str(bare);
            plain.push('\n');
        }
    }
    let pieces: Vec<&str> = plain.split('`').collect();
    // The last backtick of an odd number begins no code.
    let last = pieces.len() - usize::from(pieces.len().is_multiple_of(2));
    let outside = pieces
        .iter()
        .enumerate()
        .filter(|(index, _)| index % 2 == 0 || *index >= last);
    outside
        .map(|(_, piece)| *piece)
        .collect::<Vec<_>>()
        .join(" _ ")
}

fn flat(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}
