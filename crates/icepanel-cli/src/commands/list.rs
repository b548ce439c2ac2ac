//! `list`.

use chrono::{DateTime, Utc};
use icepanel_invites::{Invite, InviteClient, InviteFilter, InviteStatus};
use serde::Serialize;

use crate::args::ListArgs;
use crate::errors::Failure;
use crate::format::Format;
use crate::interrupt::until_interrupted;
use crate::output::Output;
use crate::table::{Cell, Row};
use crate::text::count;
use crate::time;

/// An invite as the list shows it at a time: with how far off its expiry is.
#[derive(Serialize)]
#[serde(transparent)]
struct Listed<'a>(&'a Invite, #[serde(skip)] DateTime<Utc>);

impl Row for Listed<'_> {
    const HEADINGS: &'static [&'static str] = <Invite as Row>::HEADINGS;
    const FIELDS: &'static [&'static str] = <Invite as Row>::FIELDS;

    fn cells(&self) -> Vec<Cell> {
        let mut cells = self.0.cells();
        let expires = Self::HEADINGS.iter().position(|name| *name == "expires");
        let relative = self.0.is_active() || self.0.status == InviteStatus::Expired;
        if let Some(cell) = expires.and_then(|at| cells.get_mut(at))
            && relative
        {
            let far = time::relative(self.0.expires_at, self.1);
            *cell = Cell::plain(format!("{} ({far})", time::short(self.0.expires_at)));
        }
        cells
    }
}

/// Lists the invites that match the options.
pub(crate) async fn list(
    client: &InviteClient,
    args: ListArgs,
    output: &Output,
) -> Result<(), Failure> {
    let mut filter = InviteFilter::default();
    filter.status = match args.active {
        true => Some(InviteStatus::Active),
        false => args.status,
    };
    filter.email = args.email;
    filter.permission = args.permission;
    filter.created_by = args.created_by;
    filter.expiring_within = args.expiring_within;
    let invites = until_interrupted("list", None, client.list(&filter)).await?;
    let now = Utc::now();
    let rows: Vec<Listed> = invites.iter().map(|invite| Listed(invite, now)).collect();
    output.rows(&invites, &rows, "No invites.")?;
    if output.format == Format::Table && !invites.is_empty() {
        output.say(&counts(&invites));
    }
    Ok(())
}

/// `4 invites: 1 active, 3 expired`.
fn counts(invites: &[Invite]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for status in InviteStatus::KNOWN {
        let number = invites
            .iter()
            .filter(|invite| invite.status == *status)
            .count();
        parts.extend((number > 0).then(|| format!("{number} {status}")));
    }
    let all = count(invites.len() as u64, "invite", "invites");
    format!("{all}: {}", parts.join(", "))
}
