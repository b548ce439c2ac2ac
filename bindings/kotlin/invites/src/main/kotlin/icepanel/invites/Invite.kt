package icepanel.invites

import java.time.Instant
import icepanel.invites.ffi.Invite as NativeInvite

/**
 * An invite of a person to the organization, as the service told of it.
 *
 * @property id the invite's id
 * @property organizationId the organization's id
 * @property email the address that was invited, in the letter case in which the service keeps it
 * @property permission what the person may do once in
 * @property status where the invite stood, by the service's clock, when the service told of it
 * @property expiresAt when it ends
 * @property createdAt when it was made, by the service's clock
 * @property createdBy who made it
 * @property createdById the id of who made it
 * @property landscapePermissions which landscapes the person may see, if that was limited
 * @property revokedAt when it was revoked
 * @property revokedBy who revoked it
 * @property revokedById the id of who revoked it
 * @property usedAt when it was accepted
 * @property usedByUserId the id of the user who accepted it
 */
public data class Invite @JvmOverloads constructor(
    val id: String,
    val organizationId: String,
    val email: String,
    val permission: Permission,
    val status: InviteStatus,
    val expiresAt: Instant,
    val createdAt: Instant,
    val createdBy: Actor,
    val createdById: String,
    val landscapePermissions: Map<String, Boolean>? = null,
    val revokedAt: Instant? = null,
    val revokedBy: Actor? = null,
    val revokedById: String? = null,
    val usedAt: Instant? = null,
    val usedByUserId: String? = null,
) {
    /** Whether it was active when the service told of it. */
    val isActive: Boolean get() = status == InviteStatus.Active

    internal constructor(native: NativeInvite) : this(
        id = native.id,
        organizationId = native.organizationId,
        email = native.email,
        permission = Permission.of(native.permission),
        status = InviteStatus.of(native.status),
        expiresAt = native.expiresAt,
        createdAt = native.createdAt,
        createdBy = Actor.of(native.createdBy),
        createdById = native.createdById,
        landscapePermissions = native.landscapePermissions,
        revokedAt = native.revokedAt,
        revokedBy = native.revokedBy?.let(Actor::of),
        revokedById = native.revokedById,
        usedAt = native.usedAt,
        usedByUserId = native.usedByUserId,
    )
}
