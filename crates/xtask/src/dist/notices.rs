//! What is linked into an artefact: its licences as a text, and a list for programs (CycloneDX).
//!
//! Both come from `cargo metadata`, which lists a platform's crates as cargo resolves them, and from the licence files in
//! the crates' packages. cargo-cyclonedx would write a file for each crate of the workspace into the sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::Dist;
use crate::run::{cargo_command, output};

/// A crate that is linked in.
struct Part {
    id: String,
    name: String,
    version: String,
    licence: String,
    repository: String,
    /// As in Cargo.lock; ours have none.
    checksum: Option<String>,
    /// Its licence files.
    texts: Vec<String>,
    needs: Vec<String>,
}

/// What one of our crates links in on one platform.
pub(super) struct Notices {
    product: String,
    version: String,
    root: String,
    parts: Vec<Part>,
}

impl Notices {
    /// Reads what `package` needs where it runs on the platform: no build scripts, no macros, no tests.
    pub(super) fn read(dist: &Dist, package: &str, triple: &str) -> Result<Self, String> {
        let arguments = [
            "metadata",
            "--format-version=1",
            "--locked",
            "--filter-platform",
        ];
        let said = output(
            cargo_command(&arguments)
                .arg(triple)
                .current_dir(&dist.source),
        )?;
        let metadata: Value = serde_json::from_str(&said).map_err(|why| why.to_string())?;
        let lock = dist.source.join("Cargo.lock");
        let lock = fs::read_to_string(&lock).map_err(|why| format!("{}: {why}", lock.display()))?;
        Self::from(&metadata, &checksums(&lock), package)
    }

    fn from(
        metadata: &Value,
        checksums: &BTreeMap<(String, String), String>,
        package: &str,
    ) -> Result<Self, String> {
        let packages: BTreeMap<&str, &Value> = list(&metadata["packages"])
            .map(|package| (text(&package["id"]), package))
            .collect();
        let nodes: BTreeMap<&str, &Value> = list(&metadata["resolve"]["nodes"])
            .map(|node| (text(&node["id"]), node))
            .collect();
        let root = packages
            .values()
            .find(|known| text(&known["name"]) == package)
            .ok_or_else(|| format!("the workspace has no crate {package}"))?;
        let mut found = BTreeSet::new();
        let mut open = vec![text(&root["id"])];
        while let Some(id) = open.pop() {
            if found.insert(id) {
                open.extend(needs(nodes.get(id), &packages));
            }
        }
        let mut parts = Vec::new();
        for id in found {
            let about = packages
                .get(id)
                .ok_or("cargo refers to a crate that it does not list")?;
            let (name, version) = (text(&about["name"]), text(&about["version"]));
            let folder = Path::new(text(&about["manifest_path"])).parent();
            let ours = about["source"].is_null();
            parts.push(Part {
                id: reference(name, version),
                name: name.to_owned(),
                version: version.to_owned(),
                licence: text(&about["license"]).replace('/', " OR "),
                repository: text(&about["repository"]).to_owned(),
                checksum: checksums
                    .get(&(name.to_owned(), version.to_owned()))
                    .cloned(),
                texts: match (folder, ours) {
                    (Some(folder), false) => licence_files(folder)?,
                    _ => Vec::new(),
                },
                needs: needs(nodes.get(id), &packages)
                    .filter_map(|id| packages.get(id))
                    .map(|about| reference(text(&about["name"]), text(&about["version"])))
                    .collect(),
            });
        }
        Ok(Self {
            product: package.to_owned(),
            version: text(&root["version"]).to_owned(),
            root: reference(package, text(&root["version"])),
            parts,
        })
    }

    /// The licences, as a text: each once, with the crates under it.
    pub(super) fn text(&self) -> String {
        let mut text = format!(
            "What is linked into this build of {} {}, and under which licences.\n\n\
             Rust's standard library: MIT OR Apache-2.0, https://github.com/rust-lang/rust\n",
            self.product, self.version
        );
        let others = || self.parts.iter().filter(|part| part.checksum.is_some());
        for part in others() {
            text += &format!(
                "{} {}: {}, {}\n",
                part.name, part.version, part.licence, part.repository
            );
        }
        let mut of: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for part in others() {
            for licence in &part.texts {
                let name = format!("{} {}", part.name, part.version);
                of.entry(licence).or_default().push(name);
            }
        }
        let mut texts: Vec<_> = of.into_iter().collect();
        texts.sort_by(|one, other| one.1.cmp(&other.1));
        for (licence, names) in texts {
            let line = "-".repeat(78);
            text += &format!("\n{line}\n{}\n{line}\n\n{licence}\n", names.join(", "));
        }
        text
    }

