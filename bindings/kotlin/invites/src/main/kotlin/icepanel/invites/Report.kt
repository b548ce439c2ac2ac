package icepanel.invites

import java.util.logging.Level
import java.util.logging.Logger
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/** How much pruning is no mistake: a roster that was cut off half way must not empty an organization. */
public sealed interface PruneGuard {
    /** At most so many people. */
    public data class AtMost(val people: Long) : PruneGuard

    /** At most this share, from 0 to 1, of the people who have an active invite. */
    public data class Share(val share: Double) : PruneGuard
}

/** Stops a run: what is under way is finished, what has not begun is left, and the report is made. */
public class Stop {
    internal val native = NativeStop()

    /** Whether it was stopped. */
    public val isStopped: Boolean get() = native.isStopped()

    /** Stops the run. Once more does nothing. */
    public fun stop(): Unit = native.stop()
}

/**
 * How a plan is carried out.
 *
 * @property partial whether to do what the seats suffice for, rather than to refuse before anything is sent
 * @property pruneGuard how many people may lose their invites by pruning. Null: at most ten, and at most a quarter of those
 *   who have an active invite, but one in any case. Past it nothing is done at all
 * @property stop stops the run from outside
 */
public data class ApplyOptions @JvmOverloads constructor(
    val partial: Boolean = false,
    val pruneGuard: PruneGuard? = null,
    val stop: Stop? = null,
) {
    internal fun toNative(): NativeApplyOptions = NativeApplyOptions(
        partial = partial,
        pruneAtMost = (pruneGuard as? PruneGuard.AtMost)?.people,
        pruneShare = (pruneGuard as? PruneGuard.Share)?.share,
    )
}

/**
 * What became of a person's step.
 *
 * @property text as in JSON, the same in every language
 */
public enum class Outcome(public val text: String) {
    /** It was carried out. */
    Done("done"),

    /** There was nothing to do: invited as wanted, a member, or gone already. */
    Kept("kept"),

    /** It was not begun: no seat was left, or the run had ended before its turn. */
    Skipped("skipped"),

    /** It could not be carried out, or not to its end: the note says whether an invite was made. */
    Failed("failed"),

    /** An invite may have been made. The same plan, applied again, finds out. */
    Unknown("unknown"),

    /** What was planned would have undone what somebody else has done since; it was left. */
    Changed("changed"),
    ;

    override fun toString(): String = text

    internal companion object {
        fun of(text: String): Outcome = entries.first { it.text == text }
    }
}

/** As in JSON, the same in every language: `not_invited`. */
public val StepReason.text: String get() = stepReasonName(this)

/**
 * What became of one person's step.
 *
 * @property email the person's address
 * @property action what was planned
 * @property outcome what became of it
 * @property note that in words
 * @property invite the invite that was made, or the one that the person has
 * @property error why it failed
 * @property requestId the service's id of the request that decided the outcome, to be named to the service's support: of the
 *   one that failed, that made the invite, or, where none was made, that revoked last
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
 * What became of a plan.
 *
 * @property lines a line for each step of the plan, in its order
 * @property isComplete whether everybody is as the plan wants: each line is done or kept
 * @property isStopped whether the run was stopped from outside
 */
public data class Report(val lines: List<ReportLine>, val isComplete: Boolean, val isStopped: Boolean) {
    internal constructor(native: NativeReport) :
        this(native.lines.map(::ReportLine), native.complete, native.stopped)

    /** How many people there are with each outcome, none left out. */
    public val counts: Map<Outcome, Int> get() = Outcome.entries.associateWith(::count)

    /** How many people there are with an outcome. */
    public fun count(outcome: Outcome): Int = lines.count { it.outcome == outcome }

    /** The report as every language and the command write it: `{"formatVersion": 1, "complete", "stopped", "counts", "lines"}`. */
    public fun toJson(): String = crossing { writeReport(lines.map(ReportLine::parts), isStopped) }

    /** A line for each person, and how many there are with each outcome. */
    override fun toString(): String = reportText(lines.map(ReportLine::parts), isStopped)
}

/**
 * A step has ended.
 *
 * @property index which step of the plan, from 0
 * @property done how many steps have ended
 * @property total how many there are
 * @property leftMillis [left] in milliseconds
 * @property line what became of it. If the last look at the list changes that, the step is told once more
 */
public data class Progress(val index: Int, val done: Int, val total: Int, val leftMillis: Long, val line: ReportLine) {
    /** How long the rest takes under the service's limits. */
    public val left: Duration get() = leftMillis.milliseconds

    internal constructor(native: NativeProgress) : this(
        index = native.index.toIntOrMax(),
        done = native.done.toIntOrMax(),
        total = native.total.toIntOrMax(),
        leftMillis = native.leftMs.toLongOrMax(),
        line = ReportLine(native.line),
    )
}

/** What [InviteClient.applying] tells: each step when it has ended, and in the end the report. */
public sealed interface Applying {
    /** A step has ended. */
    public data class Step(val progress: Progress) : Applying

    /** The run has ended. */
    public data class Ended(val report: Report) : Applying
}

/** Hands progress to a function. What it throws is logged, and is not the run's affair. */
internal class ProgressFunction(private val see: (Progress) -> Unit) : ProgressListener {
    override fun onProgress(progress: NativeProgress) {
        try {
            see(Progress(progress))
        } catch (thrown: Throwable) {
            Logger.getLogger("icepanel.invites").log(Level.WARNING, "onProgress threw", thrown)
        }
    }
}
