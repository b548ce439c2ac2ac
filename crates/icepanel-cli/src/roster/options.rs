//! The options that say how a roster's file is read.

use std::str::FromStr;

use clap::Args;
use icepanel_invites::{Permission, PlanOptions};

use super::FIELDS;

const HEADING: &str = "Reading the file";

/// The options for what a file does not contain.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Reading {
    /// Map columns of a CSV file to fields: email="E-mail",permission=Role
    ///
    /// The fields are email, permission, expires, landscapes and until. Usual names of the email column need no mapping (E-mail,
    /// Email Address, Work Email). Other columns need the exact name of their field, or a mapping.
    #[arg(long, value_name = "FIELD=NAME,…", help_heading = HEADING)]
    pub(crate) columns: Option<ColumnNames>,
    /// Ignore the columns of a CSV file that are not known
    #[arg(long, help_heading = HEADING)]
    pub(crate) ignore_other_columns: bool,
    /// The permission for all people, if the file has no permission column: read, write, admin or billing
    #[arg(long, value_name = "PERMISSION", value_parser = permission_word, help_heading = HEADING)]
    pub(crate) permission: Option<Permission>,
    /// Reject the file if an address is in another domain. Can be repeated
    ///
    /// A subdomain is a domain of its own: example.com does not allow ada@mail.example.com.
    #[arg(long, value_name = "DOMAIN", value_parser = domain)]
    pub(crate) allow_domain: Vec<String>,
}

impl Reading {
    /// The options of a plan that have the domains which are allowed.
    pub(crate) fn allowed(&self) -> PlanOptions {
        let domains = self.allow_domain.iter();
        domains.fold(PlanOptions::default(), |options, domain| {
            options.allow_domain(domain)
        })
    }

    /// Any columns, and one permission for everybody.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) fn of_an_export() -> Self {
        Self {
            columns: None,
            ignore_other_columns: true,
            permission: Some(Permission::Read),
            allow_domain: Vec::new(),
        }
    }

    /// Whether anything is given that only CSV can use.
    pub(super) fn is_for_csv(&self) -> bool {
        self.columns.is_some() || self.ignore_other_columns
    }

    /// The name that is given for the column of a field.
    pub(super) fn column(&self, field: &str) -> Option<&str> {
        let names = self.columns.as_ref()?;
        let name = names.0.iter().find(|(known, _)| *known == field)?;
        Some(&name.1)
    }
}

/// The names of columns, by field.
#[derive(Clone, Debug)]
pub(crate) struct ColumnNames(Vec<(&'static str, String)>);

impl FromStr for ColumnNames {
    type Err = String;

    /// `email=E-mail,permission=Role`. A comma that no field follows belongs to the name.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut names: Vec<(&'static str, String)> = Vec::new();
        for part in text.split(',') {
            let field = part.split_once('=').and_then(|(field, name)| {
                let field = FIELDS.iter().find(|known| **known == field.trim());
                field.map(|field| (*field, name))
            });
            if let Some((field, name)) = field {
                if names.iter().any(|(known, _)| *known == field) {
                    return Err(format!("{field} occurs twice"));
                }
                names.push((field, name.to_owned()));
            } else if let Some((_, name)) = names.last_mut() {
                name.push(',');
                name.push_str(part);
            } else {
                return Err(format!(
                    "write FIELD=NAME, where FIELD is {}",
                    FIELDS.join(", ")
                ));
            }
        }
        for (field, name) in &mut names {
            let bare = name.trim();
            let unquoted = bare
                .strip_prefix('"')
                .and_then(|bare| bare.strip_suffix('"'));
            *name = unquoted.unwrap_or(bare).trim().to_owned();
            if name.is_empty() {
                return Err(format!("the name of the column for {field} is missing"));
            }
        }
        for (at, (field, name)) in names.iter().enumerate() {
            if let Some((other, _)) = names[..at].iter().find(|(_, other)| other == name) {
                return Err(format!("{name:?} cannot be both {other} and {field}"));
            }
        }
        Ok(Self(names))
    }
}

/// Reads a permission: the API's name, or that of IcePanel's user interface, in any letter case.
pub(crate) fn permission(text: &str) -> Option<Permission> {
    match Permission::from(text) {
        Permission::Other(text) if text.as_str().eq_ignore_ascii_case("viewer") => {
            Some(Permission::Read)
        }
        Permission::Other(text) if text.as_str().eq_ignore_ascii_case("editor") => {
            Some(Permission::Write)
        }
        Permission::Other(_) => None,
        known => Some(known),
    }
}

/// A domain, with or without an `@` before it.
fn domain(text: &str) -> Result<String, String> {
    let bare = text.trim();
    let bare = bare.strip_prefix('@').unwrap_or(bare);
    let odd = |c: char| c.is_whitespace() || c == '@' || c == ',';
    match bare.contains('.') && !bare.contains(odd) {
        true => Ok(bare.to_owned()),
        false => Err("write one domain, such as example.com".to_owned()),
    }
}

fn permission_word(text: &str) -> Result<Permission, String> {
    permission(text).ok_or_else(|| PERMISSIONS.to_owned())
}

/// What a permission can be.
pub(super) const PERMISSIONS: &str = "write read (Viewer), write (Editor), admin or billing";

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use crate::roster::EMAIL;

    fn names(text: &str) -> Result<Vec<(&'static str, String)>, String> {
        text.parse().map(|ColumnNames(names)| names)
    }

    #[test]
    fn a_column_is_named_by_field() {
        let wanted = vec![
            (EMAIL, "E-mail".to_owned()),
            ("permission", "Role".to_owned()),
        ];
        assert_eq!(names("email=E-mail,permission=Role").as_ref(), Ok(&wanted));
        assert_eq!(
            names(" email=\"E-mail\", permission = Role ").as_ref(),
            Ok(&wanted)
        );
        assert_eq!(
            names("email=Mail, work,expires=a=b").unwrap(),
            [
                (EMAIL, "Mail, work".to_owned()),
                ("expires", "a=b".to_owned())
            ]
        );
        for wrong in [
            "",
            "E-mail",
            "E-mail=email",
            "email=",
            "email=a,email=b",
            "email=a,permission=a",
        ] {
            assert!(names(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_permission_is_the_apis_word_or_icepanels() {
        for (text, wanted) in [
            ("Viewer", Permission::Read),
            ("EDITOR", Permission::Write),
            ("Admin", Permission::Admin),
            ("billing", Permission::Billing),
        ] {
            assert_eq!(permission(text), Some(wanted));
        }
        for wrong in ["", "raed", "Viewers", "owner"] {
            assert_eq!(permission(wrong), None, "{wrong:?}");
        }
    }
}
