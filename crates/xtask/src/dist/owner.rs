//! What only the owner of the project's accounts knows: `release.toml`.

use std::path::Path;

/// The values, each by its name.
pub(crate) struct Owner(Vec<(String, String)>);

/// The placeholder in the sources for a value.
const IN_SOURCES: &[(&str, &str)] = &[
    ("repository", "https://github.com/OWNER/icepanel-invites"),
    ("npm_scope", "@icepanel-invites"),
    ("maven_group", "icepanel.invites"),
    ("developer", "OWNER"),
];

/// What each value is.
const WANTED: &[(&str, &str)] = &[
    ("repository", "the address of the repository"),
    ("developer", "the name of the developer or organization"),
    ("npm_scope", "a scope that you own at npm, such as @acme"),
    (
        "maven_group",
        "a namespace that you have proved to Maven Central, such as org.acme",
    ),
    (
        "maven_portal",
        "the address of Maven Central's Publisher API",
    ),
    (
        "signing_key",
        "the fingerprint of the OpenPGP key that signs for Maven Central",
    ),
];

impl Owner {
    pub(crate) fn read() -> Result<Self, String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("release.toml");
        let text = std::fs::read_to_string(&path);
        let text = text.map_err(|why| format!("{}: {why}", path.display()))?;
        let owner = Self::parse(&text)?;
        for (name, _) in WANTED {
            owner.get(name)?;
        }
        Ok(owner)
    }

    /// Each line is `name = "value"`, or a comment.
    fn parse(text: &str) -> Result<Self, String> {
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let value = |line: &str| {
            let (name, value) = line.split_once('=')?;
            let value = value.trim().strip_prefix('"')?.strip_suffix('"')?;
            Some((name.trim().to_owned(), value.to_owned()))
        };
        let read = lines
            .map(|line| value(line).ok_or_else(|| format!("release.toml cannot be read: {line}")));
        read.collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn get(&self, name: &str) -> Result<&str, String> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found
            .map(|(_, value)| value.as_str())
            .ok_or_else(|| format!("release.toml has no {name}"))
    }

    /// A sentence for each value that is still nobody's.
    pub(crate) fn open(&self) -> Vec<String> {
        let open = WANTED.iter().filter(|(name, _)| {
            let value = self.get(name).unwrap_or_default();
            value.is_empty() || value.contains("OWNER")
        });
        let sentence = |(name, what): &(&str, &str)| {
            format!("`{name}` in crates/xtask/release.toml must be {what}.")
        };
        open.map(sentence).collect()
    }

    /// A manifest of cargo's with the address of the sources, if the owner has set it. In the sources there is none: an
    /// address that does not exist is worse than no address.
    pub(crate) fn fill_manifest(&self, text: &str) -> String {
        let repository = self.get("repository").unwrap_or_default();
        if repository.is_empty() || repository.contains("OWNER") {
            return text.to_owned();
        }
        let package = "[workspace.package]\n";
        let license = "\nlicense.workspace = true\n";
        text.replace(
            package,
            &format!("{package}repository = \"{repository}\"\n"),
        )
        .replace(license, &format!("{license}repository.workspace = true\n"))
    }

    /// A file of the sources with the values in it. Where the Kotlin package's name is the same as Maven's group, it
    /// stays: only what is in `<groupId>` is the group.
    pub(crate) fn fill(&self, text: &str) -> String {
        let value = |name| self.get(name).unwrap_or_default();
        text.replace(IN_SOURCES[0].1, value("repository"))
            .replace(
                &format!("{}/", IN_SOURCES[1].1),
                &format!("{}/", value("npm_scope")),
            )
            .replace(
                &format!("<groupId>{}</groupId>", IN_SOURCES[2].1),
                &format!("<groupId>{}</groupId>", value("maven_group")),
            )
            .replace(
                "<name>OWNER</name>",
                &format!("<name>{}</name>", value("developer")),
            )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_and_filled_in() {
        let text = "# a comment\nrepository = \"https://example.org/x\"\nnpm_scope = \"@acme\"\nmaven_group = \"org.acme\"\ndeveloper = \"OWNER\"\nmaven_portal = \"https://example.org/api\"\nsigning_key = \"\"\n";
        let owner = Owner::parse(text).unwrap();
        assert_eq!(
            owner.open(),
            [
                "`developer` in crates/xtask/release.toml must be the name of the developer or organization.",
                "`signing_key` in crates/xtask/release.toml must be the fingerprint of the OpenPGP key that signs for Maven Central."
            ]
        );
        assert_eq!(
            owner.fill("require('@icepanel-invites/linux-x64-gnu') <groupId>icepanel.invites</groupId> import icepanel.invites.* https://github.com/OWNER/icepanel-invites/issues"),
            "require('@acme/linux-x64-gnu') <groupId>org.acme</groupId> import icepanel.invites.* https://example.org/x/issues"
        );
        assert!(Owner::parse("repository").is_err());
        let workspace = "[workspace.package]\nlicense = \"MIT\"\n";
        assert_eq!(
            owner.fill_manifest(workspace),
            "[workspace.package]\nrepository = \"https://example.org/x\"\nlicense = \"MIT\"\n"
        );
        assert_eq!(
            owner.fill_manifest("[package]\nlicense.workspace = true\n"),
            "[package]\nlicense.workspace = true\nrepository.workspace = true\n"
        );
        let nobody = Owner::parse("repository = \"https://github.com/OWNER/x\"\n").unwrap();
        assert_eq!(nobody.fill_manifest(workspace), workspace);
    }

    #[test]
    fn the_file_has_all_that_is_filled_in() {
        Owner::read().unwrap();
    }
}
