package icepanel.invites

/**
 * What a person may do in the organization. [Write] and [Admin] cost a paid seat, [Read] and [Billing] are free.
 *
 * The service may return values that this version does not know: they are [Other].
 *
 * @property text the API's spelling
 */
public sealed class Permission(public val text: String) {
    /** May read. Free. */
    public data object Read : Permission("read")

    /** May change landscapes. Costs a seat. */
    public data object Write : Permission("write")

    /** May do everything. Costs a seat. */
    public data object Admin : Permission("admin")

    /** May see and change the billing. Free. */
    public data object Billing : Permission("billing")

    /** A value that this version does not know. */
    public class Other internal constructor(text: String) : Permission(text) {
        override fun equals(other: Any?): Boolean = other is Other && other.text == text

        override fun hashCode(): Int = text.hashCode()
    }

    /** Whether it costs a paid seat. For an undocumented value it is unknown, and this returns false. */
    public val isPaid: Boolean get() = permissionIsPaid(this)

    /** The API's spelling. */
    final override fun toString(): String = text

    public companion object {
        /** Any text is accepted: a known value in any letter case, an unknown one as it is. */
        @JvmStatic
        public fun of(text: String): Permission = lift(permissionSpelling(Other(text)))

        /** From the API's spelling. */
        internal fun lift(spelling: String): Permission = known.find { it.text == spelling } ?: Other(spelling)

        private val known by lazy { listOf(Read, Write, Admin, Billing) }
    }
}

/**
 * The kind of actor. An invite made with a key always has [ApiKey].
 *
 * @property text the API's spelling
 */
public sealed class Actor(public val text: String) {
    /** A person. */
    public data object User : Actor("user")

    /** An API key. */
    public data object ApiKey : Actor("api-key")

    /** A notification key. */
    public data object NotificationKey : Actor("notification-key")

    /** The service itself. */
    public data object Service : Actor("service")

    /** A value that this version does not know. */
    public class Other internal constructor(text: String) : Actor(text) {
        override fun equals(other: Any?): Boolean = other is Other && other.text == text

        override fun hashCode(): Int = text.hashCode()
    }

    /** The API's spelling. */
    final override fun toString(): String = text

    public companion object {
        /** Any text is accepted: a known value in any letter case, an unknown one as it is. */
        @JvmStatic
        public fun of(text: String): Actor = lift(actorSpelling(Other(text)))

        /** From the API's spelling. */
        internal fun lift(spelling: String): Actor = known.find { it.text == spelling } ?: Other(spelling)

        private val known by lazy { listOf(User, ApiKey, NotificationKey, Service) }
    }
}

/**
 * The status of an invite, by the service's clock.
 *
 * @property text as in JSON, the same in every language
 */
public sealed class InviteStatus(public val text: String) {
    /** Not used, not revoked, and its expiry is in the future. */
    public data object Active : InviteStatus("active")

    /** Accepted by the person. */
    public data object Used : InviteStatus("used")

    /** Revoked before it was used. */
    public data object Revoked : InviteStatus("revoked")

    /** Neither used nor revoked, and its expiry has passed. */
    public data object Expired : InviteStatus("expired")

    /** A value that this version does not know. */
    public class Other internal constructor(text: String) : InviteStatus(text) {
        override fun equals(other: Any?): Boolean = other is Other && other.text == text

        override fun hashCode(): Int = text.hashCode()
    }

    /** As in JSON. */
    final override fun toString(): String = text

    public companion object {
        /** Any text is accepted: a known value in any letter case, an unknown one as it is. */
        @JvmStatic
        public fun of(text: String): InviteStatus = lift(statusSpelling(Other(text)))

        /** From the API's spelling. */
        internal fun lift(spelling: String): InviteStatus = known.find { it.text == spelling } ?: Other(spelling)

        private val known by lazy { listOf(Active, Used, Revoked, Expired) }
    }
}
