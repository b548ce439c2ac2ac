//! The last look of a run: what other workers have invited at the same time.

use std::collections::HashSet;
use std::time::Instant;

use chrono::TimeDelta;

use crate::client::InviteClient;
use crate::error::InviteError;
use crate::input::address_key;
use crate::list;
use crate::lookup::{READINGS, kept_precision};
use crate::model::{Invite, NewInvite};
use crate::perform::{self, Made};
use crate::plan::Step;
use crate::settle::JUDGE;
use crate::snapshot::{Everything, by_person};
use crate::turns::Turns;

/// What was found about one step.
pub(crate) enum Found {
    /// This invite of somebody else is the earlier one, and ours is revoked. Whether it says what
    /// was wanted.
    Other(Box<Invite>, bool),
    /// It could not be seen or settled.
    Trouble(String, Option<InviteError>),
}

/// Of several active invites of a person the earliest stays, and what this run made beside it is
/// revoked: the rule of `ensure`, with one reading for all people. The invites that were replaced do
/// not count. Only what is to be told is returned.
pub(crate) async fn look(
    client: &InviteClient,
    steps: &[Step],
    made: &[(usize, Made)],
) -> Vec<(usize, Found)> {
    let waits = &client.shared.waits;
    let people: HashSet<String> = made
        .iter()
        .map(|(index, _)| address_key(&steps[*index].email))
        .collect();
    let ours: HashSet<&str> = made
        .iter()
        .map(|(_, made)| made.invite.id.as_str())
        .collect();
    // What was found may be another worker's, and ours may show up later.
    let in_doubt = made.iter().any(|(_, made)| made.found_in_doubt);
    let read = || async {
        list::pick(&client.call(), || Everything(&people), Vec::new)
            .await
            .map(|(head, picked)| (head, picked.invites()))
    };
    for pause in READINGS {
        if !pause.is_zero() {
            waits.sleep_until(waits.now() + pause).await;
        }
        match read().await {
            Ok((_, invites)) => {
                let shown = invites.iter().filter(|invite| ours.contains(&*invite.id));
                if shown.count() == ours.len() && !in_doubt {
                    break;
                }
            }
            Err(error) => return unseen(made, &error),
        }
    }
    // Others may still show up that were made before, or at the same instant; and in real time even
    // where the client's clock skips its waits, for as long as the unit in which times are kept.
    let unit = made
        .iter()
        .map(|(_, made)| kept_precision(made.invite.created_at).min(TimeDelta::seconds(1)))
        .max();
    let tie = Instant::now() + unit.unwrap_or_default().to_std().unwrap_or_default();
    waits.sleep_until(waits.now() + JUDGE).await;
    tokio::time::sleep_until(tie.into()).await;
    let (head, invites) = match read().await {
        Ok(reading) => reading,
        Err(error) => return unseen(made, &error),
    };
    let mut by_person = by_person(invites);
    let mut told = Vec::new();
    for (index, ours) in made {
        let step = &steps[*index];
        let mut active = by_person
            .remove(&address_key(&step.email))
            .unwrap_or_default();
        active.retain(|invite| invite.is_active() && !ours.replaced.contains(&invite.id));
        let listed = active.iter().any(|invite| invite.id == ours.invite.id);
        let Some(winner) = active.first().cloned() else {
            continue;
        };
        if !listed {
            continue;
        }
        let mut trouble = None;
        for loser in &active[1..] {
            let may_be_ours = loser.id == ours.invite.id
                || ours.doubt.as_ref().is_some_and(|doubt| {
                    let wanted = doubt.wanted(&step.email);
                    wanted.is(loser, &head) && client.shared.known.claim(&loser.id, wanted.sent)
                });
            // As the run's other writes, it waits for its turn however long that takes.
            let mut turns = Turns::none(client);
            if may_be_ours && let Err(error) = perform::revoke(client, &mut turns, &loser.id).await
            {
                let why = format!(
                    "the person has the invite {}, and a second one, {}, could not be revoked: {}",
                    winner.id,
                    loser.id,
                    error.message()
                );
                trouble = Some(Found::Trouble(why, Some(error)));
            }
        }
        if let Some(trouble) = trouble {
            told.push((*index, trouble));
        } else if winner.id != ours.invite.id {
            let fits = step
                .wanted
                .as_ref()
                .is_some_and(|wanted| fits(&winner, wanted));
            told.push((*index, Found::Other(Box::new(winner), fits)));
        }
    }
    told
}

fn fits(invite: &Invite, wanted: &NewInvite) -> bool {
    invite.permission == wanted.permission
}

fn unseen(made: &[(usize, Made)], error: &InviteError) -> Vec<(usize, Found)> {
    made.iter()
        .map(|(index, _)| {
            let why = format!(
                "invited, but whether it is the only invite could not be seen: {}",
                error.message()
            );
            (*index, Found::Trouble(why, None))
        })
        .collect()
}
