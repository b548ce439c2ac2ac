package icepanel.invites

import java.time.Instant
import icepanel.invites.ffi.Member as NativeMember
import icepanel.invites.ffi.Seats as NativeSeats

/**
 * A member of the organization.
 *
 * @property userId the user's id
 * @property email the member's address
 * @property permission what the member may do
 * @property name the member's name
 * @property jobRole the member's role at work
 * @property lastActiveAt when the member was last seen
 * @property landscapePermissions which landscapes the member may see, if that is limited
 */
public data class Member @JvmOverloads constructor(
    val userId: String,
    val email: String,
    val permission: Permission,
    val name: String? = null,
    val jobRole: String? = null,
    val lastActiveAt: Instant? = null,
    val landscapePermissions: Map<String, Boolean>? = null,
) {
    internal constructor(native: NativeMember) : this(
        userId = native.userId,
        email = native.email,
        permission = Permission.of(native.permission),
        name = native.name,
        jobRole = native.jobRole,
        lastActiveAt = native.lastActiveAt,
        landscapePermissions = native.landscapePermissions,
    )
}

/**
 * The organization's paid seats. `write` and `admin` take one, for a member and for an active invite alike.
 *
 * @property paid seats paid for
 * @property taken members with `write` or `admin`
 * @property promised active invites with `write` or `admin`
 * @property free seats left, never below zero
 */
public data class Seats(val paid: Long, val taken: Long, val promised: Long, val free: Long) {
    internal constructor(native: NativeSeats) :
        this(native.paid.toLongOrMax(), native.taken.toLongOrMax(), native.promised.toLongOrMax(), native.free.toLongOrMax())
}
