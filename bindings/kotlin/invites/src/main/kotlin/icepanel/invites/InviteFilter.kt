package icepanel.invites

import kotlin.time.Duration
import kotlin.time.toKotlinDuration

/**
 * Which invites [InviteClient.list] returns. What is null lets all through.
 *
 * @property status only invites that stand here, by the service's clock
 * @property email only invites of this address; letter case does not count
 * @property permission only invites with this permission
 * @property createdBy only invites made by this kind of actor
 * @property expiringWithin only active invites that end within so long from now, by the service's clock: guests who are about
 *   to be locked out
 */
public data class InviteFilter(
    val status: InviteStatus? = null,
    val email: String? = null,
    val permission: Permission? = null,
    val createdBy: Actor? = null,
    val expiringWithin: Duration? = null,
) {
    /** For Java: all invites. */
    public constructor() : this(null)

    /** For Java: all that stand here. */
    public constructor(status: InviteStatus?) : this(status, null, null, null)

    /** For Java: what is null lets all through. */
    public constructor(status: InviteStatus?, email: String?, permission: Permission?, createdBy: Actor?) :
        this(status, email, permission, createdBy, null)

    /** The same filter, and only active invites that end within so long from now; for Java. */
    public fun expiringWithin(span: java.time.Duration): InviteFilter = copy(expiringWithin = span.toKotlinDuration())

    internal fun toNative(): NativeInviteFilter = NativeInviteFilter(
        status = status,
        email = email,
        permission = permission,
        createdBy = createdBy,
        expiringWithinMs = expiringWithin?.toMillis(),
    )
}
