//! The columns of a result in a table, and in CSV.

use icepanel_invites::{Invite, InviteStatus, Member, Outcome, ReportLine, Seats};
use serde::Serialize;

use crate::table::{Cell, Row};
use crate::time::short;

impl Row for Invite {
    const HEADINGS: &[&str] = &[
        "email",
        "permission",
        "status",
        "expires",
        "created by",
        "id",
    ];
    const FIELDS: &[&str] = &[
        "id",
        "organizationId",
        "email",
        "permission",
        "status",
        "expiresAt",
        "createdAt",
        "createdBy",
        "createdById",
        "revokedAt",
        "revokedBy",
        "revokedById",
        "usedAt",
        "usedByUserId",
        "landscapePermissions",
    ];

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::plain(&self.email),
            Cell::plain(self.permission.as_str()),
            Cell::coloured(self.status.as_str(), color(&self.status)),
            Cell::plain(short(self.expires_at)),
            Cell::plain(self.created_by.as_str()),
            Cell::plain(&self.id),
        ]
    }
}

/// The ANSI colour of a status.
fn color(status: &InviteStatus) -> &'static str {
    match status {
        InviteStatus::Active => "32",
        InviteStatus::Used => "36",
        InviteStatus::Revoked => "31",
        _ => "33",
    }
}

impl Row for Member {
    const HEADINGS: &[&str] = &[
        "email",
        "permission",
        "name",
        "job role",
        "last active",
        "user id",
    ];
    const FIELDS: &[&str] = &[
        "userId",
        "email",
        "permission",
        "name",
        "jobRole",
        "lastActiveAt",
        "landscapePermissions",
    ];

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::plain(&self.email),
            Cell::plain(self.permission.as_str()),
            Cell::plain(self.name.as_deref().unwrap_or_default()),
            Cell::plain(self.job_role.as_deref().unwrap_or_default()),
            Cell::plain(self.last_active_at.map(short).unwrap_or_default()),
            Cell::plain(&self.user_id),
        ]
    }
}

impl Row for Seats {
    const HEADINGS: &[&str] = &["paid", "taken", "promised", "free"];
    const FIELDS: &[&str] = Self::HEADINGS;

    fn cells(&self) -> Vec<Cell> {
        [self.paid, self.taken, self.promised, self.free]
            .map(|seats| Cell::plain(seats.to_string()))
            .into()
    }
}

/// A line of a report.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct LineRow<'a>(pub(crate) &'a ReportLine);

impl Row for LineRow<'_> {
    const HEADINGS: &'static [&'static str] = &["email", "action", "outcome", "note"];
    const FIELDS: &'static [&'static str] = &["email", "action", "outcome", "note", "reasonCode"];

    fn cells(&self) -> Vec<Cell> {
        let line = self.0;
        vec![
            Cell::plain(&line.email),
            Cell::plain(line.action.as_str()),
            Cell::coloured(line.outcome.as_str(), outcome_color(line.outcome)),
            Cell::plain(&line.note),
        ]
    }
}

/// The ANSI colour of an outcome.
pub(crate) fn outcome_color(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "32",
        Outcome::Kept => "2",
        Outcome::Failed | Outcome::Unknown => "31",
        _ => "33",
    }
}
