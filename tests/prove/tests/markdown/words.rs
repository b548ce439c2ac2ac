//! Words that readers whose first language is not English stop at, or that mean something here alone. Each with what to
//! write in its place.

use crate::page::Page;
use crate::sources::Prose;

/// In small letters. A line break counts as a space.
const MISUSED: &[(&str, &str)] = &[
    ("come what may", "without checking"),
    ("lest", "so that … not"),
    ("whatever happens on the way", "even if a request fails"),
    ("what became of", "was the invite created?"),
    ("what has become of", "was the invite created?"),
    ("told", "reported, returned, unless set"),
    ("tells of", "reports"),
    ("retells", "repeats"),
    ("stands", "is, applies"),
    ("kept", "stored, remains, preserved"),
    (
        "make a list of people true",
        "make the organization match a list of people",
    ),
    ("make a roster true", "make the organization match a roster"),
    (
        "makes a roster true",
        "makes the organization match a roster",
    ),
    ("making a roster true", "applying a roster"),
    ("let a guest stay longer", "extend an invite"),
    ("see who is in", "list members"),
    ("what there is", "methods"),
    ("not trampled on", "not overwritten"),
    ("is its journal", "progress is read from the list"),
    ("the only journal", "progress is read from the list"),
    ("nobody is there to be asked", "stdin is not a terminal"),
    ("how-manieth", "attempt number"),
    ("rules of the house", "rules"),
    ("rule of the house", "rule"),
    ("of yours", "your"),
    ("of ours", "our"),
    ("in doubt", "uncertain"),
    ("rival", "competing invite"),
    ("rivals", "competing invites"),
    ("misfit", "what does not fit"),
    ("its turn", "its permit, its place in the queue"),
    ("half of the span", "half of the duration"),
    ("mended", "fixed"),
    ("talkative", "verbose"),
    ("half-told", "partial"),
    ("in mid-flight", "during the request"),
    ("in mid-call", "during a call"),
    ("sees to it", "makes sure"),
    ("to give away", "to publish"),
    ("say nothing of", "do not mention"),
    ("a find", "a finding"),
    ("thereof", "of it"),
    ("therein", "in it"),
    ("whereto", "where"),
    ("cannot be right", "is not valid"),
    ("at which pace", "how fast"),
    ("so much time", "the duration"),
    ("so many requests", "the number of requests"),
    ("of another kind", "of a different type"),
    ("comes to nothing", "has no effect, fails"),
    ("came to nothing", "had no effect, failed"),
    ("come to nothing", "have no effect, fail"),
    ("held against", "compared with"),
    ("holds against", "compares with"),
    ("what becomes of", "how it ends, the result"),
    ("what comes of", "the result"),
    ("what came of", "the result"),
    ("trampled on", "overwritten"),
    ("stood", "was"),
    ("lives longer", "is used longer"),
    ("puts it down", "writes it"),
    ("left alone", "not changed, not invited again"),
    ("is no error", "is not an error"),
    ("so long from", "the duration"),
];

/// Data with such a word: where, and which word.
const ALLOWED: &[(&str, &str)] = &[
    // Words to find, in the tests of this check.
    ("tests/prove/tests/markdown.rs", "told"),
    ("tests/prove/tests/markdown.rs", "what became of"),
];

/// Each place where such a word is used.
pub(crate) fn misused(page: &Page) -> Vec<String> {
    let text = page.words().to_lowercase().replace('\n', "\u{1} ");
    let mut found = Vec::new();
    for (word, better) in MISUSED {
        for at in places(&text, word) {
            let line = text[..at].matches('\u{1}').count() + 1;
            found.push((
                line,
                format!(
                    "{}:{line}: not {word:?} but {better:?}",
                    page.path.display()
                ),
            ));
        }
    }
    found.sort();
    found.into_iter().map(|(_, what)| what).collect()
}

/// The same for the sources.
pub(crate) fn misused_in(prose: &[Prose]) -> Vec<String> {
    let mut found = Vec::new();
    for prose in prose {
        let path = prose.path.to_string_lossy();
        for (word, better) in MISUSED {
            // `kept` is also an outcome, in texts that are data.
            let is_data = prose.is_literal && *word == "kept";
            if !is_data
                && !ALLOWED.contains(&(&path, word))
                && !places(&prose.text, word).is_empty()
            {
                found.push(format!(
                    "{path}:{}: not {word:?} but {better:?}",
                    prose.line
                ));
            }
        }
    }
    found
}

/// Where a word or some words begin, whole, and however they are broken into lines.
fn places(text: &str, words: &str) -> Vec<usize> {
    let (first, others) = words.split_once(' ').unwrap_or((words, ""));
    let is_part = |c: char| c.is_alphanumeric() || c == '-' || c == '_' || c == '\'';
    let whole = |at: usize| {
        let before = text[..at].chars().next_back();
        let mut rest = &text[at + first.len()..];
        for word in others.split(' ').filter(|word| !word.is_empty()) {
            let next = rest.trim_start_matches(['\u{1}', ' ']);
            if next.len() == rest.len() || !next.starts_with(word) {
                return false;
            }
            rest = &next[word.len()..];
        }
        !before.is_some_and(is_part) && !rest.chars().next().is_some_and(is_part)
    };
    let starts = text.match_indices(first).map(|(at, _)| at);
    starts.filter(|at| whole(*at)).collect()
}
