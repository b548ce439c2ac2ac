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
 * @property skipRevoked whether people whose last invite was revoked are skipped
 * @property maxInvites how often a person is invited at most, from 1: every invite counts that the person ever had. Null: as
 *   often as it takes
 * @property allowEmpty whether [prune] and [pruneMembers] may be used with a roster of nobody, which revokes every active
 *   invite, or removes every member who is not protected
 * @property manageMembers whether members are given the permission and the landscapes of the roster
 * @property pruneMembers whether members who are not on the roster, or whose access has ended, are removed. Needs [protect]
 * @property protect the addresses of members who are neither removed nor demoted: the owner of the key, say
 * @property minAdmins how many admins the organization has at least at any moment, from 1. Null: 1
 * @property allowDomains the domains to which invites may go; a roster with another address is rejected. Null: all
 * @property expiringWithin the people whose access ends within this duration from now are in [Plan.expiring]
 * @property noInvites whether no invite is made: nobody is invited, and no active invite is replaced. For offboarding, with
 *   [prune] or [pruneMembers]
 */
public data class PlanOptions(
    val margin: Duration? = null,
    val prune: Boolean = false,
    val skipRevoked: Boolean = false,
    val maxInvites: Int? = null,
    val allowEmpty: Boolean = false,
    val manageMembers: Boolean = false,
    val pruneMembers: Boolean = false,
    val protect: List<String> = emptyList(),
    val minAdmins: Int? = null,
    val allowDomains: List<String>? = null,
    val expiringWithin: Duration? = null,
    val noInvites: Boolean = false,
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

    /** For Java: all options. */
    public constructor(
        margin: java.time.Duration?,
        prune: Boolean,
        skipRevoked: Boolean,
        maxInvites: Int?,
        allowEmpty: Boolean,
        manageMembers: Boolean,
        pruneMembers: Boolean,
        protect: List<String>,
        minAdmins: Int?,
        allowDomains: List<String>?,
        expiringWithin: java.time.Duration?,
        noInvites: Boolean,
    ) : this(
        margin?.toKotlinDuration(),
        prune,
        skipRevoked,
        maxInvites,
        allowEmpty,
        manageMembers,
        pruneMembers,
        protect,
        minAdmins,
        allowDomains,
        expiringWithin?.toKotlinDuration(),
        noInvites,
    )

    /** [margin] in milliseconds, for Java. */
    public val marginMillis: Long? get() = margin?.inWholeMilliseconds

    /** [expiringWithin] in milliseconds, for Java. */
    public val expiringWithinMillis: Long? get() = expiringWithin?.inWholeMilliseconds

    internal fun toNative(): NativePlanOptions = NativePlanOptions(
        marginMs = margin?.toMillis(),
        prune = prune,
        skipRevoked = skipRevoked,
        maxInvites = maxInvites?.toLong(),
        allowEmpty = allowEmpty,
        manageMembers = manageMembers,
        pruneMembers = pruneMembers,
        protect = protect,
        minAdmins = minAdmins?.toLong(),
        allowDomains = allowDomains,
        expiringWithinMs = expiringWithin?.toMillis(),
        noInvites = noInvites,
    )
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

    /** The active invites are revoked: the person is not on the roster, or the access has ended. */
    Revoke("revoke"),

    /** Nothing: an option says to leave the person alone, or the access has ended. The reason says which. */
    Skip("skip"),

    /** A member is given the permission and the landscapes of the roster. */
    Update("update"),

    /** A member is removed: the person is not on the roster, or the access has ended. */
    Remove("remove"),
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
 * @property pruning who loses the invites, and what the default guard allows; null if the plan revokes none
 * @property writes how many requests that change something it takes
 * @property estimateMillis [estimate] in milliseconds
 * @property manageMembers whether it gives members the permission and the landscapes of the roster
 * @property pruneMembers whether it removes members
 * @property protect the addresses of members who are neither removed nor demoted
 * @property minAdmins how many admins the organization has at least; null: 1
 * @property removal who is removed, and what the default guard allows; null without `pruneMembers`
 * @property summary how many e-mails go where, and how many admins there will be
 * @property expiring whose access ends soon, with `expiringWithin`; the soonest first
 * @property noInvites whether it makes no invite
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
    public val manageMembers: Boolean = native.manageMembers
    public val pruneMembers: Boolean = native.pruneMembers
    public val protect: List<String> = native.protect
    public val minAdmins: Int? = native.minAdmins?.toIntOrMax()
    public val removal: PlanRemoval? = native.removal
    public val summary: PlanSummary? = native.summary
    public val expiring: List<PlanExpiring> = native.expiring
    public val noInvites: Boolean = native.noInvites

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
     * @throws InviteException.InvalidInput if it prunes, removes, invites or makes admins of more people than the options allow
     * @throws InviteException.SeatsExhausted if seats are missing and partial work is not asked for
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
