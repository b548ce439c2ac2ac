package icepanel.invites


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

    public companion object {
        internal fun of(native: NativeEnsured): Ensured = when (native) {
            is NativeEnsured.Created -> Created(native.v1)
            is NativeEnsured.Existing -> Existing(native.v1)
            is NativeEnsured.Member -> AlreadyMember(native.v1)
        }
    }
}
