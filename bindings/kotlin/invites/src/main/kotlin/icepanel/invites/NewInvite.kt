package icepanel.invites

import java.time.Instant
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.toKotlinDuration

/** When an invite expires. */
public sealed interface Expiry {
    /** At this instant. */
    public data class At(val time: Instant) : Expiry

    /** This duration after it is sent, by the service's clock, to the millisecond. */
    public data class In(val span: Duration) : Expiry

    public companion object {
        /** This duration after it is sent; for Java. */
        @JvmStatic
        public fun of(span: java.time.Duration): Expiry = In(span.toKotlinDuration())

        internal fun of(parts: ExpiryParts): Expiry = when (parts) {
            is ExpiryParts.At -> At(parts.time)
            is ExpiryParts.In -> In(parts.milliseconds.milliseconds)
        }
    }
}

/**
 * A new invite.
 *
 * ```
 * val guest = NewInvite("ada@example.com", Permission.Read, 14.days)
 * ```
 *
 * @property email the person's address; sent as given, compared without letter case
 * @property permission what the person may do once in
 * @property expiry when the invite ends; the API demands an end
 * @property landscapePermissions which landscapes the person may see; none given means that nothing is said about them
 * @property until when the person's access ends. An invite never ends later. On a roster, the person is invited, and stays, until then; afterwards the invites are revoked, and with [PlanOptions.pruneMembers] the member is removed
 */
public data class NewInvite @JvmOverloads constructor(
    val email: String,
    val permission: Permission,
    val expiry: Expiry,
    val landscapePermissions: Map<String, Boolean>? = null,
    val until: Instant? = null,
) {
    /** An invite that expires at an instant. */
    @JvmOverloads
    public constructor(
        email: String,
        permission: Permission,
        expiresAt: Instant,
        landscapePermissions: Map<String, Boolean>? = null,
        until: Instant? = null,
    ) : this(email, permission, Expiry.At(expiresAt), landscapePermissions, until)

    /** An invite that expires this duration after it is sent. */
    public constructor(
        email: String,
        permission: Permission,
        expiresIn: Duration,
        landscapePermissions: Map<String, Boolean>? = null,
        until: Instant? = null,
    ) : this(email, permission, Expiry.In(expiresIn), landscapePermissions, until)

    /** An invite that expires this duration after it is sent; for Java. */
    @JvmOverloads
    public constructor(
        email: String,
        permission: Permission,
        expiresIn: java.time.Duration,
        landscapePermissions: Map<String, Boolean>? = null,
        until: Instant? = null,
    ) : this(email, permission, expiresIn.toKotlinDuration(), landscapePermissions, until)

    internal constructor(parts: NewInviteParts) :
        this(parts.email, parts.permission, Expiry.of(parts.expiry), parts.landscapePermissions, parts.until)

    internal fun toNative(): NewInviteParts = NewInviteParts(email, permission, expiry.toNative(), landscapePermissions, until)
}

internal fun Expiry.toNative(): ExpiryParts = when (this) {
    is Expiry.At -> ExpiryParts.At(time)
    is Expiry.In -> ExpiryParts.In(span.inWholeMilliseconds)
}
