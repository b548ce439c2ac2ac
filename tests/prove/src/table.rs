//! The table: what was tried, how often, in which language, what was expected and what came out.

use std::collections::BTreeMap;
use std::fmt::Write;

/// A part of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Faults,
    InTime,
    Changed,
    Random,
    Limits,
    Network,
    Hosts,
    OwnTests,
    Soak,
    Growth,
    Secrets,
}

impl Part {
    /// In their order.
    pub(crate) const ALL: [Self; 11] = [
        Self::Faults,
        Self::InTime,
        Self::Changed,
        Self::Random,
        Self::Limits,
        Self::Network,
        Self::Hosts,
        Self::OwnTests,
        Self::Soak,
        Self::Growth,
        Self::Secrets,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Faults => "Faults",
            Self::InTime => "Faults in real time",
            Self::Changed => "Changed service",
            Self::Random => "Random faults",
            Self::Limits => "Limits",
            Self::Network => "Network",
            Self::Hosts => "Hosts",
            Self::OwnTests => "Hosts, own tests",
            Self::Soak => "Soak",
            Self::Growth => "Growth in the soak",
            Self::Secrets => "Secrets",
        }
    }
}

/// A row, before it is known what came out in each language.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tried {
    pub(crate) part: Part,
    pub(crate) what: String,
    pub(crate) expected: String,
    /// The number of the promise, in the order of the README of the project: 1 to 6.
    pub(crate) promise: &'static str,
}

impl Tried {
    pub(crate) fn new(
        part: Part,
        promise: &'static str,
        what: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self {
            part,
            what: what.into(),
            expected: expected.into(),
            promise,
        }
    }
}

/// What came out in one language.
#[derive(Clone, Debug, Default)]
pub(crate) struct CameOut {
    pub(crate) tried: u64,
    pub(crate) kept: u64,
    /// What went wrong, the first few.
    pub(crate) broken: Vec<String>,
    /// A figure to be shown beside the count.
    pub(crate) figure: Option<String>,
    /// Why it could not be tried.
    pub(crate) untried: Option<String>,
}

/// What came out in several cells.
#[derive(Debug, Default)]
pub(crate) struct Sum {
    pub(crate) tried: u64,
    pub(crate) kept: u64,
    pub(crate) figure: Option<String>,
}

#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: BTreeMap<Tried, BTreeMap<String, CameOut>>,
    /// The rows in the order in which they came.
    order: Vec<Tried>,
}

const MOST_TOLD: usize = 5;

impl Table {
    fn cell(&mut self, tried: &Tried, language: &str) -> &mut CameOut {
        if !self.rows.contains_key(tried) {
            self.order.push(tried.clone());
        }
        let row = self.rows.entry(tried.clone()).or_default();
        row.entry(language.to_owned()).or_default()
    }

    /// Adds one try. `Err` is a broken promise.
    pub(crate) fn add(&mut self, tried: &Tried, language: &str, verdict: Result<(), String>) {
        self.add_many(tried, language, 1, verdict);
    }

    /// Adds many tries that were judged together.
    pub(crate) fn add_many(
        &mut self,
        tried: &Tried,
        language: &str,
        times: u64,
        verdict: Result<(), String>,
    ) {
        let cell = self.cell(tried, language);
        cell.tried += times;
        match verdict {
            Ok(()) => cell.kept += times,
            Err(why) => {
                if cell.broken.len() < MOST_TOLD {
                    cell.broken.push(why.clone());
                }
                say(&format!(
                    "BROKEN  {language}  {}: {}: {why}",
                    tried.part.name(),
                    tried.what
                ));
            }
        }
    }

    pub(crate) fn figure(&mut self, tried: &Tried, language: &str, figure: String) {
        self.cell(tried, language).figure = Some(figure);
    }

    pub(crate) fn untried(&mut self, tried: &Tried, language: &str, why: &str) {
        say(&format!(
            "untried  {language}  {}: {}: {why}",
            tried.part.name(),
            tried.what
        ));
        self.cell(tried, language).untried = Some(why.to_owned());
    }

    /// Adds all that another table has.
    pub(crate) fn merge(&mut self, other: Self) {
        let mut rows = other.rows;
        for tried in other.order {
            for (language, came) in rows.remove(&tried).unwrap_or_default() {
                let cell = self.cell(&tried, &language);
                cell.tried += came.tried;
                cell.kept += came.kept;
                cell.broken.extend(came.broken);
                cell.figure = came.figure.or(cell.figure.take());
                cell.untried = came.untried.or(cell.untried.take());
            }
        }
    }

    /// Each cell in which something was tried: its row, its language, and whether nothing was broken.
    pub(crate) fn tried(&self) -> impl Iterator<Item = (&Tried, &str, bool)> {
        self.rows.iter().flat_map(|(tried, cells)| {
            let cells = cells.iter().filter(|(_, cell)| cell.tried > 0);
            cells.map(move |(language, cell)| (tried, language.as_str(), cell.kept == cell.tried))
        })
    }

