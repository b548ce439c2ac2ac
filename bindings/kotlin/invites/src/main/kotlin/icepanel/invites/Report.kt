package icepanel.invites

import java.util.logging.Level
import java.util.logging.Logger
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/**
 * How much pruning, or removing of members, is no mistake: a roster that was cut off half way must not empty an
 * organization.
 */
public sealed interface PruneGuard {
    /** At most this number of people. */
    public data class AtMost(val people: Long) : PruneGuard

    /** At most this share, from 0 to 1, of the people who have an active invite, or of the members. */
    public data class Share(val share: Double) : PruneGuard
}

/** Stops a run: running steps are finished, further steps do not begin, and the report is returned. */
public class Stop {
    internal val native = NativeStop()

    /** Whether it was stopped. */
    public val isStopped: Boolean get() = native.isStopped()

    /** Stops the run. A second time has no effect. */
    public fun stop(): Unit = native.stop()
}

/**
 * Options for applying a plan.
 *
 * @property partial whether to invite as many people as possible if there are too few seats, instead of an error before
 *   anything is sent
 * @property pruneGuard how many people may lose their invites by pruning. Null: at most ten, and at most a quarter of
 *   those who have an active invite, but at least one. Above it nothing is done at all
 * @property stop stops the run from outside
 * @property removeGuard how many members may be removed. Null: at most ten, and at most a quarter of them, but one in any
 *   case. Past it nothing is done at all
 * @property inviteAtMost how many people may be invited. Past it nothing is done at all
 * @property adminsAtMost how many people may be invited as admins or made admins. Past it nothing is done at all
 */
public data class ApplyOptions @JvmOverloads constructor(
    val partial: Boolean = false,
    val pruneGuard: PruneGuard? = null,
    val stop: Stop? = null,
    val removeGuard: PruneGuard? = null,
    val inviteAtMost: Long? = null,
    val adminsAtMost: Long? = null,
) {
    internal fun toNative(): NativeApplyOptions = NativeApplyOptions(
        partial = partial,
        pruneAtMost = (pruneGuard as? PruneGuard.AtMost)?.people,
        pruneShare = (pruneGuard as? PruneGuard.Share)?.share,
        removeAtMost = (removeGuard as? PruneGuard.AtMost)?.people,
        removeShare = (removeGuard as? PruneGuard.Share)?.share,
        inviteAtMost = inviteAtMost,
        adminsAtMost = adminsAtMost,
    )
}

/**
 * The outcome of a person's step.
 *
 * @property text as in JSON, the same in every language
 */
public enum class Outcome(public val text: String) {
    /** It was carried out. */
    Done("done"),

    /**
     * There was nothing to do: the invite is as wanted, the person is a member, an option excludes the person, or the
     * invite is no longer active.
     */
    Kept("kept"),

    /** It was not begun: no seat was left, or the run ended before it. */
    Skipped("skipped"),

    /** It failed, or was carried out only in part: the note says whether an invite was made. */
    Failed("failed"),

    /** An invite may have been made, or a member changed. The same plan, applied again, finds out. */
    Unknown("unknown"),

    /** Somebody else changed something since the plan was made; the step was not carried out. */
    Changed("changed"),

    /** It would leave too few admins until somebody accepts an invite. A later run does it. */
    Deferred("deferred"),
    ;

    override fun toString(): String = text

    internal companion object {
        fun of(text: String): Outcome = entries.first { it.text == text }
    }
}

/** As in JSON, the same in every language: `not_invited`. */
public val StepReason.text: String get() = stepReasonName(this)

/**
 * The result of one person's step.
 *
 * @property email the person's address
 * @property action what was planned
 * @property outcome the outcome
 * @property note the outcome, as text
 * @property invite the invite that was made, or the one that the person already has
 * @property error why it failed
 * @property requestId the service's id of the request that decided the outcome, for the service's support: the request
 *   that failed, that made the invite, or, if none was made, the last revocation
 * @property reasonCode the note for programs
 */
public data class ReportLine @JvmOverloads constructor(
    val email: String,
    val action: Action,
    val outcome: Outcome,
    val note: String,
    val invite: Invite? = null,
    val error: InviteException? = null,
    val requestId: String? = null,
    val reasonCode: StepReason? = null,
) {
    internal constructor(native: NativeReportLine) : this(
        email = native.email,
        action = native.action,
        outcome = native.outcome,
        note = native.note,
        invite = native.invite,
        error = native.error?.let(InviteException::of),
        requestId = native.requestId,
        reasonCode = native.reasonCode,
    )

    override fun toString(): String = reportLineText(parts())

    internal fun parts(): LineParts = LineParts(email, action, outcome, note, invite, error?.parts(), requestId, reasonCode)
}

/**
 * The result of applying a plan.
 *
 * @property lines a line for each step of the plan, in its order
 * @property isComplete whether everybody is as the plan wants: each line is `done` or `kept`
 * @property isStopped whether the run was stopped from outside
 */
public data class Report(val lines: List<ReportLine>, val isComplete: Boolean, val isStopped: Boolean) {
    internal constructor(native: NativeReport) :
        this(native.lines.map(::ReportLine), native.complete, native.stopped)

    /** The number of people with each outcome, for every outcome. */
    public val counts: Map<Outcome, Int> get() = Outcome.entries.associateWith(::count)

    /** The number of people with an outcome. */
    public fun count(outcome: Outcome): Int = lines.count { it.outcome == outcome }

    /** The report as every language and the command write it: `{"formatVersion": 1, "complete", "stopped", "counts", "lines"}`. */
    public fun toJson(): String = crossing { writeReport(lines.map(ReportLine::parts), isStopped) }

    /** A line for each person, and the number of people with each outcome. */
    override fun toString(): String = reportText(lines.map(ReportLine::parts), isStopped)
}

/**
 * A step has ended.
 *
 * @property index which step of the plan, from 0
 * @property done how many steps have ended
 * @property total the total number
 * @property leftMillis [left] in milliseconds
 * @property line the result. If the last reading of the list changes it, the step is reported again
 */
public data class Progress(val index: Int, val done: Int, val total: Int, val leftMillis: Long, val line: ReportLine) {
    /** How long the rest takes under the rate limits. */
    public val left: Duration get() = leftMillis.milliseconds

    internal constructor(native: NativeProgress) : this(
        index = native.index.toIntOrMax(),
        done = native.done.toIntOrMax(),
        total = native.total.toIntOrMax(),
        leftMillis = native.leftMs.toLongOrMax(),
        line = ReportLine(native.line),
    )
}

/** What [InviteClient.applying] emits: each step when it has ended, and finally the report. */
public sealed interface Applying {
    /** A step has ended. */
    public data class Step(val progress: Progress) : Applying

    /** The run has ended. */
    public data class Ended(val report: Report) : Applying
}

/** Passes progress to a function. Its exceptions are logged, and do not affect the run. */
internal class ProgressFunction(private val see: (Progress) -> Unit) : ProgressListener {
    override fun onProgress(progress: NativeProgress) {
        try {
            see(Progress(progress))
        } catch (thrown: Throwable) {
            Logger.getLogger("icepanel.invites").log(Level.WARNING, "onProgress threw", thrown)
        }
    }
}
