package icepanel.invites

/**
 * The people who should be in the organization or invited to it, each once.
 *
 * ```
 * val roster = Roster(
 *     NewInvite("ada@example.com", Permission.Write, 30.days),
 *     NewInvite("grace@example.com", Permission.Read, 30.days),
 * )
 * ```
 *
 * @property entries the people, in the order in which they were given
 */
public class Roster private constructor(public val entries: List<NewInvite>, @Suppress("unused") checked: Unit) {
    /**
     * A roster of these people.
     *
     * @throws InviteException.InvalidInput with all problems: its [errors][InviteException.errors] have a line for
     *   each. The same person twice, in any letter case, is a problem.
     */
    public constructor(people: Iterable<NewInvite>) : this(people.toList(), Unit) {
        crossing { checkRoster(entries) }
    }

    /** A roster of these people. */
    public constructor(vararg people: NewInvite) : this(people.asIterable())

    /** The roster as every language and the command write it: `{"formatVersion": 1, "people": […]}`. */
    public fun toJson(): String = crossing { writeRoster(entries) }

    override fun equals(other: Any?): Boolean = other is Roster && other.entries == entries

    override fun hashCode(): Int = entries.hashCode()

    override fun toString(): String = "Roster($entries)"

    public companion object {
        /**
         * Reads what [toJson] wrote, in any language, or the list of the people alone.
         *
         * @throws InviteException.InvalidInput with all problems, or for the roster of a newer version
         */
        @JvmStatic
        public fun fromJson(json: String): Roster = received(crossing { readRoster(json) })

        /** Entries that the library returned, which may have values that a user could not enter. */
        internal fun received(entries: List<NewInvite>): Roster = Roster(entries, Unit)
    }
}