    /// The tries of a part, in one language or all.
    pub(crate) fn sum(&self, part: Part, language: Option<&str>) -> Sum {
        let mut sum = Sum::default();
        let rows = self.rows.iter().filter(|(tried, _)| tried.part == part);
        for (name, cell) in rows.flat_map(|(_, cells)| cells) {
            if language.is_none_or(|language| language == name) {
                sum.tried += cell.tried;
                sum.kept += cell.kept;
                // Of the parts that have one row.
                if matches!(part, Part::Growth | Part::Secrets) {
                    sum.figure = sum.figure.or(cell.figure.clone());
                }
            }
        }
        sum
    }

    /// A line for each thing that broke, the first few of each cell.
    pub(crate) fn broken(&self) -> Vec<String> {
        self.lines(|cell| cell.broken.iter().map(|why| short(why)).collect())
    }

    /// A line for each cell that could not be tried.
    pub(crate) fn untried_cells(&self) -> Vec<String> {
        self.lines(|cell| cell.untried.iter().cloned().collect())
    }

    fn lines(&self, what: impl Fn(&CameOut) -> Vec<String>) -> Vec<String> {
        let mut lines = Vec::new();
        for tried in &self.order {
            for (language, cell) in &self.rows[tried] {
                for why in what(cell) {
                    let part = tried.part.name();
                    lines.push(format!("- {language}, {part}, {}: {why}", tried.what));
                }
            }
        }
        lines
    }

    /// How many tries there were, and in how many cells a promise was broken.
    pub(crate) fn totals(&self) -> (u64, u64) {
        let cells = || self.rows.values().flat_map(BTreeMap::values);
        let tried = cells().map(|cell| cell.tried).sum();
        let broken = cells().filter(|cell| cell.tried > cell.kept).count() as u64;
        (tried, broken)
    }

    /// As Markdown: a table a part, a column a language, and below it what broke.
    pub(crate) fn markdown(&self, languages: &[String]) -> String {
        let mut text = String::new();
        for part in Part::ALL {
            if !self.order.iter().any(|tried| tried.part == part) {
                continue;
            }
            let _ = writeln!(text, "## {}\n", part.name());
            let _ = writeln!(
                text,
                "| tried | expected | promise | {} |",
                languages.join(" | ")
            );
            let _ = writeln!(text, "|---|---|---|{}", "---|".repeat(languages.len()));
            let mut below = Vec::new();
            for tried in self.order.iter().filter(|tried| tried.part == part) {
                let row = &self.rows[tried];
                let cells: Vec<String> = languages
                    .iter()
                    .map(|language| shown(row.get(language), language, tried, &mut below))
                    .collect();
                let _ = writeln!(
                    text,
                    "| {} | {} | {} | {} |",
                    escaped(&tried.what),
                    escaped(&tried.expected),
                    tried.promise,
                    cells.join(" | ")
                );
            }
            text.push('\n');
            for line in below {
                let _ = writeln!(text, "- {line}");
            }
            if !text.ends_with("\n\n") {
                text.push('\n');
            }
        }
        text
    }
}

/// One cell of the table; text that does not fit is written below.
fn shown(cell: Option<&CameOut>, language: &str, tried: &Tried, below: &mut Vec<String>) -> String {
    let Some(cell) = cell else {
        return "–".to_owned();
    };
    for why in &cell.broken {
        below.push(format!(
            "**broken**: {language}, {}: {}",
            tried.what,
            short(why)
        ));
    }
    if let Some(why) = &cell.untried {
        below.push(format!("not tried: {language}, {}: {why}", tried.what));
        if cell.tried == 0 {
            return "not tried".to_owned();
        }
    }
    let count = match cell.kept == cell.tried {
        true => grouped(cell.tried),
        false => format!("**{} of {}**", grouped(cell.kept), grouped(cell.tried)),
    };
    match &cell.figure {
        Some(figure) => format!("{count}; {figure}"),
        None => count,
    }
}

/// A number with commas.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn escaped(text: &str) -> String {
    text.replace('|', "\\|")
}

fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(400) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Informs the waiting user.
#[allow(clippy::print_stdout, reason = "this is a program that reports")]
pub(crate) fn say(text: &str) {
    println!("{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_promise_is_counted_and_reported() {
        let mut table = Table::default();
        let tried = Tried::new(Part::Faults, "1", "cut | list", "a result");
        table.add(&tried, "Rust", Ok(()));
        table.add(&tried, "Rust", Err("it hung".to_owned()));
        table.add_many(&tried, "Python", 1_234_567, Ok(()));
        assert_eq!(table.totals(), (1_234_569, 1));
        let text = table.markdown(&["Rust".to_owned(), "Python".to_owned(), "Go".to_owned()]);
        assert!(
            text.contains("| cut \\| list | a result | 1 | **1 of 2** | 1,234,567 | – |"),
            "{text}"
        );
        assert!(
            text.contains("**broken**: Rust, cut | list: it hung"),
            "{text}"
        );
    }
}
