//! `ensure`: one invite per person, even if many workers call it at the same time.

use serde::{Serialize, Serializer};
use tokio::sync::OwnedMutexGuard;

use crate::engine::call::Call;
use crate::engine::unfinished_creates::PendingCreate;
use crate::error::{Effect, ErrorKind, InviteError};
use crate::invites::deduplicate::Competitors;
use crate::invites::timing::is_settled;
use crate::invites::{create, deduplicate, expiry, list, members, unfinished};
use crate::model::InviteFilter;
use crate::model::email::same_address;
use crate::model::{Expiry, Invite, InviteStatus, Member, NewInvite};

/// The result of [`ensure`](crate::InviteClient::ensure). As JSON: `{"outcome": "created",
/// "invite": …}`, `{"outcome": "existing", "invite": …}` or `{"outcome": "member", "member": …}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ensured {
    /// The person had no active invite; this one was created.
    Created(Invite),
    /// The person has this active invite, made before or by somebody else at the same time. Its
    /// permission and expiry may differ from the request.
    Existing(Invite),
    /// The person is already a member. Nothing was sent. The member's address differs if the person
    /// accepted an invite with another address than the invited one.
    Member(Member),
}

impl Ensured {
    /// `created`, `existing` or `member`.
    pub fn outcome(&self) -> &'static str {
        match self {
            Self::Created(_) => "created",
            Self::Existing(_) => "existing",
            Self::Member(_) => "member",
        }
    }

    /// The invite, unless the person is a member.
    pub fn invite(&self) -> Option<&Invite> {
        match self {
            Self::Created(invite) | Self::Existing(invite) => Some(invite),
            Self::Member(_) => None,
        }
    }
}

impl Serialize for Ensured {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fields<'a> {
            outcome: &'static str,
            #[serde(skip_serializing_if = "Option::is_none")]
            invite: Option<&'a Invite>,
            #[serde(skip_serializing_if = "Option::is_none")]
            member: Option<&'a Member>,
        }
        let member = match self {
            Self::Member(member) => Some(member),
            Self::Created(_) | Self::Existing(_) => None,
        };
        Fields {
            outcome: self.outcome(),
            invite: self.invite(),
            member,
        }
        .serialize(serializer)
    }
}

pub(crate) async fn ensure(call: &Call<'_>, new: &NewInvite) -> Result<Ensured, InviteError> {
    new.check()?;
    // From a length, the end is counted once the readings have shown the time.
    if matches!(new.expiry, Expiry::At(_)) || new.until.is_some() {
        expiry::create_request(call, new).await?;
    }
    let _lock = lock_address(call, &new.email).await?;
    unfinished::catch_up(call, &new.email).await?;
    if let Some(already) = already(call, &new.email).await? {
        return Ok(already);
    }
    match create::make(call, new, None).await {
        Ok(made) => {
            let mut pending = PendingCreate::made(&call.state.unfinished, &made.invite);
            let remains = deduplicate::deduplicate(call, &made, Competitors::All).await?;
            pending.finish();
            Ok(match remains.id == made.invite.id {
                true => Ensured::Created(remains),
                false => Ensured::Existing(remains),
            })
        }
        // Somebody else may have invited the person since the reading, with the last seat, or the
        // person has become a member. The status for this is not documented. Or the person has a
        // new invite and it is unknown who made it, which makes no difference here.
        Err(error) if is_refusal(&error) || is_in_question(&error) => {
            match already(call, &new.email).await {
                Ok(Some(already)) => Ok(already),
                _ => Err(error),
            }
        }
        Err(error) => Err(error),
    }
}

pub(crate) fn is_refusal(error: &InviteError) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Conflict | ErrorKind::SeatsExhausted | ErrorKind::Rejected
    )
}

/// Whether the list showed a new active invite of the person that may be ours or that of another worker.
fn is_in_question(error: &InviteError) -> bool {
    error.kind() == ErrorKind::OutcomeUnknown && error.effect() == Effect::Unclear
}

/// Whether the person is a member or invited. A person who accepted an invite to this address with another address is a
/// member too.
pub(crate) async fn already(call: &Call<'_>, email: &str) -> Result<Option<Ensured>, InviteError> {
    let (members, invites) = tokio::try_join!(members::members(call), read_settled(call, email))?;
    let users: Vec<&str> = invites
        .iter()
        .filter_map(|invite| invite.used_by_user_id.as_deref())
        .collect();
    if let Some(member) = member(members, email, &users) {
        return Ok(Some(Ensured::Member(member)));
    }
    let used = invites
        .iter()
        .any(|invite| invite.status == InviteStatus::Used);
    if let Some(invite) = list::first(&invites) {
        return Ok(Some(Ensured::Existing(invite.clone())));
    }
    // The person may have accepted between the two readings. Usually the invite was used long ago,
    // by somebody who has left since.
    match used {
        true => {
            let members = members::members(call).await?;
            Ok(member(members, email, &users).map(Ensured::Member))
        }
        false => Ok(None),
    }
}

/// The member with this address, otherwise one of these users.
fn member(members: Vec<Member>, email: &str, users: &[&str]) -> Option<Member> {
    let mut other = None;
    for member in members {
        if same_address(&member.email, email) {
            return Some(member);
        }
        if users.contains(&&*member.user_id) {
            other.get_or_insert(member);
        }
    }
    other
}

/// The invites of an address, read so that all workers choose the same active one: if the first is
/// so new that an older one may still appear, the list is read again.
async fn read_settled(call: &Call<'_>, email: &str) -> Result<Vec<Invite>, InviteError> {
    let everything = InviteFilter::default().email(email);
    let (head, invites) = list::read(call, &everything).await?;
    let Some(first) = list::first(&invites) else {
        return Ok(invites);
    };
    if is_settled(head.now.signed_duration_since(first.created_at)) {
        return Ok(invites);
    }
    Ok(deduplicate::read_after_competitors(call, first).await?.1)
}

/// Calls of this client for one person run one after another, so that the person gets one e-mail.
pub(crate) async fn lock_address(
    call: &Call<'_>,
    email: &str,
) -> Result<OwnedMutexGuard<()>, InviteError> {
    let lock = call.state.addresses.lock(email);
    tokio::time::timeout(call.remaining(), lock).await.map_err(|_| {
        InviteError::new(
            ErrorKind::Timeout,
            "another call of this client for the same person did not end within the time limit of this call",
        )
    })
}
