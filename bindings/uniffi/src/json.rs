//! Values in the JSON that all languages share: the core's.

use icepanel_invites::{Invite, InviteError, Member, NewInvite, Renewed};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Failure;
use crate::model::Seats;

/// The JSON of an invite.
#[uniffi::export]
pub fn write_invite(invite: &Invite) -> Result<String, Failure> {
    Ok(write(invite)?)
}

/// Reads the JSON of an invite, as the service or this library writes it.
#[uniffi::export]
pub fn read_invite(json: &str) -> Result<Invite, Failure> {
    read(json)
}

/// The JSON of a member.
#[uniffi::export]
pub fn write_member(member: &Member) -> Result<String, Failure> {
    Ok(write(member)?)
}

/// Reads the JSON of a member.
#[uniffi::export]
pub fn read_member(json: &str) -> Result<Member, Failure> {
    read(json)
}

/// The JSON of an invite to be created: an entry of a roster.
#[uniffi::export]
pub fn write_new_invite(invite: &NewInvite) -> Result<String, Failure> {
    Ok(write(invite)?)
}

/// Reads the JSON of an invite to be created.
#[uniffi::export]
pub fn read_new_invite(json: &str) -> Result<NewInvite, Failure> {
    read(json)
}

/// The JSON of what a renewal did.
#[uniffi::export]
pub fn write_renewed(renewed: &Renewed) -> Result<String, Failure> {
    Ok(write(renewed)?)
}

/// Reads the JSON of what a renewal did.
#[uniffi::export]
pub fn read_renewed(json: &str) -> Result<Renewed, Failure> {
    read(json)
}

/// The JSON of paid seats.
#[uniffi::export]
pub fn write_seats(seats: Seats) -> Result<String, Failure> {
    Ok(write(&seats)?)
}

/// Reads the JSON of paid seats.
#[uniffi::export]
pub fn read_seats(json: &str) -> Result<Seats, Failure> {
    read(json)
}

pub(crate) fn write(value: &impl Serialize) -> Result<String, InviteError> {
    serde_json::to_string(value)
        .map_err(|why| InviteError::invalid_input(format!("it cannot be written as JSON: {why}")))
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, Failure> {
    serde_json::from_str(json).map_err(|why| {
        let why = format!("the JSON is not of that kind: {why}");
        InviteError::invalid_input(why).into()
    })
}
