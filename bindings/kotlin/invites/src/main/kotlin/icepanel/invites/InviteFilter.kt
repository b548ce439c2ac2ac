package icepanel.invites

import kotlin.time.Duration
import kotlin.time.toKotlinDuration

/**
 * Which invites [InviteClient.list] returns. A field that is null is ignored.
 *
 * @property status only invites with this status, by the service's clock
 * @property email only invites of this address; letter case is ignored
 * @property permission only invites with this permission
 * @property createdBy only invites made by this kind of actor
 * @property expiringWithin only active invites that expire within this duration from now, by the service's clock:
 *   guests who will soon lose access
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

    /** For Java: all with this status. */
    public constructor(status: InviteStatus?) : this(status, null, null, null)

    /** For Java: a field that is null is ignored. */
    public constructor(status: InviteStatus?, email: String?, permission: Permission?, createdBy: Actor?) :
        this(status, email, permission, createdBy, null)

    /** The same filter, and only active invites that expire within this duration from now; for Java. */
    public fun expiringWithin(span: java.time.Duration): InviteFilter = copy(expiringWithin = span.toKotlinDuration())

    internal fun toNative(): NativeInviteFilter = NativeInviteFilter(
        status = status,
        email = email,
        permission = permission,
        createdBy = createdBy,
        expiringWithinMs = expiringWithin?.toMillis(),
    )
}
