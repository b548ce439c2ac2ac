//! The pages of the repository as pages of the site: links between pages stay, a link to anything else goes to the repository.

/// What is on the site: pages, and the pictures in them.
pub(super) fn is_shown(file: &str) -> bool {
    let is_page =
        file.ends_with(".md") && !file.starts_with("node/npm/") && !file.starts_with(".github/");
    is_page || file.ends_with(".png") || file.ends_with(".svg")
}

/// A page with its links as the site needs them.
pub(super) fn page(file: &str, text: &str, files: &[String], repository: &str) -> String {
    let mut page = String::new();
    let mut rest = text;
    let mut in_code = false;
    while let Some(at) = rest.find("](") {
        let (before, after) = rest.split_at(at + 2);
        in_code ^= before.matches("\n```").count() % 2 == 1;
        page.push_str(before);
        let end = after.find(')').unwrap_or(after.len());
        let (link, after) = after.split_at(end);
        match in_code {
            true => page.push_str(link),
            false => page.push_str(&target(file, link, files, repository)),
        }
        rest = after;
    }
    page.push_str(rest);
    page
}

fn target(file: &str, link: &str, files: &[String], repository: &str) -> String {
    if link.contains("://") || link.starts_with('#') || link.starts_with("mailto:") {
        return link.to_owned();
    }
    let (path, anchor) = match link.split_once('#') {
        Some((path, anchor)) => (path, format!("#{anchor}")),
        None => (link, String::new()),
    };
    let Some(path) = resolve(file, path) else {
        return link.to_owned();
    };
    let is_file = files.contains(&path);
    if is_file && is_shown(&path) {
        return link.to_owned();
    }
    let folder = format!("{path}/");
    let readme = format!("{path}/README.md");
    if files.contains(&readme) && is_shown(&readme) {
        return format!(
            "{}/README.md{anchor}",
            link.trim_end_matches(&anchor).trim_end_matches('/')
        );
    }
    let is_folder = files.iter().any(|other| other.starts_with(&folder));
    match (is_file, is_folder) {
        (true, _) => format!("{repository}/blob/main/{path}{anchor}"),
        (_, true) => format!("{repository}/tree/main/{path}"),
        // mkdocs then reports it.
        _ => link.to_owned(),
    }
}

/// The path below the root that a link means, if it stays there.
fn resolve(file: &str, link: &str) -> Option<String> {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_between_pages_stay_and_others_go_to_the_repository() {
        let files = [
            "a/README.md",
            "a/docs/x.md",
            "a/src/lib.rs",
            "b/README.md",
            "c/d.rs",
        ];
        let files = files.map(str::to_owned);
        let text = "[x](docs/x.md#y) [lib](src/lib.rs) [b](../b) [c](../c/) [web](https://example.org) [here](#z) [gone](no.md)\n```md\n[code](src/lib.rs)\n```\n[lib](src/lib.rs)";
        assert_eq!(
            page("a/README.md", text, &files, "https://r"),
            "[x](docs/x.md#y) [lib](https://r/blob/main/a/src/lib.rs) [b](../b/README.md) [c](https://r/tree/main/c) [web](https://example.org) [here](#z) [gone](no.md)\n```md\n[code](src/lib.rs)\n```\n[lib](https://r/blob/main/a/src/lib.rs)"
        );
    }
}
