//! Pages whose examples are run.

use std::path::PathBuf;

/// A line without what differs from run to run: ids, times.
pub fn lasting(line: &str) -> String {
    let mut words = String::new();
    for word in line.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let (word, end) = match word.char_indices().next_back() {
            Some((at, last)) if !last.is_ascii_alphanumeric() => word.split_at(at),
            _ => (word, ""),
        };
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let is_id = word.len() == 20;
        let is_time = digits * 2 >= word.len() && digits >= 2;
        words.push_str(if is_id || is_time { "~" } else { word });
        words.push_str(end);
    }
    // A time has parts of a second, or none.
    words.replace("~.~", "~")
}

/// The text between the first line with this fence and the next fence.
pub fn block<'a>(page: &'a str, fence: &str) -> &'a str {
    let block = page.split(&format!("{fence}\n")).nth(1).unwrap();
    block.split("\n```").next().unwrap()
}

/// A command of a page, and what the page shows of its output.
pub type Step<'a> = (&'a str, &'a str);

/// The commands of a page, by console block.
pub fn consoles(page: &str) -> impl Iterator<Item = Vec<Step<'_>>> {
    page.split("\n```console\n$ ").skip(1).map(|block| {
        let block = block.split("\n```").next().unwrap();
        let steps = block.split("\n$ ");
        steps
            .map(|step| {
                let (line, shown) = step.split_once('\n').unwrap_or((step, ""));
                (line, shown.trim_end_matches('\n'))
            })
            .collect()
    })
}

/// The lines of a text without what differs from run to run.
pub fn lines(text: &str) -> Vec<String> {
    text.lines().map(lasting).collect()
}

/// An empty folder of a test.
pub fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("icepanel-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
