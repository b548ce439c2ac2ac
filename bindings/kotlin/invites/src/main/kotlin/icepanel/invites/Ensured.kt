package icepanel.invites

import java.time.Instant

/** The result of [InviteClient.ensure]. */
public sealed interface Ensured {
    /** The invite, unless the person is a member. */
    public val invite: Invite?

    /** The person had no active invite; this one was created. */
    public data class Created(override val invite: Invite) : Ensured

    /**
     * The person has this active invite, made before or by somebody else at the same time. Its permission and expiry
     * may differ from the request.
     */
    public data class Existing(override val invite: Invite) : Ensured

    /** The person is already a member. Nothing was sent. */
    public data class AlreadyMember(val member: Member) : Ensured {
        override val invite: Invite? get() = null
    }

    /**
     * How the person's invite or membership differs from what is asked for at an instant: see [Invite.differsFrom]. Of a
     * member only the permission is compared, and an invite that was just created does not differ.
     *
     * @throws InviteException.InvalidInput if the expiry is too far off
     */
    public fun differsFrom(asked: NewInvite, now: Instant = Instant.now()): List<Difference> =
        crossing { ensuredDiffersFrom(toNative(this), asked, now) }

    public companion object {
        internal fun of(native: NativeEnsured): Ensured = when (native) {
            is NativeEnsured.Created -> Created(native.v1)
            is NativeEnsured.Existing -> Existing(native.v1)
            is NativeEnsured.Member -> AlreadyMember(native.v1)
        }

        private fun toNative(ensured: Ensured): NativeEnsured = when (ensured) {
            is Created -> NativeEnsured.Created(ensured.invite)
            is Existing -> NativeEnsured.Existing(ensured.invite)
            is AlreadyMember -> NativeEnsured.Member(ensured.member)
        }
    }
}
