//! Finding out, from the list, whether a create without a clear response made an invite.

use std::time::Duration;

use crate::engine::call::Call;
use crate::engine::sent_create::SentCreate;
use crate::error::InviteError;
use crate::invites::list;
use crate::invites::timing::READ_SCHEDULE;
use crate::model::Invite;
use crate::model::InviteFilter;

/// The longest time between two readings while the client continues to look.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// What the list shows.
pub(crate) enum Finding {
    /// It is there.
    Made(Box<Invite>),
    /// It was not there for as long as the list may lag behind.
    NotMade,
    /// No invite as requested, but a new one since the send, with another expiry. The service may have changed the
    /// expiry, because the longest expiry is not documented; or somebody else has invited the person.
    InQuestion(Box<Invite>),
    /// The call's time was too short, or the list cannot be read: the reason.
    Unknown(String),
}

/// Reads the list until it shows the invite, or until it had its time to catch up. With
/// `still_possible` the service may still be working on the request, so that no time is long enough
/// to know that the invite was not made.
pub(crate) async fn find_created(
    call: &Call<'_>,
    wanted: &SentCreate,
    still_possible: bool,
) -> Finding {
    let mut pauses = READ_SCHEDULE.into_iter();
    let mut last = Duration::ZERO;
    // Failed readings are repeated: the list must be read over the whole time.
    let mut trouble = false;
    let mut in_question = None;
    loop {
        let pause = match pauses.next() {
            Some(pause) => pause,
            None if trouble => (last * 2).min(LONGEST_PAUSE),
            // No further reading can show who made this one.
            None if in_question.is_some() => return in_question_or(in_question, Finding::NotMade),
            None if still_possible => (last * 2).min(LONGEST_PAUSE),
            None => return Finding::NotMade,
        };
        last = pause;
        if pause >= call.remaining() {
            let why = "not enough time was left in the call to see in the list whether the invite was made";
            return in_question_or(in_question, Finding::Unknown(why.to_owned()));
        }
        if !pause.is_zero() {
            call.sleep(pause).await;
        }
        match read_once(call, wanted, in_question.as_deref()).await {
            Ok(Seen::Ours(invite)) => return Finding::Made(Box::new(invite)),
            Ok(Seen::Other(other)) => {
                in_question = other.map(Box::new);
                trouble = false;
            }
            Err(error) if error.retryable() => trouble = true,
            Err(error) => {
                return Finding::Unknown(format!(
                    "the list, which would show whether the invite was made, cannot be read: {}",
                    error.message()
                ));
            }
        }
    }
}

fn in_question_or(invite: Option<Box<Invite>>, otherwise: Finding) -> Finding {
    invite.map_or(otherwise, Finding::InQuestion)
}

/// The result of one reading of the list.
enum Seen {
    Ours(Invite),
    /// Not ours; with the one that is [in question](Finding::InQuestion), if there is one.
    Other(Option<Invite>),
}

/// Reads the list once and claims the invite if it is there. If there are several, it claims the oldest free one. The
/// one that an earlier reading has put in question remains so if this reading, of a replica that is behind, lacks it.
async fn read_once(
    call: &Call<'_>,
    wanted: &SentCreate,
    in_question: Option<&Invite>,
) -> Result<Seen, InviteError> {
    let filter = InviteFilter::default().email(wanted.email.as_str());
    let (head, mut invites) = list::read(call, &filter).await?;
    let is_free = |invite: &Invite| call.state.recent.is_free(&invite.id, wanted.sent);
    let missing = in_question
        .filter(|one| is_free(one) && !invites.iter().any(|invite| invite.id == one.id))
        .cloned();
    invites.retain(|invite| wanted.may_have_made(invite, &head));
    invites.sort_by(|a, b| list::rank(a).cmp(&list::rank(b)));
    let ours = invites.iter().position(|invite| {
        wanted.made(invite, &head) && call.state.recent.claim(&invite.id, wanted.sent)
    });
    Ok(match ours {
        Some(index) => Seen::Ours(invites.swap_remove(index)),
        None => Seen::Other(
            invites
                .into_iter()
                .find(|invite| invite.is_active() && is_free(invite))
                .or(missing),
        ),
    })
}
