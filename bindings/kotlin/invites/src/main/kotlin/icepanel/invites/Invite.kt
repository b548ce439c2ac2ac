package icepanel.invites

import java.time.Instant

/** Whether the invite was active when the service returned it. */
public val Invite.isActive: Boolean get() = status == InviteStatus.Active

/**
 * The status of the invite at an instant, which should be a time of the service's clock. A used invite remains used and
 * a revoked one remains revoked, regardless of the expiry.
 */
public fun Invite.statusAt(now: Instant): InviteStatus = inviteStatusAt(this, now)

/**
 * How the invite differs from what is asked for at an instant, by the rule by which a plan replaces it: another permission;
 * other landscapes, if any are asked for; an earlier expiry. An expiry in some time from now may be half of that time earlier.
 *
 * @throws InviteException.InvalidInput if the expiry is too far off
 */
@JvmOverloads
public fun Invite.differsFrom(asked: NewInvite, now: Instant = Instant.now()): List<Difference> =
    crossing { inviteDiffersFrom(this, asked, now) }

/** The field of an invite in JSON that differs, the same in every language: `expiresAt`. */
public val Difference.text: String get() = differenceName(this)