    /// The list for programs: CycloneDX 1.5.
    pub(super) fn bom(&self) -> String {
        let component = |part: &Part| {
            let mut component = json!({
                "type": "library",
                "bom-ref": part.id,
                "name": part.name,
                "version": part.version,
                "purl": part.id,
                "licenses": [{ "expression": part.licence }],
            });
            if let Some(checksum) = &part.checksum {
                component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
            }
            if !part.repository.is_empty() {
                component["externalReferences"] =
                    json!([{ "type": "vcs", "url": part.repository }]);
            }
            component
        };
        let ours = self.parts.iter().find(|part| part.id == self.root);
        let others = self.parts.iter().filter(|part| part.id != self.root);
        let dependencies = self
            .parts
            .iter()
            .map(|part| json!({ "ref": part.id, "dependsOn": part.needs }));
        let bom = json!({
            "bomFormat": "CycloneDX",
            "specVersion": "1.5",
            "version": 1,
            "metadata": { "component": ours.map(component) },
            "components": others.map(component).collect::<Vec<_>>(),
            "dependencies": dependencies.collect::<Vec<_>>(),
        });
        format!("{bom:#}\n")
    }
}

/// A crate's package URL.
fn reference(name: &str, version: &str) -> String {
    format!("pkg:cargo/{name}@{version}")
}

/// The crates that one needs where it runs.
fn needs<'a>(
    node: Option<&&'a Value>,
    packages: &BTreeMap<&str, &Value>,
) -> impl Iterator<Item = &'a str> {
    let is_macro = |id: &str| {
        let targets = packages
            .get(id)
            .into_iter()
            .flat_map(|about| list(&about["targets"]));
        targets
            .flat_map(|target| list(&target["kind"]))
            .any(|kind| kind == "proc-macro")
    };
    let edges: Vec<&Value> = node
        .into_iter()
        .flat_map(|node| list(&node["deps"]))
        .collect();
    let normal = edges
        .into_iter()
        .filter(|edge| list(&edge["dep_kinds"]).any(|kind| kind["kind"].is_null()));
    let mut ids: Vec<&'a str> = normal
        .map(|edge| text(&edge["pkg"]))
        .filter(|id| !is_macro(id))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The texts in a crate's package that say under which licence it is.
fn licence_files(folder: &Path) -> Result<Vec<String>, String> {
    const NAMES: &[&str] = &["LICENSE", "LICENCE", "COPYING", "NOTICE", "COPYRIGHT"];
    let failed = |why: std::io::Error| format!("{}: {why}", folder.display());
    let mut texts = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.to_ascii_uppercase();
        if path.is_file() && NAMES.iter().any(|start| name.starts_with(start)) {
            let bytes = fs::read(&path).map_err(failed)?;
            let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
            texts.insert(text.trim_end().to_owned());
        }
    }
    Ok(texts.into_iter().collect())
}

/// The checksums of a lock file, by name and version.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let value = |package: &str, name: &str| {
        let line = package.lines().find_map(|line| line.strip_prefix(name))?;
        Some(line.strip_prefix(" = \"")?.strip_suffix('"')?.to_owned())
    };
    let packages = lock.split("[[package]]");
    packages
        .filter_map(|package| {
            let key = (value(package, "name")?, value(package, "version")?);
            Some((key, value(package, "checksum")?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_linked_in_is_listed() {
        let metadata = json!({
            "packages": [
                { "id": "a", "name": "ours", "version": "1.0.0", "license": "MIT", "source": null, "manifest_path": "/none/Cargo.toml", "targets": [{ "kind": ["lib"] }] },
                { "id": "b", "name": "serde", "version": "1.2.3", "license": "MIT/Apache-2.0", "source": null, "repository": "https://example.org", "manifest_path": "/none/Cargo.toml", "targets": [{ "kind": ["lib"] }] },
                { "id": "c", "name": "derive", "version": "1.0.0", "source": null, "manifest_path": "/none/Cargo.toml", "targets": [{ "kind": ["proc-macro"] }] },
                { "id": "d", "name": "for-tests", "version": "1.0.0", "source": null, "manifest_path": "/none/Cargo.toml", "targets": [{ "kind": ["lib"] }] },
            ],
            "resolve": { "nodes": [
                { "id": "a", "deps": [
                    { "pkg": "b", "dep_kinds": [{ "kind": null }] },
                    { "pkg": "c", "dep_kinds": [{ "kind": null }] },
                    { "pkg": "d", "dep_kinds": [{ "kind": "dev" }] },
                ] },
                { "id": "b", "deps": [] },
            ] },
        });
        let lock = "[[package]]\nname = \"serde\"\nversion = \"1.2.3\"\nsource = \"registry\"\nchecksum = \"abc\"\n";
        let notices = Notices::from(&metadata, &checksums(lock), "ours").unwrap();
        let names: Vec<_> = notices.parts.iter().map(|part| &part.name).collect();
        assert_eq!(names, ["ours", "serde"]);
        assert!(
            notices
                .text()
                .contains("serde 1.2.3: MIT OR Apache-2.0, https://example.org\n")
        );
        let bom: Value = serde_json::from_str(&notices.bom()).unwrap();
        assert_eq!(bom["metadata"]["component"]["name"], "ours");
        assert_eq!(bom["components"][0]["hashes"][0]["content"], "abc");
        assert_eq!(
            bom["dependencies"][0]["dependsOn"],
            json!(["pkg:cargo/serde@1.2.3"])
        );
    }
}
