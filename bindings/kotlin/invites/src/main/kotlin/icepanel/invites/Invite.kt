package icepanel.invites

import java.time.Instant

/** Whether the invite was active when the service returned it. */
public val Invite.isActive: Boolean get() = status == InviteStatus.Active

/**
 * The status of the invite at an instant, best a time of the service's clock. A used invite remains used and a revoked one
 * revoked, whatever its expiry.
 */
public fun Invite.statusAt(now: Instant): InviteStatus = inviteStatusAt(this, now)
