//! The steps of the walk.

use chrono::TimeDelta;
use icepanel_invites::{Ensured, ErrorKind, InviteFilter, InviteStatus, NewInvite, Permission};
use icepanel_sandbox::{Fault, FaultName, On};

use super::walk::Walk;
use crate::errors::Failure;
use crate::table::{self, Look};
use crate::time::short;

const GUEST: &str = "grace@example.com";
const WRITER: &str = "alan@example.com";
const SECOND_WRITER: &str = "barbara@example.com";
const LOST: &str = "edsger@example.com";

fn invite(email: &str, permission: Permission) -> NewInvite {
    NewInvite::new(email, permission, TimeDelta::days(7))
}

/// All steps, in order.
pub(super) async fn walk(walk: &mut Walk<'_>) -> Result<(), Failure> {
    empty(walk).await?;
    guest(walk).await?;
    let id = writer(walk).await?;
    no_seat(walk).await?;
    revoke(walk, &id).await?;
    room_again(walk).await?;
    once_only(walk).await?;
    lost_answer(walk).await?;
    list_and_seats(walk).await
}

async fn empty(walk: &mut Walk<'_>) -> Result<(), Failure> {
    walk.step("List the invites")?;
    let invites = walk.well(walk.client.list(&InviteFilter::default()).await)?;
    walk.hold(invites.is_empty(), "the list should have been empty")?;
    walk.conclude("Nobody is invited yet.")
}

async fn guest(walk: &mut Walk<'_>) -> Result<(), Failure> {
    walk.step("Invite a guest, who may read")?;
    let made = walk.well(walk.client.create(&invite(GUEST, Permission::Read)).await)?;
    walk.hold(made.is_active(), "the invite should have been active")?;
    walk.conclude(&format!(
        "{GUEST} is invited until {}. Reading costs no seat.",
        short(made.expires_at)
    ))
}

async fn writer(walk: &mut Walk<'_>) -> Result<String, Failure> {
    walk.step("Invite somebody who may write")?;
    let made = walk.well(walk.client.create(&invite(WRITER, Permission::Write)).await)?;
    walk.conclude(&format!(
        "{WRITER} is invited. The invite takes the last paid seat."
    ))?;
    Ok(made.id)
}

async fn no_seat(walk: &mut Walk<'_>) -> Result<(), Failure> {
    walk.step("Invite a second writer: no seat is left")?;
    let new = invite(SECOND_WRITER, Permission::Write);
    match walk.client.create(&new).await {
        Err(error) if error.kind() == ErrorKind::SeatsExhausted => {
            walk.conclude(&walk.error(&error))
        }
        Err(error) => walk.well(Err(error)),
        Ok(_) => walk.hold(false, "the second writer should have found no seat"),
    }
}

async fn revoke(walk: &mut Walk<'_>, id: &str) -> Result<(), Failure> {
    walk.step("Revoke the first writer's invite")?;
    let revoked = walk.well(walk.client.revoke(id).await)?;
    walk.hold(
        revoked.status == InviteStatus::Revoked,
        "the invite should have been revoked",
    )?;
    walk.conclude("The invite remains in the list, as revoked. Its seat is free.")?;

    walk.step("Revoke it again")?;
    let again = walk.well(walk.client.revoke(id).await)?;
    walk.hold(
        again.revoked_at == revoked.revoked_at,
        "a second revoke should have changed nothing",
    )?;
    walk.conclude("Nothing changes: the invite was revoked already.")
}

async fn room_again(walk: &mut Walk<'_>) -> Result<(), Failure> {
    walk.step("Invite the second writer now")?;
    let new = invite(SECOND_WRITER, Permission::Write);
    match walk.well(walk.client.ensure(&new).await)? {
        Ensured::Created(_) => walk.conclude(&format!(
            "`ensure` reads the members and the invites, creates an invite, and checks whether somebody else did the same:\n\
             {SECOND_WRITER} is invited."
        )),
        _ => walk.hold(false, "the second writer should have been invited"),
    }
}

async fn once_only(walk: &mut Walk<'_>) -> Result<(), Failure> {
    walk.step("Ensure the same person again, in another spelling")?;
    let new = invite("Barbara@Example.com", Permission::Write);
    match walk.well(walk.client.ensure(&new).await)? {
        Ensured::Existing(invite) if invite.email == SECOND_WRITER => walk.conclude(
            "The existing invite is returned. Nothing was sent, so there is no second e-mail.",
        ),
        _ => walk.hold(false, "the existing invite should have been returned"),
    }
}

async fn lost_answer(walk: &mut Walk<'_>) -> Result<(), Failure> {
    walk.step("Invite somebody, and lose the response")?;
    let fault = Fault::new(FaultName::ActThenCut).on(On::Create);
    walk.hold(
        walk.sandbox.add_faults([fault]).is_ok(),
        "the sandbox should have accepted the fault",
    )?;
    let made = walk.well(walk.client.create(&invite(LOST, Permission::Read)).await)?;
    let report = walk.sandbox.report();
    walk.hold(
        made.email == LOST && report.invites_made.get(LOST) == Some(&1),
        "the person should have been invited once",
    )?;
    walk.conclude(&format!(
        "A client that sent it again would have invited {LOST} twice. This one read the list, found that the\n\
         invite was made, and returned it."
    ))
}

async fn list_and_seats(walk: &mut Walk<'_>) -> Result<(), Failure> {
    walk.step("List the invites, and the seats")?;
    let invites = walk.well(walk.client.list(&InviteFilter::default()).await)?;
    let seats = walk.well(walk.client.seats().await)?;
    let active = invites.iter().filter(|invite| invite.is_active()).count();
    walk.hold(
        (invites.len(), active) == (4, 3),
        "there should have been four invites, three of them active",
    )?;
    walk.hold(
        (seats.paid, seats.taken, seats.promised, seats.free) == (2, 1, 1, 0),
        "one seat should have been taken, the other promised",
    )?;
    walk.conclude(&format!(
        "\n{}\n\n{}",
        table::lines(&invites, walk.look()),
        table::lines(&[seats], Look::default())
    ))
}
