package icepanel.invites

import java.time.Instant

/** Whether the invite was active when the service returned it. */
public val Invite.isActive: Boolean get() = status == InviteStatus.Active

/**
 * The status of the invite at an instant, which should be a time of the service's clock. A used invite remains used and
 * a revoked one remains revoked, regardless of the expiry.
 */
public fun Invite.statusAt(now: Instant): InviteStatus = inviteStatusAt(this, now)
