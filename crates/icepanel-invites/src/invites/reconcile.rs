//! What became of a create that got no clear answer: the list tells.

use std::time::Duration;

use crate::engine::call::Call;
use crate::engine::sent_create::SentCreate;
use crate::error::InviteError;
use crate::invites::list;
use crate::invites::timing::READ_SCHEDULE;
use crate::model::Invite;
use crate::model::InviteFilter;

/// The longest time between two readings where the client goes on looking.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// What the list says of it.
pub(crate) enum Finding {
    /// It is there.
    Made(Box<Invite>),
    /// It was not there for as long as the list is given to catch up.
    NotMade,
    /// Not as it was asked for, but this one came since the send, with another end. The service may
    /// have changed the end, for nobody documents how far off it may lie; or somebody else has invited
    /// the person.
    InQuestion(Box<Invite>),
    /// The call's time did not suffice, or the list cannot be read: why.
    Unknown(String),
}

/// Reads the list until it shows the invite, or has been given its time. With `still_possible` the
/// service may still be at work on the request, so that no time is enough to say that it was not
/// made.
pub(crate) async fn find_created(
    call: &Call<'_>,
    wanted: &SentCreate,
    still_possible: bool,
) -> Finding {
    let mut pauses = READ_SCHEDULE.into_iter();
    let mut last = Duration::ZERO;
    // Readings that failed are made up for: what counts is the time over which the list was read.
    let mut trouble = false;
    let mut in_question = None;
    loop {
        let pause = match pauses.next() {
            Some(pause) => pause,
            None if trouble => (last * 2).min(LONGEST_PAUSE),
            // However long the list is read, it will not show whose work this one is.
            None if in_question.is_some() => return in_question_or(in_question, Finding::NotMade),
            None if still_possible => (last * 2).min(LONGEST_PAUSE),
            None => return Finding::NotMade,
        };
        last = pause;
        if pause >= call.remaining() {
            let why =
                "the time of the call ended before the list could tell whether the invite was made";
            return in_question_or(in_question, Finding::Unknown(why.to_owned()));
        }
        if !pause.is_zero() {
            call.sleep(pause).await;
        }
        match read_once(call, wanted).await {
            Ok(Seen::Ours(invite)) => return Finding::Made(Box::new(invite)),
            Ok(Seen::Other(other)) => {
                in_question = other.map(Box::new);
                trouble = false;
            }
            Err(error) if error.retryable() => trouble = true,
            Err(error) => {
                return Finding::Unknown(format!(
                    "the list that could tell whether the invite was made cannot be read: {}",
                    error.message()
                ));
            }
        }
    }
}

fn in_question_or(invite: Option<Box<Invite>>, otherwise: Finding) -> Finding {
    invite.map_or(otherwise, Finding::InQuestion)
}

/// What one reading of the list shows.
enum Seen {
    Ours(Invite),
    /// Not ours; one that is [in question](Finding::InQuestion), if there is one.
    Other(Option<Invite>),
}

/// Reads the list once and claims the invite if it is there: of several, the earliest that is free.
async fn read_once(call: &Call<'_>, wanted: &SentCreate) -> Result<Seen, InviteError> {
    let filter = InviteFilter::default().email(wanted.email.as_str());
    let (head, mut invites) = list::read(call, &filter).await?;
    invites.retain(|invite| wanted.may_have_made(invite, &head));
    invites.sort_by(|a, b| list::rank(a).cmp(&list::rank(b)));
    let known = &call.state.recent;
    let ours = invites
        .iter()
        .position(|invite| wanted.made(invite, &head) && known.claim(&invite.id, wanted.sent));
    Ok(match ours {
        Some(index) => Seen::Ours(invites.swap_remove(index)),
        None => Seen::Other(
            invites
                .into_iter()
                .find(|invite| invite.is_active() && known.is_free(&invite.id, wanted.sent)),
        ),
    })
}
