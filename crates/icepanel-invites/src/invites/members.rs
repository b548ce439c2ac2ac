//! `members` and `seats`.

use std::collections::BTreeMap;

use reqwest::Method;
use serde::Deserialize;

use crate::engine::call::Call;
use crate::error::InviteError;
use crate::event::Operation;
use crate::http::body::{DecodeError, Whole};
use crate::invites::list;
use crate::model::InviteFilter;
use crate::model::{InviteStatus, Member, Seats, WireMember};

pub(crate) async fn members(call: &Call<'_>) -> Result<Vec<Member>, InviteError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        organization_users: BTreeMap<String, WireMember>,
        #[serde(flatten)]
        beside: serde_json::Map<String, serde_json::Value>,
    }
    let request = call
        .state
        .request(Operation::ListMembers, Method::GET, &["users"], None);
    let (_, members) = call
        .idempotent(&request, |head| {
            let mut more = head.more.clone();
            Whole::new(move |answer: Answer| {
                for (name, value) in &answer.beside {
                    more.look(name, value);
                }
                if let Some(sign) = more.than(answer.organization_users.len()) {
                    return Err(DecodeError::more("organizationUsers", sign));
                }
                answer
                    .organization_users
                    .into_iter()
                    .map(|(id, member)| {
                        let path = format!("organizationUsers.{id}");
                        member.into_member(id).map_err(|field| {
                            DecodeError::at(&format!("{path}.{field}"), "missing or null")
                        })
                    })
                    .collect::<Result<Vec<_>, _>>()
            })
        })
        .await?;
    Ok(members)
}

/// The seats that are paid for and taken by members; none promised yet.
pub(crate) async fn paid_and_taken(call: &Call<'_>) -> Result<Seats, InviteError> {
    let organization = organization(call).await?;
    Ok(Seats::new(organization.seats, organization.taken, 0))
}

pub(crate) async fn seats(call: &Call<'_>) -> Result<Seats, InviteError> {
    let active = InviteFilter::default().status(InviteStatus::Active);
    let (organization, active) = tokio::try_join!(organization(call), list::read(call, &active))?;
    let promised = active
        .1
        .iter()
        .filter(|invite| invite.permission.is_paid())
        .count();
    Ok(Seats::new(
        organization.seats,
        organization.taken,
        promised as u64,
    ))
}

/// The fields of an organization that the client reads.
struct Organization {
    seats: u64,
    taken: u64,
}

async fn organization(call: &Call<'_>) -> Result<Organization, InviteError> {
    #[derive(Deserialize)]
    struct Answer {
        organization: WireOrganization,
    }
    #[derive(Deserialize)]
    struct WireOrganization {
        // "number" in the API's description, so perhaps written as 5.0.
        seats: f64,
        users: BTreeMap<String, WireMember>,
    }
    let request = call
        .state
        .request(Operation::ReadOrganization, Method::GET, &[], None);
    let (_, organization) = call
        .idempotent(&request, |_| {
            Whole::new(|answer: Answer| {
                let WireOrganization { seats, users } = answer.organization;
                Ok(Organization {
                    seats: whole_number(seats).ok_or_else(|| {
                        DecodeError::at(
                            "organization.seats",
                            format!("{seats} is no number of seats"),
                        )
                    })?,
                    taken: users.values().filter(|user| user.is_paid()).count() as u64,
                })
            })
        })
        .await?;
    Ok(organization)
}

/// A number of seats, truncated to a whole number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range is checked"
)]
fn whole_number(seats: f64) -> Option<u64> {
    (0.0..=1e15).contains(&seats).then_some(seats as u64)
}
