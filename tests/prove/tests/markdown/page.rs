//! A page: its prose, its links, its headings.

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::files;

pub(crate) struct Page {
    /// From the root of the repository.
    pub(crate) path: PathBuf,
    /// Without the blocks of code, each of whose lines is empty here.
    prose: String,
}

impl Page {
    pub(crate) fn new(path: impl Into<PathBuf>, text: &str) -> Self {
        let mut prose = String::new();
        let mut inside = false;
        for line in text.lines() {
            let fence = line.trim_start().starts_with("```");
            if !fence && !inside {
                prose.push_str(line);
            }
            inside ^= fence;
            prose.push('\n');
        }
        Self {
            path: path.into(),
            prose,
        }
    }

    /// Without code in the lines and without the targets of links; spaces are in their place.
    pub(crate) fn words(&self) -> String {
        let mut words = String::new();
        for (index, piece) in self.prose.split('`').enumerate() {
            match index % 2 {
                0 => words.push_str(piece),
                _ => words.extend(blank(piece)),
            }
            words.push(' ');
        }
        let mut rest = words.as_str();
        let mut text = String::new();
        while let Some((before, after)) = rest.split_once("](") {
            let end = after.find(')').unwrap_or(after.len());
            let (target, behind) = after.split_at(end);
            text.push_str(before);
            text.extend(blank(target));
            rest = behind;
        }
        text + rest
    }

    /// The code in the lines, each with the number of its line.
    pub(crate) fn code(&self) -> Vec<(usize, String)> {
        let lines = self.prose.lines().enumerate();
        let code = lines.flat_map(|(index, line)| {
            let pieces = line.split('`').skip(1).step_by(2);
            pieces.map(move |code| (index + 1, code.to_owned()))
        });
        code.collect()
    }

    /// The targets of the links, each with the number of its line.
    pub(crate) fn links(&self) -> Vec<(usize, String)> {
        let mut links = Vec::new();
        for (index, line) in self.prose.lines().enumerate() {
            let outside: String = line.split('`').step_by(2).collect();
            for link in outside.split("](").skip(1) {
                let (target, _) = link.split_once(')').unwrap_or((link, ""));
                links.push((index + 1, target.to_owned()));
            }
        }
        links
    }

    /// The headings as a link names them.
    pub(crate) fn headings(&self) -> Vec<String> {
        let lines = self.prose.lines().filter(|line| line.starts_with('#'));
        let slug = |line: &str| {
            let heading = line.trim_start_matches('#').trim().to_lowercase();
            let signs = heading.chars().filter_map(|c| match c {
                ' ' => Some('-'),
                c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
                _ => None,
            });
            signs.collect()
        };
        lines.map(slug).collect()
    }

    /// A path that is written from this page, from the root.
    pub(crate) fn beside(&self, path: &str) -> PathBuf {
        let mut from_root = self.path.parent().unwrap_or(Path::new("")).to_owned();
        for part in Path::new(path).components() {
            match part {
                Component::ParentDir if from_root.pop() => {}
                // A link that leaves the repository leads nowhere.
                Component::ParentDir => from_root.push(".."),
                Component::Normal(name) => from_root.push(name),
                _ => {}
            }
        }
        from_root
    }
}

fn blank(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(|c| if c == '\n' { c } else { ' ' })
}

/// Every page of the repository.
pub(crate) fn all(root: &Path) -> Vec<Page> {
    let pages = files::all(root).into_iter();
    let pages = pages.filter(|path| path.extension().is_some_and(|kind| kind == "md"));
    let read = |path: PathBuf| {
        let text = fs::read_to_string(root.join(&path)).expect("a page");
        Page::new(path, &text)
    };
    pages.map(read).collect()
}
