package icepanel.invites

import java.time.Instant
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.toKotlinDuration

/**
 * Options for making a plan.
 *
 * @property margin how much sooner than wanted an active invite may expire without being replaced. Null: zero for an
 *   expiry given as an instant, and half of a duration
 * @property prune whether active invites for people who are not on the roster are to be revoked
 * @property skipRevoked whether people whose last invite was revoked are not invited again
 * @property maxInvites how often a person is invited at most, from 1: every invite of the person in the list counts.
 *   Null: no limit
 * @property allowEmpty whether [prune] may be used with an empty roster, which revokes every active invite
 */
public data class PlanOptions(
    val margin: Duration? = null,
    val prune: Boolean = false,
    val skipRevoked: Boolean = false,
    val maxInvites: Int? = null,
    val allowEmpty: Boolean = false,
) {
    /** For Java: the default options. */
    public constructor() : this(null as Duration?)

    /** For Java. */
    public constructor(margin: java.time.Duration?, prune: Boolean) : this(margin?.toKotlinDuration(), prune)

    /** For Java. */
    public constructor(
        margin: java.time.Duration?,
        prune: Boolean,
        skipRevoked: Boolean,
        maxInvites: Int?,
        allowEmpty: Boolean,
    ) : this(margin?.toKotlinDuration(), prune, skipRevoked, maxInvites, allowEmpty)

    /** [margin] in milliseconds, for Java. */
    public val marginMillis: Long? get() = margin?.inWholeMilliseconds

    internal fun toNative(): NativePlanOptions =
        NativePlanOptions(margin?.toMillis(), prune, skipRevoked, maxInvites?.toLong(), allowEmpty)
}

/**
 * The planned action for a person.
 *
 * @property text as in JSON, the same in every language
 */
public enum class Action(public val text: String) {
    /** An invite is made. */
    Invite("invite"),

    /** The active invite remains. */
    Keep("keep"),

    /** An invite is made, then the active one is revoked. */
    Replace("replace"),

    /** Nothing: the person is already a member. */
    Member("member"),

    /** The active invites are revoked: the person is not on the roster. */
    Revoke("revoke"),

    /** Nothing: an option excludes the person. The reason says which one. */
    Skip("skip"),
    ;

    override fun toString(): String = text

    internal companion object {
        fun of(text: String): Action = entries.first { it.text == text }
    }
}

/**
 * What `apply` would change: a value that can be inspected, stored and applied later.
 *
 * @property organizationId the organization that it is for
 * @property plannedAt when it was made, by the service's clock
 * @property margin the margin in its options
 * @property skipRevoked whether it excludes people whose last invite was revoked
 * @property maxInvites how often a person may be invited at most
 * @property steps one for each person: first those of the roster in its order, then those to be pruned
 * @property seats paid seats needed, held, free
 * @property pruning the pruned people, and the default guard; null without `prune`
 * @property writes how many write requests it takes
 * @property estimateMillis [estimate] in milliseconds
 */
public class Plan internal constructor(native: NativePlan) {
    private val json = native.json
    public val organizationId: String = native.organizationId
    public val plannedAt: Instant = native.plannedAt
    public val margin: Duration? = native.marginMs?.toLongOrMax()?.milliseconds
    public val skipRevoked: Boolean = native.skipRevoked
    public val maxInvites: Int? = native.maxInvites?.toIntOrMax()
    public val steps: List<Step> = native.steps
    public val seats: PlanSeats = native.seats
    public val pruning: PlanPruning? = native.pruning
    public val writes: Long = native.writes.toLongOrMax()
    public val estimateMillis: Long = native.estimateMs.toLongOrMax()

    /** How long applying it takes under the rate limits. */
    public val estimate: Duration get() = estimateMillis.milliseconds

    /** Whether there is anything to change. */
    public val changesAnything: Boolean get() = writes > 0

    /** [margin] in milliseconds, for Java. */
    public val marginMillis: Long? get() = margin?.inWholeMilliseconds

    /**
     * Rejects a plan that [InviteClient.apply] would reject with these options, by the figures in the plan. `apply`
     * counts again.
     *
     * @throws InviteException.InvalidInput if it prunes more people than the guard allows
     * @throws InviteException.SeatsExhausted if seats are missing and `partial` is not set
     */
    @JvmOverloads
    public fun check(options: ApplyOptions = ApplyOptions()): Unit = crossing { checkPlan(json, options.toNative()) }

    /** The number of people with an action. */
    public fun count(action: Action): Int = steps.count { it.action == action }

    /** The plan as every language writes it. */
    public fun toJson(): String = json

    override fun equals(other: Any?): Boolean = other is Plan && other.json == json

    override fun hashCode(): Int = json.hashCode()

    /** A line for each person, and the effort of applying it. */
    override fun toString(): String = crossing { planText(json) }

    public companion object {
        /**
         * Reads what [toJson] wrote, in any language.
         *
         * @throws InviteException.InvalidInput if it is not a plan, or the plan of a newer version
         */
        @JvmStatic
        public fun fromJson(json: String): Plan = Plan(crossing { readPlan(json) })
    }
}
