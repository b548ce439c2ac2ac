//! The last reading of a run: it finds invites that other workers made at the same time.

use std::collections::HashSet;
use std::time::Instant;

use crate::engine::session::Session;
use crate::error::InviteError;
use crate::http::exchange::ResponseHead;
use crate::invites::list;
use crate::invites::timing::{READ_SCHEDULE, SETTLE_DELAY, equal_times};
use crate::model::email::address_key;
use crate::model::{Invite, NewInvite};
use crate::roster::current_state::{Everything, by_person};
use crate::roster::execute_step::{self, StepInvite};
use crate::roster::plan::Step;
use crate::roster::reason::StepReason;
use crate::roster::write_permits::WritePermits;

/// The finding for one step.
pub(crate) enum Found {
    /// This invite of somebody else is older, and ours is revoked. Whether it is as wanted.
    Other(Box<Invite>, bool),
    /// It could not be checked or revoked.
    Trouble(StepReason, String, Option<InviteError>),
}

/// If a person has several active invites, the oldest remains active, and the invite of this run is revoked: the rule
/// of `ensure`, with one reading for all people. Replaced invites do not count. Only results that must be reported are
/// returned.
pub(crate) async fn look(
    session: &Session,
    steps: &[Step],
    made: &[(usize, StepInvite)],
) -> Vec<(usize, Found)> {
    let waits = &session.state.waits;
    let people: HashSet<String> = made
        .iter()
        .map(|(index, _)| address_key(&steps[*index].email))
        .collect();
    let ours: HashSet<&str> = made
        .iter()
        .map(|(_, made)| made.made.invite.id.as_str())
        .collect();
    // An invite that was found may be another worker's, and ours may appear later.
    let uncertain = made.iter().any(|(_, made)| made.made.found_in_list());
    let shows_all = |invites: &[Invite]| {
        let shown = invites.iter().filter(|invite| ours.contains(&*invite.id));
        shown.count() == ours.len()
    };
    let enough = |invites: &[Invite]| !uncertain && shows_all(invites);
    let listed = match read_until(session, &people, enough).await {
        Ok((_, invites)) => invites,
        Err(error) => return unseen(made, &error),
    };
    // Older invites, or invites of the same time, may still appear. An invite gets the same time in
    // real time, so this part of the wait is real even if the session's clock skips its waits.
    let listed = listed.iter().filter(|invite| ours.contains(&*invite.id));
    let answered = made.iter().map(|(_, made)| &made.made.invite);
    let units = answered
        .chain(listed)
        .map(|invite| equal_times(invite.created_at));
    let unit = units.max().unwrap_or_default();
    let tie = Instant::now() + unit;
    waits.sleep_until(waits.now() + unit + SETTLE_DELAY).await;
    tokio::time::sleep_until(tie.into()).await;
    // A reading that lacks one of our invites comes from a replica that is behind, and may lack others too.
    let (head, invites) = match read_until(session, &people, shows_all).await {
        Ok(reading) => reading,
        Err(error) => return unseen(made, &error),
    };
    let mut by_person = by_person(invites);
    let mut told = Vec::new();
    for (index, ours) in made {
        let planned = &steps[*index];
        let mut active = by_person
            .remove(&address_key(&planned.email))
            .unwrap_or_default();
        active.retain(|invite| invite.is_active() && !ours.replaced.contains(&invite.id));
        let listed = active.iter().any(|invite| invite.id == ours.made.invite.id);
        let Some(winner) = active.first().cloned() else {
            continue;
        };
        if !listed {
            continue;
        }
        let mut trouble = None;
        for loser in &active[1..] {
            let may_be_ours = loser.id == ours.made.invite.id
                || ours.made.uncertain.as_ref().is_some_and(|create| {
                    create.made(loser, &head) && session.state.recent.claim(&loser.id, create.sent)
                });
            // Like the run's other writes, it waits for its permit without a limit.
            let mut permits = WritePermits::none(session);
            if may_be_ours
                && let Some(Err(error)) =
                    execute_step::revoke(session, &mut permits, &loser.id).await
            {
                let why = format!(
                    "the person has the invite {}, and a second one, {}, could not be revoked: {}",
                    winner.id,
                    loser.id,
                    error.message()
                );
                let reason = StepReason::RevokeIncomplete;
                trouble = Some(Found::Trouble(reason, why, Some(error)));
            }
        }
        if let Some(trouble) = trouble {
            told.push((*index, trouble));
        } else if winner.id != ours.made.invite.id {
            let fits = planned
                .wanted
                .as_ref()
                .is_some_and(|wanted| fits(&winner, wanted));
            told.push((*index, Found::Other(Box::new(winner), fits)));
        }
    }
    told
}

/// All entries of these people, in a reading that is `enough`, or in the last one after the list had its time to catch
/// up.
async fn read_until(
    session: &Session,
    people: &HashSet<String>,
    enough: impl Fn(&[Invite]) -> bool,
) -> Result<(ResponseHead, Vec<Invite>), InviteError> {
    let waits = &session.state.waits;
    let mut reading = read(session, people).await?;
    for pause in &READ_SCHEDULE[1..] {
        if enough(&reading.1) {
            break;
        }
        waits.sleep_until(waits.now() + *pause).await;
        reading = read(session, people).await?;
    }
    Ok(reading)
}

async fn read(
    session: &Session,
    people: &HashSet<String>,
) -> Result<(ResponseHead, Vec<Invite>), InviteError> {
    let (head, picked) = list::pick(&session.call(), || Everything(people), Vec::new).await?;
    Ok((head, picked.invites()))
}

fn fits(invite: &Invite, wanted: &NewInvite) -> bool {
    invite.permission == wanted.permission
}

fn unseen(made: &[(usize, StepInvite)], error: &InviteError) -> Vec<(usize, Found)> {
    made.iter()
        .map(|(index, _)| {
            let why = format!(
                "invited, but the client could not check whether this is the only invite: {}",
                error.message()
            );
            (*index, Found::Trouble(StepReason::NotVerified, why, None))
        })
        .collect()
}
