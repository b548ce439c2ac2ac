//! What the client exports, read out of its source.

use std::collections::BTreeMap;

use quote::ToTokens;
use syn::{Attribute, Fields, ImplItem, Item, Type, UseTree, Visibility};

use crate::root;

/// A public field, variant or method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Field,
    Variant,
    Method,
}

impl Member {
    pub(crate) fn method(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind: Kind::Method,
        }
    }
}

/// The types that the crate exports, each with its public members.
pub(crate) fn exported() -> BTreeMap<String, Vec<Member>> {
    let folder = root().join("crates/icepanel-invites/src");
    let page = std::fs::read_to_string(folder.join("lib.rs")).expect("lib.rs");
    let mut types = BTreeMap::new();
    for item in syn::parse_file(&page).expect("lib.rs is Rust").items {
        if let Item::Use(used) = item
            && matches!(used.vis, Visibility::Public(_))
        {
            names(&used.tree, &mut types);
        }
    }
    for text in files(&folder) {
        for item in syn::parse_file(&text).expect("Rust").items {
            add(item, &mut types);
        }
    }
    types
}

fn files(folder: &std::path::Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(std::fs::read_to_string(&path).expect("a text"));
        }
    }
    found
}

fn names(tree: &UseTree, types: &mut BTreeMap<String, Vec<Member>>) {
    match tree {
        UseTree::Path(path) => names(&path.tree, types),
        UseTree::Group(group) => group.items.iter().for_each(|tree| names(tree, types)),
        UseTree::Name(name) => drop(types.insert(name.ident.to_string(), Vec::new())),
        UseTree::Rename(name) => drop(types.insert(name.rename.to_string(), Vec::new())),
        UseTree::Glob(_) => panic!("a glob exports what nobody can read here"),
    }
}

fn add(item: Item, types: &mut BTreeMap<String, Vec<Member>>) {
    match item {
        Item::Struct(item) => {
            let (Some(members), Fields::Named(fields)) =
                (types.get_mut(&item.ident.to_string()), item.fields)
            else {
                return;
            };
            for field in fields.named {
                if let (Visibility::Public(_), Some(name)) = (field.vis, field.ident) {
                    push(members, name.to_string(), Kind::Field);
                }
            }
        }
        Item::Enum(item) => {
            let Some(members) = types.get_mut(&item.ident.to_string()) else {
                return;
            };
            for variant in item.variants {
                push(members, variant.ident.to_string(), Kind::Variant);
            }
        }
        // Not the traits: each language has its own.
        Item::Impl(item) if item.trait_.is_none() => {
            let Type::Path(path) = *item.self_ty else {
                return;
            };
            let Some(name) = path
                .path
                .segments
                .last()
                .map(|segment| segment.ident.to_string())
            else {
                return;
            };
            let Some(members) = types.get_mut(&name) else {
                return;
            };
            for item in item.items {
                if let ImplItem::Fn(function) = item
                    && matches!(function.vis, Visibility::Public(_))
                {
                    push(members, function.sig.ident.to_string(), Kind::Method);
                }
            }
        }
        _ => {}
    }
}

/// A field with a method of its name, which sets it, is one thing.
fn push(members: &mut Vec<Member>, name: String, kind: Kind) {
    if !members.iter().any(|member| member.name == name) {
        members.push(Member { name, kind });
    }
}

/// The public API as text: each exported type with its derives, and each public field, variant and method with
/// its types. Sorted, so that moving code does not change it.
pub(crate) fn api() -> String {
    let mut types: BTreeMap<String, Vec<String>> = exported()
        .into_keys()
        .map(|name| (name, Vec::new()))
        .collect();
    for text in files(&root().join("crates/icepanel-invites/src")) {
        for item in syn::parse_file(&text).expect("Rust").items {
            describe(item, &mut types);
        }
    }
    let mut page = String::new();
    for (name, mut lines) in types {
        lines.sort();
        page.push_str(&format!("{name}\n"));
        for line in lines {
            page.push_str(&format!("    {line}\n"));
        }
    }
    page
}

fn describe(item: Item, types: &mut BTreeMap<String, Vec<String>>) {
    match item {
        Item::Struct(item) => {
            let Some(lines) = types.get_mut(&item.ident.to_string()) else {
                return;
            };
            lines.extend(attributes(&item.attrs));
            for field in item.fields {
                if let (Visibility::Public(_), Some(name)) = (field.vis, field.ident) {
                    lines.push(format!("{name}: {}", text(&field.ty)));
                }
            }
        }
        Item::Enum(item) => {
            let Some(lines) = types.get_mut(&item.ident.to_string()) else {
                return;
            };
            lines.extend(attributes(&item.attrs));
            for mut variant in item.variants {
                variant.attrs.clear();
                lines.push(text(&variant));
            }
        }
        Item::Type(item) => {
            if let Some(lines) = types.get_mut(&item.ident.to_string()) {
                lines.push(format!("= {}", text(&item.ty)));
            }
        }
        Item::Trait(item) => {
            if let Some(lines) = types.get_mut(&item.ident.to_string()) {
                let functions = item.items.into_iter().filter_map(|item| match item {
                    syn::TraitItem::Fn(function) => Some(text(&function.sig)),
                    _ => None,
                });
                lines.extend(functions);
            }
        }
        Item::Impl(item) => {
            let Type::Path(path) = &*item.self_ty else {
                return;
            };
            let last = path.path.segments.last();
            let Some(lines) = last.and_then(|last| types.get_mut(&last.ident.to_string())) else {
                return;
            };
            if let Some((_, path, _)) = &item.trait_ {
                lines.push(format!("impl {}", text(path)));
                return;
            }
            for item in item.items {
                match item {
                    ImplItem::Fn(function) if matches!(function.vis, Visibility::Public(_)) => {
                        lines.push(text(&function.sig));
                    }
                    ImplItem::Const(one) if matches!(one.vis, Visibility::Public(_)) => {
                        lines.push(format!("const {}: {}", one.ident, text(&one.ty)));
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// The derives, and whether more fields or variants may come.
fn attributes(attributes: &[Attribute]) -> impl Iterator<Item = String> {
    attributes
        .iter()
        .filter(|one| {
            ["derive", "non_exhaustive", "cfg_attr"]
                .iter()
                .any(|name| one.path().is_ident(name))
        })
        .map(text)
}

fn text(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string()
}
