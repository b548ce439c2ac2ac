package icepanel.invites

import icepanel.invites.ffi.Actor as NativeActor
import icepanel.invites.ffi.InviteStatus as NativeStatus
import icepanel.invites.ffi.Permission as NativePermission

/**
 * What a person may do in the organization. [Write] and [Admin] cost a paid seat, [Read] and [Billing] are free.
 *
 * The service may name values that did not exist when this was built: they come as [Other].
 *
 * @property text the API's spelling
 */
public sealed class Permission(public val text: String) {
    /** May look. Free. */
    public data object Read : Permission("read")

    /** May change landscapes. Costs a seat. */
    public data object Write : Permission("write")

    /** May do everything. Costs a seat. */
    public data object Admin : Permission("admin")

    /** May see and change the billing. Free. */
    public data object Billing : Permission("billing")

    /** A value that did not exist when this was built. */
    public class Other internal constructor(text: String) : Permission(text) {
        override fun equals(other: Any?): Boolean = other is Other && other.text == text

        override fun hashCode(): Int = text.hashCode()
    }

    /** Whether it costs a paid seat. Of a value that is not documented nobody knows, and this says no. */
    public val isPaid: Boolean get() = this == Write || this == Admin

    /** The API's spelling. */
    final override fun toString(): String = text

    internal fun toNative(): NativePermission = when (this) {
        Read -> NativePermission.Read
        Write -> NativePermission.Write
        Admin -> NativePermission.Admin
        Billing -> NativePermission.Billing
        is Other -> NativePermission.Other(text)
    }

    public companion object {
        /** Any text is taken: a known one in whatever letter case, another one as it is. */
        @JvmStatic
        public fun of(text: String): Permission =
            listOf(Read, Write, Admin, Billing).find { it.text.equals(text, ignoreCase = true) } ?: Other(text)

        internal fun of(native: NativePermission): Permission = when (native) {
            NativePermission.Read -> Read
            NativePermission.Write -> Write
            NativePermission.Admin -> Admin
            NativePermission.Billing -> Billing
            is NativePermission.Other -> Other(native.text)
        }
    }
}

/**
 * Who did something. An invite made with a key always says [ApiKey].
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

    /** A value that did not exist when this was built. */
    public class Other internal constructor(text: String) : Actor(text) {
        override fun equals(other: Any?): Boolean = other is Other && other.text == text

        override fun hashCode(): Int = text.hashCode()
    }

    /** The API's spelling. */
    final override fun toString(): String = text

    internal fun toNative(): NativeActor = when (this) {
        User -> NativeActor.User
        ApiKey -> NativeActor.ApiKey
        NotificationKey -> NativeActor.NotificationKey
        Service -> NativeActor.Service
        is Other -> NativeActor.Other(text)
    }

    public companion object {
        /** Any text is taken: a known one in whatever letter case, another one as it is. */
        @JvmStatic
        public fun of(text: String): Actor =
            listOf(User, ApiKey, NotificationKey, Service).find { it.text.equals(text, ignoreCase = true) } ?: Other(text)

        internal fun of(native: NativeActor): Actor = when (native) {
            NativeActor.User -> User
            NativeActor.ApiKey -> ApiKey
            NativeActor.NotificationKey -> NotificationKey
            NativeActor.Service -> Service
            is NativeActor.Other -> Other(native.text)
        }
    }
}

/**
 * Where an invite stands, judged by the service's clock.
 *
 * @property text as in JSON, the same in every language
 */
public sealed class InviteStatus(public val text: String) {
    /** Not used, not revoked, and its expiry lies in the future. */
    public data object Active : InviteStatus("active")

    /** Accepted by the person. */
    public data object Used : InviteStatus("used")

    /** Revoked before it was used. */
    public data object Revoked : InviteStatus("revoked")

    /** Neither used nor revoked, and its expiry has passed. */
    public data object Expired : InviteStatus("expired")

    /** A value that did not exist when this was built. */
    public class Other internal constructor(text: String) : InviteStatus(text) {
        override fun equals(other: Any?): Boolean = other is Other && other.text == text

        override fun hashCode(): Int = text.hashCode()
    }

    /** As in JSON. */
    final override fun toString(): String = text

    internal fun toNative(): NativeStatus = when (this) {
        Active -> NativeStatus.Active
        Used -> NativeStatus.Used
        Revoked -> NativeStatus.Revoked
        Expired -> NativeStatus.Expired
        is Other -> NativeStatus.Other(text)
    }

    public companion object {
        /** Any text is taken: a known one in whatever letter case, another one as it is. */
        @JvmStatic
        public fun of(text: String): InviteStatus =
            listOf(Active, Used, Revoked, Expired).find { it.text.equals(text, ignoreCase = true) } ?: Other(text)

        internal fun of(native: NativeStatus): InviteStatus = when (native) {
            NativeStatus.Active -> Active
            NativeStatus.Used -> Used
            NativeStatus.Revoked -> Revoked
            NativeStatus.Expired -> Expired
            is NativeStatus.Other -> Other(native.text)
        }
    }
}
