package icepanel.invites

import java.time.Instant
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.toKotlinDuration
import icepanel.invites.ffi.Held as NativeHeld
import icepanel.invites.ffi.Plan as NativePlan
import icepanel.invites.ffi.PlanOptions as NativeOptions
import icepanel.invites.ffi.PlanSeats as NativeSeats
import icepanel.invites.ffi.Step as NativeStep
import icepanel.invites.ffi.readPlan

/**
 * How a plan is made.
 *
 * @property margin how much sooner than wanted an active invite may end and still be kept. Null: not at all where the roster
 *   says an instant, and half of the time where it says how long from now
 * @property prune whether active invites for people who are not on the roster are to be revoked
 */
public data class PlanOptions(val margin: Duration? = null, val prune: Boolean = false) {
    /** For Java: as it is unless told otherwise. */
    public constructor() : this(null as Duration?)

    /** For Java. */
    public constructor(margin: java.time.Duration?, prune: Boolean) : this(margin?.toKotlinDuration(), prune)

    internal fun toNative(): NativeOptions = NativeOptions(margin?.let { milliseconds("margin", it) }, prune)
}

/**
 * What would happen to a person.
 *
 * @property text as in JSON, the same in every language
 */
public enum class Action(public val text: String) {
    /** An invite is made. */
    Invite("invite"),

    /** The active invite stays. */
    Keep("keep"),

    /** An invite is made, then the active one is revoked. */
    Replace("replace"),

    /** Nothing: the person is in already. */
    Member("member"),

    /** The active invites are revoked: the person is not on the roster. */
    Revoke("revoke"),
    ;

    override fun toString(): String = text

    internal companion object {
        fun of(text: String): Action = entries.first { it.text == text }
    }
}

/**
 * What a person has already: a membership or an active invite.
 *
 * @property permission what the person may do, or may do once in
 * @property inviteId the active invite: of several the one that counts
 * @property expiresAt when that ends
 * @property userId the member
 * @property landscapePermissions which landscapes the person may see, if that is limited
 */
public data class Held @JvmOverloads constructor(
    val permission: Permission,
    val inviteId: String? = null,
    val expiresAt: Instant? = null,
    val userId: String? = null,
    val landscapePermissions: Map<String, Boolean>? = null,
) {
    internal constructor(native: NativeHeld) : this(
        permission = Permission.of(native.permission),
        inviteId = native.inviteId,
        expiresAt = native.expiresAt,
        userId = native.userId,
        landscapePermissions = native.landscapePermissions,
    )
}

/**
 * What would happen to one person, and why.
 *
 * @property email the person's address
 * @property action what would happen
 * @property reason why, in words
 * @property wanted what the roster says; null for somebody who is not on it
 * @property held what the person has already
 * @property revoke the ids of the active invites that go
 */
public data class Step @JvmOverloads constructor(
    val email: String,
    val action: Action,
    val reason: String,
    val wanted: NewInvite? = null,
    val held: Held? = null,
    val revoke: List<String> = emptyList(),
) {
    internal constructor(native: NativeStep) : this(
        email = native.email,
        action = Action.of(native.action),
        reason = native.reason,
        wanted = native.wanted?.let(::NewInvite),
        held = native.held?.let(::Held),
        revoke = native.revoke,
    )
}

/**
 * Paid seats, and what becomes of them.
 *
 * @property paid seats paid for
 * @property taken members with `write` or `admin`
 * @property promised active invites with `write` or `admin`
 * @property free seats left now
 * @property needed seats that the plan takes for people who have none yet
 * @property released seats that the plan gives free
 * @property missing seats that are missing; above zero [InviteClient.apply] refuses, unless partial work is asked for
 */
public data class PlanSeats(
    val paid: Long,
    val taken: Long,
    val promised: Long,
    val free: Long,
    val needed: Long,
    val released: Long,
    val missing: Long,
) {
    internal constructor(native: NativeSeats) : this(
        paid = native.paid.toLong(),
        taken = native.taken.toLong(),
        promised = native.promised.toLong(),
        free = native.free.toLong(),
        needed = native.needed.toLong(),
        released = native.released.toLong(),
        missing = native.missing.toLong(),
    )
}

/**
 * What would have to change for a roster to be true: a value that can be looked at, written down and applied later.
 *
 * @property organizationId the organization that it is for
 * @property plannedAt when it was made, by the service's clock
 * @property margin the margin that it was made with
 * @property steps one for each person: first those of the roster in its order, then those to be pruned
 * @property seats paid seats needed, held, free
 * @property writes how many requests that change something it takes
 * @property estimateMillis [estimate] in milliseconds
 */
public class Plan internal constructor(native: NativePlan) {
    private val json = native.json
    public val organizationId: String = native.organizationId
    public val plannedAt: Instant = native.plannedAt
    public val margin: Duration? = native.marginMs?.toLong()?.milliseconds
    public val steps: List<Step> = native.steps.map(::Step)
    public val seats: PlanSeats = PlanSeats(native.seats)
    public val writes: Long = native.writes.toLong()
    public val estimateMillis: Long = native.estimateMs.toLong()

    /** How long applying it takes under the service's limits. */
    public val estimate: Duration get() = estimateMillis.milliseconds

    /** Whether there is anything to do. */
    public val changesAnything: Boolean get() = writes > 0

    /** How many people there are with an action. */
    public fun count(action: Action): Int = steps.count { it.action == action }

    /** The plan as every language writes it. */
    public fun toJson(): String = json

    override fun equals(other: Any?): Boolean = other is Plan && other.json == json

    override fun hashCode(): Int = json.hashCode()

    /** A line for each person, and what it takes. */
    override fun toString(): String = buildString {
        steps.forEach { appendLine("${it.action.text.padEnd(7)} ${it.email}: ${it.reason}") }
        append("paid seats: ${seats.needed} needed, ${seats.released} given free, ${seats.free} of ${seats.paid} left now")
        if (seats.missing > 0) append(", ${seats.missing} missing")
        append("\n$writes requests that change something, about $estimate")
    }

    public companion object {
        /**
         * Reads what [toJson] wrote, in whatever language.
         *
         * @throws InviteException.InvalidInput if it is no plan
         */
        @JvmStatic
        public fun fromJson(json: String): Plan = Plan(crossing { readPlan(json) })
    }
}
