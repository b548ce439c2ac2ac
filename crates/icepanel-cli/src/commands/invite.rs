//! `create` and `ensure`.

use std::collections::BTreeMap;

use icepanel_invites::{Ensured, InviteClient, NewInvite};

use crate::args::NewArgs;
use crate::errors::Failure;
use crate::format::Format;
use crate::interrupt::until_ctrl_c;
use crate::output::Output;
use crate::rows::EnsuredLine;
use crate::text::printable;
use crate::{csv, table};

/// Sends one invite.
pub(crate) async fn create(
    client: &InviteClient,
    args: NewArgs,
    output: &Output,
) -> Result<(), Failure> {
    let new = new_invite(args)?;
    let invite = until_ctrl_c("create", client.create(&new))
        .await
        .map_err(|error| Failure::invite(error, Some(&new.email)))?;
    output.rows(&invite, std::slice::from_ref(&invite), "")
}

/// Sees to it that a person is invited, and says how that came out.
pub(crate) async fn ensure(
    client: &InviteClient,
    args: NewArgs,
    output: &Output,
) -> Result<(), Failure> {
    let new = new_invite(args)?;
    let ensured = until_ctrl_c("ensure", client.ensure(&new))
        .await
        .map_err(|error| Failure::invite(error, Some(&new.email)))?;
    match output.format {
        Format::Json => output.json(&ensured),
        Format::Csv => {
            let line = EnsuredLine::from(&ensured);
            output.write(|out| csv::write(out, EnsuredLine::FIELDS, &[line]))
        }
        Format::Table | Format::Markdown => {
            let rows = match &ensured {
                Ensured::Member(member) => table::lines(std::slice::from_ref(member), output.look),
                other => match other.invite() {
                    Some(invite) => table::lines(std::slice::from_ref(invite), output.look),
                    None => String::new(),
                },
            };
            let outcome = sentence(&ensured, &new);
            output.write(|out| writeln!(out, "{}: {outcome}\n{rows}", ensured.outcome()))
        }
    }
}

/// The outcome for a person; the word for it stands before.
fn sentence(ensured: &Ensured, new: &NewInvite) -> String {
    let email = printable(&new.email);
    match ensured {
        Ensured::Created(_) => format!("{email} is invited"),
        Ensured::Existing(invite) if invite.permission != new.permission => format!(
            "{email} has an active invite already, with {} and not {}; nothing was sent",
            printable(invite.permission.as_str()),
            new.permission
        ),
        Ensured::Existing(_) => {
            format!("{email} has an active invite already; this is the one that counts")
        }
        Ensured::Member(member) => {
            let other = match member.email.to_lowercase() == new.email.to_lowercase() {
                true => String::new(),
                false => format!(" as {}", printable(&member.email)),
            };
            format!(
                "{email} is in the organization already{other}, with {}; nothing was sent",
                printable(member.permission.as_str())
            )
        }
        _ => email,
    }
}

fn new_invite(args: NewArgs) -> Result<NewInvite, Failure> {
    let mut landscapes = BTreeMap::new();
    for (id, allowed) in args.landscapes {
        if landscapes
            .insert(id.clone(), allowed)
            .is_some_and(|before| before != allowed)
        {
            return Err(Failure::usage(
                format!("the landscape {id} is both true and false"),
                "Give --landscape once for each landscape.",
            ));
        }
    }
    let mut new = NewInvite::new(args.email, args.permission, args.expires);
    for (id, allowed) in landscapes {
        new = new.landscape_permission(id, allowed);
    }
    Ok(new)
}
