//! The creates that this client gave up in mid-flight, or whose outcome it could not find out: whatever
//! it does next for the same person, the list first gets its time to show what came of them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::call::Call;
use crate::clock::Moment;
use crate::error::{ErrorKind, InviteError};
use crate::filter::InviteFilter;
use crate::input::same_address;
use crate::list;
use crate::lookup::{READINGS, Wanted};
use crate::model::{Invite, Permission};
use crate::transport::Head;

/// Two ends that lie so close together are as good as the same: they were counted from the beginnings
/// of two calls of which the second repeats the first.
pub(crate) const AS_GOOD: TimeDelta = TimeDelta::minutes(5);

/// How many are remembered.
const MOST: usize = 1024;

/// What is remembered of creates, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Abandoned(Mutex<VecDeque<Arc<Left>>>);

/// A create of which it is not known what came of it.
#[derive(Debug)]
pub(crate) struct Left {
    email: String,
    permission: Permission,
    pub(crate) expires_at: DateTime<Utc>,
    sent: Moment,
    /// The invite that it made, if that is known, and only the list does not show it yet.
    id: Option<String>,
}

impl Left {
    /// A call takes the invite that came of this for its own.
    pub(crate) fn claim(&self, call: &Call<'_>, invite: &Invite) {
        call.shared.known.claim(&invite.id, self.sent);
    }

    /// Whether an invite, listed at `head`, may have come of this.
    fn made(&self, invite: &Invite, call: &Call<'_>, head: &Head) -> bool {
        match &self.id {
            Some(id) => invite.id == *id,
            None => {
                let wanted = Wanted {
                    email: &self.email,
                    permission: &self.permission,
                    expires_at: self.expires_at,
                    sent: self.sent,
                };
                wanted.may_be(invite, head) && call.shared.known.is_free(&invite.id, self.sent)
            }
        }
    }
}

impl Abandoned {
    fn add(&self, left: Left) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.pop_front();
        }
        all.push_back(Arc::new(left));
    }

    fn of(&self, email: &str) -> Vec<Arc<Left>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let theirs = all.iter().filter(|left| same_address(&left.email, email));
        theirs.cloned().collect()
    }

    fn forget(&self, over: &[Arc<Left>]) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|left| !over.iter().any(|over| Arc::ptr_eq(left, over)));
    }
}

/// A create under way: abandoned if this is dropped while it is not known what came of it.
pub(crate) struct UnderWay<'a> {
    abandoned: &'a Abandoned,
    left: Option<Left>,
}

impl<'a> UnderWay<'a> {
    /// Nothing has been sent yet.
    pub(crate) fn new(abandoned: &'a Abandoned) -> Self {
        Self {
            abandoned,
            left: None,
        }
    }

    /// The request goes out now.
    pub(crate) fn sent(&mut self, wanted: &Wanted<'_>) {
        self.left = Some(Left {
            email: wanted.email.to_owned(),
            permission: wanted.permission.clone(),
            expires_at: wanted.expires_at,
            sent: wanted.sent,
            id: None,
        });
    }

    /// This invite came of it, and the list need not show it yet.
    pub(crate) fn made(abandoned: &'a Abandoned, invite: &Invite) -> Self {
        let left = Left {
            email: invite.email.clone(),
            permission: invite.permission.clone(),
            expires_at: invite.expires_at,
            sent: Moment::now(),
            id: Some(invite.id.clone()),
        };
        Self {
            abandoned,
            left: Some(left),
        }
    }

    /// The list shows that this invite came of it, or of another request of the same create.
    pub(crate) fn found(&mut self, invite: &Invite) {
        if let Some(left) = &mut self.left {
            left.id = Some(invite.id.clone());
        }
    }

    /// What came of it is known, and told.
    pub(crate) fn over(&mut self) {
        self.left = None;
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        if let Some(left) = self.left.take() {
            self.abandoned.add(left);
        }
    }
}

/// Gives the list its time where the client does not know what came of earlier creates for a person.
/// Returns those that the list shows now, with the invite that each may have made.
pub(crate) async fn catch_up(
    call: &Call<'_>,
    email: &str,
) -> Result<Vec<(Arc<Left>, Invite)>, InviteError> {
    let lefts = call.shared.abandoned.of(email);
    let mut found = Vec::new();
    if lefts.is_empty() {
        return Ok(found);
    }
    let everything = InviteFilter::default().email(email);
    for pause in READINGS {
        if pause >= call.remaining() {
            return Err(InviteError::new(
                ErrorKind::Timeout,
                "the time of the call is too short to see what came of an earlier create for the person that was given up",
            ));
        }
        call.sleep(pause).await;
        let (head, mut invites) = list::read(call, &everything).await?;
        list::sort(&mut invites);
        found.clear();
        for left in &lefts {
            let made = invites
                .iter()
                .position(|invite| left.made(invite, call, &head));
            found.extend(made.map(|index| (left.clone(), invites.remove(index))));
        }
        if found.len() == lefts.len() {
            break;
        }
    }
    call.shared.abandoned.forget(&lefts);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_up_is_remembered_and_no_more_than_so_many() {
        let abandoned = Abandoned::default();
        let give_up = |email: &str| {
            let wanted = Wanted {
                email,
                permission: &Permission::Read,
                expires_at: Utc::now(),
                sent: Moment::now(),
            };
            UnderWay::new(&abandoned).sent(&wanted);
        };
        drop(UnderWay::new(&abandoned));
        assert!(
            abandoned.of("ada@example.com").is_empty(),
            "nothing was sent"
        );
        give_up("ada@example.com");
        let ada = abandoned.of("ADA@example.com");
        assert_eq!(ada.len(), 1);
        assert!(abandoned.of("bob@example.com").is_empty());
        abandoned.forget(&ada);
        assert!(abandoned.of("ada@example.com").is_empty());
        for n in 0..2 * MOST {
            give_up(&format!("{n}@example.com"));
        }
        assert_eq!(abandoned.0.lock().expect("the lock").len(), MOST);
    }
}
